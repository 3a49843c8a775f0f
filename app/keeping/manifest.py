"""The manifest of a backup: what it holds, with a checksum for every file, and which state of the house it is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.config import CHECKOUT
from app.keeping.contents import DATABASE, is_safe

# Raised when a backup is laid out so that an older program could not put it back.
FORMAT = 1
NAME = "manifest.json"


class Damaged(Exception):
    """The backup cannot be trusted. Says why, in Swedish; nothing has been written."""


class Checksum(BaseModel):
    """What a file of a backup has to be."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class _Written(BaseModel):
    """The manifest as it stands in the backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    program: str
    version: str
    made_at: datetime
    revision: int = Field(ge=0)
    migration: str
    files: dict[str, Checksum]


@dataclass(frozen=True)
class Manifest:
    """One state of a house. ``revision`` is its newest revision, ``migration`` that of its database."""

    version: str
    made_at: datetime
    revision: int
    migration: str
    files: Mapping[str, Checksum]

    @property
    def documents(self) -> int:
        """How many files there are beside the database."""
        return len(self.files) - 1

    def written(self) -> bytes:
        """The manifest as bytes."""
        whole = _Written(
            format=FORMAT,
            program="larnat",
            version=self.version,
            made_at=self.made_at,
            revision=self.revision,
            migration=self.migration,
            files=dict(self.files),
        )
        return json.dumps(whole.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """The manifest in a backup. Raises Damaged."""
        try:
            plain = json.loads(content)
            if isinstance(plain, dict) and plain.get("format") != FORMAT:
                raise Damaged(f"den är gjord på ett annat sätt (format {plain.get('format')!r}) än det här Lärnät kan")
            found = _Written.model_validate(plain)
        except (ValueError, ValidationError, RecursionError) as error:
            raise Damaged("innehållsförteckningen går inte att läsa") from error
        unsafe = sorted(path for path in found.files if not is_safe(path))
        if unsafe:
            raise Damaged(f"den vill lägga en fil där ingen får ligga: {unsafe[0][:200]!r}")
        if DATABASE not in found.files:
            raise Damaged("databasen saknas i innehållsförteckningen")
        return cls(found.version, found.made_at, found.revision, found.migration, found.files)


@cache
def program_version() -> str:
    """The version of the program that runs; also where it runs from its folder without being installed."""
    try:
        return version("larnat")
    except PackageNotFoundError:
        project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
