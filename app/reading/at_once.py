"""A page that only reads puts all its questions to the index at one moment, and reads things once."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, Response, current_app, g, request


def init_app(app: Flask) -> None:
    """Begin before every request that only reads; end as soon as its page is made."""

    @app.before_request
    def begin() -> None:
        if request.method in ("GET", "HEAD"):
            g.reading = ExitStack()
            g.reading.enter_context(current_app.extensions["index"].at_once())

    @app.after_request
    def end(response: Response) -> Response:
        forget()
        return response

    @app.teardown_request
    def forget(_error: BaseException | None = None) -> None:
        reading: ExitStack | None = g.pop("reading", None)
        if reading is not None:
            reading.close()
