"""A program of its own that reads files out and looks for personal numbers in them.

PDF files and packages are where readers get lost: a few kilobytes can ask for gigabytes or for hours. So they are read
here, with limits that the system keeps, without our secrets, and behind everybody who only reads. What is found is told
at once, a line of JSON each: what was found before a limit was met is not lost, and no text ever comes out.

Starting has to be quick, so that the application is not imported: modules name each other from where they stand
(``from . import …``), and the program reaches them without what is around them. This one is all that the application
itself imports.
"""

from __future__ import annotations

from pathlib import Path

# How it ended. Anything else: the system ended it.
READ, BROKEN, LOCKED, PARTLY = 0, 3, 4, 5

PDF = ("pdf",)
PACKAGES = ("docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx", "odt", "ods", "odp")
TEXTS = ("txt", "csv", "tsv", "md", "yaml", "yml", "json", "html", "htm", "xml", "svg", "log", "rtf", "eml")
READABLE = (*PDF, *PACKAGES, *TEXTS)

# For ``python -I -c``, with the folder in which the library lies, the ending of the file, and the salt of marks. Last
# in the path: what is installed goes before what lies there.
PROGRAM = "import sys; sys.path.append(sys.argv[1]); from library.reading_out.program import main; main(*sys.argv[2:])"
FOLDER = str(Path(__file__).parent.parent.parent)


def decoded(content: bytes) -> str:
    """The characters of a plain text; Excel and older systems still write the alphabet of older Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
