"""What the audit log knows of: a closed list of deeds with their Swedish words."""

from __future__ import annotations

from app.library.vocabulary import Words


class Outcome(Words):
    """Whether a deed was done."""

    DONE = "done", "gjort"
    REFUSED = "refused", "stoppat"


class Sort(Words):
    """What sort of deed it is: what one chooses among at ``/granskning``."""

    SIGN_INS = "sign-ins", "Inloggning"
    REFUSALS = "refusals", "Nekat"
    PEOPLE = "people", "Konton och roller"
    PAGES = "pages", "Sidor"
    EXPORTS = "exports", "Uttag och kopior"
    NUMBERS = "numbers", "Personnummer"
    KEEPING = "keeping", "Radering och skötsel"


class Deed(Words):
    """One thing that can be told of. Every one of them is done once in ``tests/audit/test_deeds.py``."""

    sort: Sort
    outcome: Outcome

    SIGNED_IN = "signed-in", "Loggade in"
    SIGNED_OUT = "signed-out", "Loggade ut"
    SIGN_INS_ENDED = "sign-ins-ended", "Avslutade inloggningar"
    PASSWORD_CHANGED = "password-changed", "Bytte lösenord"
    PASSWORD_ASKED_FOR = "password-asked-for", "Bad om en länk för nytt lösenord"
    PASSWORD_LINK_MADE = "password-link-made", "Gjorde en länk för nytt lösenord"
    PASSWORD_RESET = "password-reset", "Valde nytt lösenord med en länk"

    SIGN_IN_REFUSED = "sign-in-refused", "Kunde inte logga in: fel adress eller lösenord"
    SIGN_IN_TOO_MANY = "sign-in-too-many", "Kunde inte logga in: för många försök"
    ISSUER_REFUSED = "issuer-refused", "Kunde inte logga in hos en utfärdare"
    PASSWORD_WRONG = "password-wrong", "Skrev fel lösenord vid byte av lösenord"
    TOO_MANY = "too-many", "Hejdades: för många på kort tid"
    FORBIDDEN = "forbidden", "Nekades: kontot räcker inte till"
    FORM_REFUSED = "form-refused", "Formulär avvisades: det kom inte från en aktuell sida"

    ACCOUNT_MADE = "account-made", "Gjorde ett konto"
    CONNECTED = "connected", "Började logga in hos en utfärdare"
    ACCOUNT_CLOSED = "account-closed", "Stängde ett konto"
    ACCOUNT_OPENED = "account-opened", "Öppnade ett konto igen"
    INVITED = "invited", "Bjöd in"
    INVITED_AGAIN = "invited-again", "Skickade en inbjudan igen"
    INVITATION_ACCEPTED = "invitation-accepted", "Tackade ja till en inbjudan"
    INVITATION_WITHDRAWN = "invitation-withdrawn", "Tog tillbaka en inbjudan"
    MEMBERSHIP_BEGAN = "membership-began", "Blev medlem i en organisation"
    MEMBERSHIP_ENDED = "membership-ended", "Slutade i en organisation"
    MOVED = "moved", "Flyttades mellan organisationer"
    ROLE_CHANGED = "role-changed", "Fick en annan roll"
    COORDINATOR_APPOINTED = "coordinator-appointed", "Blev samordnare för ett nätverk"
    COORDINATOR_ENDED = "coordinator-ended", "Samordnar inte nätverket längre"
    ADMIN_GIVEN = "admin-given", "Blev administratör"
    ADMIN_TAKEN = "admin-taken", "Är inte administratör längre"

    PUBLISHED = "published", "Publicerade en sida"
    UNPUBLISHED = "unpublished", "Avpublicerade en sida"
    ARCHIVED = "archived", "Arkiverade en sida"
    VISIBILITY_CHANGED = "visibility-changed", "Ändrade vilka som får läsa en sida"
    OWNER_CHANGED = "owner-changed", "Ändrade vilken organisation som äger en sida"
    DELETED = "deleted", "Tog bort en sida"
    DELETION_UNDONE = "deletion-undone", "Fick tillbaka en borttagen sida"
    RESTORED = "restored", "Gick tillbaka till en tidigare version"
    WORDS_CHANGED = "words-changed", "Ändrade i sökningens ordlista"

    EXPORTED = "exported", "Hämtade sidor som filer"
    STATE_EXPORTED = "state-exported", "Hämtade läget som fil"
    SEARCHES_EXPORTED = "searches-exported", "Hämtade sökningarna som fil"
    BACKED_UP = "backed-up", "Gjorde en säkerhetskopia"
    BACKUP_RESTORED = "backup-restored", "Lade tillbaka en säkerhetskopia"
    AUDIT_EXPORTED = "audit-exported", "Hämtade granskningsloggen"

    NUMBER_IN_FORM = "number-in-form", "Stoppade ett personnummer i ett formulär"
    NUMBER_IN_SEARCH = "number-in-search", "Stoppade ett personnummer i en sökning"
    NUMBER_IN_FILE = "number-in-file", "Stoppade ett personnummer i en uppladdad fil"
    NUMBER_OUTSIDE = "number-outside", "Höll tillbaka en fil med personnummer, ändrad utanför Lärnät"
    NUMBER_DECLARED = "number-declared", "Intygade: inte ett personnummer"

    PERSON_ERASED = "person-erased", "Raderade en person"
    WORDS_ERASED = "words-erased", "Raderade ord ur historiken"
    REPORT_ANSWERED = "report-answered", "Svarade på en rapport"
    AUDIT_FORGOTTEN = "audit-forgotten", "Gallrade granskningsloggen"

    def __init__(self, value: str, swedish: str) -> None:
        self.sort = Sort.KEEPING
        self.outcome = Outcome.DONE


_FIRST_OF = {
    Deed.SIGNED_IN: Sort.SIGN_INS,
    Deed.SIGN_IN_REFUSED: Sort.REFUSALS,
    Deed.ACCOUNT_MADE: Sort.PEOPLE,
    Deed.PUBLISHED: Sort.PAGES,
    Deed.EXPORTED: Sort.EXPORTS,
    Deed.NUMBER_IN_FORM: Sort.NUMBERS,
    Deed.PERSON_ERASED: Sort.KEEPING,
}


def _sort_out() -> None:
    """Give each deed its sort, as they are listed above, and its outcome."""
    present = Sort.SIGN_INS
    for deed in Deed:
        present = _FIRST_OF.get(deed, present)
        deed.sort = present
        stopped = present in (Sort.REFUSALS, Sort.NUMBERS) and deed is not Deed.NUMBER_DECLARED
        deed.outcome = Outcome.REFUSED if stopped else Outcome.DONE


_sort_out()

# Where from is told only of what somebody does to get in, or is refused: that is what attacks are seen by.
WITH_ORIGIN = frozenset(
    deed for deed in Deed if deed.sort in (Sort.SIGN_INS, Sort.REFUSALS) or deed is Deed.INVITATION_ACCEPTED
)
