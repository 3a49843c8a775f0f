"""Drawing charts: ``figure``, ``glance`` for pages, ``multiples`` for many places, ``standalone``, ``as_csv``."""

from app.measuring.drawing.figure import figure, glance, table
from app.measuring.drawing.files import as_csv, standalone
from app.measuring.drawing.frame import NARROW, WIDE
from app.measuring.drawing.plot import plot
from app.measuring.drawing.side_by_side import Panel, multiples

__all__ = ["NARROW", "WIDE", "Panel", "as_csv", "figure", "glance", "multiples", "plot", "standalone", "table"]
