"""More than may be sent, to a real server: the sender reads why, instead of being cut off."""

from __future__ import annotations

import http.client
from pathlib import Path

from tests.house import make_home
from tests.serving import served


def test_whoever_sends_too_much_is_told_so_when_it_has_been_sent(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with served(home, tmp_path / "log") as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        connection.putrequest("POST", "/arbetssatt/x/filer")
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Content-Length", "70000000")
        connection.endheaders()
        for _ in range(70):
            connection.send(b"a" * 1_000_000)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
    assert answer.status == 413
    assert "Det du skickar är 70 MB, och högst 50 MB går bra på en gång." in said
