"""Numbers in files are found where they stand, and no file does harm by being looked through."""

from __future__ import annotations

import time

import pytest

from app.library.personal_data import Level
from app.library.scanning import PATIENCE_SECONDS, Extent, Scanned, scan_file, scan_name
from tests.library.personal_numbers import with_check_digit
from tests.library.written_files import excel, package, paragraph, pdf, word

NUMBER = "880320-1238"


def places(scanned: Scanned) -> list[str]:
    return [one.where for one in scanned.sightings]


# ---- Plain texts ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_plain_text_is_read_in_the_alphabets_that_are_used(encoding: str) -> None:
    text = f"namn;nummer\nÅsa;{NUMBER}\nÖrjan;19880320–1238\n"
    assert places(scan_file("csv", text.encode(encoding))) == ["rad 2", "rad 3"]


def test_a_large_text_is_looked_through_to_its_end() -> None:
    text = "Inget här, men 2024-03-20 och 1 234 kr.\n" * 20_000 + NUMBER
    assert places(scan_file("txt", text.encode())) == ["rad 20001"]


def test_a_name_is_looked_at_whatever_the_file_is() -> None:
    assert [one.where for one in scan_name("samtal-880320-1238.png")] == ["namnet"]
    assert [one.where for one in scan_name("samtal-19880320_1238.png")] == ["namnet"]
    assert scan_file("png", b"\x89PNG") == Scanned((), Extent.NOTHING)


# ---- PDF ----


def test_a_pdf_is_read_page_by_page_with_notes_and_properties() -> None:
    content = pdf("Inget", f"Klienten {NUMBER}", title="Om 198803201238", note="ring 880320+1238")
    scanned = scan_file("pdf", content)
    assert places(scanned) == ["egenskaper, rad 2", "sida 1, rad 1", "sida 2, rad 1"]
    assert scanned.extent is Extent.WHOLE


def test_files_in_a_pdf_are_read() -> None:
    inner = word(paragraph(NUMBER))
    assert scan_file("pdf", pdf("Inget", files={"bilaga.docx": inner})).stops
    assert scan_file("pdf", pdf("Inget", files={f"{NUMBER}.bin": b"x"})).stops


def test_a_pdf_that_needs_a_password_says_so() -> None:
    assert scan_file("pdf", pdf(NUMBER, password="hemligt")) == Scanned((), Extent.LOCKED)
    assert places(scan_file("pdf", pdf(NUMBER, password=""))) == ["sida 1, rad 1"]


# ---- Word ----


def test_a_number_is_found_in_every_part_of_a_word_file() -> None:
    parts = {
        "word/header1.xml": f"<w:hdr xmlns:w='w'>{paragraph(NUMBER)}</w:hdr>",
        "word/footnotes.xml": f"<w:footnotes xmlns:w='w'>{paragraph(NUMBER)}</w:footnotes>",
        "word/comments.xml": f"<w:comments xmlns:w='w'>{paragraph(NUMBER)}</w:comments>",
        "docProps/core.xml": f"<c:cp xmlns:c='c' xmlns:d='d'><d:title>{NUMBER}</d:title></c:cp>",
        "word/_rels/document.xml.rels": f"<R><Relationship Target='https://a.example/{NUMBER}'/></R>",
    }
    body = paragraph("Först") + paragraph("Klienten 88", "0320", "-1238 ringde")
    assert places(scan_file("docx", word(body, parts))) == [
        "rad 2",
        "sidhuvud, rad 1",
        "fotnoter, rad 1",
        "kommentarer, rad 1",
        "egenskaper, rad 1",
        "word/_rels/document.xml.rels, rad 1",
    ]


def test_word_writes_hyphens_in_ways_of_its_own() -> None:
    assert scan_file("docx", word("<w:p><w:r><w:t>880320</w:t><w:noBreakHyphen/><w:t>1238</w:t></w:r></w:p>")).stops
    assert scan_file("docx", word("<w:p><w:r><w:t>880320</w:t><w:softHyphen/><w:t>1238</w:t></w:r></w:p>")).stops


def test_what_was_deleted_while_changes_were_tracked_is_still_there() -> None:
    gone = f"<w:del><w:r><w:delText>{NUMBER}</w:delText></w:r></w:del>"
    new = "<w:ins><w:r><w:t>12</w:t></w:r></w:ins>"
    assert scan_file("docx", word(f"<w:p>{gone}{new}</w:p>")).stops
    half = "<w:r><w:t>880320-1</w:t></w:r><w:del><w:r><w:delText>99</w:delText></w:r></w:del><w:r><w:t>238</w:t></w:r>"
    assert scan_file("docx", word(f"<w:p>{half}</w:p>")).stops


def test_a_workbook_in_a_word_file_is_read() -> None:
    inner = excel({3: [f'<c t="inlineStr"><is><t>{NUMBER}</t></is></c>']}, name="Kostnader")
    scanned = scan_file("docx", word(paragraph("Inget"), {"word/embeddings/bok.xlsx": inner}))
    assert places(scanned) == ["bladet Kostnader, rad 3"]


# ---- Excel ----


