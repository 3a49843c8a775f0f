"""Reading the environment: all of it at once, so that one start tells everything that is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from app.config.demo_secret import SHORTEST_SECRET, demo_secret
from app.config.issuers import read_issuers
from app.config.settings import Settings
from app.config.variables import VARIABLES, Variable
from app.config.wrong import LOOPBACK, WrongSettings


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment gives. Raises WrongSettings with all faults at once."""
    return _Reader(environ).settings()


class _Reader:
    """Reads every variable and gathers what is wrong, so that one start tells all of it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def settings(self) -> Settings:
        found = {variable.field: self._value(variable) for variable in VARIABLES}
        secrets = self._issuers(found)
        self._unknown_names(secrets)
        if found["mode"] == "production":
            self._secret(str(found["secret_key"]))
        elif found["mode"] == "demo":
            self._only_here(found["host"])
        self._letters(found)
        if self.faults:
            raise WrongSettings(self.faults)
        home = found["home"]
        if isinstance(home, Path) and not found["secret_key"]:
            found["secret_key"] = demo_secret(home)
        return Settings(**found)  # type: ignore[arg-type]

    def _value(self, variable: Variable) -> object:
        text = self.environ.get(variable.name, "").strip() or variable.default
        try:
            return variable.read(text)
        except ValueError as expected:
            self.faults.append(f"{variable.name} är ”{text}”, men ska vara {expected}.")
            return None

    def _unknown_names(self, secrets: list[str]) -> None:
        known = [*(variable.name for variable in VARIABLES), *secrets]
        for name in sorted(self.environ):
            if name.startswith("LARNAT_") and name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f" Menar du {near[0]}?" if near else ""
                self.faults.append(f"{name} är ingen inställning i Lärnät.{hint}")

    def _secret(self, secret: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            self.faults.append(
                f"LARNAT_SECRET_KEY saknas eller är kortare än {SHORTEST_SECRET} tecken. I drift"
                " (LARNAT_MODE=production) behövs en egen hemlig nyckel. Gör en med:"
                " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )

    def _letters(self, found: Mapping[str, object]) -> None:
        """What does not go together among the settings of letters. They are None where they are wrong by themselves."""
        rules = (
            (
                found["smtp_host"] and found["smtp_from"] == "",
                "LARNAT_SMTP_FROM saknas: avsändarens e-postadress behövs för att skicka brev.",
            ),
            (
                found["address"] == "" and (found["smtp_host"] or found["mode"] == "production"),
                "LARNAT_ADDRESS saknas: brevens länkar börjar med den, och i drift svarar Lärnät bara på den.",
            ),
            (
                found["smtp_host"] == "" and (found["smtp_user"] or found["smtp_from"]),
                "LARNAT_SMTP_HOST saknas, men andra inställningar för brev är satta.",
            ),
            (
                bool(found["smtp_user"]) != bool(found["smtp_password"]),
                "LARNAT_SMTP_USER och LARNAT_SMTP_PASSWORD hör ihop: sätt båda eller ingen.",
            ),
            (
                not str(found["smtp_password"]).isascii() or not str(found["smtp_user"]).isascii(),
                "LARNAT_SMTP_USER och LARNAT_SMTP_PASSWORD får bara ha tecken som finns i ASCII, inte å, ä och ö.",
            ),
            (
                found["smtp_user"] and found["smtp_tls"] == "none",
                "LARNAT_SMTP_TLS är ”none”: lösenordet skulle skickas så att andra kan läsa det.",
            ),
            (
                found["mode"] == "production" and str(found["address"]).startswith("http:"),
                "LARNAT_ADDRESS börjar med http:, men i drift går Lärnät bara att använda över https.",
            ),
        )
        self.faults += [fault for broken, fault in rules if broken]

    def _issuers(self, found: dict[str, object]) -> list[str]:
        """Read the file about issuers, if there is one; gives the names of the variables that hold their secrets."""
        file, anywhere = found["oidc_file"], found["mode"] == "production"
        found["issuers"] = ()
        if isinstance(file, Path):
            found["issuers"], faults = read_issuers(file, self.environ, anywhere)
            self.faults += [f"LARNAT_OIDC_FILE: {fault}" for fault in faults]
        elif found["passwords"] is False:
            self.faults.append("LARNAT_PASSWORDS är off, men ingen LARNAT_OIDC_FILE är satt: ingen kan logga in.")
        return [issuer.secret_name for issuer in found["issuers"]]  # type: ignore[attr-defined]

    def _only_here(self, host: object) -> None:
        if host is not None and host not in LOOPBACK:
            self.faults.append(
                f"LARNAT_HOST är ”{host}”, men i demoläge finns konton med kända lösenord, så då får Lärnät bara svara"
                " på den egna datorn (127.0.0.1). Sätt LARNAT_MODE=production för att svara på nätet."
            )
