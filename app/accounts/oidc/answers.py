"""What an issuer answers, and whether it is to be believed: the code becomes a token, the token becomes claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jws import JWSRegistry
from joserfc.jwt import Token

from app.accounts.oidc.asking import BAD_ANSWER, Reach, Talk, json_of
from app.accounts.oidc.departures import Journey
from app.accounts.oidc.refusing import Refused, Why
from app.config import Issuer

# Signed with a key of the issuer's own. Never "none", and never a secret that we share: then anybody who has that, or
# takes a public key for one, could write tokens.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
# How far our clocks may be apart.
LEEWAY_SECONDS = 60

# What an issuer says instead of a code when somebody changes their mind, when it cannot just now, and when they have
# not shown who they are as was asked. Anything else is a fault of somebody's.
ERRORS = {
    **dict.fromkeys(("access_denied", "login_required", "interaction_required", "consent_required"), Why.ABORTED),
    **dict.fromkeys(("temporarily_unavailable", "server_error"), Why.AWAY),
    "unmet_authentication_requirements": Why.WEAK,
}
# What the token endpoint may say, in words of the standard: they may stand in the log.
SAID = {
    *("invalid_client", "invalid_grant", "invalid_request", "invalid_scope"),
    *("unauthorized_client", "unsupported_grant_type"),
}

Claims = Mapping[str, Any]


def code_of(refusal: Refused) -> str:
    """What the token endpoint said was wrong, if it was a word of the standard."""
    said = getattr(refusal.__cause__, "error", "")
    return said if said in SAID else ""


def claims_of(reach: Reach, answer: Mapping[str, str], journey: Journey, back: str) -> Claims:
    """What the issuer says of who has just signed in, by what the browser brings from it. Raises Refused."""
    try:
        with reach.talk(redirect_uri=back) as talk:
            token = talk.fetch_token(
                reach.metadata(talk)["token_endpoint"],
                grant_type="authorization_code",
                code=_code_in(answer, reach.issuer, reach.metadata(talk)),
                code_verifier=journey.verifier,
                redirect_uri=back,
            )
            told = _id_token_claims(reach, talk, token, journey.nonce)
            _strong_enough(reach, told)
            return {**_more(reach, talk, str(told["sub"])), **told}
    except BAD_ANSWER as error:
        raise Refused(Why.UNTRUSTED) from error


def _code_in(answer: Mapping[str, str], issuer: Issuer, metadata: Mapping[str, Any]) -> str:
    """The code that the browser brings. Raises Refused for none, and for one that another issuer gave (RFC 9207)."""
    told = answer.get("iss")
    if told != issuer.address and (told or metadata.get("authorization_response_iss_parameter_supported")):
        raise Refused(Why.UNTRUSTED)
    if answer.get("error"):
        raise Refused(ERRORS.get(answer["error"], Why.UNTRUSTED))
    if not answer.get("code"):
        raise Refused(Why.UNTRUSTED)
    return answer["code"]


def _id_token_claims(reach: Reach, talk: Talk, token: Mapping[str, Any], nonce: str) -> Claims:
    """The claims of an ID token, when its signature, issuer, audience, times and nonce are right."""
    issuer = reach.issuer
    read = read_signed(reach, talk, str(token["id_token"]))
    options = {
        "iss": {"essential": True, "value": issuer.address},
        "aud": {"essential": True, "value": issuer.client_id},
        "sub": {"essential": True},
    }
    known = {"nonce": nonce, "client_id": issuer.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(read.claims, read.header, options, known)
    claims.validate(leeway=LEEWAY_SECONDS)
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise Refused(Why.UNTRUSTED)
    return dict(claims)


def read_signed(reach: Reach, talk: Talk, text: str) -> Token:
    """A token that one of the issuer's keys has signed. Its claims are not looked at."""
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        return jwt.decode(text, reach.keys(talk), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(text, reach.keys(talk, anew=True), registry=registry)


def _strong_enough(reach: Reach, told: Claims) -> None:
    """Whether the person has shown who they are as the settings ask for."""
    issuer = reach.issuer
    how = told.get("amr")
    if issuer.acr and told.get("acr") not in issuer.acr:
        raise Refused(Why.WEAK)
    if issuer.amr and not set(issuer.amr) & set(how if isinstance(how, list) else ()):
        raise Refused(Why.WEAK)


def _more(reach: Reach, talk: Talk, subject: str) -> Claims:
    """What the issuer says of the person besides the token, about the very same person."""
    address = reach.metadata(talk).get("userinfo_endpoint")
    if not reach.issuer.userinfo or not address:
        return {}
    told = json_of(talk.get(address))
    if told.get("sub") != subject:
        raise Refused(Why.UNTRUSTED)
    return told
