"""The house's parts as the pages reach them: those of the application that answers the present request."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app
from werkzeug.local import LocalProxy

from app.database import Databases
from app.index import Index
from app.library.organisations import Organisations
from app.library.shelf import Library
from app.publishing.archive import Archive


def _part(name: str) -> Any:
    return LocalProxy(lambda: current_app.extensions[name])


archive = cast(Archive, _part("archive"))
library = cast(Library, _part("library"))
index = cast(Index, _part("index"))
databases = cast(Databases, _part("databases"))
organisations = cast(Organisations, _part("organisations"))
