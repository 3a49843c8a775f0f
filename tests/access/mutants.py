"""``make mutants``: whether a test fails for every rule, and every place where one is asked, that is disabled.

The application is made once, with the house of the table in it. Each mutant is a process forked from there, in which
one function has other code. It is tried on the lines of the table that are nearest to what was changed, then on tests
that follow what no table can say, then on all lines. The first that fails has killed it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType

import pytest

from app.accounts.rules import rule_of, with_rule
from app.config import CHECKOUT
from tests.access.everybody import READY, Everybody, opened, prepare
from tests.access.mutating import RULES, Mutant, mutants
from tests.access.table import Line, Table, tables
from tests.access.trying import faults_of, routes_of

# Pure, and so the first to try on what the rules themselves say.
OF_RULES = ("tests/accounts/test_access.py", "tests/library/test_visibility.py")
# Tests for what the table lets pass, by the beginning of the file that was changed.
AND_THEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("app/accounts/c", ("tests/accounts/test_people_pages.py", "tests/accounts/test_inviting.py")),
    ("app/accounts/p", ("tests/accounts/test_people_pages.py",)),
    ("app/coordinating/", ("tests/coordinating/test_search_pages.py", "tests/coordinating/test_word_pages.py")),
    ("app/editing/broken.py", ("tests/editing/test_broken_files.py",)),
    ("app/editing/conflict.py", ("tests/editing/test_conflict.py",)),
    ("app/editing/deletion.py", ("tests/editing/test_deletion_and_moving.py", "tests/editing/test_deleted_pages.py")),
    ("app/editing/moving.py", ("tests/editing/test_deletion_and_moving.py",)),
    ("app/editing/half_written.py", ("tests/editing/test_half_written_pages.py",)),
    ("app/editing/history_pages.py", ("tests/editing/test_history_pages.py",)),
    ("app/editing/named_people.py", ("tests/editing/test_named_people.py",)),
    ("app/editing/names.py", ("tests/kinds/test_theory.py",)),
    ("app/editing/recalled.py", ("tests/kinds/test_going_on.py",)),
    ("app/editing/writing.py", ("tests/editing/test_forms_pages.py",)),
    ("app/keeping/export.py", ("tests/keeping/test_export.py",)),
    ("app/keeping/kept_of_one.py", ("tests/keeping/test_kept_of_one.py", "tests/editing/test_named_people.py")),
    ("app/keeping/named_pages.py", ("tests/editing/test_named_people.py",)),
    ("app/keeping/leaving.py", ("tests/keeping/test_leaving.py",)),
    ("app/kinds/cycles/", ("tests/kinds/test_cycles.py",)),
    ("app/kinds/networks/", ("tests/kinds/test_networks.py",)),
    ("app/kinds/projects/__init__.py", ("tests/kinds/test_taking_over.py",)),
    ("app/kinds/projects/alike.py", ("tests/kinds/test_shared_measures.py",)),
    ("app/kinds/projects/value_history.py", ("tests/kinds/test_value_history.py",)),
    (
        "app/kinds/projects/",
        ("tests/kinds/test_measure_pages.py", "tests/kinds/test_values.py", "tests/kinds/test_kept_values.py"),
    ),
    ("app/overview/organisations.py", ("tests/overview/test_organisations.py",)),
    ("app/reading/mending.py", ("tests/reading/test_mending.py",)),
    ("app/summing_up/", ("tests/summing_up/test_pages.py",)),
    ("app/state/", ("tests/overview/test_start.py",)),
    ("app/", ("tests/access/test_places.py", "tests/access/test_offers.py")),
)


class Kept:
    """A folder as it was, to be put back after somebody has been at it: no mutant meets what another has written."""

    def __init__(self, folder: Path, copy: Path) -> None:
        self._folder = folder
        self._copy = copy
        shutil.copytree(folder, copy, symlinks=True)

    def put_back(self) -> None:
        """Make the folder what it was. Nobody may have a file in it open that is written in place."""
        wanted, found = _files(self._copy), _files(self._folder)
        for name in found.keys() - wanted.keys():
            (self._folder / name).unlink()
        for name in (name for name, said in wanted.items() if found.get(name) != said):
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self._copy / name, self._folder / name, follow_symlinks=False)


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """The files under a folder, each with its size and when it was written."""
    stats = {str(path.relative_to(folder)): path.lstat() for path in folder.rglob("*") if not path.is_dir()}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


class Tried:
    """The application in its house, and the functions that mutants change."""

    def __init__(self, home: Path) -> None:
        prepare(home)
        self.everybody: Everybody = opened(home)
        self.lines = [(table, line) for table in tables() for line in table.lines]
        for name in ("nobody", "member"):
            self.everybody.ask(Line("GET", "/", 200, ""), name, {})
        # Each process opens the databases for itself, so that what stands on the disk can be put back.
        self.everybody.app.extensions["databases"].close()
        self.as_it_was = Kept(home, home.with_name("kept"))
        self.functions = list(_functions())
        self.tests: dict[str, list[pytest.Item]] = {}

    def kills(self, mutant: Mutant) -> str:
        """What kills a mutant; "" where nothing does."""
        changed = [one for one in self.functions if _is_that(one, mutant)]
        if not changed:
            raise LookupError(f"there is no such function: {mutant}")
        if mutant.code is None:
            return self._without_a_rule(changed)
        for one in changed:
            one.__code__ = mutant.code
        if mutant.file in RULES and (said := self.failing(mutant, OF_RULES)):
            return said
        itself = [pair for pair in self.lines if self._is_near(pair[1], changed)]
        near = [pair for pair in self.lines if pair not in itself and self._is_near(pair[1], mutant.file)]
        if said := self.fault([*itself, *near]):
            return said
        far = [pair for pair in self.lines if pair not in itself and pair not in near]
        # Lines about pages are many requests each.
        few = [pair for pair in far if not pair[1].is_about_a_page]
        many = [pair for pair in far if pair[1].is_about_a_page]
        return self.fault(few) or self.failing(mutant) or self.fault(many)

    def fault(self, lines: Sequence[tuple[Table, Line]]) -> str:
        """The first answer that is another than the table says; "" where there is none."""
        return next((fault for table, line in lines for fault in faults_of(self.everybody, table, line)), "")

    def failing(self, mutant: Mutant, files: Sequence[str] = ()) -> str:
        """Which test fails in some files, or in those that belong to a mutant's file; "" where none does."""
        named = dict.fromkeys(file for start, found in AND_THEN if mutant.file.startswith(start) for file in found)
        for file in files or named:
            items = self.tests[file]
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if item.session.testsfailed:
                    return item.nodeid
        return ""

    def _without_a_rule(self, functions: Sequence[FunctionType]) -> str:
        """That a test goes through all addresses and meets one without a rule."""
        views = self.everybody.app.view_functions
        for view in views.values():
            if any(one in (view, getattr(view, "func", None), *_closed_over(view)) for one in functions):
                with_rule(view, None)
        return next((f"{endpoint} says no rule" for endpoint, view in views.items() if rule_of(view) is None), "")

    def _is_near(self, line: Line, what: str | Sequence[FunctionType]) -> bool:
        """Whether a line asks for a view that is one of some functions, or is in a file."""
        views = [self.everybody.app.view_functions[endpoint] for endpoint, _ in routes_of(self.everybody, line)]
        called = [one for view in views for one in (getattr(view, "func", view), *_closed_over(view))]
        return any(_file_of(one) == what if isinstance(what, str) else one in what for one in called)


