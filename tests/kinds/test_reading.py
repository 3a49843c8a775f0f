"""What the list and the page of every kind have in common."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.reading.listing import pages_to_offer
from app.reading.pages import has_text
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

ONE_OF_EACH = {
    "practices": ("remiss", "/arbetssatt"),
    "studyvisits": ("besok", "/studiebesok"),
    "projects": ("mote", "/utvecklingsarbeten"),
    "cycles": ("mote/01-remiss", "/cykler"),
    "learnings": ("kvallstider", "/lardomar"),
    "networks": ("knut", "/natverk"),
    "meetings": ("hosttraff", "/natverkstraffar"),
}
KINDS = pytest.mark.parametrize("kind", list(ONE_OF_EACH))


def write(house: House, kind: str, **more: Any) -> str:
    slug, url = ONE_OF_EACH[kind]
    house.write(kind, slug, **{"title": f"En sida om {kind}", **more})
    house.look()
    return f"{url}/{slug}"


@KINDS
def test_a_list_leads_to_a_page_and_the_page_back(kind: str, house: House, anyone: Browser) -> None:
    page = write(house, kind)
    url = ONE_OF_EACH[kind][1]
    assert see(anyone.get(url)).links[f"En sida om {kind}"] == page
    shown = see(anyone.get(page))
    assert shown.headings[0] == (1, f"En sida om {kind}")
    assert "Alla får läsa" in shown.words
    assert len(shown.ids) == len(set(shown.ids))


@KINDS
def test_an_empty_list_says_so(kind: str, house: House, anyone: Browser) -> None:
    house.look()
    page = see(anyone.get(ONE_OF_EACH[kind][1]))
    assert page.status == 200
    assert " än." in page.words


@KINDS
def test_a_draft_is_seen_by_its_owners_only(
    kind: str, house: House, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    page, url = write(house, kind, publication="draft"), ONE_OF_EACH[kind][1]
    shown = see(editor.get(page))
    assert "Utkast: bara Södertälje kommun ser sidan." in shown.words
    assert see(editor.get(url)).leads_to(page)
    for stranger in (outsider, anyone):
        assert stranger.get(page).status_code == 404
        listed = see(stranger.get(url))
        assert not listed.leads_to(page)
        assert "En sida om" not in listed.words
        assert not any(level == 3 for level, _ in listed.headings), "a hidden document must not be counted as a choice"


def test_what_one_may_not_see_answers_as_what_does_not_exist(house: House, anyone: Browser) -> None:
    write(house, "practices", publication="draft")
    hidden, missing = anyone.get("/arbetssatt/remiss"), anyone.get("/arbetssatt/borta")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("remiss", "X") == missing.text.replace("borta", "X")


def test_a_page_for_the_network_is_read_by_its_members(house: House, reader: Browser, outsider: Browser) -> None:
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "solna"}])
    page = write(house, "practices", visibility="network", networks=["knut"])
    assert "Medlemmar i KNUT får läsa" in see(reader.get(page)).words
    assert outsider.get(page).status_code == 404


def test_an_archived_page_says_so(house: House, anyone: Browser) -> None:
    page = write(house, "practices", publication="archived")
    assert "Arkiverad: sidan finns kvar, men hålls inte längre aktuell." in see(anyone.get(page)).words
    assert "Arkiverad" in see(anyone.get("/arbetssatt?arkiverade=ja")).words


def test_a_page_in_review_says_so(house: House, editor: Browser) -> None:
    page = write(house, "practices", publication="in_review")
    assert "Granskas: bara Södertälje kommun ser sidan." in see(editor.get(page)).words


def test_a_former_address_is_sent_on_for_good(house: House, anyone: Browser) -> None:
    house.write("practices", "remiss", former_slugs=["gammal-remiss"])
    house.look()
    answer = anyone.get("/arbetssatt/gammal-remiss")
    assert (answer.status_code, answer.location) == (301, "/arbetssatt/remiss")


def test_a_former_address_of_a_hidden_page_is_not_sent_on(house: House, anyone: Browser) -> None:
    house.write("practices", "remiss", former_slugs=["gammal-remiss"], publication="draft")
    house.look()
    assert anyone.get("/arbetssatt/gammal-remiss").status_code == 404


@pytest.mark.parametrize("slug", ["..", "../../etc/passwd", "%2e%2e/x", "Stor", "a_b", "x" * 300, "remiss/", "å"])
def test_what_is_no_slug_is_no_page(slug: str, house: House, anyone: Browser) -> None:
    write(house, "practices")
    assert anyone.get(f"/arbetssatt/{slug}").status_code in (308, 404)


def test_a_broken_file_is_a_page_that_says_so_and_harms_no_other(house: House, anyone: Browser) -> None:
    write(house, "practices")
    house.write("practices", "annan", title="En annan")
    house.look()
    (house.home / "content/practices/remiss.md").write_text("---\ntitle: [\nhemligt: ja\n---\n", encoding="utf-8")
    broken = anyone.get("/arbetssatt/remiss")
    assert broken.status_code == 503
    assert "behöver rättas" in broken.text
    assert "hemligt" not in broken.text
    assert anyone.get("/arbetssatt/annan").status_code == 200
    house.look()
    assert see(anyone.get("/arbetssatt")).leads_to("/arbetssatt/annan")


def test_links_in_texts_are_filled_in_and_shown_on_the_other_page(house: House, anyone: Browser) -> None:
    house.write("practices", "remiss", title="Ändrad remiss")
    house.write("networks", "knut", "Se [[remiss]] och [[finns-inte]].\n", title="KNUT")
    house.look()
    network = anyone.get("/natverk/knut")
    assert see(network).links["Ändrad remiss"] == "/arbetssatt/remiss"
    assert "broken-link" in network.text
    assert "Nämns på KNUT" in see(anyone.get("/arbetssatt/remiss")).words


def test_a_link_to_a_hidden_page_does_not_tell_its_title(house: House, anyone: Browser, editor: Browser) -> None:
    house.write("practices", "remiss", title="Hemlig rubrik", publication="draft")
    house.write("networks", "knut", "Se [[arbetssatt/remiss]].\n")
    house.look()
    assert "Hemlig rubrik" not in anyone.get("/natverk/knut").text
    assert "Hemlig rubrik" in see(editor.get("/natverk/knut")).links


def test_text_from_a_file_cannot_bring_markup_into_the_page(house: House, anyone: Browser) -> None:
    nasty = "<script>alert(1)</script><b onclick=x>"
    house.write(
        "practices",
        "remiss",
        f"## Varför\n\n{nasty}\n\n## {nasty}\n\nText.\n",
        title=f"T {nasty}",
        summary=nasty,
        unit=nasty,
        evidence={"research": nasty},
        sources=[{"title": nasty, "note": nasty}],
    )
    house.look()
    for address in ("/arbetssatt/remiss", "/arbetssatt", "/"):
        text = anyone.get(address).text
        assert "<script>alert" not in text
        assert "<b onclick" not in text


def test_a_page_says_when_it_was_changed_and_names_people_only_to_those_who_are_signed_in(
    house: House, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    page = write(house, "practices")
    # What was here when Lärnät first looked may have been written any day.
    assert "Ändrad " not in see(anyone.get(page)).words
    assert "Ändrad " not in see(anyone.get("/sok?q=practices")).words
    write(house, "practices", summary="En annan mening.")
    assert re.search(r"Ändrad \d+ \w+ \d{4} utanför Lärnät", see(anyone.get(page)).words)
    assert "Se alla ändringar" in see(editor.get(page)).links
    assert "Se alla ändringar" not in see(outsider.get(page)).links


def test_only_those_who_may_write_are_offered_to(
    house: House, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    page = write(house, "practices")
    assert see(editor.get(page)).links["Ändra"] == f"{page}/andra"
    assert "Ändra" not in see(outsider.get(page)).links
    assert "Ändra" not in see(anyone.get(page)).links
    assert see(outsider.get("/arbetssatt")).leads_to("/arbetssatt/nytt")
    assert not see(anyone.get("/arbetssatt")).leads_to("/arbetssatt/nytt")


# ---- Lists ----


def write_some(house: House) -> None:
    house.write("practices", "a", title="Alfa", areas=["forsorjningsstod"], target_groups=["unga-vuxna"])
    house.write("practices", "b", title="Beta", areas=["forsorjningsstod", "hemloshet"])
    house.write("practices", "c", title="Gamma", areas=["hemloshet"], owner="solna")
    house.look()


def test_choices_are_links_with_counts_and_can_be_taken_back(house: House, anyone: Browser) -> None:
    write_some(house)
    page = see(anyone.get("/arbetssatt"))
    assert "3 arbetssätt" in page.words
    assert page.links["Försörjningsstöd 2"] == "/arbetssatt?omrade=forsorjningsstod"
    chosen = see(anyone.get("/arbetssatt?omrade=forsorjningsstod"))
    assert "2 arbetssätt" in chosen.words
    assert "Gamma" not in chosen.links
    assert chosen.links["✓ Vald, ta bort: Försörjningsstöd 2"] == "/arbetssatt"
    assert chosen.links["Visa alla arbetssätt"] == "/arbetssatt"


def test_choices_of_different_kinds_narrow_the_list_together(house: House, anyone: Browser) -> None:
    write_some(house)
    page = see(anyone.get("/arbetssatt?omrade=hemloshet&kommun=solna"))
    assert "1 arbetssätt" in page.words
    assert "Gamma" in page.links


def test_a_list_where_nothing_fits_leads_back_to_all(house: House, anyone: Browser) -> None:
    write_some(house)
    page = see(anyone.get("/arbetssatt?omrade=hemloshet&malgrupp=unga-vuxna"))
    assert "Inget stämmer med allt du har valt." in page.words
    assert page.links["Visa alla arbetssätt"] == "/arbetssatt"


def test_a_list_can_be_ordered_and_keeps_what_was_chosen(house: House, anyone: Browser) -> None:
    write_some(house)
    page = see(anyone.get("/arbetssatt?omrade=forsorjningsstod"))
    assert page.links["senast ändrade"] == "/arbetssatt?omrade=forsorjningsstod&ordning=andrad"
    assert anyone.get(page.links["senast ändrade"]).status_code == 200


def test_a_long_list_has_pages(house: House, anyone: Browser) -> None:
    for number in range(45):
        house.write("practices", f"sida-{number:02}", title=f"Sida {number:02}", areas=["aldre"])
    house.look()
    first = see(anyone.get("/arbetssatt?omrade=aldre"))
    assert "45 arbetssätt" in first.words
    assert first.links["2"] == "/arbetssatt?omrade=aldre&sida=2"
    second = see(anyone.get(first.links["2"]))
    assert "Sida 44" not in first.links
    assert set(first.links).isdisjoint(name for name in second.links if name.startswith("Sida "))


@pytest.mark.parametrize("query", ["sida=0", "sida=-1", "sida=99", "ordning=nonsens"])
def test_a_page_of_a_list_that_is_not_there_is_not_found(query: str, house: House, anyone: Browser) -> None:
    write_some(house)
    assert anyone.get(f"/arbetssatt?{query}").status_code == 404


def test_nonsense_in_the_address_of_a_list_does_no_harm(house: House, anyone: Browser) -> None:
    write_some(house)
    assert anyone.get("/arbetssatt?hittepa=1&omrade=finns-inte&sida=abc").status_code == 200
    assert "<script>" not in anyone.get("/arbetssatt?omrade=<script>").text


def test_the_list_can_be_searched_within_its_kind(house: House, anyone: Browser) -> None:
    write_some(house)
    text = anyone.get("/arbetssatt").text
    assert 'name="typ" value="practices"' in text


@pytest.mark.parametrize(
    ("number", "pages", "offered"), [(1, 1, [1]), (1, 9, [1, 2, 9]), (5, 9, [1, 4, 5, 6, 9]), (9, 9, [1, 8, 9])]
)
def test_the_first_the_last_and_the_near_pages_are_offered(number: int, pages: int, offered: list[int]) -> None:
    assert pages_to_offer(number, pages) == offered


@pytest.mark.parametrize("text", ["", "  \n", "Framgår inte", "framgår inte av källan.\n"])
def test_a_text_that_says_that_nothing_is_stated_is_no_text(text: str) -> None:
    assert not has_text(text)
    assert has_text("Det framgår inte hur många.")


def test_a_page_that_both_refers_and_mentions_is_listed_once(house: House, anyone: Browser) -> None:
    house.write("practices", "remiss", title="Ändrad remiss")
    house.write("projects", "mote", "Bygger på [[remiss]].\n", title="Snabbare möte", practices=["remiss"])
    house.look()
    page = see(anyone.get("/arbetssatt/remiss"))
    assert page.words.count("Snabbare möte") == 1