def test_cells_are_read_as_they_are_shown() -> None:
    content = excel(
        {
            1: ['<c t="s"><v>0</v></c>'],
            4: ["<c><v>198803201238</v></c>"],
            5: ["<c><v>1.98803201238E11</v></c>"],
            6: ['<c s="0"><v>8803201238</v></c>'],
            7: ['<c s="1"><v>8803201238</v></c>'],
            8: ['<c s="2"><v>198803201238</v></c>'],
            9: ["<c><v>8803201238</v></c>"],
            700: [f'<c t="str"><v>{NUMBER}</v></c>'],
        },
        strings=["Klienten 880320 1238"],
        name="Kostnader",
        formats=["000000-0000", "000000\\-0000", "00000000&quot;-&quot;0000"],
    )
    scanned = scan_file("xlsx", content)
    assert [one.line for one in scanned.sightings if one.stops] == [1, 4, 5, 6, 7, 8, 700]
    assert [one.line for one in scanned.sightings if not one.stops] == [9]
    assert {one.place for one in scanned.sightings} == {"bladet Kostnader"}


def test_a_number_that_lost_its_first_zero_is_found_by_the_format_of_its_cell() -> None:
    cell = f'<c s="{{}}"><v>{with_check_digit("050320123").removeprefix("0")}</v></c>'
    rows = {1: [cell.format(0)], 2: [cell.format(1)]}
    assert places(scan_file("xlsx", excel(rows, name="B", formats=["0", "000000-0000"]))) == ["bladet B, rad 2"]


def test_strings_that_no_cell_shows_any_longer_are_found() -> None:
    assert places(scan_file("xlsx", excel({}, strings=[NUMBER]))) == ["arbetsboken, rad 1"]


def test_the_copies_behind_a_pivot_table_are_found() -> None:
    records = f'<pivotCacheRecords><r><s v="{NUMBER}"/></r></pivotCacheRecords>'
    assert scan_file("xlsx", excel({}, parts={"xl/pivotCache/pivotCacheRecords1.xml": records})).stops


def test_a_sheet_that_is_called_by_a_number_is_told_without_it() -> None:
    content = excel({2: [f'<c t="str"><v>{NUMBER}</v></c>']}, name=NUMBER)
    scanned = scan_file("xlsx", content)
    assert "bladet ••••••-••••, rad 2" in places(scanned)
    assert "arbetsboken, rad 1" in places(scanned)


# ---- PowerPoint and OpenDocument ----


def test_slides_with_their_notes_are_read() -> None:
    slide = f"<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>{NUMBER}</a:t></a:r></a:p></p:sld>"
    content = package({"ppt/slides/slide2.xml": slide, "ppt/notesSlides/notesSlide7.xml": slide})
    assert places(scan_file("pptx", content)) == ["bild 2, rad 1", "anteckningar till bild 7, rad 1"]


def test_an_open_document_is_read() -> None:
    text = (
        "<o xmlns:text='t'><text:p>880320<text:s/>1238</text:p><text:p><text:span>880320</text:span>-1238</text:p></o>"
    )
    content = package({"content.xml": text, "meta.xml": f"<m><t>{NUMBER}</t></m>"})
    assert places(scan_file("odt", content)) == ["rad 1", "rad 2", "egenskaper, rad 1"]


# ---- Hostile files ----

ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "880320">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><a>&i;</a>"
)

# Its pages hold each other.
ENDLESS_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1000000000/Kids[2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 3>>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("entities.docx", word(paragraph("Inget"), {"word/comments.xml": ENTITIES})),
        ("outside.docx", package({"word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'})),
        ("zeroes.docx", package({"word/document.xml": b"<a>" + b"0" * 320_000_000})),
        ("deep.docx", package({"word/document.xml": "<a>" * 3_000_000})),
        ("parts.xlsx", package({f"xl/{number}.xml": "<a/>" for number in range(10_001)})),
        ("cut.pdf", pdf("Inget")[:200]),
        ("nothing.pdf", b"%PDF-1.7\n%%EOF"),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 4000),
        ("pages.pdf", ENDLESS_PDF),
        ("noise.xlsx", b"PK\x03\x04" + bytes(range(256)) * 100),
        ("empty.docx", b""),
    ],
)
def test_a_hostile_file_ends_soon_and_is_not_said_to_be_whole(name: str, content: bytes) -> None:
    began = time.monotonic()
    scanned = scan_file(name.rpartition(".")[2], content)
    assert scanned.extent is not Extent.WHOLE
    assert not scanned.sightings
    assert time.monotonic() - began < 2 * PATIENCE_SECONDS  # and its own limit is twenty seconds of computing


def test_what_can_be_read_of_a_damaged_file_is_read() -> None:
    scanned = scan_file("docx", word(paragraph(NUMBER), {"word/comments.xml": ENTITIES}))
    assert (places(scanned), scanned.extent) == (["rad 1"], Extent.PARTLY)


def test_packages_in_packages_are_read_no_deeper_than_anybody_needs() -> None:
    inner = word(paragraph(NUMBER))
    for depth in range(4):
        scanned = scan_file("docx", inner)
        assert (scanned.stops, scanned.extent) == ((True, Extent.WHOLE) if depth <= 2 else (False, Extent.PARTLY))
        inner = word(paragraph("Inget"), {"word/embeddings/a.docx": inner})


def test_a_file_full_of_numbers_is_told_of_once_and_for_all() -> None:
    scanned = scan_file("xlsx", excel({row: [f'<c t="str"><v>{NUMBER}</v></c>'] for row in range(1, 3000)}))
    assert len(scanned.sightings) == 1000
    assert scanned.extent is Extent.PARTLY


def test_nothing_that_is_told_holds_the_number() -> None:
    scanned = scan_file("csv", f"{NUMBER};{NUMBER}\n19880320-XXXX".encode())
    assert [one.level for one in scanned.sightings] == [Level.STOP] * 2 + [Level.WARN]
    assert "880320" not in repr(scanned)
    assert "1238" not in repr(scanned)
