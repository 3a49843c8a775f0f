"""The types of files that can be attached: a short list, told by what is in the file and not by what it is called.

What a browser could run (HTML, SVG, scripts) is not on it. Whatever is on it is still served so that nothing in it can
run (``app/reading/files.py``): a file may be a proper PDF and something else at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.library import packages

Sort = Literal["image", "pdf", "office", "open", "text"]


@dataclass(frozen=True)
class FileType:
    """One type: its ending, what browsers call it, its Swedish word, and how its content is looked at."""

    extension: str
    mimetype: str
    swedish: str
    sort: Sort
    # What must be in the package: the folder of an Office file, the mimetype of an Open Document.
    mark: str = ""

    @property
    def is_image(self) -> bool:
        return self.sort == "image"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
FILE_TYPES = (
    FileType("png", "image/png", "PNG-bild", "image"),
    FileType("jpg", "image/jpeg", "JPEG-bild", "image"),
    FileType("gif", "image/gif", "GIF-bild", "image"),
    FileType("webp", "image/webp", "WebP-bild", "image"),
    FileType("pdf", "application/pdf", "PDF", "pdf"),
    FileType("docx", f"{_OFFICE}wordprocessingml.document", "Word-dokument", "office", "word/"),
    FileType("xlsx", f"{_OFFICE}spreadsheetml.sheet", "Excel-ark", "office", "xl/"),
    FileType("pptx", f"{_OFFICE}presentationml.presentation", "PowerPoint-presentation", "office", "ppt/"),
    FileType("odt", f"{_OPEN}text", "OpenDocument-text", "open", f"{_OPEN}text"),
    FileType("ods", f"{_OPEN}spreadsheet", "OpenDocument-ark", "open", f"{_OPEN}spreadsheet"),
    FileType("odp", f"{_OPEN}presentation", "OpenDocument-presentation", "open", f"{_OPEN}presentation"),
    FileType("csv", "text/csv", "CSV-tabell", "text"),
    FileType("txt", "text/plain", "Textfil", "text"),
)
BY_EXTENSION = {file_type.extension: file_type for file_type in FILE_TYPES}
# Other endings of the same type.
ALSO = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
ACCEPTED = ",".join(f".{extension}" for extension in (*BY_EXTENSION, "jpeg"))
IN_WORDS = "bilder (PNG, JPEG, GIF, WebP), PDF, Word, Excel, PowerPoint, OpenDocument, CSV och text"

_NOT_TAKEN = {
    "svg": "SVG-bilder kan innehålla program och tas därför inte emot. Spara bilden som PNG",
    "html": "Webbsidor kan innehålla program och tas därför inte emot. Spara sidan som PDF",
    "heic": "HEIC-bilder kan inte visas i alla webbläsare. Spara bilden som JPEG",
    "zip": "Zip-filer tas inte emot. Packa upp den och lägg till filerna en och en",
    "doc": "Det äldre formatet kan innehålla program. Spara filen i det nya formatet (docx, xlsx, pptx) eller som PDF",
    "docm": "Filer med makron tas inte emot. Spara den utan makron (docx, xlsx, pptx) eller som PDF",
}
_SAME_REASON = {"htm": "html", "xhtml": "html", "xml": "html", "mht": "html", "heif": "heic", "svgz": "svg"} | {
    **dict.fromkeys(("xls", "ppt", "dot", "xlt", "pot"), "doc"),
    **dict.fromkeys(("xlsm", "pptm", "dotm", "xltm", "potm", "ppsm", "xlam", "ppam"), "docm"),
    **dict.fromkeys(("7z", "rar", "gz", "tar"), "zip"),
}
# How Office keeps older files, and those that have a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_OR_LOCKED = (
    "Filen är skyddad med lösenord eller sparad i ett äldre format. Spara den utan lösenord i det nya formatet (docx,"
    " xlsx, pptx) eller som PDF."
)
_LOCKED = "Filen är skyddad med lösenord, så ingen annan kan läsa den. Spara den utan lösenord, eller som PDF."


class WrongFile(ValueError):
    """The file cannot be attached. The message says why, and what can be done, in plain Swedish."""


def type_of(extension: str, content: bytes) -> FileType:
    """The type of a file, by its ending and its content, which have to agree. Raises WrongFile.

    Images are known by their content alone: they are made anew, and get the ending of what they are.
    """
    if not content:
        raise WrongFile("Filen är tom.")
    if image := image_type(content):
        if extension and extension not in ALSO and not (extension in BY_EXTENSION and BY_EXTENSION[extension].is_image):
            raise WrongFile(f"Filens namn slutar på .{extension[:20]}, men den är en {image.swedish}. Byt ändelsen.")
        return image
    if _is_markup(content):
        raise WrongFile(_reason("svg" if b"<svg" in content[:4000].lower() else "html"))
    file_type = BY_EXTENSION.get(ALSO.get(extension, extension))
    if file_type is None:
        raise WrongFile(_reason(extension))
    if file_type.sort == "office" and content.startswith(_OLE):
        raise WrongFile(_OLD_OR_LOCKED)
    check(file_type, content)
    return file_type


def _reason(extension: str) -> str:
    key = _SAME_REASON.get(extension, extension)
    if key in _NOT_TAKEN:
        return f"{_NOT_TAKEN[key]}."
    named = f"Filer som slutar på .{extension[:20]} tas inte emot." if extension else "Filens namn saknar ändelse."
    return f"{named} Det går bra med {IN_WORDS}."


def image_type(content: bytes) -> FileType | None:
    """The type of an image, by its first bytes."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return BY_EXTENSION["png"]
    if content.startswith(b"\xff\xd8\xff"):
        return BY_EXTENSION["jpg"]
    if content.startswith((b"GIF87a", b"GIF89a")):
        return BY_EXTENSION["gif"]
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return BY_EXTENSION["webp"]
    return None


