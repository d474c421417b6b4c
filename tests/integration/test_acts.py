"""Acts outside cases: recorded with what they did, chained, and proven against the tables."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import acts, backup, credentials, installation, office
from engine.commands.credentials import revoke_access
from engine.commands.memberships import KINDS as KINDS_HELD
from engine.commands.memberships import Grant, end_membership, grant
from engine.commands.office import change_office
from engine.commands.people import change_user
from engine.commands.register import Span, enter_span, void_numbers
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.errors import AlurError, Conflict, Forbidden, Invalid, Unacceptable
from engine.queries.acts import KINDS, find_acts, verify_acts
from engine.queries.register import this_year
from engine.queries.users import one_user
from engine.replay import verify_all
from engine.site import Site
from tests.cast import CHANNEL, NAMES, OPERATOR, PASSWORD
from tests.walking import WEB, person

WHY = "SK 12/2026"


def last(site: Site) -> dict[str, object]:
    return find_acts(site, OPERATOR, before=10**6, limit=1)[0]


def test_an_installation_begins_with_its_office_its_sops_and_its_people(site: Site) -> None:
    found = find_acts(site, OPERATOR)
    assert [act["seq"] for act in found] == list(range(1, len(found) + 1))
    assert [act["kind"] for act in found[:3]] == ["office.changed", "upgraded", "deployed"]
    assert {act["kind"] for act in found} <= KINDS.keys()
    assert verify_acts(site, person(site, "auditor")).verified


def test_an_act_tells_who_did_what_which_way_and_why(site: Site) -> None:
    change_user(site, person(site, "admin"), WEB, "staf", {"rank": "Penata"}, WHY)
    act = last(site)
    assert (act["actor"], act["channel"], act["kind"], act["subject"], act["reason"]) == (
        "admin",
        "web",
        "user.changed",
        "staf",
        WHY,
    )
    assert (act["before"]["rank"], act["after"]["rank"]) == ("Penata Muda", "Penata")  # type: ignore[index]


def test_signing_in_is_an_act_and_failing_to_is_none(site: Site) -> None:
    credentials.sign_in(site, "staf", PASSWORD, "10.0.0.7")
    assert (last(site)["kind"], last(site)["after"]) == ("signed_in", {"by": "password", "address": "10.0.0.7"})
    with pytest.raises(Exception, match="not right"):
        credentials.sign_in(site, "staf", "salah", "10.0.0.7")
    assert last(site)["kind"] == "signed_in" and last(site)["seq"] == len(find_acts(site, OPERATOR))


def test_no_secret_is_in_the_acts(site: Site) -> None:
    token = credentials.create_token(site, OPERATOR, CHANNEL, "staf")
    with site.database.read() as connection:
        told = " ".join(connection.exec_driver_sql("select entry from acts").scalars())
        hashed = connection.exec_driver_sql("select password from users where name = 'staf'").scalar()
    assert token not in told and str(hashed) not in told and PASSWORD not in told


def test_the_same_deployment_again_is_no_act(site: Site) -> None:
    before = last(site)["seq"]
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn" / "sop-16-2022.bpmn"])
    assert last(site)["seq"] == before


def test_what_fails_leaves_no_act(site: Site) -> None:
    before = last(site)["seq"]
    with pytest.raises(Unacceptable):
        grant(site, OPERATOR, CHANNEL, "staf", Grant("lane", "Staf", WHY))
    assert last(site)["seq"] == before


def test_a_backup_and_a_restore_are_acts(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.sqlite3"
    assert backup.back_up(site, OPERATOR, CHANNEL, file, lambda *_: None)
    assert (last(site)["kind"], last(site)["subject"]) == ("backup", "cadangan.sqlite3")
    replaced = last(site)
    assert backup.restore(site, OPERATOR, CHANNEL, file, lambda *_: None)
    assert last(site)["kind"] == "restore"
    assert last(site)["before"] == {"acts": replaced["seq"], "head": replaced["hash"], "checkpoint": 0}
    assert verify_acts(site, OPERATOR).verified


def attempt(site: Site, act: str, who: str, n: int) -> None:
    """One act that somebody might try; many are refused."""
    year, admin = this_year(site), person(site, "admin")
    with suppress(AlurError):
        match act:
            case "grant":
                day = str(site.clock().date() + timedelta(days=n)) if n % 2 else None
                grant(site, admin, WEB, who, Grant(KINDS_HELD[n % 3], ("Staf", "Ketua", "auditor")[n % 3], WHY, day))
            case "end":
                for each in one_user(site, admin, who).held[n : n + 1]:
                    end_membership(site, admin, WEB, who, each.id, WHY)
            case "change":
                change_user(site, admin, WEB, who, {"rank": f"Golongan {n}", "active": n % 4 > 0}, WHY)
            case "revoke":
                revoke_access(site, admin, WEB, who, WHY)
            case "token":
                credentials.create_token(site, admin, WEB, who)
            case "enter":
                enter_span(site, admin, WEB, Span("nota_dinas", year, n + 1, n + 1 + n % 3), WHY)
            case "void":
                void_numbers(site, admin, WEB, Span("nota_dinas", year, n + 1, n + 2), WHY)
            case "substitute":
                add_substitute(site, admin, WEB, NewSubstitution(who, NAMES[n], "plh", WHY))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tries=st.lists(
        st.tuples(
            st.sampled_from(["grant", "end", "change", "revoke", "token", "enter", "void", "substitute"]),
            st.sampled_from(NAMES),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_an_honest_office_never_raises_an_alarm(site: Site, tries: list[tuple[str, str, int]]) -> None:
    for act, who, n in tries:
        attempt(site, act, who, n)
    result = verify_acts(site, OPERATOR)
    assert (result.status, result.first_divergence) == ("verified", None)


FORGERIES: dict[str, str] = {
    "a changed reason": """update acts set entry = replace(entry, 'SK 12/2026', 'SK 13/2026') where seq =
        (select max(seq) from acts)""",
    "a changed actor column": "update acts set actor = 'kpa' where seq = 3",
    "a deleted act": "delete from acts where seq = 5",
    "a deleted tail": "delete from acts where seq = (select max(seq) from acts)",
    "a role that nobody gave": """insert into memberships (id, "user", kind, value, valid_from, granted_by)
        select 999, 'staf', 'role', 'admin', created_at, 'admin' from users where name = 'staf'""",
    "a role that lasts longer": "update memberships set valid_to = null where valid_to is not null",
    "a lane that is another": "update memberships set value = 'KPA' where value = 'PPK'",
    "somebody else's password": """update users set password = (select password from users where name = 'staf')
        where name = 'kpa'""",
    "another rank": "update users set rank = 'Pembina' where name = 'ppk'",
    "a token that nobody made": """insert into credentials (sha256, kind, "user", created_at)
        select 'f00d', 'token', 'admin', created_at from users where name = 'staf'""",
    "another letterhead": "update office set data = replace(data, 'PINRANG', 'BONE')",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_forgery_is_found(site: Site, forgery: str) -> None:
    day = str((site.clock()).date().replace(year=2099))
    grant(site, OPERATOR, CHANNEL, "staf", Grant("role", "auditor", WHY, valid_to=day))
    assert verify_acts(site, OPERATOR).verified
    with site.database.write() as connection:
        connection.exec_driver_sql(FORGERIES[forgery].replace("%", "%%"))
    result = dict(verify_all(site))["acts"]
    assert result.status == "failed" and result.first_divergence is not None
    assert result.first_divergence.explain("id")


def test_acts_are_read_by_auditors_and_administrators(site: Site) -> None:
    for name in ("auditor", "admin"):
        assert find_acts(site, person(site, name), kind="deployed")[0]["subject"] == "sop-16-2022"
    assert [act["subject"] for act in find_acts(site, OPERATOR, text="kpa", kind="user.added")] == ["kpa"]
    for read in (find_acts, verify_acts):
        with pytest.raises(Forbidden):
            read(site, person(site, "staf"))


def test_acts_of_two_at_once_keep_their_order(site: Site) -> None:
    def make(name: str) -> str:
        return credentials.create_token(site, OPERATOR, CHANNEL, name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, ["staf", "ppk", "kpa", "kasubag"] * 4))
    assert verify_acts(site, OPERATOR).verified


def data(site: Site) -> dict[str, object]:
    with site.database.read() as connection:
        return office.current(connection)


def broken(**changes: object) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda whole: {**whole, **changes}


MASK = {"mask": "{urut}/{klasifikasi}-{jenis}/{tahun}", "jenis": "ND"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (broken(wilayah="abc"), "/wilayah"),
        (broken(zona="Asia/Tokyo"), "/zona"),
        (broken(singkatan_zona="WIB"), "/zona"),
        (broken(rahasia=1), "/rahasia"),
        (broken(kop={"nama_1": ""}), "/kop/nama_1"),
        (broken(masks={"nota_dinas": {"mask": "{urut}"}}), "/masks/nota_dinas"),
        (broken(masks={"Nota Dinas": MASK}), "/masks/Nota Dinas"),
        (broken(masks={"a": MASK, "b": MASK}), "/masks/b"),
        (broken(working_time={}), "/working_time"),
        (broken(working_time={"monday": {"from": "16:00", "to": "07:30"}}), "/working_time/monday"),
        (
            broken(working_time={"monday": {"from": "08:00", "to": "16:00"}, "holidays": ["besok"]}),
            "/working_time/holidays/0",
        ),
    ],
)
def test_office_data_that_would_stumble_later_is_refused(
    site: Site, change: Callable[[dict[str, object]], dict[str, object]], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change_office(site, OPERATOR, CHANNEL, change(data(site)), WHY)
    assert pointer in [error.pointer for error in refused.value.errors]  # type: ignore[attr-defined]


def test_a_new_letterhead_holds_and_what_changed_is_told(site: Site) -> None:
    whole = data(site)
    kop = {**whole["kop"], "alamat": "Jalan Bintang 7"}  # type: ignore[dict-item]
    with site.database.read() as connection:
        revision = office.revision(connection)
    change_office(site, OPERATOR, CHANNEL, {**whole, "kop": kop}, WHY, revision)
    act = last(site)
    assert act["subject"] == "kop" and act["after"]["kop"] == kop  # type: ignore[index]
    with pytest.raises(Conflict):
        change_office(site, OPERATOR, CHANNEL, whole, WHY, revision)
    with pytest.raises(Forbidden):
        change_office(site, person(site, "auditor"), WEB, whole, WHY)
    assert verify_acts(site, OPERATOR).verified
    with site.database.read() as connection:
        assert acts.head(connection) == (act["seq"], act["hash"])
