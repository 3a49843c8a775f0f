"""Drawing charts: ``figure``, ``glance`` for pages, ``multiples`` for many places, ``spark`` for lists.

``standalone`` and ``as_csv`` are files to take along.
"""

from app.measuring.drawing.figure import figure, glance, table
from app.measuring.drawing.files import as_csv, standalone
from app.measuring.drawing.frame import NARROW, WIDE
from app.measuring.drawing.plot import plot
from app.measuring.drawing.side_by_side import Panel, multiples
from app.measuring.drawing.spark import spark

__all__ = ["NARROW", "WIDE", "Panel", "as_csv", "figure", "glance", "multiples", "plot", "spark", "standalone", "table"]
