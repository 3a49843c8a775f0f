"""Lines in the log: one JSON object each, or plain text for a terminal; and nothing in them that somebody wrote.

A line says what the program says of itself. Of values that are put into a message only numbers are shown, whatever
else a library may give; words come only in the fields below, which hold names of the program's own. Of an exception
the line tells its type and where it was raised, but not its message: that may quote what somebody typed.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from app.config import Settings

# What a line may tell besides its message, given as ``extra``. None of it ever comes from a form, an address or a file.
FIELDS = (
    *("request", "route", "method", "status", "ms"),
    *("revision", "files", "sort", "seconds", "doing", "percent", "child", "code", "address", "setting", "reason"),
    *("before", "migration", "reason", "rows", "row", "digest"),
)
HIDDEN = "…"
# The innermost frames are those that matter, and a line has to stay short enough to be written in one piece.
MOST_FRAMES = 25
MOST_CAUSES = 4
# Exceptions whose messages name parts of the program, never what a program is given.
PLAIN = (AttributeError, NameError, ImportError, ModuleNotFoundError, TypeError, RecursionError, NotImplementedError)

# The number of the request that is being answered; "" outside one.
request_number: ContextVar[str] = ContextVar("request_number", default="")


def begin(settings: Settings, process: str) -> None:
    """Let everything that is logged in this process be written to standard error as such lines.

    Also what Python would print there by itself: warnings, and exceptions that nobody took care of.
    """
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(AsJson(process) if settings.json_lines else AsText(process))
    logging.root.handlers[:] = [writer]
    logging.root.setLevel(logging.WARNING)
    # On a terminal a line for every page would leave room for nothing else.
    watched = settings.log_level == "info" and not settings.json_lines and sys.stderr.isatty()
    logging.getLogger("app").setLevel("WARNING" if watched else settings.log_level.upper())
    logging.captureWarnings(True)
    # A line that cannot be written would otherwise be printed with everything that was put into it.
    logging.raiseExceptions = False
    sys.excepthook = _nobody_took_care
    threading.excepthook = lambda failed: _nobody_took_care(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _nobody_took_care(failed.exc_type, failed.exc_value, failed.exc_traceback)


def are_json() -> bool:
    """Whether this process writes JSON: then nothing else may be printed among it."""
    return any(isinstance(one.formatter, AsJson) for one in logging.root.handlers)


class AsJson(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": self.process,
            "pid": record.process,
            "logger": record.name,
            "message": said(record),
            **fields(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = [{"type": kind, "where": where} for kind, where in failures(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


class AsText(logging.Formatter):
    """The same for somebody who looks at a terminal."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        more = "".join(f" {name}={value}" for name, value in fields(record).items())
        time = _time(record).astimezone()
        lines = [f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {self.process}: {said(record)}{more}"]
        if record.exc_info and record.exc_info[1] is not None:
            for kind, where in failures(record.exc_info[1]):
                lines += [f"    {kind}", *(f"        {frame}" for frame in where)]
        return "\n".join(lines)


def said(record: logging.LogRecord) -> str:
    """The message, with the numbers that were put into it.

    A library may have put anything into a message before it was logged. Where that cannot be told, the line says only
    where in the library it comes from.
    """
    if record.args:
        return _filled(str(record.msg), record.args)
    if record.name.partition(".")[0] == "app":
        return str(record.msg)
    return f"({record.module}.{record.funcName})"


def fields(record: logging.LogRecord) -> dict[str, str | int | float]:
    """What a line tells besides its message."""
    found = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    if number := request_number.get():
        found.setdefault("request", number)
    return found


def failures(error: BaseException) -> Iterator[tuple[str, list[str]]]:
    """The exception and those that led to it: what each is, and where it was raised, the innermost place last."""
    told: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if told is None:
            return
        frames = traceback.extract_tb(told.__traceback__, limit=-MOST_FRAMES)
        yield _kind(told), [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def _kind(error: BaseException) -> str:
    """The type of an exception, and what can be told of it without quoting anybody."""
    name = type(error).__name__
    original = getattr(error, "orig", None) or error
    if isinstance(original, OSError) and original.errno:
        return f"{name} {errno.errorcode.get(original.errno, original.errno)}"
    if code := getattr(original, "sqlite_errorname", ""):
        # SQLite names tables and columns, and what is put into a question is never part of its words.
        return f"{name} {code}: {original}"
    return f"{name}: {error}"[:300] if type(error) in PLAIN else name


def _short(file: str) -> str:
    """The end of a file's path: enough to find it, and nothing of where it is installed."""
    parts = file.rsplit("/", 4)
    return "/".join(parts[-3:])


def _filled(message: str, args: Any) -> str:
    values = {name: _number(one) for name, one in args.items()} if isinstance(args, dict) else tuple(map(_number, args))
    try:
        return message % values
    except (TypeError, ValueError, KeyError):
        return message


def _number(value: object) -> object:
    return value if isinstance(value, int | float) else HIDDEN


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _nobody_took_care(kind: type[BaseException], error: BaseException | None, where: TracebackType | None, /) -> None:
    if issubclass(kind, KeyboardInterrupt):
        os.write(2, b"\n")
        return
    logging.getLogger(__name__).critical("nobody took care of an error", exc_info=(kind, error or kind(), where))