def _functions() -> Iterator[FunctionType]:
    """Every function of the application that there is, also those within others."""
    start = str(CHECKOUT / "app")
    gc.unfreeze()  # what was there before the first test is not looked through otherwise: tests/conftest.py
    for found in gc.get_objects():
        if isinstance(found, FunctionType) and found.__code__.co_filename.startswith(start):
            yield found


def _is_that(function: FunctionType, mutant: Mutant) -> bool:
    code = function.__code__
    same_name = mutant.function in (code.co_qualname, code.co_name)
    return same_name and code.co_firstlineno == mutant.first_line and _file_of(function) == mutant.file


def _file_of(view: object) -> str:
    function = getattr(view, "func", view)
    code = getattr(function, "__code__", None)
    return str(Path(code.co_filename).relative_to(CHECKOUT)) if code and str(CHECKOUT) in code.co_filename else ""


def _closed_over(view: object) -> list[object]:
    """What a view that is made for another function calls."""
    return [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]


def _in_a_process(work: Callable[[], str], log: Path) -> str:
    """What the work says, done in a process of its own; an error in it is an answer as well."""
    pid = os.fork()
    if pid == 0:
        with log.open("a", encoding="utf-8") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            try:
                said = work()
            except Exception as error:
                # A page that cannot be made any longer is no page that anybody is shown.
                traceback.print_exc()
                said = f"{type(error).__name__}: {error}"[:200]
            log.with_suffix(".said").write_text(said, encoding="utf-8")
            os._exit(0)
    os.waitpid(pid, 0)
    return log.with_suffix(".said").read_text("utf-8")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Loop:
    """Runs the mutants where pytest would run the tests that it has collected: no process has to collect them again."""

    def __init__(self, only: Sequence[str], report: Path | None) -> None:
        self.only = only
        self.report = report
        self.ended = 1

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant that was asked for, and tell of each."""
        if session.testsfailed:
            raise session.Interrupted("the tests could not be collected")
        told = []
        with tempfile.TemporaryDirectory(prefix="larnat-mutants-") as name:
            log = Path(name) / "log"
            house = Tried(Path(name) / "home")
            READY.append(house.everybody)
            for item in session.items:
                house.tests.setdefault(str(item.path.relative_to(CHECKOUT)), []).append(item)
            for mutant in (one for one in mutants() if all(word in str(one) for word in self.only)):
                before = _cpu()
                said = _in_a_process(lambda one=mutant: house.kills(one), log)  # type: ignore[misc]
                house.as_it_was.put_back()
                told.append({"mutant": str(mutant), "killed_by": said, "cpu_seconds": round(_cpu() - before, 2)})
                _say(f"{'killed  ' if said else 'SURVIVED'} {_cpu() - before:5.1f} s  {mutant}")
            # Without a mutant everything in the table is still so.
            unharmed = _in_a_process(lambda: house.fault(house.lines), log)
        alive = sum(not one["killed_by"] for one in told)
        _say(f"{len(told)} mutants, {alive} survived, {_cpu():.0f} CPU seconds")
        if unharmed:
            _say(f"The table does not hold without a mutant: {unharmed}")
        if self.report:
            self.report.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        self.ended = 1 if alive or unharmed else 0
        return True


def _say(line: str) -> None:
    # To where pytest does not catch it.
    os.write(2, f"{line}\n".encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants; 1 where one survives, or where the table does not hold by itself."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("only", nargs="*", help="words that the line of a mutant has, like app/reading/ or may_see")
    parser.add_argument("--json", type=Path, help="write what killed each to this file")
    asked = parser.parse_args(arguments)
    loop = Loop(asked.only, asked.json)
    named = (file for _, found in AND_THEN for file in found)
    files = dict.fromkeys(str(CHECKOUT / file) for file in (*OF_RULES, *named))
    quiet = ("-qq", "-p", "no:cacheprovider", "-p", "no:logging", "--capture=no")
    ended = pytest.main([*quiet, *files], plugins=[loop])
    return loop.ended or int(ended)


if __name__ == "__main__":
    sys.exit(main())
