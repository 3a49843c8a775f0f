"""What a team believes will happen, before it is tried."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.kinds.projects.measure import number_in
from app.library.document import Group
from app.library.fields import Long, NamesRow, OrAsWritten, PartialDate
from app.library.vocabulary import Direction

NO_NUMBER = "Skriv värdet med siffror, till exempel 50."


def _direction(written: object) -> object:
    """The direction that a file writes in Swedish, as files did before there was a list."""
    words = {"minst": "at_least", "högst": "at_most", "ungefär": "about", "cirka": "about", "omkring": "about"}
    return words.get(written.strip().lower(), written) if isinstance(written, str) else written


class Prediction(Group):
    """What the team believes will happen, written before it is tried."""

    text: Annotated[str, Long()] = Field(
        "", title="Vad tror ni ska hända, och varför?", description="Börja gärna med ”Vi tror att … därför att …”."
    )
    measure: Annotated[str, NamesRow("measures")] = Field(
        "", title="Mått", description="Om det kan räknas: ett av arbetets mått."
    )
    direction: Annotated[Direction | None, BeforeValidator(_direction), OrAsWritten()] = Field(None, title="Blir")
    value: str = Field("", title="Värde", description="Ett tal, som 60 eller 7,5.")
    by: PartialDate | None = Field(None, title="Senast")

    @property
    def unreadable(self) -> bool:
        """Whether it is about a measure, but with a value that cannot be compared with those of the measure."""
        return bool(self.measure.strip() and self.value.strip()) and number_in(self.value) is None


NO_PREDICTION = dict.fromkeys(Prediction.model_fields, "")
