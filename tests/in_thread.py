"""A site that is served by a thread of the test's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator


@contextmanager
def served_in_thread(app: Any, port: int = 0) -> Iterator[int]:
    """Serve a WSGI application for as long as the block lasts; gives the port, a free one if none is named."""
    server = make_server("127.0.0.1", port, _closed_before_sent(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closed_before_sent(app: Any) -> Any:
    """The application, whose answers are closed before they are sent.

    Werkzeug's server does not close an answer when the browser hangs up while it is sent. A file in it would be closed
    by Python whenever that happens to be, with a warning that fails some other test.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as pieces:
            return [b"".join(pieces)]

    return answer
