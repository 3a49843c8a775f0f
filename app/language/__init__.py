"""Swedish: words, stems and excerpts. Pure functions on text; knows no document, no engine and no page."""
