from __future__ import annotations

import os
import re
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.accounts import passwords, people
from app.accounts.oidc import identities
from app.cli import larnat
from app.config import Settings
from app.database import Databases
from app.library.sections import split_sections
from app.library.shelf import Library
from app.publishing.lock import locked
from tests.accounts.oidc.issuers import issuer_at
from tests.cast import EDITOR, READER
from tests.house import make_home
from tests.library import hostile


@pytest.fixture
def home(settings: Settings) -> Path:
    return settings.home


def run(settings: Settings, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(larnat, words, obj=settings, input=typed)


def write(home: Path, name: str, text: str) -> None:
    (home / "content" / "practices" / name).write_text(text, encoding="utf-8")


def practice(more: str = "", body: str = "") -> str:
    return f"---\ntitle: Titel\nowner: sodertalje\npublication: published\n{more}---\n\n{body}"


# ---- check ----


def test_check_finds_nothing_where_all_is_well(settings: Settings, home: Path) -> None:
    write(home, "ett.md", practice(body="Se [[tva]].\n"))
    write(home, "tva.md", practice("former_slugs: [old]\n", "Se [[arbetssatt/ett|det första]] och [[old]].\n"))
    result = run(settings, "check")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 filer lästa" in result.stderr


def test_check_finds_personal_numbers_and_says_how_to_declare_that_they_are_none(
    settings: Settings, home: Path
) -> None:
    write(home, "ett.md", practice(body="Klienten 880320-1238 ringde.\n"))
    write(home, "tva.md", practice(body="Ring 8803201238, eller 880320-XXXX.\n"))
    write(home, "samtal-880320-1238.md", practice())
    (home / "content/practices/tva.files").mkdir()
    write(home, "tva.files/lista.csv", "namn;nummer\nA;19880320-1238\n")
    result = run(settings, "check")
    assert result.exit_code == 1
    assert "1238" not in result.output
    said = [line.replace("content/practices/", "") for line in result.stdout.splitlines()]
    (mark,) = {line.partition("[")[2].partition("]")[0] for line in said if line.startswith("Tips: ett.md")}
    assert [line for line in said if mark not in line and "not_personal_numbers" not in line] == [
        "ett.md, rad 7: här står något som ser ut som ett personnummer (••••••-••••). Ta bort det",
        "samtal-••••••-••••.md: namnet ser ut att innehålla ett personnummer. Byt namn på filen",
        "tva.files/lista.csv: här står något som ser ut som ett personnummer (rad 2: ••••••••-••••). Ta bort det",
        "Tips: tva.md, rad 7: här står något som kan vara ett personnummer (••••••••••)",
        "Tips: tva.md, rad 7: här står något som kan vara ett personnummer (••••••-XXXX)",
    ]
    write(home, "ett.md", practice(f"not_personal_numbers: [{mark}]\n", "Klienten 880320-1238 ringde.\n"))
    assert "ett.md" not in run(settings, "check").stdout


def test_check_tells_every_fault_with_its_file_and_line(settings: Settings, home: Path) -> None:
    same = "id: 00000000-0000-4000-8000-000000000001\n"
    write(home, "a-trasig.md", "---\ntitle: [\n---\n")
    write(home, "b-fel-ord.md", practice("visibility: hemlig\n"))
    write(home, "c-okand.md", practice("networks: [finns-inte]\n").replace("sodertalje", "atlantis"))
    write(home, "d-lank.md", practice(same, "Rad ett.\n\nSe [[ingenstans]].\n"))
    write(home, "e-samma.md", practice(same))
    write(home, "Fel Namn.md", practice())
    result = run(settings, "check")
    said = result.stdout.splitlines()
    assert result.exit_code == 1
    assert [line.partition(":")[0].removeprefix("content/practices/") for line in said] == [
        "Fel Namn.md",
        "a-trasig.md, rad 3",
        "b-fel-ord.md, rad 5",
        "c-okand.md, rad 3",
        "c-okand.md, rad 5",
        "d-lank.md, rad 10",
        "e-samma.md, rad 5",
    ]
    assert "atlantis" in said[3]
    assert "finns-inte" in said[4]
    assert "ingenstans" in said[5]
    assert "samma id som content/practices/d-lank.md" in said[6]


def test_check_tells_of_rows_that_are_no_values_and_of_tables_of_no_measure(settings: Settings, home: Path) -> None:
    folder = home / "improvement_cycles/mote"
    (folder / "measures").mkdir(parents=True)
    (folder / "project.md").write_text("---\ntitle: Möte\nowner: sodertalje\nmeasures:\n- name: I tid\n---\n")
    (folder / "measures/i-tid.csv").write_text("date;value\n2026-08-03;12\n2026-08-10;tolv\n2026-08-17;1,234\n")
    (folder / "measures/annat.csv").write_text("date;value;note\n2026-08-03;12;19880320-1238\n")
    result = run(settings, "check")
    assert result.exit_code == 1
    assert "1238" not in result.output
    assert [line.removeprefix("improvement_cycles/mote/measures/") for line in result.stdout.splitlines()[:4]] == [
        "annat.csv: här står något som ser ut som ett personnummer (rad 2: ••••••••-••••). Ta bort det",
        "annat.csv: inget mått i project.md heter så. Skriv ”slug: annat” i måttet som filen hör till",
        "i-tid.csv, rad 3: värde: ”tolv” är inget tal. Skriv bara siffror, och lämna tomt om värdet saknas.",
        (
            "i-tid.csv, rad 4: värde: ”1,234” kan betyda 1,234 (decimaler) eller 1 234 (tusental). Säg vilket: som"
            " decimaltal eller som tusental."
        ),
    ]


def test_check_tells_of_faults_and_hints_in_the_words_of_the_search(settings: Settings, home: Path) -> None:
    words = home / "content" / "vocabulary.yaml"
    words.write_text("synonyms:\n  - [AME, ame]\n  - [tolk, tolken]\nquery_words: [hur]\n", encoding="utf-8")
    result = run(settings, "check")
    assert result.exit_code == 1
    assert "vocabulary.yaml, rad 2: ”ame” står två gånger" in result.stdout
    assert "Tips: content/vocabulary.yaml, rad 3" in result.stdout
    words.write_text("synonyms:\n  - AME\n", encoding="utf-8")
    assert "vocabulary.yaml, rad 2: raden går inte att förstå" in run(settings, "check").stdout


def test_check_stands_what_no_text_can_be(settings: Settings, home: Path) -> None:
    folder = home / "content" / "practices"
    (folder / "binar.md").write_bytes(b"\x00\xff\xfe")
    (folder / "stor.md").write_bytes(b"x" * 2_000_000)
    (folder / "lank.md").symlink_to("/etc/hostname")
    (folder / "bomb.md").write_text("---\na: &a [x]\nb: [*a, *a]\n---\n")
    result = run(settings, "check")
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert {line.split(".md")[0].rpartition("/")[2] for line in result.stdout.splitlines()} == {
        "binar",
        "stor",
        "lank",
        "bomb",
    }


def test_check_tells_of_links_in_long_fields_former_addresses_and_missing_attachments(
    settings: Settings, home: Path
) -> None:
    write(home, "a-lank.md", practice("summary: Se [[ingenstans]].\n"))
    write(home, "b-adress.md", practice("former_slugs: [a-lank]\n"))
    write(home, "c-adress.md", practice("former_slugs: [gammal]\n"))
    write(home, "d-adress.md", practice("former_slugs: [gammal]\n"))
    write(home, "e-bilaga.md", practice("attachments:\n  - file: bild.png\n"))
    write(home, "f-bild.md", practice(body="![En bild](saknas.png)\n"))
    result = run(settings, "check")
    assert result.exit_code == 1
    assert [line.removeprefix("content/practices/") for line in result.stdout.splitlines()] == [
        "a-lank.md, rad 5: Sammanfattning (summary): länken till ”ingenstans” leder ingenstans",
        "b-adress.md, rad 5: den tidigare adressen ”a-lank” är också content/practices/a-lank.md:s",
        "d-adress.md, rad 5: den tidigare adressen ”gammal” är också content/practices/c-adress.md:s",
        "e-bilaga.md, rad 6: bilagan bild.png finns inte i content/practices/e-bilaga.files/",
        "f-bild.md: texten visar saknas.png, som inte finns i content/practices/f-bild.files/",
    ]
    (home / "content/practices/e-bilaga.files").mkdir()
    (home / "content/practices/e-bilaga.files/bild.png").write_bytes(hostile.picture())
    assert "e-bilaga" not in run(settings, "check").stdout


def test_check_names_fields_as_forms_do_and_counts_from_one(settings: Settings, home: Path) -> None:
    grants = "grants:\n  - what: Ett\n    practice: forsta\n  - what: Två\n    practice: andra\n"
    network = f"---\ntitle: Nätverket\nowner: sodertalje\npublication: draft\n{grants}---\n"
    (home / "content/networks/natet.md").write_text(network, encoding="utf-8")
    said = run(settings, "check").stdout
    assert "Medel som har fördelats 1, Arbetssätt (practice): ”forsta” finns inte bland" in said
    assert "Medel som har fördelats 2, Arbetssätt (practice): ”andra” finns inte bland" in said


# ---- prepare ----


def test_prepare_tells_the_two_things_it_does_and_nothing_where_all_is_done(settings: Settings, home: Path) -> None:
    write(home, "ett.md", practice())
    # What was changed a moment ago may be changed again within the clock's tick, and is read once more.
    os.utime(home / "content/practices/ett.md", (1_000_000_000, 1_000_000_000))
    said = run(settings, "prepare").stderr.splitlines()
    assert list(dict.fromkeys(line.split(":")[0] for line in said)) == ["Läser filerna", "Bygger sökregistret"]
    assert run(settings, "prepare").output == ""


def test_prepare_warns_where_a_public_site_says_nothing_of_its_operator(settings: Settings) -> None:
    public = replace(settings, mode="production", secret_key="k" * 40)
    said = run(public, "prepare")
    assert said.exit_code == 0
    assert "Varning: LARNAT_OPERATOR är inte satt" in said.stderr
    told = replace(public, operator="Solna", contact_phone="08-123 00", data_protection_email="dso@solna.example")
    assert "Varning" not in run(told, "prepare").output


# ---- backup and restore ----


def test_backup_and_restore_tell_what_they_did(settings: Settings, home: Path, tmp_path: Path) -> None:
    write(home, "ett.md", practice())
    made = run(settings, "backup", str(tmp_path / "kopia.tar.gz"))
    assert made.exit_code == 0, made.stderr
    assert "1 filer, konton och historik till och med ändring 1" in made.stdout
    checked = run(settings, "restore", "--check", str(tmp_path / "kopia.tar.gz"))
    assert "Kopian är hel." in checked.stdout
    done = run(settings, "restore", str(tmp_path / "kopia.tar.gz"), "--home", str(tmp_path / "ny"))
    assert done.exit_code == 0, done.stderr
    assert f"LARNAT_HOME={tmp_path / 'ny'}" in done.stdout
    assert (tmp_path / "ny/content/practices/ett.md").read_bytes() == (home / "content/practices/ett.md").read_bytes()
    again = run(settings, "restore", str(tmp_path / "kopia.tar.gz"), "--home", str(tmp_path / "ny"))
    assert again.exit_code == 1
    assert "är inte tom" in again.stderr


def test_a_backup_into_a_folder_that_is_not_there_yet_makes_it(settings: Settings, tmp_path: Path) -> None:
    made = run(settings, "backup", f"{tmp_path}/kopior/nya/")
    assert made.exit_code == 0, made.stderr
    (file,) = (tmp_path / "kopior/nya").iterdir()
    assert file.match("larnat-*.tar.gz")
    assert str(file) in made.stdout


def test_restore_says_what_is_wrong_with_a_damaged_backup(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "skadad.tar.gz").write_bytes(b"x" * 1000)
    result = run(settings, "restore", str(tmp_path / "skadad.tar.gz"), "--home", str(tmp_path / "ny"))
    assert result.exit_code == 1
    assert "Inget lades tillbaka. Kopian går inte att lita på" in result.stderr
    assert not (tmp_path / "ny").exists()
    result = run(settings, "backup", str(settings.home / "content/kopia.tar.gz"))
    assert result.exit_code == 1
    assert "Säkerhetskopian gjordes inte" in result.stderr


# ---- new ----


@pytest.mark.parametrize("kind", ["practices", "studyvisits", "projects", "networks", "arbetssatt"])
def test_new_writes_a_draft_that_the_house_can_read(settings: Settings, home: Path, kind: str) -> None:
    result = run(settings, "new", kind, "Övning: å, ä & ö", "--owner", "sodertalje")
    assert result.exit_code == 0, result.stderr
    written = Path(result.stdout.strip())
    assert written.is_relative_to(home)
    from app import load_kinds

    document = Library(home, load_kinds()).read(str(written.relative_to(home)))
    assert document.title == "Övning: å, ä & ö"
    assert document.front_matter.publication == "draft"
    assert all(f"## {heading.title}\n" in document.body for heading in document.kind.headings)
    assert not any(section.text for section in split_sections(document.body))
    assert "<!--" not in document.body
    assert run(settings, "check").exit_code == 0


def test_new_numbers_the_cycles_of_a_project(settings: Settings) -> None:
    assert run(settings, "new", "projects", "Kortare kö", "--owner", "sodertalje").exit_code == 0
    for number in (1, 2):
        result = run(settings, "new", "cycles", "Ringa", "--owner", "sodertalje", "--parent", "kortare-ko")
        assert result.stdout.strip().endswith(f"improvement_cycles/kortare-ko/0{number}-ringa.md")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("spam", "Titel", "--owner", "sodertalje"), "spam"),
        (("practices", "Titel", "--owner", "atlantis"), "atlantis"),
        (("practices", "!!!", "--owner", "sodertalje"), "bokstav"),
        (("practices", "Finns redan", "--owner", "sodertalje"), "finns redan"),
        (("practices", "Titel", "--owner", "nynashamm"), "Menade du nynashamn?"),
        (("cycles", "Titel", "--owner", "sodertalje"), "--parent namnet-i-adressen"),
        (("cycles", "Titel", "--owner", "sodertalje", "--parent", "nej"), "”nej” finns inte bland"),
        (("practices", "x" * 200, "--owner", "sodertalje"), "title"),
    ],
)
def test_new_says_what_it_cannot_do_and_writes_nothing(
    settings: Settings, home: Path, words: tuple[str, ...], said: str
) -> None:
    run(settings, "new", "practices", "Finns redan", "--owner", "solna")
    before = {path: path.read_bytes() for path in home.rglob("*.md")}
    result = run(settings, "new", *words)
    assert result.exit_code == 2
    assert said.lower() in result.stderr.lower()
    assert result.stderr.startswith("Det gick inte:")
    assert {path: path.read_bytes() for path in home.rglob("*.md")} == before


