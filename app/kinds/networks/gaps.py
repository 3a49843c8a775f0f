"""What a network does not know: noted by who coordinates it or changes its page, for the next plan."""

from __future__ import annotations

from datetime import date

from app.accounts.access import may_note_gap
from app.accounts.rules import asks
from app.accounts.signing_in import ask
from app.editing.events import Fields, Happening, Values, line, today
from app.kinds.networks.network import Gap, Network
from app.library.document import Document
from app.library.fields import PartialDate
from app.publishing import Refused

MOST = 100


def noted(network: Network, what: str, why: str, day: date) -> Values:
    """The network with a gap more. Raises Refused where there is nothing to note, or it is noted already."""
    if not what:
        raise Refused("Skriv vad ni inte vet och vill ta reda på.")
    if any(gap.what.casefold() == what.casefold() for gap in network.gaps):
        raise Refused(f"”{what}” står redan bland kunskapsluckorna.")
    if len(network.gaps) >= MOST:
        raise Refused(f"Nätverket har redan {MOST} kunskapsluckor. Ta bort någon som ni har svar på först.")
    return {"gaps": [*network.gaps, Gap(what=what, noted=PartialDate.parse(day.isoformat()), why=why)]}


@asks(may_note_gap)
def note_gap(document: Document, fields: Fields) -> Happening:
    """Somebody notes that the network does not know something, perhaps because others have looked for it in vain."""
    ask(may_note_gap, document.front_matter, document.slug)
    what, why = line(fields, "what"), line(fields, "why")
    return Happening(
        change=lambda network: noted(network, what, why, today()),
        summary=f"Ny kunskapslucka: {what}",
        organisation=document.front_matter.owner,
    )
