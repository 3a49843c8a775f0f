"""What people do in the pages: each is done by somebody who may, over HTTP, and the model follows."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import ClassVar

from tests.editing.writing import fields_of
from tests.sequences.looking import Look, address_of
from tests.sequences.marks import marks_in
from tests.sequences.told import Page, Someone
from tests.sequences.world import ORGANISATIONS, World

ROLES = ("member", "coordinator")


@dataclass
class Acting:
    """Somebody, chosen by chance among those who may, does one thing. Each returns the address of who is concerned."""

    world: World
    chance: random.Random
    ON_PAGES: ClassVar[tuple[str, ...]] = (
        *("edit", "choose_readers", "choose_readers", "move", "delete", "undo", "restore", "half_write"),
        *("open_a_form_and_lose_the_right",),
    )
    ON_PEOPLE: ClassVar[tuple[str, ...]] = ("invite", "invite", "change_role", "end", "move_somebody", "leave", "close")

    # ---- On pages ----

    def edit(self) -> str:
        """New words in the title and the summary."""
        if found := self._writer():
            who, page = found
            words = {"title": f"Rubriken {self.world.mark()}", "summary": f"Det handlar om {self.world.mark()} nu."}
            self._form(who, f"{self._at(page)}/andra", "save sure", **words)
        return found[0].email if found else ""

    def choose_readers(self) -> str:
        """Another visibility and another publication; the question at publication is answered."""
        if found := self._writer():
            who, page = found
            steps = len(self.world.kind(page.kind).steps)
            visibility = self.chance.choice(("public", "network", "organisation"))
            do, said = "save sure", {"visibility": visibility}
            if page.publication == "draft":
                do = self.chance.choice(("save sure", "publish sure"))
            else:
                said["publication"] = self.chance.choice(("draft", "published", "archived"))
            self._form(who, f"{self._at(page)}/andra?steg={steps}", do, **said)
        return found[0].email if found else ""

    def move(self) -> str:
        if found := self._writer():
            who, page = found
            self._form(who, f"{self._at(page)}/flytta", "", address=f"w{self.world.mark()[2:-1]}z")
        return found[0].email if found else ""

    def delete(self) -> str:
        if found := self._writer():
            who, page = found
            self._form(who, f"{self._at(page)}/ta-bort", "")
        return found[0].email if found else ""

    def undo(self) -> str:
        """Bring something back from the bin."""
        writers = [who for who in self._signed_in() if who.roles or who.admin]
        who = self.chance.choice(writers)
        client = self.world.browser(who)
        listed = Look(self.world, who, 0, self.chance).get("/papperskorg").text
        if numbers := re.findall(r'action="(/papperskorg/\d+/angra)"', listed):
            client.post(self.chance.choice(numbers))
            self.world.take_in()
            self._see(who, "/papperskorg")
        return who.email

    def restore(self) -> str:
        """Go back to an earlier text: its words, its owner and its readers."""
        if found := self._writer():
            who, page = found
            listed = Look(self.world, who, 0, self.chance).get(f"{self._at(page)}/historik").text
            earlier = re.findall(r"/historik/(\d+)", listed)
            if earlier:
                address = f"{self._at(page)}/historik/{self.chance.choice(earlier)}"
                opened = self.world.browser(who).get(address)
                if opened.status_code == 200:
                    self.world.browser(who).post(f"{address}/aterstall", data=fields_of(opened))
                    self.world.take_in()
                    self._see(who, "/mitt-konto")
        return found[0].email if found else ""

    def half_write(self) -> str:
        """Type something and do not save it: nobody else ever reads it."""
        if found := self._writer():
            who, page = found
            client = self.world.browser(who)
            fields = fields_of(client.get(f"{self._at(page)}/andra"))
            fields["summary"] = f"Halvskrivet {self.world.mark()}"
            assert client.post(f"{self._at(page)}/andra/utkast", data=fields).status_code < 400
            who.own |= marks_in(str(fields.to_dict(flat=False)))
        return found[0].email if found else ""

    def open_a_form_and_lose_the_right(self) -> str:
        """A form that stands open is sent when its page has another owner: what the page says now is not told."""
        if found := self._writer():
            who, page = found
            if who.admin:
                return who.email
            client, address = self.world.browser(who), f"{self._at(page)}/andra"
            fields = fields_of(client.get(address))
            others = [one for one in ORGANISATIONS if one not in who.roles]
            self.world.write(page.kind, self.chance, page, owner=self.chance.choice(others))
            who.own |= marks_in(str(fields.to_dict(flat=False)))
            fields["summary"] = f"För sent {self.world.mark()}"
            who.own |= marks_in(fields["summary"])
            fields["_do"] = "save sure"
            answer = client.post(address, data=fields)
            assert answer.status_code in (403, 404), answer.status_code
            Look(self.world, who, 0, self.chance).nothing_hidden_in(answer, address)
        return found[0].email if found else ""

    # ---- On people ----

    def invite(self) -> str:
        """An administrator invites to an organisation or a network, hands over the link, and it is used."""
        admin, who = self._admin(), self._somebody()
        networks = list(self.world.told.standing("networks"))
        network = self.chance.choice(networks) if networks and self.chance.random() < 0.4 else None
        slug = network.slug if network else self.chance.choice(ORGANISATIONS)
        role = "coordinator" if network else self.chance.choice(ROLES)
        place = f"/personer/{'natverk' if network else 'organisation'}/{slug}"
        client = self.world.browser(admin)
        asked = client.post(f"{place}/bjud-in", data={"email": who.email, "role": role})
        if asked.status_code == 409:  # they are in it already
            return who.email
        assert asked.status_code == 303, asked.text
        number = max(int(one) for one in re.findall(r"/inbjudan/(\d+)/lank", client.get(place).text))
        link = client.post(f"{place}/inbjudan/{number}/lank").text
        word = re.search(r"/inbjudan\?kod=([\w-]+)", link)
        assert word
        if who.open:
            said_yes = self.world.browser(who).post("/inbjudan", data={"kod": word[1]})
            assert said_yes.status_code == 303, said_yes.text
            if network:
                who.coordinates.add(network.id)
            elif who.roles.get(slug) != "coordinator":
                who.roles[slug] = role
            self._see(who, "/mitt-konto")
        return who.email

    def change_role(self) -> str:
        who, organisation = self._member()
        role = self.chance.choice(ROLES)
        self._posted(f"/personer/organisation/{organisation}/{self.world.person_id(who)}/roll", role=role)
        who.roles[organisation] = role
        return who.email

    def end(self) -> str:
        """Somebody's membership, or what they coordinate, is ended."""
        who = self._somebody()
        networks = [page for page in self.world.told.standing("networks") if page.id in who.coordinates]
        if networks and self.chance.random() < 0.5:
            network = self.chance.choice(networks)
            self._posted(f"/personer/natverk/{network.slug}/{self.world.person_id(who)}/avsluta")
            who.coordinates.discard(network.id)
        elif who.roles:
            organisation = self.chance.choice(sorted(who.roles))
            self._posted(f"/personer/organisation/{organisation}/{self.world.person_id(who)}/avsluta")
            del who.roles[organisation]
        return who.email

    def move_somebody(self) -> str:
        who, organisation = self._member()
        target = self.chance.choice([one for one in ORGANISATIONS if one != organisation])
        path = f"/personer/organisation/{organisation}/{self.world.person_id(who)}/flytta"
        self._posted(path, target=target)
        role = who.roles.pop(organisation)
        if who.roles.get(target) != "coordinator":
            who.roles[target] = role
        return who.email

    def leave(self) -> str:
        who, organisation = self._member()
        if who.open:
            answer = self.world.browser(who).post(f"/mitt-konto/lamna/{organisation}")
            assert answer.status_code == 303, answer.text
            del who.roles[organisation]
            self._see(who, "/mitt-konto")
        return who.email

    def close(self) -> str:
        """An account is closed, or opened again; who was signed in is signed out at once."""
        who = self._somebody()
        self._posted(f"/personer/konto/{self.world.person_id(who)}/{'stang' if who.open else 'oppna'}")
        who.open = not who.open
        if who.open:
            self.world.sign_in_anew(who)
        return who.email

    # ---- Who, and where ----

    def _writer(self) -> tuple[Someone, Page] | None:
        """A page and somebody who may change it."""
        pages = list(self.world.told.standing())
        self.chance.shuffle(pages)
        for page in pages:
            writers = [who for who in self._signed_in() if self.world.told.writes_for(who, page)]
            own = [who for who in writers if not who.admin] or writers
            if own:
                return self.chance.choice(own), page
        return None

    def _signed_in(self) -> list[Someone]:
        return [who for who in self.world.people.values() if who.open]

    def _somebody(self) -> Someone:
        return self.chance.choice([who for who in self.world.people.values() if not who.admin])

    def _member(self) -> tuple[Someone, str]:
        """Somebody who belongs to an organisation, and which; made so where nobody does."""
        members = [who for who in self.world.people.values() if who.roles and not who.admin]
        if not members:
            who = self._somebody()
            self._posted(f"/personer/konto/{self.world.person_id(who)}/roll", organisation="solna", role="member")
            who.roles["solna"] = "member"
            members = [who]
        who = self.chance.choice(members)
        return who, self.chance.choice(sorted(who.roles))

    def _admin(self) -> Someone:
        return next(who for who in self.world.people.values() if who.admin)

    def _at(self, page: Page) -> str:
        return address_of(self.world, page)

    def _form(self, who: Someone, at: str, do: str, **typed: str) -> None:
        answer = self.world.fill_in(who, at, self.chance.randrange(2), do, **typed)
        assert answer.status_code == 303, (who.email, at, typed, answer.text[-3000:])
        self._see(who, answer.location)

    def _see(self, who: Someone, address: str) -> None:
        """Read what is said once, such as that something is saved, while one still may."""
        for worker in range(len(self.world.workers)):
            Look(self.world, who, worker, self.chance).get(address)

    def _posted(self, address: str, **fields: str) -> None:
        answer = self.world.browser(self._admin(), self.chance.randrange(2)).post(address, data=fields)
        assert answer.status_code == 303, (address, fields, answer.text[-2000:])
