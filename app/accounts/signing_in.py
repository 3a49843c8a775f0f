"""Who is looking, and how one signs in and out."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    current_app,
    flash,
    g,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlmodel import Session
from werkzeug.exceptions import Unauthorized

from app.accounts import belonging, carrying, demo, known_browsers, passwords, people, rules, sign_ins
from app.accounts.access import may_see
from app.accounts.carrying import Carried
from app.accounts.devices import device_words
from app.accounts.oidc.identities import may_use_password
from app.accounts.rules import open_to_anyone
from app.accounts.slowing import Attempt, Slowing
from app.accounts.tables import Person
from app.accounts.tries import LONGEST_PAUSE_SECONDS, TooManyTries
from app.audit import Deed, note_refused
from app.config import Issuer, Settings
from app.database import Databases
from app.index import IndexNotReady
from app.library.visibility import ANYONE, Guarded, Viewer
from app.watching import counts
from app.watching.counts import SignIn
from app.web.errors import error_page
from app.web.htmx import page, see_other, wants_fragment
from app.web.security import is_for_anyone, own_address
from app.web.text import clock, today

blueprint = Blueprint("accounts", __name__)

P = ParamSpec("P")

# Where the session keeps the word of the sign-in.
WORD = "sign_in"
WRONG = "E-postadressen eller lösenordet stämmer inte."
ELSEWHERE = (
    "Någon har gjort för många försök att logga in på kontot. Logga in i en webbläsare där du har varit inloggad förut,"
    " eller välj ett nytt lösenord."
)
STOOD_OPEN = "Sidan hade stått öppen för länge. Försök igen."
RELOAD = "Sidan hade stått öppen för länge. Gå tillbaka, ladda om den och försök igen."
SIGN_IN_TO_SAVE = "Det du skrev är kvar. Logga in, så får du tillbaka det."


def init_app(app: Flask) -> None:
    """Let every request know who is looking, and every error of a sign-in be answered with a way to sign in."""
    app.context_processor(lambda: {"viewer": viewer()})
    app.register_error_handler(Unauthorized, _signed_out)
    app.register_error_handler(CSRFError, _stale_form)
    app.after_request(_tell_of_refusal)


def viewer() -> Viewer:
    """Who is looking. Without a sign-in in the session the database is not asked."""
    if "viewer" not in g:
        g.viewer, g.sign_in, g.issuer = _looking()
    found: Viewer = g.viewer
    return found


def viewer_again() -> Viewer:
    """Who is looking, after what they may do has been changed in this very request."""
    g.pop("viewer", None)
    return viewer()


def present_sign_in() -> int:
    """The number of the sign-in that the present request belongs to; 0 for somebody who is not signed in."""
    viewer()
    return int(g.get("sign_in", 0))


def present_issuer() -> Issuer | None:
    """Who vouched for the present sign-in, if it was not a password."""
    viewer()
    return _settings().issuer_at(g.get("issuer", ""))


def allowed(question: Callable[Concatenate[Viewer, P], bool], *about: P.args, **named: P.kwargs) -> bool:
    """What a question of ``access.py`` is answered with for who is looking. ``rules`` remembers that it was asked."""
    rules.note(question)
    return question(viewer(), *about, **named)


def ask(question: Callable[Concatenate[Viewer, P], bool], *about: P.args, **named: P.kwargs) -> None:
    """Stop the request where the answer is no: 401 for somebody signed out, 403 for others."""
    if not allowed(question, *about, **named):
        abort(403 if viewer().signed_in else 401)


def ask_as_if_missing(question: Callable[Concatenate[Viewer, P], bool], *about: P.args, **named: P.kwargs) -> None:
    """Stop the request as if there were no such thing (404), where the answer is no."""
    if not allowed(question, *about, **named):
        abort(404)


def ask_to_see(document: Guarded) -> None:
    """Stop the request as if the document did not exist, where the viewer may not know of it."""
    ask_as_if_missing(may_see, document)


def _tell_of_refusal(response: Response) -> Response:
    """Tell in the audit log of what somebody was refused, by the name of the page and not by its address."""
    if response.status_code == 403:
        note_refused(Deed.FORBIDDEN, thing=request.endpoint or "")
    return response


def _looking() -> tuple[Viewer, int, str]:
    """Who has the word in the session, unless the sign-in has ended or the account was closed since."""
    word = session.get(WORD)
    if not word:
        return ANYONE, 0, ""
    found = sign_ins.find(_databases(), word, sign_ins.Lifetime.of(_settings()))
    if found is None or (found.demo and not _is_demo()):
        session.pop(WORD)
        return ANYONE, 0, ""
    return _viewer_with(found), found.number, found.issuer


def viewer_of(database: Session, person: Person) -> Viewer:
    """What a person may see and do now, whoever is looking; somebody whose account is closed may nothing."""
    if not people.may_sign_in(person, _settings()):
        return ANYONE
    networks = frozenset(belonging.coordinated_by(database, person))
    roles = belonging.roles_of(database, person)
    return _viewer_with(sign_ins.Found(0, person.id, person.name, person.admin, person.demo, roles, networks))


def _viewer_with(found: sign_ins.Found) -> Viewer:
    index = current_app.extensions["index"]
    try:
        coordinates = index.networks_with(found.networks) if found.networks else frozenset()
        networks = index.networks_of(found.roles, today()) | coordinates
        # A page goes on naming a network by the address that it had then.
        networks |= index.networks_formerly(networks) if networks else frozenset()
    except IndexNotReady:
        # While the index is rebuilt a sign-in opens a little less; what somebody is writing can still be kept.
        networks = coordinates = frozenset()
    return Viewer(found.person, found.name, found.roles, networks, found.admin, coordinates)


@blueprint.get("/logga-in")
@open_to_anyone("nobody is signed in before")
def sign_in() -> Response:
    """The sign-in form."""
    goes_to = own_address(request.args.get("next", "/"))
    if viewer().signed_in:
        return see_other(goes_to)
    return sign_in_page(goes_to=goes_to)


@blueprint.post("/logga-in")
@open_to_anyone("nobody is signed in before")
def check() -> Response:
    """Sign in, and bring along what was being written."""
    goes_to, carried = own_address(request.form.get("next", "/")), carrying.through_sign_in()
    email = people.normal_email(request.form.get("email", ""))[:200]
    try:
        person = _checked(email, request.form.get("password", ""))
    except TooManyTries as limit:
        counts.signing_in(SignIn.TOO_MANY)
        note_refused(Deed.SIGN_IN_TOO_MANY)
        response = sign_in_page(429, goes_to=goes_to, carried=carried, email=email, error=wait_words(limit))
        response.headers["Retry-After"] = str(max(1, int(limit.until - datetime.now(UTC).timestamp())))
        return response
    counts.signing_in(SignIn.OK if person else SignIn.WRONG)
    if person is None:
        return sign_in_page(422, goes_to=goes_to, carried=carried, email=email, error=WRONG)
    start_session(person)
    return carrying.deliver(person.id, carried) if carried else see_other(goes_to)


@blueprint.post("/logga-ut")
@open_to_anyone("who is signed out already is so still")
def sign_out() -> Response:
    """Sign out: the sign-in has ended, whoever has its cookie, and nothing of the session stays in the browser."""
    issuer = present_issuer()
    end_session()
    if issuer is not None:
        return see_other(url_for("oidc.signed_out", key=issuer.key))
    flash("Du är utloggad.")
    return see_other(url_for("overview.start"))


def start_session(person: Person, issuer: str = "", issuers_own: str = "") -> None:
    """Begin a session of its own for the person; what the browser had before is ended, and is not part of it."""
    end_session()
    with _databases().kept() as database:
        word = sign_ins.begin(database, person, device_words(request.user_agent.string), issuer, issuers_own)
    session[WORD] = word
    session.permanent = True
    g.pop("viewer")
    after_this_request(lambda response: known_browsers.remember(response, person.email, _settings()))


def end_session() -> None:
    """End the sign-in that the browser has, if any, and empty its session."""
    number, person = present_sign_in(), viewer().person
    if person is not None:
        with _databases().kept() as database:
            sign_ins.end(database, person, number, signs_out=True)
    session.clear()
    g.pop("csrf_token", None)
    g.viewer, g.sign_in, g.issuer = ANYONE, 0, ""


def sign_in_page(
    status: int = 200,
    *,
    goes_to: str = "/",
    carried: Carried | None = None,
    email: str = "",
    error: str = "",
    tried: bool = False,
) -> Response:
    """The sign-in form, with what it carries along in hidden fields. ``tried``: somebody has, and it did not work."""
    return page(
        "accounts/sign_in.html",
        status=status,
        goes_to=goes_to,
        carried=carried,
        email=email,
        error=error,
        tried=tried or bool(email) or not carried,
        demo_accounts=demo.ACCOUNTS if _is_demo() and _settings().passwords else (),
        demo_password=demo.PASSWORD,
        settings=_settings(),
    )


def _checked(email: str, password: str) -> Person | None:
    """The person whose password it is, or None; it takes as long for nobody's address. Raises TooManyTries."""
    slowing = Slowing.of(_settings())
    attempt = Attempt(email, request.remote_addr or "", known_browsers.mark_of(email, _settings()))
    with _databases().kept() as database:
        slowing.begin(database, attempt)
    with _databases().kept_for_reading() as database:
        person = people.find(database, email)
        fits = person is not None and may_use_password(database, person, _settings())
    # Outside any transaction: argon2 is meant to be slow, and nobody shall wait for it.
    right = passwords.matches(password, person.password_hash if person and fits else None)
    if person is None or not person.password_hash or not right or not people.may_sign_in(person, _settings()):
        note_refused(Deed.SIGN_IN_REFUSED, person=person.id if person else "")
        return None
    renewed = passwords.hash_anew(password) if passwords.outdated(person.password_hash) else ""
    with _databases().kept() as database:
        slowing.succeed(database, attempt)
        if renewed:
            database.get_one(Person, person.id).password_hash = renewed
    return person


