"""Settings of an installation: `ALUR_*` variables, read once; a wrong one stops the start with a clear sentence."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import N_, BadNumber, BadSettings

SECRET_LENGTH = 32
SMTP_PORTS = {"smtp": 587, "smtps": 465}
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
EMAIL_LENGTH = 254
HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]")
DATABASES = ("sqlite", "postgresql")
# In the clear only on this machine, for trying out: the provider says who somebody is.
ISSUER = re.compile(r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:\d+)?(/[^\s?#]*)?")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _text(_variable: str, value: str) -> str:
    return value.strip()


def _path(_variable: str, value: str) -> Path:
    return Path(value)


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def read(variable: str, value: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            raise BadNumber(variable=variable, low=low, high=high)
        return int(value)

    return read


def _switch(variable: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise BadSettings(variable=variable, reason=N_("must be 0 or 1"))
    return value == "1"


def _hosts(variable: str, value: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(HOST.fullmatch(name) for name in names):
        reason = N_("must be host names with commas between them, without http:// and port, such as alur.kantor.lan")
        raise BadSettings(variable=variable, reason=reason)
    return names


def is_email(text: str) -> bool:
    """Whether it is an address that any mail server takes: ASCII, and nothing that could become another header."""
    return len(text) <= EMAIL_LENGTH and EMAIL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over; `tls` from the first byte, else as soon as the server offers it."""

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


def _setting(default: object, read: Callable[[str, str], object], help_text: str) -> Any:  # noqa: ANN401 - dataclasses.field is untyped too
    return field(default=default, metadata={"read": read, "help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings; each field is the variable `ALUR_<NAME>`."""

    var: Path = _setting(Path("var"), _path, "Data directory: the SQLite database and the secret key.")
    database_url: str = _setting("", _text, "SQLAlchemy address of the database; empty: SQLite in ALUR_VAR.")
    host: str = _setting("127.0.0.1", _text, "Address to listen on.")
    port: int = _setting(8000, _number(1, 65535), "Port to listen on.")
    secret_key: str = _setting("", _text, "Secret for signing forms, 32 characters or more; never shared.")
    demo: bool = _setting(False, _switch, "1: a demo cast with one-time sign-in links; on loopback only.")
    threads: int = _setting(8, _number(1, 256), "Threads of one server process.")
    hosts: tuple[str, ...] = _setting((), _hosts, "Host names the pages answer to, comma-separated; empty: any.")
    upload_megabytes: int = _setting(25, _number(1, 1024), "Largest file that may be uploaded, in megabytes.")
    base_url: str = _setting("", _text, "Address that people open, for links in e-mail; empty: where it listens.")
    smtp_url: str = _setting(
        "", _text, "Mail server: smtp://user:password@host:port, or smtps://…; empty: no e-mail is sent."
    )
    mail_from: str = _setting("", _text, "Sender of e-mail, e.g. alur@kpu-pinrang.go.id.")
    proxy: int = _setting(0, _number(0, 9), "How many proxies stand before Alur, whose X-Forwarded-* it then believes.")
    oidc_issuer: str = _setting("", _text, "Address of the OpenID Connect provider; empty: passwords only.")
    oidc_client_id: str = _setting("", _text, "What the provider calls Alur.")
    oidc_client_secret: str = _setting("", _text, "What the provider knows Alur by; never shared.")
    oidc_claim: str = _setting("preferred_username", _text, "Which of the provider's claims is the user name in Alur.")
    checkpoints: Path | None = _setting(None, _path, "Folder of the signed checkpoints; empty: in ALUR_VAR.")
    checkpoint_key: Path | None = _setting(None, _path, "File of the key that signs them; empty: in ALUR_VAR.")
    language: str = _setting("id", _text, "Language when a browser names none: id or en.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment; raises `BadSettings` naming the first variable that is wrong."""
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for item in fields(cls):
            variable = f"ALUR_{item.name.upper()}"
            if environ.get(variable):
                values[item.name] = item.metadata["read"](variable, environ[variable])
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
        return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """Where people open the pages, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    def _check(self) -> None:
        if self.secret_key and len(self.secret_key) < SECRET_LENGTH:
            raise BadSettings(variable="ALUR_SECRET_KEY", reason=N_("needs 32 characters or more"))
        if self.language not in ("id", "en"):
            raise BadSettings(variable="ALUR_LANGUAGE", reason=N_("must be id or en"))
        if self.demo and (self.proxy or not self.loopback):
            reason = N_(
                "the demo is for this PC alone, since its sign-in links are for everybody who sees them; "
                "for colleagues set ALUR_DEMO=0 and ALUR_SECRET_KEY, then add people with: %(alur)s user add"
            )
            raise BadSettings(variable="ALUR_DEMO", reason=reason)
        if self.base_url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", self.base_url):
            raise BadSettings(
                variable="ALUR_BASE_URL", reason=N_("must be an address such as https://alur.example.go.id")
            )
        self._check_database()
        self._check_mail()
        self._check_provider()

    def _check_database(self) -> None:
        try:
            kind = make_url(self.database_address).get_backend_name()
        except (ArgumentError, ValueError):
            kind = ""
        if kind not in DATABASES:
            reason = N_("must be postgresql://user@host/name or sqlite:///path")
            raise BadSettings(variable="ALUR_DATABASE_URL", reason=reason)

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

    def _check_provider(self) -> None:
        if not self.oidc_issuer:
            return
        if not ISSUER.fullmatch(self.oidc_issuer):
            reason = N_("must be the provider's https:// address, as its configuration names it")
            raise BadSettings(variable="ALUR_OIDC_ISSUER", reason=reason)
        for variable, value in (
            ("ALUR_OIDC_CLIENT_ID", self.oidc_client_id),
            ("ALUR_OIDC_CLIENT_SECRET", self.oidc_client_secret),
        ):
            if not value:
                raise BadSettings(variable=variable, reason=N_("is needed with ALUR_OIDC_ISSUER"))
