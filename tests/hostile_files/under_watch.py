"""A site that is watched while it is sent what it should not be, and somebody who sends it."""

from __future__ import annotations

import html
import http.client
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.editing.writing import fields_in
from tests.serving import Answer, Person, Site

PAGES = ("samtal", "annat")
PAGE = "/arbetssatt/samtal"
# A field's name, what the file was called (as bytes: browsers send anything), and what it holds.
File = tuple[str, str | bytes, bytes]


@dataclass
class Watched:
    """A site, its home folder, and the folder for its temporary files."""

    site: Site
    home: Path
    temporary: Path

    def files(self) -> dict[str, bytes]:
        """Every file of the library, with what is in it."""
        return {
            file.relative_to(self.home).as_posix(): file.read_bytes()
            for folder in ("content", "improvement_cycles")
            for file in sorted((self.home / folder).rglob("*"))
            if file.is_file()
        }

    def temporary_files(self) -> list[str]:
        return [file.name for file in self.temporary.rglob("*")]

    def web_process(self) -> int:
        """The one process that answers; gunicorn's own is its parent."""
        parent = self.site.children()["web"]
        (process,) = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return int(process)

    def forget_the_peak(self) -> None:
        Path(f"/proc/{self.web_process()}/clear_refs").write_text("5")

    def peak_megabytes(self) -> int:
        """The most memory that the web process has had since the peak was forgotten."""
        return self._memory("VmHWM")

    def megabytes(self) -> int:
        return self._memory("VmRSS")

    def _memory(self, name: str) -> int:
        status = Path(f"/proc/{self.web_process()}/status").read_text()
        return int(re.findall(rf"{name}:\s+(\d+)", status)[0]) // 1024

    def cpu_seconds(self) -> float:
        """What the web process and the programs that it has started have computed."""
        fields = Path(f"/proc/{self.web_process()}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / 100


@dataclass
class Sender(Person):
    """Somebody who sends files, in every way there is, and whatever else they like."""

    def send(self, path: str, fields: dict[str, list[str]], files: Sequence[File] = ()) -> Answer:
        kind, body = multipart(fields, files)
        return self.send_raw(path, kind, body)

    def send_raw(self, path: str, kind: str, body: bytes, length: int | None = None) -> Answer:
        """Send exactly these bytes, and say that they are so many."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.putrequest("POST", path)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body) if length is None else length)),
                ("Cookie", "; ".join(f"{one.name}={one.value}" for one in self.cookies)),
                ("Origin", f"http://127.0.0.1:{self.port}"),
                ("Sec-Fetch-Site", "same-origin"),
            ):
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body)
            if length is not None and length > len(body):
                assert connection.sock is not None
                connection.sock.shutdown(1)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(), answer.getheader("Location") or path)
        finally:
            connection.close()

    def fetch(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """A file as it is sent, with its headers in small letters."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def remove(self, name: str, page: str = PAGE) -> Answer:
        """Press the button at a file on the page of files."""
        text = self.get(f"{page}/filer").text
        version = re.findall(rf'name="version-{re.escape(name)}" value="(\w+)"', text)
        fields = {**fields_in(text), f"version-{name}": version, "_do": [f"remove {name}"]}
        return self.send(f"{page}/filer", fields)

    # ---- The ways in ----

    def by_the_files_page(self, *files: File, do: str = "add", page: str = PAGE) -> Answer:
        fields = fields_in(self.get(f"{page}/filer").text)
        return self.send(f"{page}/filer", {**fields, "_do": [do]}, files)

    def by_the_form(self, *files: File, do: str = "save", page: str = PAGE) -> Answer:
        """Choose files in the form, type something, and press a button."""
        form = self.get(f"{page}/andra?steg=2")
        fields = {**fields_in(form.text), "h_varfor": ["Det jag har skrivit"], "_do": [do]}
        return self.send(action_of(form.text), fields, files)

    def by_pasting(self, *files: File, page: str = PAGE) -> Answer:
        """What the script does when something is pasted, dropped or chosen."""
        form = self.get(f"{page}/andra?steg=2")
        url = html.unescape(re.findall(r'data-upload="([^"]+)"', form.text)[0])
        fields = fields_in(form.text)
        return self.send(url, {name: fields[name] for name in ("csrf_token", "_token")} | {"_alt": ["En bild"]}, files)

    def discard(self, page: str = PAGE) -> None:
        """Throw away what waits in the form."""
        assert self.by_the_form(do="discard", page=page).status in (200, 303)


def action_of(text: str) -> str:
    return html.unescape(re.findall(r'<form id="skriv"[^>]* action="([^"]+)"', text)[0])


def multipart(fields: dict[str, list[str]], files: Sequence[File]) -> tuple[str, bytes]:
    """A form as browsers send it, but that a file may be called anything, as it stands."""
    boundary = f"----{secrets.token_hex(16)}"
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, values in fields.items()
        for value in values
    ]
    for field, called, content in files:
        name = called.encode() if isinstance(called, str) else called
        head = b'Content-Disposition: form-data; name="' + field.encode() + b'"; filename="' + name + b'"'
        parts.append(head + b"\r\nContent-Type: image/png\r\n\r\n" + content)
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def reasons_in(answer: Answer) -> str:
    """Why something was refused, as the page says it where it is read out."""
    return html.unescape(answer.text.partition('role="alert"')[2].partition("</div>")[0])