def test_new_does_not_write_over_what_somebody_saves_in_the_same_moment(settings: Settings, home: Path) -> None:
    here, held, over = threading.get_ident(), threading.Event(), threading.Event()

    def save() -> None:
        with locked(settings.lock_file):
            held.set()
            while not over.is_set() and sys._current_frames()[here].f_code.co_name != "_open_and_lock":
                time.sleep(0.01)
            (home / "content/practices/ny.md").write_text("Någon annans.\n")

    saving = threading.Thread(target=save)
    saving.start()
    held.wait()
    result = run(settings, "new", "practices", "Ny", "--owner", "sodertalje")
    over.set()
    saving.join()
    assert "finns redan" in result.stderr
    assert (home / "content/practices/ny.md").read_text() == "Någon annans.\n"


# ---- user ----


def test_the_first_administrator_is_made_on_the_command_line(tmp_path: Path) -> None:
    settings = Settings.for_tests(make_home(tmp_path))
    result = run(
        settings, "user", "add", "Anna@Kommun.example", "--name", "Anna", "--admin", typed="ett långt lösenord\n"
    )
    assert result.exit_code == 0, result.output
    databases = Databases(settings)
    with databases.kept_for_reading() as session:
        person = people.find(session, "anna@kommun.example")
    databases.close()
    assert person
    assert person.admin
    assert passwords.matches("ett långt lösenord", person.password_hash)


