"""Forms made from the models of the kinds: shapes (what is asked), values (what is answered), boxes (what is shown)."""

from app.web.forms.boxes import Box, Errors, Mistake, Path, Suggestions, boxes_of
from app.web.forms.rows import change_rows, without_empty_rows
from app.web.forms.shapes import OTHER_TEXT, Form, FormStep, Shape, Sort, form_for, heading_name, shapes_of
from app.web.forms.values import (
    WAS,
    AsTyped,
    Names,
    TooMuch,
    Values,
    blank,
    blanks,
    is_empty,
    plain,
    posted,
    read,
    same,
    written,
)

__all__ = [
    "OTHER_TEXT",
    "WAS",
    "AsTyped",
    "Box",
    "Errors",
    "Form",
    "FormStep",
    "Mistake",
    "Names",
    "Path",
    "Shape",
    "Sort",
    "Suggestions",
    "TooMuch",
    "Values",
    "blank",
    "blanks",
    "boxes_of",
    "change_rows",
    "form_for",
    "heading_name",
    "is_empty",
    "plain",
    "posted",
    "read",
    "same",
    "shapes_of",
    "without_empty_rows",
    "written",
]
