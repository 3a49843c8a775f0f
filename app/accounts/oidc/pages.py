"""/logga-in/hos/…: to an issuer, and back from it."""

from __future__ import annotations

import logging
import secrets

from flask import Blueprint, Flask, Response, abort, current_app, flash, request, session, url_for
from sqlalchemy.exc import IntegrityError

from app.accounts import carrying
from app.accounts.oidc import answers, arriving, departures, ending
from app.accounts.oidc.asking import Reach, Reaches
from app.accounts.oidc.departures import Journey
from app.accounts.oidc.refusing import Refused, Why, words_of
from app.accounts.oidc.told import Told, told
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import sign_in_page, start_session, viewer
from app.accounts.tables import Person
from app.accounts.tries import Limit, TooManyTries, Tries
from app.audit import Actor, Deed, answering_for, note_refused
from app.audit.origin import network_of
from app.config import Issuer, Settings
from app.database import Databases
from app.watching import counts
from app.watching.counts import SignIn
from app.web.htmx import page, see_other
from app.web.security import for_anyone, own_address, show_to_nobody_else

log = logging.getLogger(__name__)
blueprint = Blueprint("oidc", __name__)

# Where the session keeps the word that its departures are known by.
WORD = "departures"
# In a quarter of an hour, from one network: there may be a whole town hall on a Monday morning.
MOST_FROM_ONE = 600


def init_app(app: Flask, settings: Settings) -> None:
    """Let the pages reach the issuers. What an issuer itself posts has no token of our forms, but its signature."""
    app.extensions["issuers"] = Reaches(settings)
    app.register_blueprint(blueprint)
    app.extensions["csrf"].exempt(end_from_there)


@blueprint.post("/logga-in/hos/<key>")
@for_anyone
@open_to_anyone("nobody is signed in before")
def leave(key: str) -> Response:
    """To the issuer, to sign in there; what was being written comes along."""
    journey = Journey.begin(own_address(request.form.get("next", "/")), carrying.through_sign_in())
    return leave_with(reach_of(key), journey)


@blueprint.get("/logga-in/hos/<key>/svar")
@open_to_anyone("the state that the browser brings is what opens it")
def come_back(key: str) -> Response:
    """Back from the issuer: signed in, or told why not."""
    reach = reach_of(key)
    with _databases().kept() as database:
        journey = departures.come_back(
            database, _settings(), reach.issuer.address, session.get(WORD, ""), request.args.get("state", "")
        )
    if journey is None:
        # Somebody has gone back to, or reloaded, an answer that did its work.
        return (
            see_other("/") if viewer().signed_in else _not_signed_in(reach.issuer, Refused(Why.STATE), Journey("", ""))
        )
    try:
        said = told(reach.issuer, answers.claims_of(reach, request.args, journey, _back(reach.issuer)))
        person = _arrived(reach.issuer, journey, said)
    except Refused as refusal:
        return _not_signed_in(reach.issuer, refusal, journey)
    return _signed_in(reach.issuer, journey, said, person)


@blueprint.get("/utloggad/hos/<key>")
@open_to_anyone("nobody is signed in afterwards")
def signed_out(key: str) -> Response:
    """Signed out here, but perhaps not at the issuer: the way to do that as well, where there is one."""
    reach = reach_of(key)
    return page("accounts/signed_out.html", issuer=reach.issuer, way=ending.way_to_sign_out(reach, _start()))


@blueprint.post("/logga-in/hos/<key>/utloggad")
@for_anyone
@open_to_anyone("the issuer's signature is what opens it")
def end_from_there(key: str) -> Response:
    """The issuer itself tells that somebody has signed out, or may not sign in any longer (back-channel logout)."""
    reaches: Reaches = current_app.extensions["issuers"]
    reach = reaches.get(key)
    if reach is None:
        return show_to_nobody_else(Response(status=400))
    try:
        ended = ending.read(reach, request.form.get("logout_token", ""))
    except Refused as refusal:
        _log(refusal)
        return show_to_nobody_else(Response(status=503 if refusal.why is Why.AWAY else 400))
    with answering_for(Actor.ISSUER), _databases().kept() as database:
        ending.end(database, reach.issuer, ended)
    return show_to_nobody_else(Response(status=200))