def test_roles_are_given_and_taken_away_in_swedish_or_english(settings: Settings) -> None:
    run(settings, "user", "add", "a@b.example", "--name", "A", "-o", "solna", typed="ett långt lösenord\n")
    given = run(settings, "user", "roles", "a@b.example", "habo", "samordnare")
    assert "samordnare i habo, medlem i solna" in given.stdout
    taken = run(settings, "user", "roles", "a@b.example", "solna", "ingen")
    assert "solna" not in taken.stdout
    assert "administratör" in run(settings, "user", "roles", "a@b.example", "--admin").stdout
    listed = run(settings, "user", "list").stdout
    assert "a@b.example" in listed
    assert "editor@sodertalje.test" in listed


def test_a_link_for_a_new_password_is_made_for_an_open_account(settings: Settings) -> None:
    made = run(settings, "user", "link", READER.email).stdout
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/nytt-losenord\?kod=[\w-]{40,}\n", made)
    run(settings, "user", "close", READER.email)
    refused = run(settings, "user", "link", READER.email)
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_password_for_whom_an_issuer_signs_in_is_given_with_a_warning(settings: Settings) -> None:
    governed = replace(settings, issuers=(issuer_at("https://login.example"),))
    databases = Databases(settings)
    with databases.kept() as session:
        person = people.find(session, READER.email)
        assert person
        identities.add(session, governed.issuers[0], "lo", person)
    databases.close()
    for words in (("password", READER.email), ("link", READER.email)):
        told = run(governed, "user", *words, typed="ett annat lösenord\n")
        assert told.exit_code == 0
        assert told.stderr == (
            f"Obs! {READER.email} loggar in med Exempelkommunen. Lösenordet fungerar inte i det här Lärnät.\n"
        )
        assert run(governed, "user", words[0], EDITOR.email, typed="ett annat lösenord\n").stderr == ""
        assert run(settings, "user", *words, typed="ett tredje lösenord\n").stderr == "", "the issuer is not used"
    told = run(replace(governed, passwords=False), "user", "link", EDITOR.email)
    assert told.stderr == "Obs! Ingen loggar in med lösenord här. Lösenordet fungerar inte i det här Lärnät.\n"


