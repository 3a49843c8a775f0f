from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from app.config import Settings, WrongSettings, read_settings

KEY = "k" * 32
ADDRESS = "https://larnat.kommunen.se"


def faults_of(**environ: str) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        read_settings(environ)
    return wrong.value.faults


def test_without_anything_set_it_is_a_demo_on_this_machine(tmp_path: Path) -> None:
    settings = read_settings({"LARNAT_HOME": str(tmp_path)})
    assert (settings.mode, settings.host, settings.port) == ("demo", "127.0.0.1", 8000)
    assert settings.home == tmp_path
    assert not settings.secure_cookies


def test_the_demos_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (read_settings({"LARNAT_HOME": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "demo-secret-key").stat().st_mode) == 0o600


def test_a_damaged_demo_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo-secret-key").write_text("kort")
    assert "skadad" in faults_of(LARNAT_HOME=str(tmp_path))[0]


@pytest.mark.parametrize("key", ["", "too short"])
def test_production_does_not_start_without_its_own_key(tmp_path: Path, key: str) -> None:
    faults = faults_of(
        LARNAT_HOME=str(tmp_path), LARNAT_MODE="production", LARNAT_SECRET_KEY=key, LARNAT_ADDRESS=ADDRESS
    )
    assert len(faults) == 1
    assert "LARNAT_SECRET_KEY" in faults[0]
    assert not list(tmp_path.iterdir())


def test_production_with_a_key_may_answer_the_network(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "LARNAT_HOME": str(tmp_path),
            "LARNAT_MODE": "production",
            "LARNAT_SECRET_KEY": KEY,
            "LARNAT_ADDRESS": ADDRESS,
            "LARNAT_HOST": "0.0.0.0",
            "PORT": "80",
        }
    )
    assert settings.secure_cookies
    assert settings.host == "0.0.0.0"


def test_the_demo_answers_nobody_but_this_machine(tmp_path: Path) -> None:
    assert "LARNAT_HOST" in faults_of(LARNAT_HOME=str(tmp_path), LARNAT_HOST="0.0.0.0")[0]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(
        LARNAT_HOME=str(tmp_path / "missing"),
        LARNAT_MODE="prod",
        LARNAT_HOST="http://x",
        PORT="80 80",
        LARNAT_WORKERS="0",
        LARNAT_RECONCILE_SECONDS="ofta",
        LARNAT_LOG_LEVEL="loud",
        LARNAT_WOKERS="3",
    )
    assert len(faults) == 8
    assert any("Menar du LARNAT_WORKERS?" in fault for fault in faults)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("localhost:9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("10.1.2.3:80", ("10.1.2.3", 80)),
        ("", None),
    ],
)
def test_measures_are_told_on_this_machine_or_in_a_private_network(
    tmp_path: Path, written: str, understood: tuple[str, int] | None
) -> None:
    assert read_settings({"LARNAT_HOME": str(tmp_path), "LARNAT_METRICS": written}).metrics == understood


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "[::]:9464", "8.8.8.8:9464", "9464", "127.0.0.1", "a.example:1"])
def test_measures_are_told_nowhere_else(tmp_path: Path, address: str) -> None:
    assert "LARNAT_METRICS" in faults_of(LARNAT_HOME=str(tmp_path), LARNAT_METRICS=address)[0]


def test_the_test_mode_cannot_be_asked_for(tmp_path: Path) -> None:
    assert "LARNAT_MODE" in faults_of(LARNAT_HOME=str(tmp_path), LARNAT_MODE="test")[0]


def in_production(home: Path, **environ: str) -> Settings:
    needed = {"LARNAT_MODE": "production", "LARNAT_SECRET_KEY": KEY, "LARNAT_ADDRESS": ADDRESS}
    return read_settings({"LARNAT_HOME": str(home), **needed, **environ})


def test_production_does_not_start_without_the_address_that_it_answers_to(tmp_path: Path) -> None:
    faults = faults_of(LARNAT_HOME=str(tmp_path), LARNAT_MODE="production", LARNAT_SECRET_KEY=KEY)
    assert len(faults) == 1
    assert "LARNAT_ADDRESS saknas" in faults[0]
    assert in_production(tmp_path).public_address == ADDRESS


def test_who_answers_for_the_site_is_a_name_an_address_and_days(tmp_path: Path) -> None:
    settings = in_production(
        tmp_path,
        LARNAT_OPERATOR="Exempelkommunen, socialförvaltningen",
        LARNAT_CONTACT_EMAIL="larnat@exempelkommunen.example",
        LARNAT_CONTACT_PHONE="+46 8-123 456 00",
        LARNAT_DATA_PROTECTION_EMAIL="dso@exempelkommunen.example",
        LARNAT_PUBLISHED="2026-12-01",
    )
    assert settings.operator == "Exempelkommunen, socialförvaltningen"
    assert settings.published == date(2026, 12, 1)
    assert settings.reviewed is None
    assert settings.unstated == []