def leave_with(reach: Reach, journey: Journey) -> Response:
    """The page that leads to the issuer, or why there is none."""
    issuer = reach.issuer
    try:
        with reach.talk(redirect_uri=_back(issuer), scope=" ".join(issuer.scopes)) as talk:
            door = reach.metadata(talk)["authorization_endpoint"]
        acr = {"acr_values": " ".join(issuer.acr)} if issuer.acr else {}
        state = _noted(issuer, journey)
        way, _ = talk.create_authorization_url(
            door, state=state, code_verifier=journey.verifier, nonce=journey.nonce, **acr
        )
    except Refused as refusal:
        return _not_signed_in(issuer, refusal, journey)
    # A page, and no redirect: the policy lets no form lead to another site, not by a way round either.
    return show_to_nobody_else(page("accounts/leaving.html", issuer=issuer, way=way))


def _noted(issuer: Issuer, journey: Journey) -> str:
    """The state of a departure. Raises Refused where too many leave."""
    word = session.setdefault(WORD, secrets.token_urlsafe(32))
    from_here = ("departures from", network_of(request.remote_addr or ""))
    try:
        with _databases().kept() as database:
            Tries.of(_settings()).count(database, {from_here: Limit(MOST_FROM_ONE)})
            return departures.leave(database, _settings(), issuer.address, word, journey)
    except TooManyTries as limit:
        raise Refused(Why.TOO_MANY) from limit


def _arrived(issuer: Issuer, journey: Journey, said: Told) -> Person:
    """Whoever it is, as the issuer says they are from now on. Raises Refused."""
    if journey.person != viewer().person and journey.person is not None:
        raise Refused(Why.STATE)
    try:
        with answering_for(Actor.ISSUER), _databases().kept() as database:
            if journey.person is None:
                found = arriving.arrive(database, _settings(), issuer, said)
            else:
                me = database.get_one(Person, journey.person)
                found = arriving.connect(database, _settings(), issuer, said, me)
    except IntegrityError as error:
        # Somebody came in two tabs at once.
        raise Refused(Why.STATE) from error
    if isinstance(found, Why):
        raise Refused(found)
    return found


def _signed_in(issuer: Issuer, journey: Journey, said: Told, person: Person) -> Response:
    counts.signing_in(SignIn.OK)
    word = session.get(WORD, "")
    start_session(person, issuer.address, ending.own_digest(issuer, said.session))
    with _databases().kept_for_reading() as database:
        if departures.others_wait(database, word):
            # What is being written in another tab is under way as well.
            session[WORD] = word
    if journey.person is not None:
        flash(f"Nu loggar du in med {issuer.name}.", "ok")
    return carrying.deliver(person.id, journey.carried) if journey.carried else see_other(journey.goes_to)


def _not_signed_in(issuer: Issuer, refusal: Refused, journey: Journey) -> Response:
    """The sign-in form, with why and with what was being written, so that nothing of it is lost."""
    _log(refusal)
    note_refused(Deed.ISSUER_REFUSED, thing=issuer.key, became=refusal.why.value)
    counts.signing_in(SignIn.ISSUER_AWAY if refusal.why is Why.AWAY else SignIn.ISSUER_REFUSED)
    words = words_of(refusal.why, issuer, _settings())
    if journey.person is not None and viewer().signed_in:
        flash(words)
        return see_other(url_for("account.show"))
    return show_to_nobody_else(
        sign_in_page(refusal.status, goes_to=journey.goes_to, carried=journey.carried, error=words, tried=True)
    )


def _log(refusal: Refused) -> None:
    """Tell those who run the site why: of a wrong answer also where it was seen to be one."""
    cause = refusal if refusal.__cause__ is not None else None
    log.warning(
        "an issuer's sign-in was refused",
        extra={"reason": refusal.why.value, "code": answers.code_of(refusal)},
        exc_info=cause,
    )


def reach_of(key: str) -> Reach:
    """The issuer that an address names."""
    reaches: Reaches = current_app.extensions["issuers"]
    return reaches.get(key) or abort(404)


def _back(issuer: Issuer) -> str:
    return _settings().public_address + url_for("oidc.come_back", key=issuer.key)


def _start() -> str:
    return _settings().public_address + url_for("overview.start")


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
