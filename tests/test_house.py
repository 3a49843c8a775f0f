"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from app.config import CHECKOUT, VARIABLES
from app.kinds import NAMES
from app.watching.lines import FIELDS

APP, TESTS, TEMPLATES = CHECKOUT / "app", CHECKOUT / "tests", CHECKOUT / "app" / "templates"
NOT_NAMES = {
    "manager",
    "helper",
    "helpers",
    "utils",
    "util",
    "service",
    "services",
    "handler",
    "data",
    "info",
    "item",
    "core",
    "common",
    "misc",
}
ROOMS = {
    "__init__",
    "about",
    "accounts",
    "audit",
    "cli",
    "config",
    "contacts",
    "coordinating",
    "database",
    "editing",
    "feedback",
    "health",
    "history",
    "index",
    "keeping",
    "kinds",
    "language",
    "library",
    "looked_for",
    "mail",
    "measuring",
    "overview",
    "publishing",
    "reading",
    "search",
    "starting",
    "summing_up",
    "state",
    "static",
    "templates",
    "watching",
    "web",
    "work",
}
# Registries and machines are nobody's business: split here, so that this file does not name them either.
HOSTS = ("pypi." + "org", "pythonhosted." + "org", "registry.npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com")
MACHINE_PATHS = re.compile(r"(?<![\w.~<-])/(?:wor[k]|roo[t]|home/[a-z]+|opt/p|tmp/[a-z])[/\w]")
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yaml",
    ".yml",
    ".sh",
    ".cfg",
    ".in",
    ".service",
    ".conf",
    ".csv",
    ".mako",
    "",
}


def tracked() -> list[Path]:
    """The files that are in git, or that would be after `git add`; in a tree without git, those of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = os.fsdecode(listed.stdout).split("\0")
    return [CHECKOUT / name for name in names if name and (CHECKOUT / name).is_file()]


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def test_the_rooms_are_those_of_the_house() -> None:
    found = {path.stem for path in APP.iterdir() if not path.name.startswith((".", "__pycache__"))}
    assert found == ROOMS


def test_no_module_is_named_for_nothing() -> None:
    assert [str(path) for path in modules() if set(path.stem.split("_")) & NOT_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(APP))
        for path in modules()
        if path.stat().st_size and not path.read_text().lstrip("\ufeff").startswith('"""')
    ]
    assert silent == []


def test_every_kind_has_its_module_and_its_templates() -> None:
    for name in NAMES:
        assert (APP / "kinds" / f"{name}.py").exists() or (APP / "kinds" / name).is_dir()
        assert (TEMPLATES / name / "show.html").exists()


def test_no_kind_is_named_in_a_file_that_all_kinds_share() -> None:
    shared = [
        TEMPLATES / "base.html",
        *APP.glob("library/*.py"),
        *APP.glob("publishing/*.py"),
        *APP.glob("history/*.py"),
    ]
    named = [
        f"{path.relative_to(APP)}: {name}"
        for path in shared
        for name in NAMES
        if name != "networks" and re.search(rf'"{name}"', path.read_text())
    ]
    assert named == []


def test_templates_have_no_inline_style_or_script() -> None:
    wrong = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    assert [str(path) for path in templates() if wrong.search(_markup(path))] == []


def test_htmx_sits_on_real_links_and_forms_only() -> None:
    tags = re.compile(
        r"<(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*\shx-(?:get|post|put|patch|delete)=(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
    )
    wrong = []
    for path in templates():
        for tag, attributes in tags.findall(_markup(path)):
            real = (tag == "a" and "href=" in attributes) or (tag == "form" and "action=" in attributes)
            # A submit button sends its form without htmx as well.
            button = tag == "button" and 'type="button"' not in attributes
            if not real and not button:
                wrong.append(f"{path.relative_to(TEMPLATES)}: <{tag}>")
    assert wrong == []


def test_every_post_form_carries_its_token() -> None:
    wrong = []
    for path in templates():
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", _markup(path), re.DOTALL | re.IGNORECASE)
        wrong += [str(path.relative_to(TEMPLATES)) for form in forms if "csrf_token" not in form]
    assert wrong == []


