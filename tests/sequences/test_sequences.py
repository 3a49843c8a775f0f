"""Random sequences: people write, open, hide, move, delete, invite and leave; nobody ever meets what they may not see.

Hypothesis chooses what happens, in a house with two web processes, and after every step somebody looks at everything.
``told.py`` says who may see what, without asking the app. Every word of every page is a mark, so that one sees where
it comes out. ``make test`` plays a few sequences, always the same; LARNAT_SEQUENCES=200 plays so many others.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from app.accounts import signing_in
from tests.sequences.acting import Acting
from tests.sequences.looking import Look
from tests.sequences.twin import same_without_what_is_hidden
from tests.sequences.world import NAMES, World, opened

LONG = int(os.environ.get("LARNAT_SEQUENCES", "0"))
SHORT, STEPS = 2, 12
SEEDS = st.integers(0, 2**32 - 1)
KINDS = ("networks", "practices", "projects", *(kind for kind in NAMES if kind != "projects"))


class Sequences(RuleBasedStateMachine):
    """One house, from its first page."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        home = Path(self._folder.name) / "home"
        shutil.copytree(self.template, home)
        self.world: World = opened(home)
        self._steps = 0
        self._day = patch.object(signing_in, "today", lambda: self.world.told.day)
        self._day.start()

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """A network, and a page of every kind beside it; somebody coordinates the network."""
        chance = self._chance(seed)
        network = self.world.write("networks", chance, publication="published", owner="habo")
        for kind in KINDS:
            self.world.write(kind, chance)
        self.world.coordinate(self.world.people["knut@sundbyberg.test"], network, coordinates=True)
        self._look(chance)

    # ---- What is written, from outside and in the forms ----

    @rule(seed=SEEDS, kind=st.sampled_from(KINDS))
    def somebody_writes_a_page(self, seed: int, kind: str) -> None:
        chance = self._chance(seed)
        if len(list(self.world.told.standing())) < 24:
            self.world.write(kind, chance)
        self._look(chance)

    @rule(seed=SEEDS)
    def a_page_is_written_anew(self, seed: int) -> None:
        """Another owner, other readers, other networks, other words, other files."""
        chance = self._chance(seed)
        page = chance.choice(list(self.world.told.standing()))
        self.world.write(page.kind, chance, page)
        self._look(chance)

    @rule(seed=SEEDS)
    def a_networks_members_change(self, seed: int) -> None:
        chance = self._chance(seed)
        networks = list(self.world.told.standing("networks"))
        if networks:
            network = chance.choice(networks)
            self.world.write("networks", chance, network, publication=chance.choice(("published", "archived")))
        self._look(chance)

    @precondition(lambda self: (self.world.told.day - self.world.first_day).days < 2)
    @rule(seed=SEEDS)
    def a_day_passes(self, seed: int) -> None:
        """Who was in a network until today is in it no longer."""
        self.world.told.day += timedelta(days=1)
        self._look(self._chance(seed))

    @rule(seed=SEEDS, what=st.sampled_from(Acting.ON_PAGES))
    def somebody_acts_on_a_page(self, seed: int, what: str) -> None:
        self._act(seed, what)

    # ---- Who there is ----

    @rule(seed=SEEDS, what=st.sampled_from(Acting.ON_PEOPLE))
    def somebody_acts_on_somebody(self, seed: int, what: str) -> None:
        self._act(seed, what)

    @rule(seed=SEEDS)
    def somebody_coordinates_a_network(self, seed: int) -> None:
        chance = self._chance(seed)
        who = chance.choice([one for one in self.world.people.values() if not one.admin])
        networks = list(self.world.told.standing("networks"))
        if networks:
            network = chance.choice(networks)
            self.world.coordinate(who, network, coordinates=network.id not in who.coordinates)
        self._look(chance, who.email)

    # ---- What is seen ----

    def _chance(self, seed: int) -> random.Random:
        """Chance of its own for every step, also where Hypothesis chooses the same number again."""
        self._steps += 1
        return random.Random(f"{seed} {self._steps}")

    def _act(self, seed: int, what: str) -> None:
        chance = self._chance(seed)
        affected = getattr(Acting(self.world, chance), what)()
        self._look(chance, affected)

    def _look(self, chance: random.Random, whose: str = "") -> None:
        """Whoever it concerns, or anybody, looks; half the time nobody in particular does, too."""
        people = self.world.people
        who = people[whose] if whose and chance.random() < 0.6 else chance.choice(list(people.values()))
        Look(self.world, who, chance.randrange(2), chance).about()
        if chance.random() < 0.3:
            Look(self.world, self.world.nobody, chance.randrange(2), chance).about()

    def teardown(self) -> None:
        try:
            if self.world.told.pages:
                chance = random.Random(self._steps)
                Look(self.world, chance.choice(list(self.world.people.values())), 0, chance).everything()
                same_without_what_is_hidden(self.world, Path(self._folder.name) / "twin", chance)
        finally:
            self._day.stop()
            self.world.close()
            self._folder.cleanup()


@pytest.mark.usefixtures("quiet")
def test_nobody_ever_meets_what_they_may_not_see(peopled_home: Path) -> None:
    Sequences.template = peopled_home
    run_state_machine_as_test(
        Sequences,
        settings=settings(
            max_examples=LONG or SHORT,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            database=None,
            # To find a shorter sequence costs more than to read one of fourteen steps.
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
