"""What Lärnät leaves in the reader's browser. A test compares this with what the pages really set."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts import known_browsers
from app.config import Settings
from app.web.security import session_cookie
from app.web.text import count


@dataclass(frozen=True)
class Trace:
    """Something that lies in the browser: a cookie, or a value in its own memory."""

    name: str
    sort: str
    purpose: str
    lifetime: str


def traces(settings: Settings) -> list[Trace]:
    """Everything that any page leaves in a browser."""
    hours = count(settings.session_hours, "timme", "timmar")
    days = count(settings.session_days, "dag", "dagar")
    return [
        Trace(
            session_cookie(settings),
            "kaka",
            "Håller reda på att du är inloggad, skyddar formulär mot att skickas från andra webbplatser och bär besked"
            " som ”Sparat” till nästa sida. Sätts när du öppnar en sida med formulär som ändrar något, till exempel för"
            " att logga in eller rapportera ett fel.",
            f"Tills du stänger webbläsaren. Är du inloggad: {hours} efter den senaste sidan, högst {days} eller tills"
            " du loggar ut.",
        ),
        Trace(
            known_browsers.cookie(settings),
            "kaka",
            "Visar att någon har loggat in på kontot i den här webbläsaren förut, så att ingen annan kan stänga ute dig"
            " genom att gissa ditt lösenord. Innehåller bara slumptecken och en kontrollsumma.",
            f"{known_browsers.KEPT.days} dagar efter att du senast loggade in.",
        ),
        Trace(
            "htmx-current-path-for-history",
            "fliken (sessionStorage)",
            "Adressen till den sida som visas, så att bakåtknappen fungerar när en del av sidan byts ut. Skickas aldrig"
            " till oss.",
            "Tills du stänger fliken.",
        ),
    ]