def test_the_table_of_settings_says_what_the_code_does() -> None:
    table = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| ", table, re.MULTILINE)
    documented = {name: default.strip("` ") for name, default in rows}
    assert list(documented) == [variable.name for variable in VARIABLES]
    for variable in VARIABLES:
        said = "mappen med koden" if variable.name == "LARNAT_HOME" else variable.default or "–"
        assert documented[variable.name] == said, variable.name


def test_the_environment_is_read_in_one_place() -> None:
    readers = {str(path.relative_to(APP)) for path in modules() if re.search(r"os\.(environ|getenv)", path.read_text())}
    assert readers <= {"__init__.py", "cli/__init__.py"}


def test_only_the_programs_own_command_line_prints() -> None:
    printing = {
        str(path.relative_to(APP)) for path in modules() if re.search(r"^\s*print\(", path.read_text(), re.MULTILINE)
    }
    assert printing == set()


def test_what_a_security_rule_is_told_to_pass_by_says_why() -> None:
    silent = []
    for file in [*APP.rglob("*.py"), *(CHECKOUT / "tools").rglob("*.py"), *(CHECKOUT / "migrations").rglob("*.py")]:
        before = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            passed_by = re.search(r"# noqa: S\d{3}(?P<why> --? .{5,})?", line)
            if passed_by and not passed_by["why"] and not before.strip().startswith("# "):
                silent.append(f"{file.relative_to(CHECKOUT)}:{number}")
            before = line
    assert silent == []


def test_what_is_logged_is_written_in_the_program_and_not_put_together() -> None:
    """A message is a literal, and what goes into it besides stands in named fields: that is what keeps logs silent."""
    wrong = []
    for path in modules():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            logs = isinstance(call.func.value, ast.Name) and call.func.value.id in ("log", "logger")
            said = call.args[1:2] if call.func.attr == "log" else call.args[:1]
            if logs and not all(isinstance(message, ast.Constant) for message in said):
                wrong.append(f"{path.relative_to(APP)}:{call.lineno}")
    assert wrong == []


def test_what_a_line_tells_besides_has_a_name_that_the_log_knows() -> None:
    told = {
        key.value
        for path in modules()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict)
        for key in keyword.value.keys
        if isinstance(key, ast.Constant)
    }
    assert told
    assert told <= set(FIELDS)


def test_the_lock_files_lock_everything_and_tell_no_addresses() -> None:
    for name in ("run", "dev", "load", "node"):
        text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
        assert "://" not in text
        assert "--index" not in text
    packages = (CHECKOUT / "package-lock.json").read_text()
    assert packages.count('"integrity"') == packages.count('"node_modules/')
    assert '"resolved"' not in packages


def test_what_is_locked_is_what_is_asked_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.split(r"[=<>~!\[ ]", wish)[0].lower() for wish in project["project"]["dependencies"]}
    locked = set(re.findall(r"^([\w.-]+)==", (CHECKOUT / "requirements" / "run.txt").read_text(), re.MULTILINE))
    assert names <= locked


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    wrong = []
    for path in tracked():
        if path.suffix not in TEXT or path.name in ("package-lock.json",):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if any(host in line for host in HOSTS) or MACHINE_PATHS.search(line):
                wrong.append(f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:100]}")
    assert wrong == []


def test_nothing_derived_kept_or_fetched_is_in_git() -> None:
    names = [str(path.relative_to(CHECKOUT)) for path in tracked()]
    wrong = re.compile(
        r"^(var/(?!\.gitignore)|search_index/(?!\.gitignore)|app/static/vendor/|node_modules/|\.venv/)|\.(db|pyc|woff2)$"
    )
    assert [name for name in names if wrong.search(name)] == []


def test_the_papers_of_the_house_are_there() -> None:
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/settings.md",
        "docs/decisions",
    ):
        assert (CHECKOUT / name).exists(), name
    for decision in (CHECKOUT / "docs" / "decisions").iterdir():
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)


def test_links_between_the_papers_lead_somewhere() -> None:
    broken = []
    for paper in [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]:
        targets = re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8"))
        broken += [f"{paper.name}: {target}" for target in targets if not (paper.parent / target).exists()]
    assert broken == []


def test_names_of_tests_are_sentences() -> None:
    short = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
        if name.count("_") < 3
    ]
    assert short == []


def _markup(template: Path) -> str:
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
