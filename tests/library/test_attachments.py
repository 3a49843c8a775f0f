"""What may lie beside a document: told by its content, made harmless, and given a plain name."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.library import attachments, redrawing
from app.library.accepting import TALKATIVE, Accepted, accept, look_at
from app.library.attachments import given_name, is_name, new_name
from app.library.file_types import BY_EXTENSION, WrongFile
from app.library.picture_heads import head_of
from tests.library import hostile

LARGEST = 10_000_000
ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}


def accepted(name: str, content: bytes, largest: int = LARGEST) -> Accepted:
    return accept(name, content, largest)


def reason(name: str, content: bytes) -> str:
    with pytest.raises(WrongFile) as refused:
        accepted(name, content)
    return str(refused.value)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# ---- What is taken ----


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bild.png", hostile.picture("PNG")),
        ("bild.jpg", hostile.picture("JPEG")),
        ("bild.webp", hostile.picture("WEBP")),
        ("fil.pdf", hostile.PDF),
        ("fil.docx", hostile.docx()),
        ("fil.odt", hostile.odt()),
        ("fil.xlsx", hostile.package(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>"))),
        ("fil.csv", "år;antal\n2013;4\n".encode("cp1252")),
        ("fil.txt", "Räksmörgås\n".encode()),
    ],
)
def test_a_file_of_the_list_is_taken_under_its_own_type(name: str, content: bytes) -> None:
    assert accepted(name, content).name == name


@pytest.mark.parametrize("name", ["BILD.PNG", "bild.jpeg", "bild.jpg", "image", "bild.webp"])
def test_a_picture_gets_the_ending_of_what_it_is(name: str) -> None:
    assert accepted(name, hostile.picture("PNG")).name.endswith(".png")


def test_a_moving_picture_becomes_a_still_one() -> None:
    second = Image.new("RGB", (40, 30), "blue")
    found = accepted("rorlig.gif", hostile.picture("GIF", save_all=True, append_images=[second]))
    assert found.name == "rorlig.png"
    assert opened(found.content).convert("RGB").getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("sort", "modes"),
    [
        ("PNG", ("RGB", "RGBA", "LA", "L", "P", "1", "I;16")),
        ("JPEG", ("RGB", "L", "CMYK")),
        ("WEBP", ("RGB", "RGBA", "L")),
        ("GIF", ("RGB", "L", "P", "1")),
    ],
)
def test_a_picture_of_any_sort_is_the_same_picture_afterwards(sort: str, modes: tuple[str, ...]) -> None:
    for mode in modes:
        written = io.BytesIO()
        made = Image.new("RGB", (40, 30), "white")
        made.paste("black", (0, 0, 10, 10))
        made.convert("L").convert(mode).save(written, sort)
        found = opened(accepted("bild", written.getvalue()).content)
        if found.mode != "I;16":
            points = found.convert("RGB").tobytes()
            assert points[3 * 82] < 30, mode
            assert points[3 * 1035] > 225, mode


def test_what_is_see_through_stays_so() -> None:
    found = opened(accepted("bild.png", hostile.picture("PNG", mode="RGBA")).content)
    assert found.convert("RGBA").getpixel((35, 25)) == (255, 255, 255, 0)


# ---- What a picture does not bring along ----


def test_a_photograph_says_no_longer_where_it_was_taken_and_stands_upright() -> None:
    found = opened(accepted("bild.jpg", hostile.told_on_picture()).content)
    assert not found.getexif()
    assert not {"comment", "exif", "icc_profile"} & set(found.info)
    assert found.size == (30, 40)
    right_corner = found.convert("RGB").getpixel((28, 2))
    assert isinstance(right_corner, tuple)
    assert right_corner[1] < 60, "the red corner has been turned to the right"


def test_what_was_hidden_in_and_behind_a_picture_is_gone() -> None:
    found = accepted("bild.png", hostile.talkative_png())
    assert b"hemligt" not in found.content
    assert b"script" not in found.content


def test_a_large_picture_is_made_as_small_as_pages_show() -> None:
    assert opened(accepted("bild.png", hostile.picture("PNG", (4000, 3000))).content).size == (2400, 1800)
    assert opened(accepted("bild.jpg", hostile.picture("JPEG", (4000, 3000))).content).size == (2400, 1800)


def test_a_picture_of_a_hundred_million_points_is_refused_before_it_is_unpacked() -> None:
    content = hostile.large_png()
    assert len(content) < 100_000
    assert "10 000 × 10 000 bildpunkter" in reason("bild.png", content)
    assert "16 384 × 16 384" in reason("bild.webp", hostile.large_webp())


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "WEBP", "GIF"])
def test_half_a_picture_is_refused(sort: str) -> None:
    content = hostile.picture(sort, (300, 200))
    assert "skadad" in reason("bild", content[: len(content) // 2])


@given(st.binary(max_size=300))
def test_no_head_of_a_picture_does_anything_but_fail_to_be_drawn(noise: bytes) -> None:
    for head, sort in (
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8X", "WEBP"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP"),
    ):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a decoder raises
            redrawing.redrawn(head + noise, sort)
        with contextlib.suppress(WrongFile):
            look_at(f"bild.{ENDINGS[sort]}", io.BytesIO(head + noise))


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "WEBP", "GIF"])
def test_nothing_that_a_picture_tells_comes_along(sort: str) -> None:
    content = hostile.talkative(sort)
    assert b"hemligt" in content
    found = accepted("bild", content)
    assert b"hemligt" not in found.content
    with opened(found.content) as picture:
        assert not {"exif", "xmp", "comment", "icc_profile", "Author", "Comment"} & set(picture.info)


@pytest.mark.parametrize(
    "content", [hostile.png_and_html(), hostile.gif_and_script(), hostile.jpeg_and_html()], ids=["png", "gif", "jpeg"]
)
def test_of_a_picture_that_is_something_else_too_only_the_picture_is_left(content: bytes) -> None:
    found = accepted("bild", content)
    assert b"alert" not in found.content
    assert opened(found.content).size[0] >= 40


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "WEBP"])
def test_colours_are_what_the_picture_meant_when_it_does_not_say_so_any_longer(sort: str) -> None:
    found = opened(accepted("bild", hostile.of_other_colours(sort)).content)
    red, green, _ = found.convert("RGB").getpixel((2, 2))  # type: ignore[misc]
    assert red < 60
    assert green > 200
    assert "icc_profile" not in found.info


# A process of its own, because a new process is said to have taken what the one that started it had.
MEASURE = """
import os, subprocess, sys
started = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
while started.stdout.read(1_000_000): pass
_, status, used = os.wait4(started.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss // 1024, used.ru_utime)
"""


def drawn(content: bytes, sort: str) -> tuple[int, int, float]:
    """How the drawing of a picture ended, what memory it took at most, in MB, and how long it computed."""
    words = (sys.executable, "-c", MEASURE, sys.executable, "-I", redrawing.__file__, sort)
    ended, megabytes, seconds = subprocess.run(words, input=content, capture_output=True, check=True).stdout.split()
    return int(ended), int(megabytes), float(seconds)


@pytest.mark.parametrize(
    ("content", "sort"),
    [
        (hostile.heavy_png, "PNG"),
        (hostile.heavy_webp, "WEBP"),
        (lambda: hostile.picture("JPEG", (7050, 7050), "CMYK", progressive=True), "JPEG"),
        (hostile.moving, "GIF"),
        (lambda: hostile.large_png(65_528, 530), "PNG"),
    ],
    ids=["png", "webp", "jpeg", "gif", "wide"],
)
def test_the_heaviest_pictures_that_are_taken_stay_within_half_a_gigabyte(
    content: Callable[[], bytes], sort: str
) -> None:
    ended, megabytes, seconds = drawn(content(), sort)
    assert ended == redrawing.DRAWN
    assert megabytes < 500
    assert seconds < redrawing.CPU_SECONDS


@pytest.mark.parametrize(
    ("content", "sort"),
    [
        (hostile.tiny_webp(), "WEBP"),
        (hostile.large_webp(), "WEBP"),
        (hostile.large_png(), "PNG"),
        (hostile.large_png(1, 70_000), "PNG"),
        (hostile.talking_bomb(), "PNG"),
    ],
    ids=["34 bytes of webp", "webp", "png", "thin png", "note"],
)
def test_a_bomb_is_refused_before_it_takes_memory(content: bytes, sort: str) -> None:
    ended, megabytes, seconds = drawn(content, sort)
    assert ended in (redrawing.TOO_LARGE, redrawing.BROKEN)
    assert megabytes < 100
    assert seconds < 2


def test_a_picture_that_takes_forever_is_stopped() -> None:
    """Nine megabytes that would take five minutes."""
    assert "för mycket minne eller tid" in reason("bild.jpg", hostile.many_scans(120_000))


# ---- What is refused, and why ----


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bild.svg", hostile.SVG, "SVG-bilder kan innehålla program"),
        ("bild.png", hostile.SVG, "SVG-bilder kan innehålla program"),
        ("sida.html", hostile.HTML, "Webbsidor kan innehålla program"),
        ("bild.png", hostile.HTML, "Webbsidor kan innehålla program"),
        ("text.txt", b"\xef\xbb\xbf \n" + hostile.HTML, "Webbsidor kan innehålla program"),
        ("text.txt", hostile.HTML.decode().encode("utf-16"), "Webbsidor kan innehålla program"),
        ("bild.png", b"inte alls en bild", "innehållet är något annat än PNG-bild"),
        ("bild.html", hostile.picture(), "den är en PNG-bild"),
        ("fil.pdf", hostile.picture(), "den är en PNG-bild"),
        ("fil.pdf", b"MZ\x90 " + hostile.PDF, "innehållet är något annat än PDF"),
        ("fil.docx", hostile.package(("xl/workbook.xml", b"<x/>")), "innehållet är något annat än Word"),
        ("fil.docx", hostile.odt(), "innehållet är något annat än Word"),
        ("fil.odt", hostile.docx(), "innehållet är något annat än OpenDocument"),
        ("fil.docx", b"PK\x03\x04 och sedan inget", "skadad"),
        ("fil.docx", hostile.HTML + hostile.docx(), "Webbsidor"),
        ("fil.docx", hostile.docx(("word/vbaProject.bin", b"x")), "makron"),
        ("fil.docm", hostile.docx(), "makron"),
        ("fil.xlsm", hostile.docx(), "makron"),
        ("fil.docx", hostile.hidden_macros(), "makron"),
        ("fil.odt", hostile.package(("mimetype", b"x"), ("Basic/Standard/M.xml", b"x")), "makron"),
        ("fil.docx", hostile.docx(("word/embeddings/m.xlsm", hostile.docx(("xl/vbaProject.bin", b"x")))), "makron"),
        ("fil.docx", hostile.OLE, "skyddad med lösenord eller sparad i ett äldre format"),
        ("fil.docx", hostile.encrypted(), "skyddad med lösenord"),
        ("fil.odt", hostile.locked_odt(), "skyddad med lösenord"),
        ("fil.docx", hostile.slow_package(), "skadad"),
        ("fil.docx", hostile.leading_out(), "skadad"),
        ("fil.docx", hostile.leading_out("C:/x"), "skadad"),
        ("fil.docx", hostile.docx()[:-30], "skadad"),
        ("fil.docx", hostile.pdf_and_package(), "innehållet är något annat än Word"),
        ("fil.doc", b"\xd0\xcf\x11\xe0", "äldre formatet"),
        ("fil.zip", hostile.package(("a", b"b")), "Packa upp den"),
        ("program.exe", b"MZ\x90", ".exe tas inte emot"),
        ("README", b"text", "saknar ändelse"),
        ("x.md", b"---\ntitle: x\n---\n", ".md tas inte emot"),
        (".htaccess", b"SetHandler x", ".htaccess tas inte emot"),
        ("fil.pdf.", hostile.PDF, "saknar ändelse"),
        ("fil.pdf::$DATA", hostile.PDF, "saknar ändelse"),
        ("fil.txt", b"\x00\x01\x02", "tecken som inte är text"),
        ("fil.pdf", b"", "tom"),
    ],
)
def test_what_is_not_of_the_list_is_refused_with_a_reason(name: str, content: bytes, why: str) -> None:
    assert why in reason(name, content)


def test_a_word_file_that_unpacks_to_four_hundred_megabytes_is_refused_by_its_directory() -> None:
    content = hostile.zip_bomb()
    assert len(content) < 1_000_000
    assert "orimligt mycket" in reason("rapport.docx", content)
    assert "orimligt mycket" in reason("rapport.docx", hostile.overlapping())


@pytest.mark.parametrize(
    "content",
    [hostile.nested(5), hostile.nested(2, 60), hostile.liar(), hostile.many_parts()],
    ids=["deep", "wide", "lying", "many parts"],
)
def test_a_package_that_hides_how_much_it_unpacks_to_is_refused_at_little_cost(content: bytes) -> None:
    tracemalloc.start()
    before = time.process_time()
    assert "orimligt mycket" in reason("rapport.docx", content)
    assert time.process_time() - before < 3
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def test_a_workbook_in_a_document_is_taken() -> None:
    assert accepted("rapport.docx", hostile.with_a_workbook()).name == "rapport.docx"


def test_a_file_that_is_larger_than_the_limit_is_refused_by_its_size() -> None:
    with pytest.raises(WrongFile, match=r"Filen är 1,5 MB\. Den får vara högst 1 MB"):
        accepted("fil.txt", b"a" * 1_500_000, largest=1_000_000)


# ---- What somebody has laid there without us ----


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bild.png", hostile.HTML, "innehållet är något annat än PNG-bild"),
        ("bild.png", hostile.large_png(), "10 000 × 10 000 bildpunkter"),
        ("bild.jpg", b"\xff\xd8\xff\xe0", "skadad"),
        ("rapport.docx", hostile.zip_bomb(), "orimligt mycket"),
        ("fil.pdf", b"", "tom"),
    ],
)
def test_what_would_not_have_been_taken_is_told_with_the_same_reason(name: str, content: bytes, why: str) -> None:
    with pytest.raises(WrongFile, match=why):
        look_at(name, io.BytesIO(content))


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_tells_where_it_was_taken_is_told_of(sort: str) -> None:
    name = f"bild.{ENDINGS[sort]}"
    assert look_at(name, io.BytesIO(hostile.talkative(sort))) == TALKATIVE
    assert look_at(name, io.BytesIO(accepted(name, hostile.talkative(sort)).content)) == ""


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_head_of_a_picture_says_its_size(sort: str) -> None:
    contents = [
        hostile.picture(sort, (60, 40)),
        *([hostile.picture(sort, (60, 40), lossless=True)] if sort == "WEBP" else []),
    ]
    for content in contents:
        head = head_of(io.BytesIO(content), BY_EXTENSION[ENDINGS[sort]])
        assert head is not None
        assert (head.width, head.height, head.talkative) == (60, 40, False)


# ---- Names ----


@pytest.mark.parametrize(
    ("original", "title", "name"),
    [
        ("Kartläggning, v. 3 (slutlig).pdf", "Kartläggning, v. 3 (slutlig)", "kartlaggning-v-3-slutlig.pdf"),
        ("..\\..\\windows\\system32\\ont.pdf", "ont", "ont.pdf"),
        ("../../etc/passwd.pdf", "passwd", "passwd.pdf"),
        ("C:\\Users\\eva\\Min fil.PDF", "Min fil", "min-fil.pdf"),
        ("fil\0.exe\0.pdf", "fil.exe", "fil-exe.pdf"),
        ("rapport\u202efdp.pdf", "rapportfdp", "rapportfdp.pdf"),
        ("rad\r\nrad\ttvå.pdf", "rad rad två", "rad-rad-tva.pdf"),
        ("CON.pdf", "CON", "con-fil.pdf"),
        ("lpt1.pdf", "lpt1", "lpt1-fil.pdf"),
        ("....pdf", "", "fil.pdf"),
        ("日本.pdf", "日本", "fil.pdf"),
        (".htaccess.pdf", "htaccess", "htaccess.pdf"),
        ("\ud800.pdf", "", "fil.pdf"),
        ("🙂🙃.pdf", "🙂🙃", "fil.pdf"),
        ("-rf.pdf", "-rf", "rf.pdf"),
        ("  slut. . .pdf", "slut", "slut.pdf"),
        ("A\u030angstro\u0308m.pdf", "Ångström", "angstrom.pdf"),
        ("ÅNGSTRÖM.PDF", "ÅNGSTRÖM", "angstrom.pdf"),
        ("nul.tar.pdf", "nul.tar", "nul-tar.pdf"),
        ("NUL .pdf", "NUL", "nul-fil.pdf"),
        ("x.md.pdf", "x.md", "x-md.pdf"),
        ("fil%2f..%2f.pdf", "fil%2f..%2f", "fil-2f-2f.pdf"),
        ("$(id).pdf", "$(id)", "id.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_made_plain_and_what_the_file_was_called_is_its_title(original: str, title: str, name: str) -> None:
    found = accepted(original, hostile.PDF)
    assert (found.title, found.name) == (title, name)


def test_a_name_of_three_hundred_characters_is_cut() -> None:
    found = accepted("mycket långt " * 25 + ".pdf", hostile.PDF)
    assert len(found.name) <= 84
    assert len(found.title) <= attachments.LONGEST_TITLE


@given(st.text(max_size=400))
def test_whatever_a_file_was_called_its_new_name_is_one_and_shows_what_it_is(original: str) -> None:
    title, _ = given_name(original)
    assert title.isprintable()
    name = new_name(title, BY_EXTENSION["pdf"], ())
    assert is_name(name)
    assert new_name(title, BY_EXTENSION["pdf"], {name}) != name


def test_two_files_of_the_same_name_get_two_names() -> None:
    assert accept("fil.pdf", hostile.PDF, LARGEST, {"fil.pdf", "fil-2.pdf"}).name == "fil-3.pdf"


@pytest.mark.parametrize(
    "name",
    ["bild.svg", "Bild.png", "bild.png.html", "../bild.png", "a/b.png", "con.png", ".png", "bild", "b_d.png"],
)  # fmt: skip
def test_a_name_that_we_would_not_give_is_no_name(name: str) -> None:
    assert not is_name(name)
    assert attachments.document_path_of(f"content/practices/x.files/{name}") is None


def test_an_attachment_and_its_document_find_each_other() -> None:
    path = attachments.path_in("improvement_cycles/p/project.md", "bild.png")
    assert path == "improvement_cycles/p/project.files/bild.png"
    assert attachments.document_path_of(path) == "improvement_cycles/p/project.md"
    assert attachments.document_path_of("improvement_cycles/p/project.md") is None
