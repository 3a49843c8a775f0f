"""Named people of a document: who can be asked, who was there. Kept, never in a file, so that they can be erased."""

from app.contacts.named import (
    KEPT_FOR,
    Named,
    Told,
    add,
    change,
    confirm,
    forget,
    forget_of,
    named_as,
    named_in,
    remove,
)
from app.contacts.tables import NamedPerson, Part

__all__ = [
    "KEPT_FOR",
    "Named",
    "NamedPerson",
    "Part",
    "Told",
    "add",
    "change",
    "confirm",
    "forget",
    "forget_of",
    "named_as",
    "named_in",
    "remove",
]
