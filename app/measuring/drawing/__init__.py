"""Drawing charts: ``figure`` for a page, ``multiples`` for many places, ``standalone`` and ``as_csv`` for files."""

from app.measuring.drawing.figure import figure, multiples, table
from app.measuring.drawing.files import as_csv, standalone
from app.measuring.drawing.frame import NARROW, WIDE
from app.measuring.drawing.plot import plot

__all__ = ["NARROW", "WIDE", "as_csv", "figure", "multiples", "plot", "standalone", "table"]
