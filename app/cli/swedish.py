"""The words that click itself says, in Swedish.

Click asks gettext for each of its sentences. A catalogue of gettext's has to be a compiled file that the language of
the computer picks; ours are few, and hold whatever that language is, so click's modules get a function that knows them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

_SAID = {
    "Usage:": "Så här:",
    "Options": "Val",
    "Commands": "Kommandon",
    "Positional arguments": "Det som ska anges",
    "Show this message and exit.": "Visa den här hjälpen.",
    "default: {default}": "annars {default}",
    "Error: {message}": "Det gick inte: {message}",
    "Try '{command} {option}' for help.": "Hjälp finns med ”{command} {option}”.",
    "Missing argument": "Det saknas",
    "Missing option": "Det saknas",
    "Missing parameter": "Det saknas",
    "Missing command.": "Skriv vilket kommando.",
    "Missing {param_type}": "Det saknas",
    "Missing parameter: {param_name}": "Det saknas: {param_name}",
    "Choose from:\n\t{choices}": "Välj bland:\n\t{choices}",
    "Invalid value: {message}": "Fel värde: {message}",
    "Invalid value for {param_hint}: {message}": "Fel värde för {param_hint}: {message}",
    "No such option {name!r}.": "{name} finns inte.",
    "No such command {name!r}.": "{name} är inget kommando.",
    "Did you mean {possibility}?": "Menade du {possibility}?",
    "(Did you mean one of: {possibilities}?)": "Menade du något av {possibilities}?",
    "Option {name!r} requires an argument.": "{name} ska följas av ett värde.",
    "Option {name!r} requires {nargs} arguments.": "{name} ska följas av {nargs} värden.",
    "Option {name!r} does not take a value.": "{name} ska inte ha något värde.",
    "Got unexpected extra argument ({args})": "Det här är för mycket: {args}",
    "Got unexpected extra arguments ({args})": "Det här är för mycket: {args}",
    "{value!r} is not {choice}.": "{value} är inte {choice}.",
    "{value!r} is not one of {choices}.": "{value} är inget av {choices}.",
    "{value!r} is not a valid {number_type}.": "{value} är inget tal.",
    "{value} is not in the range {range}.": "{value} är inte inom {range}.",
    "{name} {filename!r} does not exist.": "{filename} finns inte.",
    "{name} {filename!r} is a file.": "{filename} är en fil.",
    "{name} {filename!r} is a directory.": "{filename} är en mapp.",
    "{name} {filename!r} is not readable.": "{filename} går inte att läsa.",
    "{name} {filename!r} is not writable.": "{filename} går inte att skriva i.",
    "Could not open file {filename!r}: {message}": "{filename} gick inte att öppna: {message}",
    "Aborted!": "Avbrutet.",
    "Error: The two entered values do not match.": "De två är inte lika. Försök igen.",
    "Do you want to continue?": "Vill du fortsätta?",
}
_SHOWN = {
    "[OPTIONS]": "[VAL]",
    "COMMAND [ARGS]...": "KOMMANDO …",
    "[required]": "[måste anges]",
    "; required]": "; måste anges]",
}


def _one(message: str) -> str:
    return _SAID.get(message, message)


def _one_or_many(one: str, many: str, number: int) -> str:
    return _one(one if number == 1 else many)


def _shown(text: str) -> str:
    for english, swedish in _SHOWN.items():
        text = text.replace(english, swedish)
    return text


class _Help(click.HelpFormatter):
    """What click does not ask gettext for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _shown(args), prefix)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _shown(text)) for name, text in rows], col_max, col_spacing)


def speak_swedish() -> None:
    """From now on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for asked, answer in (("_", _one), ("ngettext", _one_or_many)):
                if hasattr(module, asked):
                    setattr(module, asked, answer)
    click.Context.formatter_class = _Help