def test_somebody_is_invited_from_the_command_line(settings: Settings) -> None:
    made = run(settings, "user", "invite", "Ny@Solna.test", "solna", "--role", "samordnare")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/inbjudan\?kod=[\w-]{40,}\n", made.stdout)
    assert "ingen e-postadress" in run(settings, "user", "invite", "ny", "solna").stderr
    assert "ingen organisation" in run(settings, "user", "invite", "ny@solna.test", "atlantis").stderr
    sending = replace(settings, smtp_host="localhost", smtp_from="a@b.test", address="https://larnat.test")
    assert "skickas av arbetsprocessen" in run(sending, "user", "invite", "ny@solna.test", "solna").stdout
    assert "ny@solna.test  väntar" in run(sending, "mail", "list").stdout


def test_people_are_moved_and_coordinate_networks(settings: Settings, home: Path) -> None:
    (home / "content/networks/knut.md").write_text("---\ntitle: KNUT\nowner: solna\n---\n", encoding="utf-8")
    email = READER.email
    moved = run(settings, "user", "move", email, "solna", "habo")
    assert "medlem i habo" in moved.stdout
    assert "i solna" not in moved.stdout
    assert "längre" in run(settings, "user", "move", email, "solna", "habo").stderr
    assert "samordnar 1 nätverk" in run(settings, "user", "network", email, "knut").stdout
    assert "samordnar" not in run(settings, "user", "network", email, "knut", "--end").stdout
    assert "inget nätverk ”knutt”" in run(settings, "user", "network", email, "knutt").stderr
    (home / "content/networks/knut.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    assert "går inte att läsa" in run(settings, "user", "network", email, "knut").stderr


def test_a_lost_password_is_replaced_and_a_closed_account_opened_again(settings: Settings) -> None:
    email = "editor@sodertalje.test"
    assert run(settings, "user", "password", email, typed="ett annat lösenord\n").exit_code == 0
    assert run(settings, "user", "close", email).exit_code == 0
    assert "stängt" in run(settings, "user", "list").stdout
    assert run(settings, "user", "open", email).exit_code == 0
    assert "stängt" not in run(settings, "user", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "editor@sodertalje.test", "--name", "X"), "finns redan"),
        (("add", "inte-en-adress", "--name", "X"), "e-postadress"),
        (("add", "b@b.example", "--name", "X", "-o", "atlantis"), "atlantis"),
        (("password", "nobody@b.example"), "inget konto"),
        (("roles", "editor@sodertalje.test", "atlantis", "medlem"), "atlantis"),
    ],
)
def test_what_cannot_be_done_with_an_account_is_said_in_a_line(
    settings: Settings, words: tuple[str, ...], said: str
) -> None:
    result = run(settings, "user", *words, typed="ett långt lösenord\n")
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_short_password_is_refused_from_standard_input_too(settings: Settings) -> None:
    result = run(settings, "user", "add", "a@b.example", "--name", "A", typed="kort\n")
    assert result.exit_code == 1
    assert "minst 15 tecken" in result.stderr


