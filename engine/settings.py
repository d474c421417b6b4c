"""Settings of an installation: `ALUR_*` variables, read once; a wrong one stops the start with a clear sentence."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from engine.errors import N_, BadSettings

SECRET_LENGTH = 32


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

    def _check(self) -> None:
        if self.secret_key and len(self.secret_key) < SECRET_LENGTH:
            raise BadSettings(variable="ALUR_SECRET_KEY", reason=N_("needs 32 characters or more"))
        if self.language not in ("id", "en"):
            raise BadSettings(variable="ALUR_LANGUAGE", reason=N_("must be id or en"))
        if self.demo and not self.loopback:
            raise BadSettings(variable="ALUR_DEMO", reason=N_("the demo serves this machine only; set ALUR_DEMO=0"))
