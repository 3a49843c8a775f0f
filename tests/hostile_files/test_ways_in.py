"""Hostile files by every way in: refused with a reason in plain Swedish, or kept as something that can do no harm."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.hostile_files.under_watch import PAGE, Sender, Watched, reasons_in
from tests.library import hostile

MOST_MEGABYTES = 250
MOST_CPU_SECONDS = 8.0


@dataclass(frozen=True)
class Hostile:
    """A file that is sent, and the words with which it is refused."""

    name: str
    content: Callable[[], bytes]
    why: str

    def __str__(self) -> str:
        return self.name


REFUSED = (
    Hostile("skript.svg", lambda: hostile.SVG, "SVG-bilder kan innehålla program"),
    Hostile("sida.png", lambda: hostile.HTML, "Webbsidor kan innehålla program"),
    Hostile("sida.pdf", lambda: hostile.HTML + hostile.PDF, "Webbsidor kan innehålla program"),
    Hostile("bild.html", hostile.png_and_html, "den är en PNG-bild"),
    Hostile("skript.js", hostile.gif_and_script, "den är en GIF-bild"),
    Hostile("rapport.docx", hostile.pdf_and_package, "innehållet är något annat än Word-dokument"),
    Hostile("stor.png", hostile.large_png, "10 000 × 10 000 bildpunkter"),
    Hostile("stor.webp", hostile.tiny_webp, "7 000 × 7 000 bildpunkter"),
    Hostile("stor.gif", lambda: hostile.picture("GIF", (9000, 9000), "L"), "9 000 × 9 000 bildpunkter"),
    Hostile("anteckning.png", hostile.talking_bomb, "Bilden är skadad"),
    Hostile("halv.jpg", lambda: hostile.picture("JPEG", (300, 200))[:700], "Bilden är skadad"),
    Hostile("halv.png", lambda: hostile.picture("PNG", (300, 200))[:90], "Bilden är skadad"),
    Hostile("bomb.docx", hostile.zip_bomb, "orimligt mycket"),
    Hostile("overlapp.docx", hostile.overlapping, "orimligt mycket"),
    Hostile("djup.docx", lambda: hostile.nested(5), "orimligt mycket"),
    Hostile("ljuger.docx", hostile.liar, "orimligt mycket"),
    Hostile("delar.docx", hostile.many_parts, "orimligt mycket"),
    Hostile("makro.docm", hostile.docx, "Filer med makron"),
    Hostile("makro.xlsm", hostile.docx, "Filer med makron"),
    Hostile("makro.docx", lambda: hostile.docx(("word/vbaProject.bin", b"x")), "Filer med makron"),
    Hostile("gomt.docx", hostile.hidden_macros, "Filer med makron"),
    Hostile("last.docx", lambda: hostile.OLE, "skyddad med lösenord eller sparad i ett äldre format"),
    Hostile("krypterad.docx", hostile.encrypted, "skyddad med lösenord"),
    Hostile("gammal.doc", lambda: hostile.OLE, "Det äldre formatet kan innehålla program"),
    Hostile("tom.pdf", lambda: b"", "Filen är tom"),
    Hostile("x.md", lambda: b"---\ntitle: x\n---\n", ".md tas inte emot"),
    Hostile(".htaccess", lambda: b"SetHandler x", ".htaccess tas inte emot"),
    Hostile("arkiv.zip", lambda: hostile.package(("a", b"b")), "Packa upp den"),
    Hostile("stor.txt", lambda: b"a" * 10_500_000, "Den får vara högst 10 MB"),
)


@pytest.mark.parametrize("file", REFUSED, ids=str)
def test_it_is_refused_with_a_reason_and_nothing_typed_is_lost(
    sender: Sender, unharmed: Watched, file: Hostile
) -> None:
    content, before = file.content(), unharmed.cpu_seconds()
    sent = ("_files", file.name, content)

    by_page, by_form, pasted = sender.by_the_files_page(sent), sender.by_the_form(sent), sender.by_pasting(sent)

    for answer in (by_page, by_form, pasted):
        assert answer.status == 422
        assert file.why in reasons_in(answer)
        assert f"”{file.name}”" in reasons_in(answer)
    assert "Det jag har skrivit</textarea>" in by_form.text
    assert waiting_in(by_form.text) == waiting_in(pasted.text) == []
    assert unharmed.peak_megabytes() < MOST_MEGABYTES
    assert unharmed.cpu_seconds() - before < MOST_CPU_SECONDS
    sender.discard()


def waiting_in(text: str) -> list[str]:
    """The files that wait in a form."""
    return re.findall(r'value="detach ([^"]+)"', text)


@dataclass(frozen=True)
class Harmless:
    """A file that is taken, and what it lies there as. ``gone`` is what was in it and is not any longer."""

    name: str
    content: Callable[[], bytes]
    lies_as: str
    mimetype: str
    how: str = "attachment"
    gone: bytes = b""

    def __str__(self) -> str:
        return self.lies_as


TAKEN = (
    Harmless("Dubbel.png", hostile.png_and_html, "dubbel.png", "image/png", "inline", b"alert"),
    Harmless("skript.gif", hostile.gif_and_script, "skript.png", "image/png", "inline", b"alert"),
    Harmless("dubbel.jpg", hostile.jpeg_and_html, "dubbel.jpg", "image/jpeg", "inline", b"alert"),
    Harmless("plats.jpg", lambda: hostile.talkative("JPEG"), "plats.jpg", "image/jpeg", "inline", b"hemligt"),
    Harmless("plats.png", lambda: hostile.talkative("PNG"), "plats.png", "image/png", "inline", b"hemligt"),
    Harmless("plats.webp", lambda: hostile.talkative("WEBP"), "plats.webp", "image/webp", "inline", b"hemligt"),
    Harmless("rorlig.gif", hostile.moving, "rorlig.png", "image/png", "inline"),
    Harmless("sida.pdf", lambda: hostile.POLYGLOT_PDF, "sida.pdf", "application/pdf"),
    Harmless("aktiv.pdf", lambda: hostile.ACTIVE_PDF, "aktiv.pdf", "application/pdf"),
    Harmless("paket.pdf", hostile.pdf_and_package, "paket.pdf", "application/pdf"),
    Harmless("skript.txt", lambda: b"alert(1)//" + hostile.HTML, "skript.txt", "text/plain"),
)


@pytest.mark.parametrize("file", TAKEN, ids=str)
def test_it_is_made_harmless_and_served_so_that_nothing_in_it_runs(
    sender: Sender, unharmed: Watched, file: Harmless
) -> None:
    sent = ("_files", file.name, file.content())

    assert sender.by_the_files_page(sent).status == 303
    assert sender.by_pasting(sent).status == 200
    waits = re.findall(r'href="(/arbetssatt/samtal/andra/filer/[^"]+)"', sender.get(f"{PAGE}/andra?steg=2").text)

    lies = unharmed.home / "content/practices/samtal.files" / file.lies_as
    assert not file.gone or file.gone not in lies.read_bytes()
    # The address of a form's own file is known by cookie only; what answers is the same.
    assert len(waits) == 1
    status, headers, content = sender.fetch(f"/filer{PAGE}/{file.lies_as}")
    assert (status, content) == (200, lies.read_bytes())
    assert headers["content-type"].partition(";")[0] == file.mimetype
    assert headers["content-disposition"].startswith(f"{file.how};")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert unharmed.peak_megabytes() < MOST_MEGABYTES
    sender.discard()
    remove(sender, file.lies_as)


def remove(sender: Sender, name: str) -> None:
    """Take a file away again; its address says so afterwards."""
    assert sender.remove(name).status == 303
    status, _, content = sender.fetch(f"/filer{PAGE}/{name}")
    assert status == 404
    assert f"Det finns ingen fil som heter <code>{name}</code>" in content.decode()


NAMES = (
    ("å" * 300 + ".pdf", re.compile(r"a{80}\.pdf")),
    ("..\\..\\windows\\fil.pdf", re.compile(r"(windows)?fil\.pdf")),
    ("../../../etc/fil.pdf", re.compile(r"fil\.pdf")),
    ("/etc/cron.d/fil.pdf", re.compile(r"fil\.pdf")),
    (b"fil\x00.exe.pdf", re.compile(r"fil-exe\.pdf")),
    (b"fil\x01\x02\x1b[31m.pdf", re.compile(r"fil-?31m\.pdf")),
    ("rapport\u202efdp.pdf", re.compile(r"rapportfdp\.pdf")),
    ("CON.pdf", re.compile(r"con-fil\.pdf")),
    ("nul.pdf", re.compile(r"nul-fil\.pdf")),
    ("aux .pdf", re.compile(r"aux-fil\.pdf")),
    ("slut. . .pdf", re.compile(r"slut\.pdf")),
    ("日本語.pdf", re.compile(r"fil\.pdf")),
    ("🙂.pdf", re.compile(r"fil\.pdf")),
    ("-rf.pdf", re.compile(r"rf\.pdf")),
    ("<img src=x onerror=alert(1)>.pdf", re.compile(r"img-src-x-onerror-alert-1\.pdf")),
    ("$(reboot);`id`.pdf", re.compile(r"reboot-id\.pdf")),
    ("%2e%2e%2ffil.pdf", re.compile(r"2e-2e-2ffil\.pdf")),
    (b'fil\\".pdf', re.compile(r"fil\.pdf")),
)


@pytest.mark.parametrize(("name", "lies_as"), NAMES, ids=[ascii(name)[:24] for name, _ in NAMES])
def test_whatever_it_is_called_it_lies_there_under_a_plain_name(
    sender: Sender, unharmed: Watched, name: str | bytes, lies_as: re.Pattern[str]
) -> None:
    answer = sender.by_the_files_page(("_files", name, hostile.PDF))
    assert answer.status == 303, reasons_in(answer)
    folder = unharmed.home / "content/practices/samtal.files"
    (found,) = [file.name for file in folder.iterdir()]
    assert lies_as.fullmatch(found), found
    shown = sender.get(PAGE).text
    assert "<img src=x" not in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", shown)
    disposition = sender.fetch(f"/filer{PAGE}/{found}")[1]["content-disposition"]
    assert disposition.startswith(f'attachment; filename="{found}"')
    assert disposition.isascii()
    remove(sender, found)


@pytest.mark.parametrize("name", [b"\xff\xfe\xfd.pdf", b"fil.pdf\r\nX-Ond: ja\r\nY: .pdf", b'fil.pdf"; name="_do'])
def test_a_name_that_no_browser_sends_is_no_file(sender: Sender, unharmed: Watched, name: bytes) -> None:
    answer = sender.by_the_files_page(("_files", name, hostile.PDF))
    assert answer.status in (400, 422)
    assert "<h1>" in answer.text


def test_names_that_some_disks_take_for_one_are_two_files(sender: Sender, unharmed: Watched) -> None:
    """Å as one sign and as two, and in large and small letters: all on the same disk, none over another."""
    names = ("Ångström.pdf", "A\u030angstro\u0308m.pdf", "ÅNGSTRÖM.PDF", "ångström.pdf")
    for number, name in enumerate(names):
        assert sender.by_the_files_page(("_files", name, hostile.PDF + b"%d" % number)).status == 303
    folder = unharmed.home / "content/practices/samtal.files"
    found = sorted(file.name for file in folder.iterdir())
    assert found == ["angstrom-2.pdf", "angstrom-3.pdf", "angstrom-4.pdf", "angstrom.pdf"]
    assert len({(folder / name).read_bytes() for name in found}) == 4
    for name in found:
        remove(sender, name)


def test_a_title_with_anything_in_it_is_shown_as_text_and_saved_under_a_name(sender: Sender, unharmed: Watched) -> None:
    sender.by_the_files_page(("_files", "fil.pdf", hostile.PDF))
    fields = fields_of_the_list(sender.get(f"{PAGE}/filer").text)
    title = '"><script>alert(1)</script>\u202e../..\\x;\r\nSet-Cookie: a=b'
    assert sender.send(f"{PAGE}/filer", {**fields, "title-fil.pdf": [title], "_do": ["describe"]}).status == 303
    assert "<script>alert(1)</script>" not in sender.get(PAGE).text
    headers = sender.fetch(f"/filer{PAGE}/fil.pdf")[1]
    assert "set-cookie" not in headers
    assert "%2F" not in headers["content-disposition"]
    assert "%E2%80%AE" not in headers["content-disposition"]
    remove(sender, "fil.pdf")


def fields_of_the_list(text: str) -> dict[str, list[str]]:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', text)[0]
    return {"csrf_token": [html.unescape(token)], "_token": ["a" * 32]}