def test_a_contact_that_is_none_stops_the_start(tmp_path: Path) -> None:
    faults = faults_of(
        LARNAT_HOME=str(tmp_path),
        LARNAT_OPERATOR="x" * 201,
        LARNAT_CONTACT_EMAIL="a@b",
        LARNAT_DATA_PROTECTION_EMAIL="a@b.se\nBcc: c@d.se",
        LARNAT_CONTACT_PHONE="ring mig",
        LARNAT_PUBLISHED="1 december",
        LARNAT_REVIEWED="2026-02-30",
    )
    assert len(faults) == 6


def test_a_public_site_that_says_nothing_of_its_operator_is_warned(tmp_path: Path) -> None:
    unstated = in_production(tmp_path).unstated
    assert [words.partition(" ")[0] for words in unstated] == [
        "LARNAT_OPERATOR",
        "LARNAT_CONTACT_EMAIL",
        "LARNAT_DATA_PROTECTION_EMAIL",
    ]
    assert read_settings({"LARNAT_HOME": str(tmp_path)}).unstated == []


LETTERS = {"LARNAT_ADDRESS": "https://larnat.kommunen.se/", "LARNAT_SMTP_FROM": "larnat@kommunen.se"}


def test_letters_need_a_server_a_sender_and_the_sites_address(tmp_path: Path) -> None:
    settings = in_production(tmp_path, **LETTERS, LARNAT_SMTP_HOST="smtp.kommunen.se")
    assert settings.sends_letters
    assert (settings.smtp_port, settings.smtp_tls, settings.address) == (587, "starttls", "https://larnat.kommunen.se")
    assert not in_production(tmp_path).sends_letters


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"LARNAT_SMTP_HOST": "smtp"}, ["LARNAT_SMTP_FROM", "LARNAT_ADDRESS"]),
        ({**LETTERS}, ["LARNAT_SMTP_HOST"]),
        ({**LETTERS, "LARNAT_SMTP_HOST": "http://smtp"}, ["LARNAT_SMTP_HOST"]),
        ({**LETTERS, "LARNAT_SMTP_HOST": "smtp", "LARNAT_SMTP_PORT": "0"}, ["LARNAT_SMTP_PORT"]),
        ({**LETTERS, "LARNAT_SMTP_HOST": "smtp", "LARNAT_SMTP_TLS": "ssl"}, ["LARNAT_SMTP_TLS"]),
        ({**LETTERS, "LARNAT_SMTP_HOST": "smtp", "LARNAT_SMTP_USER": "anna"}, ["LARNAT_SMTP_USER"]),
        ({**LETTERS, "LARNAT_SMTP_HOST": "smtp", "LARNAT_SMTP_FROM": "a@b.se\nBcc: c@d.se"}, ["LARNAT_SMTP_FROM"]),
        ({**LETTERS, "LARNAT_ADDRESS": "larnat.se"}, ["LARNAT_ADDRESS", "LARNAT_SMTP_HOST"]),
        ({"LARNAT_ADDRESS": "https://larnat.se/natverk"}, ["LARNAT_ADDRESS"]),
    ],
    ids=str,
)
def test_settings_of_letters_that_do_not_go_together_stop_the_start(
    tmp_path: Path, environ: dict[str, str], named: list[str]
) -> None:
    faults = faults_of(LARNAT_HOME=str(tmp_path), **environ)
    assert sorted(fault.partition(" ")[0] for fault in faults) == sorted(named)


def test_a_password_is_never_sent_unprotected_and_never_shown(tmp_path: Path) -> None:
    secret = {"LARNAT_SMTP_HOST": "smtp", "LARNAT_SMTP_USER": "anna", "LARNAT_SMTP_PASSWORD": "hemligt, hemligt"}
    assert "LARNAT_SMTP_TLS" in faults_of(LARNAT_HOME=str(tmp_path), **LETTERS, **secret, LARNAT_SMTP_TLS="none")[0]
    settings = in_production(tmp_path, **LETTERS, **secret)
    assert settings.smtp_password == "hemligt, hemligt"
    assert "hemligt" not in repr(settings)
    assert settings.secret_key not in repr(settings)
    unfit = faults_of(LARNAT_HOME=str(tmp_path), **LETTERS, **{**secret, "LARNAT_SMTP_PASSWORD": "hemligt, är det"})
    assert len(unfit) == 1
    assert "hemligt" not in unfit[0]


def test_in_production_letters_lead_to_the_encrypted_site(tmp_path: Path) -> None:
    address = {"LARNAT_ADDRESS": "http://larnat.kommunen.se"}
    faults = faults_of(LARNAT_HOME=str(tmp_path), LARNAT_MODE="production", LARNAT_SECRET_KEY=KEY, **address)
    assert "https" in faults[0]
    assert read_settings({"LARNAT_HOME": str(tmp_path), **address}).address == "http://larnat.kommunen.se"
