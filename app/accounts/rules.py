"""What a view asks before it answers: said at the view, and held to at every answer.

``@asks(may_edit)`` above a view says that it puts the question ``may_edit`` of ``access.py`` with ``ask``, and
``@open_to_anyone("why")`` that there is nothing to ask. A view that says neither is never called, and one that answers
without having asked what it said is not heard: its answer becomes an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

View = TypeVar("View", bound=Callable[..., Any])
Question = Callable[..., bool]


@dataclass(frozen=True)
class Rule:
    """The names of the questions that are all asked, those of which one is, and why nobody is asked anything."""

    all_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    open_because: str = ""

    def is_kept(self, asked: Collection[str]) -> bool:
        """Whether what was asked is what has to be."""
        return all(name in asked for name in self.all_of) and (not self.one_of or any(n in asked for n in self.one_of))


class RuleBroken(RuntimeError):
    """A view has no rule, or has answered without asking what its rule says. For whoever writes the view."""


def asks(*questions: Question) -> Callable[[View], View]:
    """Say of a view that it asks all of these questions of ``access.py`` before it answers."""
    return _declare(Rule(all_of=_names(questions)))


def asks_one_of(*questions: Question) -> Callable[[View], View]:
    """Say of a view that it asks one of these questions: which one depends on what the page is about."""
    return _declare(Rule(one_of=_names(questions)))


def open_to_anyone(why: str) -> Callable[[View], View]:
    """Say of a view that it asks nobody anything, and why that is right."""
    return _declare(Rule(open_because=why))


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """What a view has said of itself; None where it has said nothing."""
    found: Rule | None = getattr(view, "rule", None)
    return found


def with_rule(view: View, rule: Rule | None) -> View:
    """Let a view that is made for another function have that one's rule."""
    view.rule = rule  # type: ignore[attr-defined]
    return view


def note(question: Question) -> None:
    """Remember that the present request has asked a question."""
    g.setdefault("asked", set()).add(question.__name__)


def init_app(app: Flask) -> None:
    """Hold every view to its rule. To be called last, so that what other parts answer before the view is theirs."""
    static = app.view_functions["static"]
    app.view_functions["static"] = open_to_anyone("the site's own files are the same for everybody")(static)

    @app.before_request
    def begin() -> None:
        g.asked, g.rule = set(), _present_rule()

    @app.after_request
    def hold(response: Response) -> Response:
        rule: Rule | None = g.pop("rule", None)
        if rule and response.status_code < 400 and not rule.is_kept(g.asked):
            raise RuleBroken(f"{request.endpoint} answered {response.status_code} and had asked only {sorted(g.asked)}")
        return response


def _present_rule() -> Rule | None:
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is None:
        raise RuleBroken(f"{request.endpoint} has no rule: say @asks(…) or @open_to_anyone(…) above the view")
    return rule


def _declare(rule: Rule) -> Callable[[View], View]:
    return lambda view: with_rule(view, rule)


def _names(questions: tuple[Question, ...]) -> tuple[str, ...]:
    return tuple(question.__name__ for question in questions)