def test_a_command_that_does_not_exist_is_answered_with_those_that_do(settings: Settings) -> None:
    result = run(settings, "serv")
    assert result.exit_code == 2
    assert "serve, prepare, web, work" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--help",), ["Så här: larnat [VAL] KOMMANDO", "Val:", "Visa den här hjälpen.", "Kommandon:"]),
        (("new", "--help"), ["[måste anges]"]),
        (("user", "add", "--help"), ["annars member"]),
        (("new",), ["Det gick inte: Det saknas 'SLAG'.", "Hjälp finns med"]),
        (("new", "practices", "Titel"), ["Det saknas '--owner'"]),
        (("new", "a", "b", "c", "--owner", "x"), ["Det här är för mycket: c"]),
        (("new", "--owne", "x"), ["--owne finns inte.", "Menade du"]),
        (("new", "--owner"), ["--owner ska följas av ett värde."]),
        (("export", "--format", "xml", "fil"), ["Fel värde för '--format': xml är inget av 'markdown', 'json'."]),
        (("restore", "ingen-fil"), ["finns inte"]),
    ],
)
def test_the_command_line_speaks_swedish_also_where_click_does(
    settings: Settings, words: tuple[str, ...], said: list[str]
) -> None:
    result = run(settings, *words)
    assert all(one in result.output for one in said), result.output
    english = ("Usage", "Options", "Missing", "Invalid", "Error", "Try '", "required", "Show this", "default")
    assert not any(one in result.output for one in english)
