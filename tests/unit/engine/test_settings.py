"""Settings: every wrong value is one sentence that names its variable; every right one is documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from engine.errors import BadSettings
from engine.language import explain
from engine.settings import LOOPBACK, Settings

ROOT = Path(__file__).parents[3]
SECRET = "0123456789abcdef0123456789abcdef"
PROVIDER = {
    "ALUR_OIDC_ISSUER": "https://sso.example.go.id/realms/kpu",
    "ALUR_OIDC_CLIENT_ID": "alur",
    "ALUR_OIDC_CLIENT_SECRET": "rahasia",
}


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert settings.loopback
    assert settings.database_address.startswith("sqlite:///")
    assert not (settings.demo or settings.proxy or settings.oidc_issuer)


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Settings.from_env({f"ALUR_{item.name.upper()}": "" for item in fields(Settings)}) == Settings()


def test_every_variable_is_read() -> None:
    settings = Settings.from_env(
        {
            "ALUR_VAR": "/srv/alur",
            "ALUR_DATABASE_URL": "postgresql://alur@localhost/alur",
            "ALUR_HOST": "0.0.0.0",
            "ALUR_PORT": "8080",
            "ALUR_SECRET_KEY": SECRET,
            "ALUR_THREADS": "4",
            "ALUR_HOSTS": "alur.kantor.lan, .pinrang.example,[fd00::2] ,192.168.1.20",
            "ALUR_UPLOAD_MEGABYTES": "50",
            "ALUR_PROXY": "1",
            "ALUR_LANGUAGE": "en",
            **PROVIDER,
        }
    )
    assert (settings.var, settings.port, settings.threads) == (Path("/srv/alur"), 8080, 4)
    assert settings.hosts == ("alur.kantor.lan", ".pinrang.example", "[fd00::2]", "192.168.1.20")
    assert (settings.upload_megabytes, settings.proxy, settings.oidc_claim) == (50, 1, "preferred_username")
    assert settings.database_address == "postgresql://alur@localhost/alur"
    assert not settings.loopback


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_demo_serves_this_machine(host: str) -> None:
    assert Settings.from_env({"ALUR_DEMO": "1", "ALUR_HOST": host}).demo


@pytest.mark.parametrize(
    ("variable", "value", "besides", "sentence"),
    [
        ("ALUR_DATABASE_URL", "alur.db", {}, "must be postgresql://user@host/name or sqlite:///path"),
        ("ALUR_DATABASE_URL", "mysql://a@b/c", {}, "must be postgresql://user@host/name or sqlite:///path"),
        ("ALUR_DATABASE_URL", "postgresql://a@b:x/c", {}, "must be postgresql://user@host/name or sqlite:///path"),
        ("ALUR_PORT", "delapan", {}, "must be a whole number from 1 to 65535"),
        ("ALUR_PORT", "0", {}, "must be a whole number from 1 to 65535"),
        ("ALUR_PORT", "-8000", {}, "must be a whole number from 1 to 65535"),
        ("ALUR_THREADS", "257", {}, "must be a whole number from 1 to 256"),
        ("ALUR_UPLOAD_MEGABYTES", "25 MB", {}, "must be a whole number from 1 to 1024"),
        ("ALUR_PROXY", "yes", {}, "must be a whole number from 0 to 9"),
        ("ALUR_SECRET_KEY", "pendek", {}, "needs 32 characters or more"),
        ("ALUR_DEMO", "true", {}, "must be 0 or 1"),
        ("ALUR_DEMO", "1", {"ALUR_HOST": "0.0.0.0"}, "for colleagues set ALUR_DEMO=0 and ALUR_SECRET_KEY"),
        ("ALUR_DEMO", "1", {"ALUR_PROXY": "1"}, "for colleagues set ALUR_DEMO=0 and ALUR_SECRET_KEY"),
        ("ALUR_HOSTS", "https://alur.kantor.lan", {}, "must be host names with commas between them"),
        ("ALUR_HOSTS", "alur.kantor.lan:8000", {}, "must be host names with commas between them"),
        ("ALUR_HOSTS", "*", {}, "must be host names with commas between them"),
        ("ALUR_LANGUAGE", "bugis", {}, "must be id or en"),
        ("ALUR_OIDC_ISSUER", "sso.example.go.id", PROVIDER, "must be the provider's https:// address"),
        ("ALUR_OIDC_ISSUER", "http://sso.example.go.id", PROVIDER, "must be the provider's https:// address"),
        ("ALUR_OIDC_ISSUER", "http://localhost.example/", PROVIDER, "must be the provider's https:// address"),
        ("ALUR_OIDC_ISSUER", "https://[", PROVIDER, "must be the provider's https:// address"),
        ("ALUR_OIDC_ISSUER", "https://a.example?x=1", PROVIDER, "must be the provider's https:// address"),
        ("ALUR_OIDC_CLIENT_ID", "", PROVIDER, "is needed with ALUR_OIDC_ISSUER"),
        ("ALUR_OIDC_CLIENT_SECRET", " ", PROVIDER, "is needed with ALUR_OIDC_ISSUER"),
        ("ALUR_BASE_URL", "alur.kantor.lan", {}, "must be an address such as"),
        ("ALUR_SMTP_URL", "mail.kantor.lan:25", {}, "must be smtp://"),
        ("ALUR_SMTP_URL", "smtp://mail.kantor.lan:surat", {}, "must be smtp://"),
        ("ALUR_MAIL_FROM", "Alur", {"ALUR_SMTP_URL": "smtp://mail.kantor.lan"}, "must be an e-mail address"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_its_variable(
    variable: str, value: str, besides: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({**besides, variable: value})
    said = explain(refused.value, "en")
    assert said.startswith(f"{variable}: ")
    assert sentence in said
    assert "\n" not in said
    assert explain(refused.value, "id") != said


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    tables = "\n".join(line for line in text.splitlines() if line.startswith("| `ALUR_"))
    documented = set(re.findall(r"ALUR_[A-Z_]+", "\n".join(line.split("|")[1] for line in tables.splitlines())))
    assert documented == {f"ALUR_{item.name.upper()}" for item in fields(Settings)}
    assert all(item.metadata["help"].endswith(".") for item in fields(Settings))
