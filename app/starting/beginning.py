"""What a team tells when it begins: a problem, an aim, and what it will try first and believes of that. Pure.

Ten fields at most, and the answers become a project and its first cycle: all else can be told later, there.
"""

from __future__ import annotations

import uuid
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import Field

from app.library.document import Group
from app.library.fields import Long, NamesOrganisation, PartialDate
from app.library.vocabulary import Publication, Scale
from app.web.forms import FormStep, Shape, Values, heading_name, shapes_of

PROBLEM, IDEAS, CHANGE = "Problemet", "Vilka förändringar kan leda till en förbättring?", "Förändringen"


class Beginning(Group):
    """The fields of the page, in its order."""

    problem: Annotated[str, Long(3)] = Field(title="Vad är problemet?", description="Varför nu, och vem berörs?")
    what: str = Field(
        title="Vad ska bli bättre?",
        description="Det blir också namnet på arbetet, till exempel ”Fler får ett första möte inom tio dagar”.",
        max_length=150,
    )
    start: str = Field("", title="Hur är det nu?", description="Till exempel ”44 procent”. Lämna tomt om ni inte vet.")
    goal: str = Field("", title="Hur ska det bli?", description="Till exempel ”80 procent”.")
    by: PartialDate | None = Field(None, title="Till när?")
    test: str = Field(
        title="Vad ska ni prova först?",
        description="Något litet som ni kan göra den här veckan, till exempel ”Boka tiden medan den sökande är kvar”.",
        max_length=150,
    )
    change: Annotated[str, Long(3)] = Field(
        "", title="Hur gör ni?", description="Vem gör vad, när och var? Skriv roller."
    )
    prediction: Annotated[str, Long(3)] = Field(
        title="Vad tror ni ska hända, och varför?",
        description="Börja gärna med ”Vi tror att … därför att …”. Det låses när ni börjar prova.",
    )
    scale: Scale = Field(Scale.ONE_CASE, title="Hur stort provar ni?", description="Börja litet.")
    owner: Annotated[str, NamesOrganisation("Börjar prova")] = Field(title="Vilken organisation gör det?")


FIRST_TEST = ("test", "change", "prediction", "scale")


@cache
def steps() -> tuple[FormStep, FormStep]:
    """The two halves of the page: the problem and the aim, and the first test."""
    shapes = shapes_of(Beginning)
    about = tuple(shape for shape in shapes if shape.name not in FIRST_TEST)
    return (
        FormStep(1, "Problemet och målet", "", about),
        FormStep(2, "Det första lilla provet", "", tuple(shape for shape in shapes if shape.name in FIRST_TEST)),
    )


def all_shapes() -> tuple[Shape, ...]:
    """Everything that is asked for."""
    return tuple(shape for step in steps() for shape in step.shapes)


def project_of(told: Beginning, values: Values) -> dict[str, Any]:
    """The project's form filled in with what was told; ``values`` is what it has already."""
    aim = {
        **values["aim"],
        "what": told.what,
        "start": told.start,
        "goal": told.goal,
        "by": told.by.raw if told.by else "",
    }
    return {**values, **_of_both(told), "title": told.what, "aim": aim, heading_name(PROBLEM): told.problem}


def built_on(values: Values, address: str) -> Values:
    """The project's form with a link to the page that it begins from, among its ideas."""
    return {**values, heading_name(IDEAS): f"Bygger på [[{address}]]."}


def cycle_of(told: Beginning, values: Values, today: date) -> dict[str, Any]:
    """The first cycle's form filled in with what was told; ``values`` is what it has already."""
    return {
        **values,
        **_of_both(told),
        "title": told.test,
        "prediction": {**values["prediction"], "text": told.prediction},
        "scale": str(told.scale),
        "planned": today.isoformat(),
        heading_name(CHANGE): told.change,
    }


def _of_both(told: Beginning) -> dict[str, Any]:
    return {"owner": told.owner, "publication": str(Publication.DRAFT)}


def cycles_id(project_id: str) -> str:
    """The id of a project's first cycle: the same for the same form, so that one sent twice makes one."""
    return str(uuid.uuid5(uuid.UUID(project_id), "first cycle"))