def check(file_type: FileType, content: bytes) -> None:
    """Whether the content is of the type. Raises WrongFile."""
    match file_type.sort:
        case "image" if image_type(content) is not file_type:
            raise _disagrees(file_type)
        case "pdf" if not content.startswith(b"%PDF-"):
            raise _disagrees(file_type)
        case "office" | "open":
            _check_package(file_type, content)
        case "text":
            _check_text(file_type, content)


def _disagrees(file_type: FileType) -> WrongFile:
    return WrongFile(
        f"Filens namn slutar på .{file_type.extension}, men innehållet är något annat än {file_type.swedish}."
    )


_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<iframe", b"<!--")


def _is_markup(content: bytes) -> bool:
    """Whether a browser that guesses would take it for a page."""
    begins = content[:1024].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n\x0c").lower().replace(b"\x00", b"")
    return begins.startswith(_MARKUP)


def _check_text(file_type: FileType, content: bytes) -> None:
    """Text is what holds no control characters; Excel still writes it in the alphabet of older Windows."""
    allowed = b"\t\n\r\x0c"
    if any(byte < 32 and byte not in allowed for byte in set(content)):
        raise WrongFile(f"Filen är ingen {file_type.swedish}: den innehåller tecken som inte är text.")


def _check_package(file_type: FileType, content: bytes) -> None:
    try:
        package = packages.look_through(content)
    except packages.NoPackage:
        raise _disagrees(file_type) from None
    except packages.Damaged as error:
        raise WrongFile("Filen är skadad: den går inte att öppna. Spara den på nytt, eller som PDF.") from error
    except packages.Bomb:
        raise WrongFile(
            "Filen packas upp till orimligt mycket och tas därför inte emot. Spara den på nytt, eller som PDF."
        ) from None
    except packages.Locked:
        raise WrongFile(_LOCKED) from None
    except packages.HasPrograms:
        raise WrongFile(_reason("docm")) from None
    is_right = package.mimetype == file_type.mark if file_type.sort == "open" else _is_office(package, file_type)
    if not is_right:
        raise _disagrees(file_type)


def _is_office(package: packages.Package, file_type: FileType) -> bool:
    return packages.CONTENT_TYPES in package.names and any(name.startswith(file_type.mark) for name in package.names)