def _is_demo() -> bool:
    return _settings().mode == "demo"


def wait_words(limit: TooManyTries) -> str:
    """What to do about too many tries: wait a while or, where that is long, prove in another way who one is."""
    seconds = limit.until - datetime.now(UTC).timestamp()
    if seconds > LONGEST_PAUSE_SECONDS:
        return ELSEWHERE
    if seconds < 100:
        return f"Det blev för många försök. Vänta {max(1, math.ceil(seconds))} sekunder och försök igen."
    at = clock(datetime.fromtimestamp(limit.until + 59, UTC))
    return f"Det blev för många försök. Vänta till klockan {at} och försök igen."


def _signed_out(error: Unauthorized) -> Response:
    if wants_fragment() or request.path.startswith("/api/"):
        return error_page(401, "Du har loggats ut. Det du har skrivit är kvar på sidan.")
    if request.method == "POST":
        carried = carrying.from_request()
        return sign_in_page(401, carried=carried, error=SIGN_IN_TO_SAVE if carried else "")
    return sign_in_page(401, goes_to=own_address(request.full_path.rstrip("?")))


def _stale_form(error: CSRFError) -> Response:
    """A form whose token is missing or old: most often a session that ended while somebody was writing."""
    note_refused(Deed.FORM_REFUSED, thing=request.endpoint or "")
    if wants_fragment():
        return error_page(400, "Sidan har stått öppen för länge. Det du har skrivit är kvar på sidan.")
    if request.endpoint in ("accounts.check", "oidc.leave"):
        email, goes_to = request.form.get("email", ""), own_address(request.form.get("next", "/"))
        return sign_in_page(400, goes_to=goes_to, carried=carrying.through_sign_in(), email=email, error=STOOD_OPEN)
    if request.endpoint == "accounts.sign_out" and not viewer().signed_in:
        return see_other(url_for("overview.start"))
    if not viewer().signed_in and not is_for_anyone(current_app, request.endpoint):
        return _signed_out(Unauthorized())
    carried = carrying.from_request()
    return carrying.send_again(carried, 400) if carried else error_page(400, RELOAD)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
