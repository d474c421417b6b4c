"""People: added, changed, given roles and positions, imported; nobody touches their own account."""

from datetime import timedelta
from typing import Any

import pytest

from engine import credentials
from engine.commands.credentials import change_password, reset_password, revoke_access
from engine.commands.memberships import Grant, end_membership, grant
from engine.commands.people import change_user
from engine.commands.roster import import_roster, read_roster
from engine.errors import (
    Forbidden,
    Invalid,
    MembershipOver,
    NotFound,
    OwnAccount,
    SignInFailed,
    Unacceptable,
)
from engine.queries.users import access_of, find_users, one_user
from engine.replay import verify_all
from engine.site import Site
from tests.cast import CHANNEL, NAMES, OPERATOR, PASSWORD
from tests.walking import WEB, person

WHY = "SK 12/2026"


def honest(site: Site) -> bool:
    return all(result.verified for _, result in verify_all(site))


def held(site: Site, name: str, kind: str) -> list[str]:
    return one_user(site, OPERATOR, name).now(kind, site.clock())


def test_a_promotion_shows_from_now_on(site: Site) -> None:
    change_user(site, OPERATOR, CHANNEL, "staf", {"rank": " Penata  Tk. I ", "email": "andi@kpu.go.id"}, WHY)
    found = one_user(site, OPERATOR, "staf")
    assert (found.rank, found.email, person(site, "staf").rank) == ("Penata Tk. I", "andi@kpu.go.id", "Penata Tk. I")
    assert honest(site)


@pytest.mark.parametrize(
    ("column", "value"),
    [("nip", "1234"), ("nip", "19750417200112200X"), ("email", "bukan surel"), ("full_name", " "), ("rank", "x" * 121)],
)
def test_each_wrong_field_is_named(site: Site, column: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_user(site, OPERATOR, CHANNEL, "staf", {column: value}, WHY)
    assert [error.pointer for error in refused.value.errors] == [f"/{column}"]  # type: ignore[attr-defined]


def test_who_leaves_is_out_at_once_and_may_come_back(site: Site) -> None:
    session = credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    token = credentials.create_token(site, OPERATOR, CHANNEL, "staf")
    change_user(site, OPERATOR, CHANNEL, "staf", {"active": False}, "Pindah")
    assert credentials.holder(site, "session", session) is None
    assert credentials.holder(site, "token", token) is None
    with pytest.raises(SignInFailed):
        credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    change_user(site, OPERATOR, CHANNEL, "staf", {"active": True}, "Kembali")
    assert credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    assert credentials.holder(site, "token", token) is None, "what was revoked stays revoked"
    assert honest(site)


def test_a_role_holds_from_a_day_to_a_day(site: Site) -> None:
    today = site.clock().date()
    days = {"valid_from": str(today + timedelta(days=2)), "valid_to": str(today + timedelta(days=4))}
    grant(site, OPERATOR, CHANNEL, "staf", Grant("lane", "PPK", WHY, **days))
    assert held(site, "staf", "lane") == ["Staf"]
    found = one_user(site, OPERATOR, "staf")
    assert found.now("lane", site.clock() + timedelta(days=3)) == ["Staf", "PPK"]
    assert found.now("lane", site.clock() + timedelta(days=6)) == ["Staf"]
    assert honest(site)


def test_what_is_ended_stays_on_record(site: Site) -> None:
    identity = grant(site, OPERATOR, CHANNEL, "staf", Grant("role", "auditor", WHY))
    assert person(site, "staf").roles == {"auditor"}
    end_membership(site, OPERATOR, CHANNEL, "staf", identity, WHY)
    assert person(site, "staf").roles == frozenset()
    assert [each.status(site.clock()) for each in one_user(site, OPERATOR, "staf").held] == [
        "in_force",
        "in_force",
        "over",
    ]
    with pytest.raises(MembershipOver):
        end_membership(site, OPERATOR, CHANNEL, "staf", identity, WHY)
    assert honest(site)


@pytest.mark.parametrize(
    "new",
    [
        Grant("lane", "Staf", WHY),
        Grant("lane", " ", WHY),
        Grant("role", "raja", WHY),
        Grant("gelar", "Haji", WHY),
        Grant("lane", "PPK", " "),
        Grant("lane", "PPK", WHY, valid_to="2020-01-01"),
        Grant("lane", "PPK", WHY, valid_from="besok"),
    ],
)
def test_a_senseless_grant_is_refused(site: Site, new: Grant) -> None:
    with pytest.raises(Unacceptable):
        grant(site, OPERATOR, CHANNEL, "staf", new)


def test_nobody_changes_what_they_themselves_may_do(site: Site) -> None:
    admin = person(site, "admin")
    own = one_user(site, admin, "admin").held[0]
    with pytest.raises(OwnAccount):
        grant(site, admin, WEB, "admin", Grant("lane", "Staf", WHY))
    with pytest.raises(OwnAccount):
        end_membership(site, admin, WEB, "admin", own.id, WHY)
    with pytest.raises(OwnAccount):
        change_user(site, admin, WEB, "admin", {"active": False}, WHY)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"admin"}))
