"""Settings of an installation: `ALUR_*` variables, read once; a wrong one stops the start with a clear sentence."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from engine.errors import N_, BadSettings

SECRET_LENGTH = 32
SMTP_PORTS = {"smtp": 587, "smtps": 465}
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
EMAIL_LENGTH = 254


def _text(value: str) -> str:
    return value.strip()


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if not low <= number <= high:
            raise ValueError(f"must be between {low} and {high}")
        return number

    return read


def _switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return value == "1"


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def is_email(text: str) -> bool:
    """Whether it is an address that any mail server takes: ASCII, and nothing that could become another header."""
    return len(text) <= EMAIL_LENGTH and EMAIL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over; `tls` from the first byte, else as soon as the server offers it."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str


def mail_server(address: str) -> MailServer:
    """The parts of ALUR_SMTP_URL; raises `ValueError`."""
    parts = urlsplit(address)
    if parts.scheme not in SMTP_PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(address)
    return MailServer(
        parts.hostname,
        parts.port or SMTP_PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username) if parts.username else None,
        unquote(parts.password or ""),
    )


def _setting(default: object, read: Callable[[str], object], help_text: str) -> Any:  # noqa: ANN401 - dataclasses.field is untyped too
    return field(default=default, metadata={"read": read, "help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings; each field is the variable `ALUR_<NAME>`."""

    var: Path = _setting(Path("var"), Path, "Data directory: the SQLite database and the secret key.")
    database_url: str = _setting("", _text, "SQLAlchemy address of the database; empty: SQLite in ALUR_VAR.")
    host: str = _setting("127.0.0.1", _text, "Address to listen on.")
    port: int = _setting(8000, _number(1, 65535), "Port to listen on.")
    secret_key: str = _setting("", _text, "Secret for signing forms, 32 characters or more; never shared.")
    demo: bool = _setting(False, _switch, "1: a demo cast with one-time sign-in links; on loopback only.")
    threads: int = _setting(8, _number(1, 256), "Threads of one server process.")
    hosts: tuple[str, ...] = _setting((), _names, "Host names the pages answer to, comma-separated; empty: any.")
    upload_megabytes: int = _setting(25, _number(1, 1024), "Largest file that may be uploaded, in megabytes.")
    base_url: str = _setting("", _text, "Address that people open, for links in letters; empty: where it listens.")
    smtp_url: str = _setting(
        "", _text, "Mail server: smtp://user:password@host:port, or smtps://…; empty: no letters are sent."
    )
    mail_from: str = _setting("", _text, "Sender of letters, e.g. alur@kpu-pinrang.go.id.")
    language: str = _setting("id", _text, "Language when a browser names none: id or en.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment; raises `BadSettings` naming the first variable that is wrong."""
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for item in fields(cls):
            variable = f"ALUR_{item.name.upper()}"
            if not environ.get(variable):
                continue
            try:
                values[item.name] = item.metadata["read"](environ[variable])
            except ValueError as error:
                raise BadSettings(variable=variable, reason=str(error)) from None
        settings = cls(**values)  # type: ignore[arg-type]  # the readers above give each field its type
        settings._check()
        return settings

    @property
    def database_address(self) -> str:
        """The database's SQLAlchemy address."""
        return self.database_url or f"sqlite:///{(self.var / 'alur.sqlite3').resolve().as_posix()}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def address(self) -> str:
        """Where people open the pages, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    def _check(self) -> None:
        if self.secret_key and len(self.secret_key) < SECRET_LENGTH:
            raise BadSettings(variable="ALUR_SECRET_KEY", reason=N_("needs 32 characters or more"))
        if self.language not in ("id", "en"):
            raise BadSettings(variable="ALUR_LANGUAGE", reason=N_("must be id or en"))
        if self.demo and not self.loopback:
            raise BadSettings(variable="ALUR_DEMO", reason=N_("the demo serves this machine only; set ALUR_DEMO=0"))
        if self.base_url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", self.base_url):
            raise BadSettings(variable="ALUR_BASE_URL", reason=N_("must be an address such as https://alur.example.go.id"))
        self._check_mail()

    def _check_mail(self) -> None:
        if not self.smtp_url:
            return
        try:
            mail_server(self.smtp_url)
        except ValueError:
            reason = N_("must be smtp://host:port or smtps://user:password@host:port")
            raise BadSettings(variable="ALUR_SMTP_URL", reason=reason) from None
        if not is_email(self.mail_from):
            raise BadSettings(variable="ALUR_MAIL_FROM", reason=N_("must be an e-mail address"))
