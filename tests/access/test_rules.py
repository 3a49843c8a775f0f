"""Every view says which question it asks, and is held to it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, abort, redirect

from app import create_app
from app.accounts import access
from app.accounts.access import may_edit, may_run, may_see
from app.accounts.rules import RuleBroken, asks, asks_one_of, open_to_anyone, rule_of
from app.accounts.signing_in import allowed, ask
from app.config import Settings
from tests.cast import ADMIN, Browser, browser

APP = Path(access.__file__).parent.parent
QUESTIONS = {name for name in access.__all__ if name.startswith("may_")}


def test_every_route_has_a_rule_and_every_rule_is_a_question_or_a_reason(app: Flask) -> None:
    for route in app.url_map.iter_rules():
        rule = rule_of(app.view_functions[route.endpoint])
        assert rule is not None, f"{route.rule} ({route.endpoint}) has no rule"
        assert {*rule.all_of, *rule.one_of} <= QUESTIONS, route.endpoint
        assert bool(rule.open_because) != bool(rule.all_of or rule.one_of), route.endpoint


def test_what_changes_something_and_is_open_to_anyone_is_on_this_list(app: Flask) -> None:
    changing = {
        route.endpoint
        for route in app.url_map.iter_rules()
        if (route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    is_open = {name for name in changing if (rule := rule_of(app.view_functions[name])) and rule.open_because}
    assert is_open == {
        "accounts.check",
        "accounts.sign_out",
        "feedback.send",
        "inviting.accept",
        # The issuer's own signature is asked for.
        "oidc.end_from_there",
        "oidc.leave",
        # The link in the letter is asked for.
        "reminding.stop",
        "resetting.save",
        "resetting.send",
    }


def test_every_question_is_asked_somewhere() -> None:
    asked: set[str] = set()
    for file in APP.rglob("*.py"):
        if file != Path(access.__file__):
            asked |= {node.id for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Name)}
            asked |= {n.attr for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Attribute)}
    within = {name for name in QUESTIONS for other in QUESTIONS - {name} if f"{name}(" in _source(other)}
    assert QUESTIONS - asked - within == set()


def _source(question: str) -> str:
    return inspect.getsource(getattr(access, question))


@pytest.fixture
def with_views(settings: Settings) -> Flask:
    """The application with views that keep their rules, and some that do not."""
    app = create_app(settings)

    def answering(*, asking: bool = True) -> Callable[[], Response]:
        def view() -> Response:
            if asking:
                ask(may_run)
            return Response("answered")

        return view

    def looked() -> Response:
        return Response("yes" if allowed(may_run) else "no")

    def sent_on() -> Response:
        abort(redirect("/elsewhere"))

    def refused() -> Response:
        abort(404)

    app.add_url_rule("/prov/utan-regel", "none", answering())
    app.add_url_rule("/prov/oppen", "open", open_to_anyone("it is for a test")(answering(asking=False)))
    app.add_url_rule("/prov/fragar", "asked", asks(may_run)(answering()))
    app.add_url_rule("/prov/tar-reda-pa", "looked", asks(may_run)(looked))
    app.add_url_rule("/prov/glommer", "forgot", asks(may_run)(answering(asking=False)))
    app.add_url_rule("/prov/annat", "other", asks(may_see, may_run)(answering()))
    app.add_url_rule("/prov/nagon", "either", asks_one_of(may_edit, may_run)(answering()))
    app.add_url_rule("/prov/ingen", "neither", asks_one_of(may_edit, may_see)(answering()))
    app.add_url_rule("/prov/skickar-vidare", "sent_on", asks(may_run)(sent_on))
    app.add_url_rule("/prov/nekar", "refused", asks(may_run)(refused))
    return app


@pytest.mark.parametrize(
    ("address", "status"),
    [("oppen", 200), ("fragar", 200), ("tar-reda-pa", 200), ("nagon", 200), ("nekar", 404)],
)
def test_a_view_that_keeps_its_rule_is_heard(with_views: Flask, address: str, status: int) -> None:
    assert browser(with_views, ADMIN).get(f"/prov/{address}").status_code == status


@pytest.mark.parametrize("address", ["utan-regel", "glommer", "annat", "ingen", "skickar-vidare"])
def test_a_view_that_breaks_its_rule_is_not_heard(with_views: Flask, address: str) -> None:
    admin = browser(with_views, ADMIN)
    with pytest.raises(RuleBroken):
        admin.get(f"/prov/{address}")
    with_views.testing = False
    answer = admin.get(f"/prov/{address}")
    assert answer.status_code == 500
    assert "answered" not in answer.text


def test_what_was_asked_for_one_page_does_not_count_for_the_next(with_views: Flask) -> None:
    with with_views.app_context():
        admin = browser(with_views, ADMIN)
        assert admin.get("/prov/fragar").status_code == 200
        with pytest.raises(RuleBroken):
            admin.get("/prov/glommer")


def test_nobody_passes_a_question_that_is_answered_no(with_views: Flask, editor: Browser, anyone: Browser) -> None:
    assert browser(with_views).get("/prov/fragar").status_code == 401
    assert anyone.get("/personer/brev").status_code == 401
    assert editor.get("/personer/brev").status_code == 403
