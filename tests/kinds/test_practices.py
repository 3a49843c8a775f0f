from __future__ import annotations

from typing import Any

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/arbetssatt/extra-personal"


def write(house: House, **more: Any) -> None:
    house.write(
        "practices",
        "extra-personal",
        "## Kort namn\n\nExtra personal.\n\n## Varför\n\nFler sökte stöd.\n\n## Var\n\nFramgår inte av källan.\n\n"
        "## När\n\n<!-- När började ni? -->\n",
        **{
            "title": "Extra personal",
            "summary": "Mer personal i stället för mindre.",
            "unit": "Försörjningsstöd",
            "target_groups": ["forsorjningsstod", "unga-vuxna"],
            "costs": [{"amount": "13,3 miljoner", "per": "year", "years": "tre", "paid_by": "Socialnämnden"}],
            "evidence": {"experience": "Fler kom vidare. *Hur många* framgår inte."},
            "sources": [{"title": "Ett pressmeddelande", "publisher": "Södertälje kommun", "date": "framgår inte"}],
            **more,
        },
    )
    house.look()


def test_a_practice_shows_its_facts_as_the_source_gives_them(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert page.status == 200
    assert "Mer personal i stället för mindre." in page.words
    assert "13,3 miljoner kronor per år" in page.words
    assert "I 3 år, sammanlagt 39,9 miljoner kronor" in page.words
    assert "Vem betalar Socialnämnden" in page.words
    assert "Målgrupp Personer med försörjningsstöd, Unga vuxna" in page.words
    assert "Rättslig grund Framgår inte av källan" in page.words
    assert "Ett pressmeddelande, Södertälje kommun datum framgår inte" in page.words
    assert page.leads_to("/organisationer/sodertalje")


def test_a_yearly_cost_is_not_added_up_when_the_years_are_not_stated(house: House, anyone: Browser) -> None:
    write(house, costs=[{"amount": "högst 85 000", "per": "year"}])
    page = see(anyone.get(PAGE))
    assert "Högst 85\u00a0000 kronor per år".replace("\u00a0", " ") in page.words
    assert "sammanlagt" not in page.words


def test_the_three_kinds_of_evidence_stand_side_by_side_and_the_silent_ones_say_so(
    house: House, anyone: Browser
) -> None:
    write(house)
    answer = anyone.get(PAGE)
    page = see(answer)
    assert [title for level, title in page.headings if level == 3][:3] == [
        "Forskning",
        "Professionens erfarenhet",
        "Klienternas röst",
    ]
    assert "<em>Hur många</em>" in answer.text
    assert answer.text.count("panel stack none") == 2
    assert "Känner ni till en studie?" not in page.words


def test_completeness_counts_the_twelve_headings_that_say_something(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "2 av 12 rubriker är ifyllda" in page.words
    assert "När började ni?" not in page.words
    assert "Framgår inte av källan: material" in page.words
    assert (3, "Varför") in page.headings
    assert (3, "Var") not in page.headings


def test_headings_of_ones_own_and_what_must_not_be_changed_come_after_the_twelve(house: House, anyone: Browser) -> None:
    house.write("practices", "eget", "## Varför\n\nDärför.\n\n## Det som får anpassas\n\nTiden.\n\n## Eget\n\nMer.\n")
    house.look()
    headings = see(anyone.get("/arbetssatt/eget")).headings
    assert headings.index((2, "Så går det till")) < headings.index((3, "Varför"))
    assert headings.index((3, "Varför")) < headings.index((2, "Det som får anpassas")) < headings.index((2, "Eget"))


def test_those_who_may_write_are_invited_to_fill_in_what_is_missing(house: House, editor: Browser) -> None:
    write(house)
    page = see(editor.get(PAGE))
    assert "10 rubriker väntar på någon som vet" in page.words
    assert page.links["Material"].startswith(f"{PAGE}/andra?steg=2#")
    assert "Känner ni till en studie?" in page.words
    assert page.links["Ändra"] == f"{PAGE}/andra"


def test_a_practice_leads_on_to_a_project_and_a_visit(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert page.links["Prova själva"] == "/borja-prova?fran=arbetssatt/extra-personal"
    asked = page.links["Be om studiebesök"]
    assert asked.startswith("/studiebesok/nytt?practices=extra-personal&host=sodertalje&title=Studiebes")


def test_a_practice_that_should_have_been_looked_over_says_so(house: House, anyone: Browser) -> None:
    write(house, review_by="2020-01-31")
    assert "Ses över senast 31 januari 2020 Behöver ses över" in see(anyone.get(PAGE)).words


def test_five_questions_are_shown_when_one_has_an_answer(house: House, anyone: Browser) -> None:
    write(house)
    assert "Fem frågor" not in see(anyone.get(PAGE)).words
    write(house, right_five={"person": "Den som länge har haft stöd."})
    page = see(anyone.get(PAGE))
    assert "Rätt person Den som länge har haft stöd. Rätt tid Framgår inte av källan." in page.words


def test_a_long_practice_has_contents_that_lead_to_its_headings(house: House, anyone: Browser) -> None:
    titles = ("Kort namn", "Varför", "Material", "Så gör vi", "På vilket sätt", "Var", "När och hur mycket")
    house.write("practices", "lang", "\n".join(f"## {title}\n\nText.\n" for title in titles))
    house.look()
    page = see(anyone.get("/arbetssatt/lang"))
    assert "Innehåll" in page.words
    assert page.links["Så gör vi"].removeprefix("#") in page.ids
    assert len(page.ids) == len(set(page.ids))


def test_invented_details_are_marked_on_the_page_and_in_the_list(house: House, anyone: Browser) -> None:
    write(house, invented=True, sources=[])
    assert "Påhittade uppgifter" in see(anyone.get(PAGE)).words
    assert "Källa Påhittat exempel" in see(anyone.get(PAGE)).words
    assert "Påhittade uppgifter" in see(anyone.get("/arbetssatt")).words
