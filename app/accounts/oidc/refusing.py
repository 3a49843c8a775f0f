"""Why somebody who came from an issuer is not signed in, in words for the screen and one for the log."""

from __future__ import annotations

from enum import StrEnum

from app.config import Issuer, Settings


class Why(StrEnum):
    """The reason, as the log has it."""

    AWAY = "away"
    ABORTED = "aborted"
    STATE = "state"
    UNTRUSTED = "untrusted"
    WEAK = "weak"
    NOWHERE = "nowhere"
    ADDRESS = "address"
    CLOSED = "closed"
    TAKEN = "taken"
    TOO_MANY = "too-many"


class Refused(Exception):
    """No sign-in, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why

    @property
    def status(self) -> int:
        """What it is answered with."""
        return {Why.AWAY: 503, Why.TOO_MANY: 429, Why.STATE: 400, Why.UNTRUSTED: 400}.get(self.why, 422)


# The same for whoever reads the audit log.
REASONS = {
    Why.AWAY: "svarar inte",
    Why.ABORTED: "avbröts av personen",
    Why.STATE: "för gammal, använd förut eller från en annan webbläsare",
    Why.UNTRUSTED: "svaret gick inte att lita på",
    Why.WEAK: "inloggningen var inte stark nog",
    Why.NOWHERE: "hör inte till någon organisation här",
    Why.ADDRESS: "e-postadressen är inte intygad",
    Why.CLOSED: "kontot är stängt",
    Why.TAKEN: "hör till ett annat konto",
    Why.TOO_MANY: "för många på en gång",
}
WORDS = {
    Why.AWAY: "Det går inte att logga in hos {name} just nu. Vänta en stund och försök igen.",
    Why.ABORTED: "Inloggningen hos {name} avbröts. Försök igen när du vill.",
    Why.STATE: "Inloggningen tog för lång tid, började i en annan webbläsare eller har redan använts. Försök igen.",
    Why.UNTRUSTED: "Svaret från {name} gick inte att lita på, så du är inte inloggad. Försök igen. {ask}",
    Why.WEAK: "Du har loggat in hos {name} på ett sätt som inte räcker här, till exempel utan ett andra steg. {ask}",
    Why.NOWHERE: "Du är inloggad hos {name}, men {name} säger inte att du hör till någon organisation i Lärnät. {ask}",
    Why.ADDRESS: (
        "{name} intygar inte din e-postadress, så vi vet inte vilket konto som är ditt. Har du redan ett konto i"
        " Lärnät? Logga in på det som du brukar, och koppla ihop det med {name} på Mitt konto. {ask}"
    ),
    Why.CLOSED: "Ditt konto i Lärnät är stängt. {ask}",
    Why.TAKEN: "Den inloggningen hos {name} hör till ett annat konto i Lärnät, eller så har ditt konto redan en. {ask}",
    Why.TOO_MANY: "Många loggar in just nu. Vänta en minut och försök igen.",
}


def words_of(why: Why, issuer: Issuer, settings: Settings) -> str:
    """What to tell whoever wanted to sign in, and whom to ask."""
    ways = " eller ".join(way for way in (settings.contact_email, settings.contact_phone) if way)
    ask = f"Fråga den som sköter Lärnät: {ways}." if ways else "Fråga den som sköter Lärnät hos er."
    return WORDS[why].format(name=issuer.name, ask=ask)
