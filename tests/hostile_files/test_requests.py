"""Requests that no browser would make: far too many files, parts without end, lengths that lie."""

from __future__ import annotations

import contextlib
import html
import http.client
import re
import socket
import zlib

import pytest

from tests.editing.writing import fields_in
from tests.hostile_files.under_watch import PAGE, Sender, Watched, action_of, multipart, reasons_in
from tests.library import hostile

TOO_MANY = "Du har valt 1000 filer. Högst 50 går bra på en gång."


def test_a_thousand_files_in_one_request_are_refused_at_once(sender: Sender, unharmed: Watched) -> None:
    files = [("_files", f"fil-{number}.pdf", hostile.PDF) for number in range(1000)]
    before = unharmed.cpu_seconds()
    for answer in (sender.by_the_files_page(*files), sender.by_the_form(*files), sender.by_pasting(*files)):
        assert answer.status == 422
        assert TOO_MANY in reasons_in(answer)
    assert unharmed.cpu_seconds() - before < 5
    assert unharmed.peak_megabytes() < 200
    sender.discard()


def test_of_a_thousand_files_one_after_another_fifty_are_kept(sender: Sender, unharmed: Watched) -> None:
    form = sender.get(f"{PAGE}/andra?steg=2")
    url = html.unescape(re.findall(r'data-upload="([^"]+)"', form.text)[0])
    token = {name: fields_in(form.text)[name] for name in ("csrf_token", "_token")}
    taken = 0
    for number in range(1000):
        answer = sender.send(url, token, [("_files", f"fil-{number}.txt", b"%d" % number)])
        assert answer.status in (200, 422)
        taken += answer.status == 200
        if number == 100:
            after_a_hundred = unharmed.megabytes()
    assert taken == 50
    assert "En sida kan ha högst 50 filer. Här finns redan 50." in reasons_in(answer)
    assert unharmed.megabytes() - after_a_hundred < 20
    sender.discard()


def test_pictures_that_take_long_do_not_hold_the_site(sender: Sender, unharmed: Watched) -> None:
    """Each is stopped after 15 seconds of computing; whoever reads meanwhile gets their page."""
    slow = hostile.many_scans(60_000)
    fields = fields_in(sender.get(f"{PAGE}/filer").text)
    kind, body = multipart({**fields, "_do": ["add"]}, [("_files", "trog.jpg", slow)])
    connection = http.client.HTTPConnection("127.0.0.1", sender.port, timeout=120)
    cookies = "; ".join(f"{one.name}={one.value}" for one in sender.cookies)
    headers = {"Content-Type": kind, "Cookie": cookies, "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", f"{PAGE}/filer", body, headers)
    for _ in range(20):
        assert sender.get(PAGE).status == 200
    answer = connection.getresponse()
    said = html.unescape(answer.read().decode())
    connection.close()
    assert answer.status == 422
    assert "”trog.jpg”: Bilden tar för mycket minne eller tid att läsa." in said


@pytest.mark.parametrize(
    "part",
    [
        b'Content-Disposition: form-data; name="x"\r\n\r\n1',
        b'Content-Disposition: form-data; name="_files"; filename="a.txt"\r\n\r\n1',
    ],
    ids=["fields", "files"],
)
def test_a_hundred_thousand_parts_are_not_counted_to_the_end(sender: Sender, unharmed: Watched, part: bytes) -> None:
    body = (b"--x\r\n" + part + b"\r\n") * 100_000 + b"--x--\r\n"
    before = unharmed.cpu_seconds()
    for path in (f"{PAGE}/filer", f"{PAGE}/andra", f"{PAGE}/andra/filer"):
        answer = sender.send_raw(path, "multipart/form-data; boundary=x", body)
        assert answer.status == 413
        assert "för många delar" in html.unescape(answer.text)
    assert unharmed.cpu_seconds() - before < 6
    assert unharmed.peak_megabytes() < 200


HEAD = b'Content-Disposition: form-data; name="_files"; filename="a.pdf"'
STRANGE = {
    "no boundary": ("multipart/form-data", b"--x\r\n" + HEAD + b"\r\n\r\nx\r\n--x--\r\n"),
    "no end": ("multipart/form-data; boundary=x", b"--x\r\n" + HEAD + b"\r\n\r\n" + hostile.PDF),
    "no beginning": ("multipart/form-data; boundary=x", b"bara text"),
    "nothing": ("multipart/form-data; boundary=x", b""),
    "a long boundary": (f"multipart/form-data; boundary={'x' * 7000}", b"--" + b"x" * 7000 + b"--\r\n"),
    "a long head": (
        "multipart/form-data; boundary=x",
        b"--x\r\nX-Lang: " + b"a" * 3_000_000 + b"\r\n\r\nx\r\n--x--\r\n",
    ),
    "many heads": ("multipart/form-data; boundary=x", b"--x\r\n" + b"X-En: 1\r\n" * 200_000 + b"\r\nx\r\n--x--\r\n"),
    "no name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; filename="a.pdf"\r\n\r\nx\r\n--x--\r\n',
    ),
    "in one another": (
        "multipart/form-data; boundary=x",
        b"--x\r\n" + HEAD + b"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n--x--\r\n",
    ),
    "xml": ("application/xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'),
    "json": ("application/json", b"[" * 100_000),
    "broken letters": ("application/x-www-form-urlencoded", b"_do=%ff%fe&%00=%00&_files=x"),
}


