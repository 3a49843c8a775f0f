"""The audit log: who did what to whom and when, and who was refused. Kept; rows are added and never changed.

``note`` writes a row in the transaction of the deed that it tells of, so that neither is there without the other.
``note_refused`` tells of what was not done; it has a transaction of its own and stands a flood. A row holds ids and
words of closed lists: never a text, a title, a search, an address or a number of anybody.
"""

from app.audit.deeds import Deed, Outcome
from app.audit.noting import Actor, acting_as, answering_for, init_app, note, note_refused
from app.audit.tables import AuditRow

__all__ = ["Actor", "AuditRow", "Deed", "Outcome", "acting_as", "answering_for", "init_app", "note", "note_refused"]
