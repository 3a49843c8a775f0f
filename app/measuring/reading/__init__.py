"""Reading a measure's points: CSV, workbooks and what is pasted, as Swedes, spreadsheets and programs write them."""

from app.measuring.reading.amounts import DecimalMark
from app.measuring.reading.series import Fault, Series, read_series
from app.measuring.reading.unclear import Unreadable

__all__ = ["DecimalMark", "Fault", "Series", "Unreadable", "read_series"]
