"""Files as other programs write them, made in memory: PDF, Word, Excel, PowerPoint, OpenDocument."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(
    *pages: str,
    title: str = "",
    note: str = "",
    password: str | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A PDF file with a line of text on every page."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(300, 300)
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 10 100 Td (" + text.encode("cp1252") + b") Tj ET")
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    if note:
        writer.add_annotation(0, FreeText(text=note, rect=(0, 0, 90, 90)))
    for name, content in (files or {}).items():
        writer.add_attachment(name, content)
    if title:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return written.getvalue()


def word(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file with some XML as its body."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **(parts or {})})


def paragraph(*runs: str) -> str:
    """A paragraph of a Word file, in as many runs as Word has made of it."""
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def excel(
    rows: Mapping[int, Sequence[str]],
    strings: Sequence[str] = (),
    name: str = "Blad1",
    formats: Sequence[str] = (),
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook with one sheet: by the number of a row the XML of its cells."""
    cells = "".join(f'<row r="{number}">{"".join(row)}</row>' for number, row in rows.items())
    numbered = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{one}"/>' for i, one in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(formats)))
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
            f'<sheet name="{name}" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{"".join(f"<si><t>{one}</t></si>" for one in strings)}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{S}"><numFmts>{numbered}</numFmts>'
            f'<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{cells}</sheetData></worksheet>',
            **(parts or {}),
        }
    )
