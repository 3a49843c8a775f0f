"""PDF files: their pages with what is noted on them, what they say of themselves, and the files in them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import DictionaryObject

from .telling import Locked, Telling


class Pdf:
    """One file. ``read_inner`` reads the files in it. Raises Locked."""

    def __init__(self, content: bytes, telling: Telling, read_inner: Callable[[str, bytes], None]) -> None:
        self.reader = PdfReader(io.BytesIO(content), strict=False)
        self.telling = telling
        self.read_inner = read_inner
        if self.reader.is_encrypted:
            try:
                opened = self.reader.decrypt("")
            except (DependencyError, NotImplementedError) as error:
                raise Locked from error
            if not opened:
                raise Locked

    def read(self) -> None:
        """Read all of it; a page that cannot be read is left out."""
        with self.telling.as_far_as_it_goes():
            said = [str(value) for value in (self.reader.metadata or {}).values()]
            self.telling.look_at("egenskaper", "\n".join(said))
        with self.telling.as_far_as_it_goes():
            self._read_stream("egenskaper", "/Metadata")
        for number in range(len(self.reader.pages)):
            with self.telling.as_far_as_it_goes():
                page = self.reader.pages[number]
                self.telling.look_at(f"sida {number + 1}", page.extract_text())
                self.telling.look_at(f"sida {number + 1}", "\n".join(_noted_on(page)))
        with self.telling.as_far_as_it_goes():
            self._read_files()

    def _read_stream(self, place: str, key: str) -> None:
        stream = self.reader.root_object.get(key)
        if stream is not None:
            self.telling.look_at(place, stream.get_object().get_data().decode("utf-8", "replace"))

    def _read_files(self) -> None:
        for name, contents in self.reader.attachments.items():
            self.telling.look_at("filer i filen", name)
            for content in contents:
                self.read_inner(name, content)


def _noted_on(page: DictionaryObject) -> Iterator[str]:
    """What stands in notes, links and boxes of a page."""
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        action = note.get("/A")
        said = [note.get(key) for key in ("/Contents", "/V", "/T", "/TU")]
        said += [action.get_object().get("/URI")] if action is not None else []
        for one in said:
            if isinstance(one, (str, bytes)):
                yield one if isinstance(one, str) else one.decode("utf-8", "replace")
