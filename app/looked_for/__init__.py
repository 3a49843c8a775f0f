"""What people look for: which words, on which day, by which organisation and with how many hits. Never by whom."""

from app.looked_for.counting import Tally, remembered
from app.looked_for.tables import KEPT_FOR, LookedFor, forget_old

__all__ = ["KEPT_FOR", "LookedFor", "Tally", "forget_old", "remembered"]
