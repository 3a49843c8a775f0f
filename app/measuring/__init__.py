"""STATISTICS. Run charts and control charts of a measure over time, and what they say in plain Swedish.

Pure: no web, no databases, no files but those that are given. ``analyse`` makes a ``Chart`` of points; everything
else shows one.
"""
