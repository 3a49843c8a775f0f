"""How a network's cycles follow the method: on its page, of what the viewer may see, and about nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/natverk/knut"
SAID = "Så väl dokumenteras nätverkets cykler"


@pytest.fixture
def network(house: House) -> House:
    """Three cycles in one project and one in another, a hidden one there, and some that do not count."""
    house.write("networks", "knut", title="KNUT", owner="sundbyberg", members=[{"organisation": "solna"}])
    house.write("projects", "mote", title="Snabbare möte", networks=["knut"])
    house.write("projects", "remiss", title="Ny remiss", owner="solna", networks=["knut"])
    house.write("projects", "annat", title="Något annat")
    begun: dict[str, Any] = {"status": "doing", "started": "2026-03-02"}
    predicted: dict[str, Any] = {
        "prediction": {"text": "Fler kommer i tid.", "value": "60"},
        "locked": {"since": "2026-03-01"},
    }
    for number in (1, 2, 3):
        house.write("cycles", f"mote/0{number}-x", **begun, **predicted)
    house.write("cycles", "remiss/01-x", owner="solna", **begun)
    house.write("cycles", "remiss/02-hemlig", owner="solna", publication="draft", **begun)
    house.write("cycles", "remiss/03-planerad", owner="solna")
    house.write("cycles", "remiss/04-ur-kalla", owner="solna", sources=[{"title": "En artikel"}], **begun)
    house.write("cycles", "annat/01-x", **begun)
    house.look()
    return house


def test_too_few_cycles_are_not_told_of_and_hidden_ones_do_not_count(
    network: House, anyone: Browser, editor: Browser, reader: Browser
) -> None:
    assert SAID not in anyone.get(PAGE).text
    assert SAID not in editor.get(PAGE).text
    words = see(reader.get(PAGE)).words
    assert f"{SAID}: median 2 av 10 (n = 5 cykler i 2 utvecklingsarbeten)." in words


def test_cycles_of_one_project_are_not_told_of(network: House, anyone: Browser) -> None:
    for number in (4, 5, 6):
        network.write("cycles", f"mote/0{number}-x", status="doing", started="2026-03-02")
    (network.home / "improvement_cycles/remiss/01-x.md").unlink()
    network.look()
    assert SAID not in anyone.get(PAGE).text


def test_each_part_says_how_many_have_it_and_names_nobody(network: House, anyone: Browser) -> None:
    network.write("cycles", "remiss/05-x", owner="solna", status="doing", started="2026-03-02", scale="one_person")
    network.look()
    text = anyone.get(PAGE).text
    section = text.partition('id="metoden"')[2].partition("</section>")[0]
    words = see(anyone.get(PAGE)).words
    assert "Förutsägelse före genomförandet 3 av 5, och 3 går att räkna" in words
    assert "Från litet till stort 1 av 5" in words
    assert words.index("Alla fyra steg 0 av 5") < words.index("Från litet till stort 1 av 5")
    assert section.count("<dt>") == 9
    for name in ("Södertälje", "Solna", "Snabbare möte", "Ny remiss", "href"):
        assert name not in section


def test_a_project_that_names_the_network_by_its_former_address_counts(network: House, reader: Browser) -> None:
    network.write("networks", "nya-knut", title="KNUT", owner="sundbyberg", former_slugs=["knut"])
    (network.home / "content/networks/knut.md").unlink()
    network.look()
    assert SAID in reader.get("/natverk/nya-knut").text