def test_only_administrators_manage_people(site: Site, name: str) -> None:
    actor = person(site, name)
    for attempt in (
        lambda: change_user(site, actor, WEB, "orangluar", {"rank": "Pembina"}, WHY),
        lambda: grant(site, actor, WEB, name, Grant("role", "admin", WHY)),
        lambda: reset_password(site, actor, WEB, "admin", WHY),
        lambda: import_roster(site, actor, WEB, b"name,full_name\na,b"),
        lambda: find_users(site, actor),
        lambda: credentials.create_token(site, actor, WEB, "admin"),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_new_password_signs_out_and_the_old_one_is_worth_nothing(site: Site) -> None:
    session = credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    password = reset_password(site, OPERATOR, CHANNEL, "staf", "Lupa")
    assert credentials.holder(site, "session", session) is None
    with pytest.raises(SignInFailed):
        credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    assert credentials.sign_in(site, "staf", password, "127.0.0.1")
    change_password(site, person(site, "staf"), WEB, password, "pilihan saya sendiri")
    assert credentials.sign_in(site, "staf", "pilihan saya sendiri", "127.0.0.1")
    with pytest.raises(Invalid):
        change_password(site, person(site, "staf"), WEB, "salah", "pilihan saya lagi")
    with pytest.raises(NotFound):
        reset_password(site, OPERATOR, CHANNEL, "tidak-ada", "Lupa")
    assert honest(site)


def test_access_is_counted_and_taken_back(site: Site) -> None:
    credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    assert (access_of(site, OPERATOR, "staf").tokens, access_of(site, OPERATOR, "staf").sessions) == (1, 1)
    revoke_access(site, person(site, "staf"), WEB, "staf", "Laptop hilang")
    assert (access_of(site, OPERATOR, "staf").tokens, access_of(site, OPERATOR, "staf").sessions) == (0, 0)
    assert honest(site)


def names(site: Site, **filters: Any) -> list[str]:
    return [each.name for each in find_users(site, OPERATOR, **filters)]


def test_people_are_found_by_what_one_knows_of_them(site: Site) -> None:
    assert names(site, text="kpu kab") == ["anggota", "kpukab"]
    assert names(site, text="SITTI") == ["kpa"]
    assert names(site, text="1975041720") == ["kpa"]
    assert names(site, text="100%") == []
    assert names(site, limit=2, after="anggota") == ["auditor", "kasubag"]
    change_user(site, OPERATOR, CHANNEL, "staf", {"active": False}, WHY)
    assert "staf" not in names(site, active=True) and names(site, active=False) == ["staf"]


SHEET = "Nama pengguna;Nama lengkap;Peran;Jabatan;NIP;Pangkat;Surel\n"


def test_people_come_from_a_spreadsheet_with_a_password_each(site: Site) -> None:
    rows = "budi;Budi Santoso;Staf|PPK;Bendahara;199001012015031001;Penata;budi@kpu.go.id\n\nsiti;Siti Nur;;;;;\n"
    added = import_roster(site, OPERATOR, CHANNEL, ("\ufeff" + SHEET + rows).encode())
    assert [each.name for each in added] == ["budi", "siti"]
    assert person(site, "budi").lanes == {"Staf", "PPK"}
    assert credentials.sign_in(site, "siti", added[1].password or "", "127.0.0.1")
    assert honest(site)


def test_every_wrong_line_is_told_and_nobody_is_added(site: Site) -> None:
    rows = "budi;Budi;;;1,99E+17;;\nstaf;Andi;;;;;\nbudi;Budi lagi;;;;;\nkurang;sel\n;Tanpa Nama;;;;;\n"
    roster = read_roster(site, OPERATOR, (SHEET + rows).encode())
    assert [error.pointer for error in roster.errors] == ["/2/nip", "/3/name", "/4/name", "/5", "/6/name"]
    with pytest.raises(Invalid):
        import_roster(site, OPERATOR, CHANNEL, (SHEET + rows).encode())
    assert "budi" not in names(site)


@pytest.mark.parametrize("content", [b"", b"nama;umur\nbudi;3", b"name,name,full_name\n", b"\xff\xfe\x00"])
def test_a_file_without_the_columns_is_told_so(site: Site, content: bytes) -> None:
    roster = read_roster(site, OPERATOR, content)
    assert [error.pointer for error in roster.errors] == ["/1"] and not roster.people


def test_commas_and_an_old_excel_are_read_too(site: Site) -> None:
    content = 'full_name,name,nip\n"Siti, S.E.",siti,\'199001012015031001\n'.encode("cp1252")
    assert read_roster(site, OPERATOR, content).people[0].full_name == "Siti, S.E."
