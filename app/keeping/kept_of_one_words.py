"""What the files of somebody's own data are called and say: the words for each part, and its page for people."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.tables import OrganisationRole
from app.web.text import moment

READ_ME = """Det här är allt som Lärnät har sparat om dig, hämtat {at}.

uppgifter.html   samma sak att läsa, i vilken webbläsare som helst
uppgifter.json   för andra program
halvskrivet/     det du har skrivit men inte sparat
filer/           filer som väntar i formulär som du inte har sparat
texter/          texter som du har sparat, och som du fortfarande får läsa

Det här är inte med:
{left_out}
Frågor, eller något som är fel? {ask}
"""
# Parts of the data: what they are called for people, and what to know of them.
PARTS: Mapping[str, tuple[str, str]] = {
    "account": ("Kontot", "Av lösenordet sparas bara en kontrollsumma. Den är inte med."),
    "memberships": ("Organisationer", "Var du är eller har varit med."),
    "coordinations": ("Nätverk som du samordnar", "Nu eller förut."),
    "sign_ins": ("Inloggningar", "De som gäller nu. Kakans kontrollsumma är inte med."),
    "identities": ("Utfärdare som du loggar in hos", "Av vad du heter där sparas bara en kontrollsumma."),
    "reminders": ("Påminnelser som du har bett om", "Om cykler som står stilla."),
    "links": (
        "Länkar som du har fått",
        "Länkar för nytt lösenord, och för att slippa påminnelser, som ännu fungerar. Ordet i dem vet bara brevet.",
    ),
    "invitations_to_you": ("Inbjudningar till dig", ""),
    "invitations_by_you": ("Inbjudningar som du har gjort", "Adressen är mottagarens, och är inte med."),
    "letters": ("Brev som väntar på att skickas till dig", "Det som är skickat sparas inte."),
    "half_written": ("Halvskrivet", "Texterna ligger i mappen halvskrivet."),
    "waiting_files": ("Filer som väntar i formulär", "De ligger i mappen filer."),
    "changes": ("Ändringar som du har gjort", "De texter som du får läsa ligger i mappen texter."),
    "reports": ("Rapporter med din e-postadress", "Vem som skrev de andra är inte sparat."),
    "named": ("Sidor där du står som kontakt eller deltagare", "De som har din e-postadress."),
    "audit": ("Granskningsloggen", "Vad du har gjort, och vad andra har gjort med ditt konto."),
}
FIELDS: Mapping[str, str] = {
    "name": "Namn",
    "email": "E-postadress",
    "title": "Titel",
    "active": "Öppet",
    "admin": "Administratör",
    "demo": "Demokonto",
    "created_at": "Gjordes",
    "organisation": "Organisation",
    "network": "Nätverk",
    "role": "Roll",
    "since": "Från",
    "until": "Till",
    "device": "Webbläsare",
    "issuer": "Utfärdare",
    "gave_admin": "Gjorde dig till administratör",
    "begun_at": "Började",
    "used_at": "Användes senast",
    "expires_at": "Gäller till",
    "looked_at": "Såg efter senast",
    "ended_at": "Slutade",
    "at": "När",
    "sort": "Vad",
    "state": "Hur det gick",
    "summary": "Anteckning",
    "pages": "Sidor",
    "file": "Fil",
    "page": "Sida",
    "base_version": "Började från version",
    "text": "Text",
    "number": "Nummer",
    "for_what": "Till",
    "tools": "Använder",
    "email_or_phone": "Nås på",
    "alt": "Visar",
    "by_you": "Av dig",
    "confirmed_at": "Stämde senast",
    "part": "Som",
    "phone": "Telefon",
    "deed": "Vad",
    "outcome": "Hur det gick",
    "times": "Gånger",
    "author_organisation": "För",
    "done_at": "Åtgärdad",
    "key": "Formulär",
    "put_at": "Lades i brevlådan",
    "subject": "Om",
    "size": "Storlek",
}


ROLES = {role.value: role.swedish for role in OrganisationRole}


def as_page(told: Mapping[str, Any], at: str) -> str:
    """The same as a page that can be read anywhere: nothing is loaded, and nothing in it is more than text."""
    parts = "".join(_part(name, *PARTS.get(name, (name, "")), rows) for name, rows in told.items() if name in PARTS)
    return (
        '<!doctype html>\n<html lang="sv">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Dina uppgifter i Lärnät</title>\n"
        f"<h1>Dina uppgifter i Lärnät</h1>\n<p>Hämtat {html.escape(at)}.</p>\n{parts}</html>\n"
    )


def _part(_name: str, title: str, note: str, rows: Any) -> str:
    found = [rows] if isinstance(rows, Mapping) else list(rows)
    inside = "".join(f"<dl>{_row(row)}</dl>\n" for row in found) or "<p>Inget.</p>\n"
    return f"<h2>{html.escape(title)}</h2>\n{f'<p>{html.escape(note)}</p>' if note else ''}\n{inside}"


def _row(row: Mapping[str, Any]) -> str:
    return "".join(
        f"<dt>{html.escape(FIELDS.get(name, name))}</dt><dd>{html.escape(_said(name, value))}</dd>"
        for name, value in row.items()
        if value not in (None, "", []) and not _is_more_rows(value)
    )


def _is_more_rows(value: Any) -> bool:
    """What is too much for this page: it stands in the JSON."""
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _said(name: str, value: Any) -> str:
    return ROLES.get(value) or _words(value) if name == "role" else _words(value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_words, value))
    return str(value)