@pytest.mark.parametrize("sort", STRANGE)
def test_a_strange_request_gets_an_answer_and_does_nothing(sender: Sender, unharmed: Watched, sort: str) -> None:
    kind, body = STRANGE[sort]
    before = unharmed.cpu_seconds()
    for path in (f"{PAGE}/filer", f"{PAGE}/andra", f"{PAGE}/andra/filer", "/arbetssatt/nytt/filer"):
        answer = sender.send_raw(path, kind, body)
        assert answer.status in (400, 413, 422), answer.status
        assert "<h1>" in answer.text
    assert unharmed.cpu_seconds() - before < 6
    assert unharmed.peak_megabytes() < 250


@pytest.mark.parametrize("sent", [10, 400, 600, 0.5, 0.99])
@pytest.mark.parametrize("says_so", [True, False], ids=["cut", "broken off"])
def test_half_a_file_is_not_saved(sender: Sender, unharmed: Watched, sent: float, says_so: bool) -> None:
    """The length is that of what came, as if a proxy had cut it; or of the whole, and the sender is gone."""
    fields = fields_in(sender.get(f"{PAGE}/filer").text)
    kind, body = multipart({**fields, "_do": ["add"]}, [("_files", "a.txt", b"a" * 2_000_000)])
    half = body[: int(sent * len(body)) if sent < 1 else int(sent)]
    with contextlib.suppress(http.client.HTTPException, OSError):
        answer = sender.send_raw(f"{PAGE}/filer", kind, half, None if says_so else len(body))
        assert answer.status in (400, 422)


def test_a_body_without_a_length_is_cut_off_where_the_limit_is(sender: Sender, unharmed: Watched) -> None:
    cookies = "; ".join(f"{one.name}={one.value}" for one in sender.cookies)
    with socket.create_connection(("127.0.0.1", sender.port), timeout=60) as connection:
        connection.sendall(
            f"POST {PAGE}/filer HTTP/1.1\r\nHost: 127.0.0.1:{sender.port}\r\nCookie: {cookies}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        start = b"--x\r\n" + HEAD + b"\r\n\r\n"
        connection.sendall(b"%x\r\n%s\r\n" % (len(start), start))
        piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
        with contextlib.suppress(OSError):
            for _ in range(150):
                connection.sendall(piece)
            connection.sendall(b"0\r\n\r\n")
        answer = b""
        with contextlib.suppress(OSError):
            answer = connection.recv(100)
    assert answer == b"" or b" 413 " in answer
    assert unharmed.peak_megabytes() < 250


def test_what_is_packed_on_its_way_is_not_unpacked(sender: Sender, unharmed: Watched) -> None:
    """A body of 100 kB that says it is gzip, and would be 100 MB."""
    packing = zlib.compressobj(9, wbits=31)
    body = packing.compress(bytes(100_000_000)) + packing.flush()
    cookies = "; ".join(f"{one.name}={one.value}" for one in sender.cookies)
    connection = http.client.HTTPConnection("127.0.0.1", sender.port, timeout=60)
    headers = {"Content-Encoding": "gzip", "Content-Type": "multipart/form-data; boundary=x", "Cookie": cookies}
    connection.request("POST", f"{PAGE}/filer", body, headers)
    assert connection.getresponse().status == 400
    connection.close()
    assert unharmed.peak_megabytes() < 200


def test_files_where_none_are_asked_for_are_left_alone(sender: Sender, unharmed: Watched) -> None:
    """A form without files takes no more than a text, and does nothing with what comes beside it."""
    form = sender.get(f"{PAGE}/ta-bort")
    large = sender.send(f"{PAGE}/ta-bort", fields_in(form.text), [("_files", "a.txt", b"a" * 9_000_000)])
    assert large.status == 413
    edit = sender.get(f"{PAGE}/andra?steg=2")
    kept = sender.send(action_of(edit.text), {**fields_in(edit.text), "_do": ["next"]}, [("h_varfor", "a.pdf", b"x")])
    assert kept.status in (200, 303)
    sender.discard()


def test_only_whoever_may_write_there_can_send_anything(unharmed: Watched) -> None:
    stranger, other = Sender(unharmed.site.port), Sender(unharmed.site.port)
    other.sign_in("lysekil@demo.example")
    for person, statuses in ((stranger, (401, 400)), (other, (403,))):
        token = fields_in(person.get("/logga-in").text) if person is stranger else token_of(person)
        for path in (f"{PAGE}/filer", f"{PAGE}/andra", f"{PAGE}/andra/filer"):
            answer = person.send(path, {**token, "_token": ["a" * 32]}, [("_files", "a.pdf", hostile.PDF)])
            assert answer.status in statuses, (path, answer.status)


def token_of(person: Sender) -> dict[str, list[str]]:
    found = re.findall(r'name="csrf-token" content="([^"]+)"', person.get("/").text)
    return {"csrf_token": [html.unescape(found[0])]}
