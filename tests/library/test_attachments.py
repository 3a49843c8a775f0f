"""What may lie beside a document: told by its content, made harmless, and given a plain name."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.library import attachments
from app.library.accepting import Accepted, accept
from app.library.attachments import given_name, is_name, new_name
from app.library.file_types import BY_EXTENSION, WrongFile
from tests.library import hostile

LARGEST = 10_000_000


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
def test_no_head_of_a_picture_makes_the_decoder_raise_anything_else(noise: bytes) -> None:
    for head in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"RIFF\0\0\0\0WEBPVP8 "):
        with pytest.raises(WrongFile):
            accepted("bild", head + noise)


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
        ("fil.doc", b"\xd0\xcf\x11\xe0", "äldre formatet"),
        ("fil.zip", hostile.package(("a", b"b")), "Packa upp den"),
        ("program.exe", b"MZ\x90", ".exe tas inte emot"),
        ("README", b"text", "saknar ändelse"),
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


def test_a_file_that_is_larger_than_the_limit_is_refused_by_its_size() -> None:
    with pytest.raises(WrongFile, match=r"Filen är 1,5 MB\. Den får vara högst 1 MB"):
        accepted("fil.txt", b"a" * 1_500_000, largest=1_000_000)


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
