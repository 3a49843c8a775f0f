"""What is shipped for those who run the site: systemd understands the units, and the alerts ask for what is told."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.config import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
# systemd's own scale, from 0 to 10; what is left is what a web site cannot do without.
MOST_EXPOSED = 1.5
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here")


def here(unit: Path, folder: Path) -> Path:
    """The unit as it would be on this machine: what it starts is there."""
    text = re.sub(
        r"^ExecStart=\S+", f"ExecStart={sys.executable}", unit.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    text = re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE)
    copy = folder / unit.name
    copy.write_text(text, encoding="utf-8")
    return copy


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_unit(unit: Path, tmp_path: Path) -> None:
    for other in UNITS:
        here(other, tmp_path)
    verified = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
    )
    said = [line for line in verified.stderr.splitlines() if unit.name in line]
    assert (verified.returncode, said) == (0, [])


@needs_systemd
def test_the_site_may_do_next_to_nothing_else() -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", DEPLOY / "larnat.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    exposure = re.search(r"exposure level for larnat.service: ([\d.]+)", told.stdout)
    assert exposure is not None, told.stdout + told.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_alerts_and_papers_name_measures_that_there_are() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "app").rglob("*.py"))
    alerts = (DEPLOY / "larm.yml").read_text(encoding="utf-8")
    papers = (CHECKOUT / "docs/running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\blarnat_[a-z_]+", alerts + papers))
    suffixes = re.compile(r"_(total|bucket|count|sum)$")
    assert {name for name in named if f'"{suffixes.sub("", name)}"' not in code} == set()
    told = set(re.findall(r'"(larnat_[a-z_]+)"', code))
    assert {name for name in told if name not in papers} == set()


def test_every_alert_says_what_has_happened_and_how_soon_somebody_has_to_look() -> None:
    rules = [rule for group in yaml.safe_load((DEPLOY / "larm.yml").read_text())["groups"] for rule in group["rules"]]
    assert len(rules) >= 8
    for rule in rules:
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("page", "ticket")
