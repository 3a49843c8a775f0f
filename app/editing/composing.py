"""Between a document and its form: what the form shows of a file, and the file that a filled-in form makes.

Only what was changed in the form is changed in the file; keys and headings that no form shows are left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.history.waiting_files import Waiting
from app.library import front_matter
from app.library.attachments import title_from
from app.library.document import Document, FrontMatter, Kind
from app.library.sections import join_sections, split_sections
from app.web.forms import OTHER_TEXT, Form, Shape, Values, form_for, is_empty, plain, same, written
from app.web.forms.values import one_kind_of_line_break

# What a new document shares with the one it comes from.
SUBJECT = ("areas", "target_groups", "networks", "practices")


def values_of(document: Document) -> Values:
    """What the form shows of a document."""
    form = form_for(document.kind)
    return {**written(form.shapes, document.front_matter), **_texts(form, document.body)}


def _texts(form: Form, body: str) -> dict[str, str]:
    """The text under each heading of the form, and everything else in the body as one text."""
    found = {shape.name: "" for shape in form.shapes if shape.in_body}
    names = _names_of_headings(form)
    other: list[str] = []
    for section in split_sections(one_kind_of_line_break(body)):
        name = names.get(section.title)
        if name and not found[name]:
            found[name] = section.text.strip("\n").rstrip()
        elif section.title or section.text.strip():
            other.append(_with_heading(section.title, section.text))
    found[OTHER_TEXT] = "\n\n".join(other)
    return found


def _names_of_headings(form: Form) -> dict[str, str]:
    return {shape.heading: shape.name for shape in form.shapes if shape.heading}


def _with_heading(title: str, text: str) -> str:
    text = text.strip("\n").rstrip()
    return f"## {title}\n\n{text}".rstrip() if title else text


def plain_values(model: FrontMatter, name: str) -> Any:
    """A list of a front matter as the file holds it; empty fields are left out, and so is an empty list."""
    values = model.model_dump(mode="json", include={name})[name]
    rows = [{key: value for key, value in row.items() if value} if isinstance(row, dict) else row for row in values]
    return rows or None


def changed(form: Form, before: Values, after: Values) -> list[Shape]:
    """The fields of which the two forms do not say the same."""
    return [shape for shape in form.shapes if not same(shape, before.get(shape.name, ""), after.get(shape.name, ""))]


def rewritten(base: Document, values: Values) -> str:
    """The text of a document's file with what the form changed."""
    form = form_for(base.kind)
    before = values_of(base)
    different = changed(form, before, values)
    front: dict[str, Any] = {
        shape.name: plain(shape, values[shape.name], getattr(base.front_matter, shape.name))
        for shape in different
        if not shape.in_body
    }
    texts = [shape for shape in different if shape.in_body]
    body = _new_body(form, base.body, before, values, texts) if texts else None
    return front_matter.rewrite(base.text, front, body, model=base.kind.front_matter)


def composed(kind: Kind, values: Values, document_id: str) -> str:
    """The text of a new file."""
    form = form_for(kind)
    front = {shape.name: plain(shape, values[shape.name]) for shape in form.shapes if not shape.in_body}
    order = ["id", *kind.front_matter.model_fields]
    filled = {name: front[name] for name in order if front.get(name) is not None}
    texts = [shape for shape in form.shapes if shape.in_body and values.get(shape.name)]
    body = _new_body(form, "", {}, values, texts)
    return front_matter.compose({"id": document_id, **filled}, body)


def with_files(kind: Kind, text: str, base: Document | None, files: Sequence[Waiting]) -> str:
    """The text of a file with what is said of the files that are saved with it."""
    if not files:
        return text
    there = plain_values(base.front_matter, "attachments") if base else None
    rows = [*(there or []), *(row_of(file.name, file.title, file.alt) for file in files)]
    return front_matter.rewrite(text, {"attachments": rows}, model=kind.front_matter)


def with_declared(kind: Kind, text: str, base: Document | None, marks: Sequence[str]) -> str:
    """The text of a file with the marks of what is declared in it to be no personal number."""
    if list(marks) == (base.front_matter.not_personal_numbers if base else []):
        return text
    return front_matter.rewrite(text, {"not_personal_numbers": list(marks)}, model=kind.front_matter)


def row_of(name: str, title: str, alt: str) -> dict[str, str]:
    """What is said of a file; what is empty, or follows from its name, is left out."""
    title = "" if title == title_from(name) else title
    return {key: value for key, value in (("file", name), ("title", title), ("alt", alt)) if value}


def _new_body(form: Form, body: str, before: Values, values: Values, texts: list[Shape]) -> str:
    """The body with new text under some headings. What stood under a heading that is emptied goes, with the heading."""
    new: dict[str, str] = {}
    order = [heading.title for heading in form.kind.headings]
    for shape in texts:
        if shape.name == OTHER_TEXT:
            new |= _other_sections(form, before.get(OTHER_TEXT, ""), values[OTHER_TEXT])
        else:
            new[shape.heading] = with_lower_headings(values[shape.name])
    return join_sections(body, new, order)


def _other_sections(form: Form, before: str, after: str) -> dict[str, str]:
    """The sections in the box for other text. One named as a heading of the form is put below the one before it."""
    gone = {section.title: "" for section in split_sections(before)}
    known = _names_of_headings(form)
    found: dict[str, str] = {}
    last = ""
    for section in split_sections(after):
        if section.title in known or section.title in found:
            below = with_lower_headings(_with_heading(section.title, section.text))
            found[last] = f"{found.get(last, '').rstrip()}\n\n{below}".strip("\n")
        else:
            last = section.title
            found[last] = section.text
    return {**{title: text for title, text in gone.items() if title not in known}, **found}


def with_lower_headings(text: str) -> str:
    """The text with its ``##`` headings made ``###``: what stands under a heading of the form stays under it."""
    sections = split_sections(text)
    if all(not section.title for section in sections):
        return text
    return "\n\n".join(
        f"### {section.title}\n\n{section.text}".rstrip() if section.title else section.text for section in sections
    ).strip("\n")


def refers_to(kind: Kind, other: Kind) -> bool:
    """Whether a field of a kind names documents of another one."""
    return any((shape.row or shape).refers_to == other.name for shape in form_for(kind).shapes)


def prefill(kind: Kind, values: Values, source: Document) -> None:
    """Take over the subject of another document and what the kind takes over, and let the fields that refer to its kind
    name it.
    """
    for shape in form_for(kind).shapes:
        if values[shape.name]:
            continue
        taken = getattr(source.front_matter, shape.name, None) if shape.name in SUBJECT else None
        if taken:
            values[shape.name] = [str(one) for one in taken]
        elif (shape.row or shape).refers_to == source.kind.name:
            values[shape.name] = [source.slug] if shape.row else source.slug
    taken_over = kind.takes_over(source) if kind.takes_over else {}
    for shape in form_for(kind).shapes:
        if taken_over.get(shape.name) and is_empty(shape, values[shape.name]):
            values[shape.name] = taken_over[shape.name]
