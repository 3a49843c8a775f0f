"""The file about issuers: what it may say, and that every fault stops the start with words that tell no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.config import CHECKOUT, Settings, WrongSettings, read_settings
from tests.accounts.oidc.issuers import issuer_at
from tests.house import make_home

SECRET = {"LARNAT_OIDC_SECRET_KOMMUNEN": "hemligt"}
FIRST = '[[issuer]]\nkey = "kommunen"\nname = "K"\naddress = "https://login.example"\nclient_id = "larnat"\n'
MEMBER = '[[issuer.membership]]\norganisation = "sodertalje"\n'
KEY = "k" * 32


def read(home: Path, text: str, **environ: str) -> Settings:
    file = home / "oidc.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings({"LARNAT_HOME": str(home), "LARNAT_OIDC_FILE": str(file), **environ})


def faults(home: Path, text: str, **environ: str) -> str:
    with pytest.raises(WrongSettings) as wrong:
        read(home, text, **environ)
    return "\n".join(wrong.value.faults)


def test_the_example_is_a_file_that_can_be_used(tmp_path: Path) -> None:
    text = (CHECKOUT / "deploy" / "larnat-oidc.toml").read_text(encoding="utf-8")
    (issuer,) = read(tmp_path, text, **SECRET).issuers
    assert (issuer.key, issuer.secret, issuer.governs) == ("kommunen", "hemligt", frozenset({"sodertalje"}))
    assert [rule.role for rule in issuer.memberships] == ["member", "coordinator"]
    assert not issuer.passwords
    assert issuer.admin_when is None


def test_the_page_about_signing_in_shows_a_file_that_can_be_used(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "signing-in.md").read_text(encoding="utf-8")
    assert read(tmp_path, page.split("```toml")[1].split("```")[0], **SECRET).issuers


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    settings = read(tmp_path, FIRST + MEMBER, LARNAT_OIDC_SECRET_KOMMUNEN="mycket hemligt")
    assert settings.issuers[0].secret == "mycket hemligt"
    assert "mycket hemligt" not in repr(settings)
    told = faults(tmp_path, FIRST + 'secret = "mycket hemligt"\n' + MEMBER)
    assert "mycket hemligt" not in told
    assert "i miljön" in told


def test_a_value_may_be_one_or_several_and_of_any_sort(tmp_path: Path) -> None:
    told = MEMBER + 'when = { groups = ["a", "b"], orgnr = 2120001234, staff = true }\n'
    assert read(tmp_path, FIRST + told, **SECRET).issuers[0].memberships[0].when == {
        "groups": ("a", "b"),
        "orgnr": ("2120001234",),
        "staff": ("true",),
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "ingen [[issuer]]"),
        ("x = ", "inte rätt skriven"),
        ("x = 1\n" + FIRST + MEMBER, "x finns inte"),
        (FIRST, "membership"),
        (FIRST + 'scope = "x"\n' + MEMBER, "scope är ingen inställning"),
        (FIRST + MEMBER + 'rol = "x"\n', "membership 1 rol är ingen inställning"),
        (FIRST + MEMBER + 'role = "admin"\n', "'member' eller 'coordinator'"),
        (FIRST.replace("kommunen", "Kommunen!") + MEMBER, "kort ord"),
        (FIRST.replace("https://login.example", "login.example") + MEMBER, "utfärdarens adress"),
        (FIRST.replace("https", "http") + MEMBER, "https:"),
        (FIRST + 'email_domains = ["@x"]\n' + MEMBER, "efter @"),
        (FIRST + "admin_when = {}\n" + MEMBER, "alla skulle bli administratörer"),
        (FIRST + 'scopes = ["email"]\n' + MEMBER, "openid"),
        (FIRST + 'client_authentication = "none"\n' + MEMBER, "none"),
        (FIRST + MEMBER + FIRST + MEMBER, "två gånger"),
        ('issuer = "x"', "ingen [[issuer]]"),
        ('issuer = ["x"]', "nummer 1"),
    ],
    ids=range(17),
)
def test_what_is_wrong_in_the_file_stops_the_start(tmp_path: Path, text: str, named: str) -> None:
    assert named in faults(tmp_path, text, **SECRET)


def test_a_secret_that_is_missing_or_belongs_to_nobody_stops_the_start(tmp_path: Path) -> None:
    assert "LARNAT_OIDC_SECRET_KOMMUNEN saknas" in faults(tmp_path, FIRST + MEMBER)
    told = faults(tmp_path, FIRST + MEMBER, **SECRET, LARNAT_OIDC_SECRET_KOMUNEN="x")
    assert "Menar du LARNAT_OIDC_SECRET_KOMMUNEN?" in told


def test_in_production_the_site_has_to_know_its_address(tmp_path: Path) -> None:
    production = {"LARNAT_MODE": "production", "LARNAT_SECRET_KEY": KEY, **SECRET}
    assert "LARNAT_ADDRESS saknas" in faults(tmp_path, FIRST + MEMBER, **production)
    plain = FIRST.replace("https://login.example", "http://127.0.0.1:9000") + MEMBER
    address = {"LARNAT_ADDRESS": "https://larnat.example"}
    assert "https:" in faults(tmp_path, plain, **production, **address)
    assert read(tmp_path, FIRST + MEMBER, **production, **address).issuers
    assert read(tmp_path, plain, **SECRET).issuers


def test_an_organisation_that_there_is_none_of_stops_the_start(tmp_path: Path) -> None:
    settings = read(make_home(tmp_path / "home"), FIRST + MEMBER.replace("sodertalje", "sodertjale"), **SECRET)
    done = CliRunner().invoke(larnat, ["prepare"], obj=settings)
    assert done.exit_code == 2
    assert "K bestämmer över sodertjale, men ingen organisation heter så" in done.output
    assert not settings.kept_file.exists()


def test_passwords_are_not_switched_off_where_nobody_could_sign_in(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="ingen kan logga in"):
        read_settings({"LARNAT_HOME": str(tmp_path), "LARNAT_PASSWORDS": "off"})
    assert not read(tmp_path, FIRST + MEMBER, **SECRET, LARNAT_PASSWORDS="off").passwords


def test_an_issuer_vouches_for_its_own_domains_only() -> None:
    issuer = issuer_at("https://login.example")
    addresses = (
        "a@sodertalje.test",
        "A@SODERTALJE.TEST",
        "a@x.sodertalje.test",
        "a@sodertalje.test.x",
        "sodertalje.test",
    )
    assert [issuer.vouches_for(address) for address in addresses] == [True, True, False, False, True]
