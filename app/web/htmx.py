"""One page, or one part of it: the only room that knows the htmx libraries."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from htmx_flask.requests import HtmxHeaders
from jinja2_fragments.flask import render_block

# No inline styles, no eval and no scripts in what is swapped in: the policy forbids them. No pages in the browser's
# storage. A form with errors or a conflict is shown; other failures leave the page as it is.
CONFIG = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "409|422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


def init_app(app: Flask) -> None:
    """Give the pages htmx's settings, and let every response say that it depends on who asks: htmx or a browser."""
    app.jinja_env.globals["htmx_config"] = json.dumps(CONFIG, separators=(",", ":"))

    @app.after_request
    def vary(response: Response) -> Response:
        if request.endpoint != "static":
            response.vary.add("HX-Request")
        return response


def wants_fragment() -> bool:
    """Whether the request asks for a part of a page: htmx does, but not for boosted links and restored history."""
    htmx = HtmxHeaders(request.headers)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(template: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The template as a whole page or, where htmx asks for a part, only its block ``fragment``."""
    if fragment is not None and wants_fragment():
        return make_response(render_block(template, fragment, **context), status)
    return make_response(render_template(template, **context), status)


def see_other(address: str) -> Response:
    """The answer to a form that was carried out: go and look at the address (303), so that a reload sends nothing."""
    return make_response(redirect(address, 303))
