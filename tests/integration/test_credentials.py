"""Signing in: passwords, sessions, tokens, one-time links."""

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import product, repeat
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import attempts, credentials
from engine.commands.people import NewUser, add_user
from engine.errors import Forbidden, Invalid, LinkExpired, NameTaken, NotFound, SignInFailed, TooManyAttempts
from engine.site import Site
from tests.cast import CHANNEL, OPERATOR, PASSWORD
from tests.walking import person


def test_the_right_password_opens_a_session_until_it_is_ended(site: Site) -> None:
    session = credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    holder = credentials.holder(site, "session", session)
    assert holder is not None and holder.lanes == {"Staf"}
    assert credentials.holder(site, "token", session) is None
    credentials.end(site, session)
    assert credentials.holder(site, "session", session) is None


@pytest.mark.parametrize("name", ["staf", "ppk", "tidak-ada"])
def test_a_wrong_password_does_not_tell_who_exists(site: Site, name: str) -> None:
    with pytest.raises(SignInFailed):
        credentials.sign_in(site, name, "salah-salah-salah", "127.0.0.1")


def guess(site: Site, names: Iterable[str], address: str = "10.0.0.1") -> int:
    """How many wrong passwords were looked at before it was too many."""
    for tried, name in enumerate(names):
        try:
            credentials.sign_in(site, name, "salah-salah-salah", address)
        except TooManyAttempts:
            return tried
        except SignInFailed:
            continue
    raise AssertionError("guessing is not stopped")


def test_guessing_is_slowed_down_and_forgotten(site: Site) -> None:
    assert guess(site, repeat("staf", 20)) == attempts.MOST
    with pytest.raises(TooManyAttempts):
        credentials.sign_in(site, "staf", PASSWORD, "10.0.0.1")
    later = replace(site, clock=lambda: site.clock() + attempts.WINDOW + timedelta(seconds=1))
    assert credentials.sign_in(later, "staf", PASSWORD, "10.0.0.1")


PAIRS = list(product(("staf", "rekan"), ("rumah", "kantor")))


@pytest.fixture
def colleagues(site: Site) -> Site:
    add_user(site, OPERATOR, CHANNEL, NewUser("rekan", "Rekan Staf", PASSWORD))
    return site


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(PAIRS), st.sampled_from((1, 10, 11))), max_size=2), st.uuids())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_guesses_holds_up_that_name_at_that_address_and_nobody_else(
    colleagues: Site, tries: list[tuple[tuple[str, str], int]], place: UUID
) -> None:
    site = colleagues
    failed: Counter[tuple[str, str]] = Counter()
    for (name, address), times in tries:
        for _ in range(times):
            full = failed[name, address] == attempts.MOST
            with pytest.raises(TooManyAttempts if full else SignInFailed):
                credentials.sign_in(site, name, "salah-salah-salah", f"{address} {place}")
            failed[name, address] += not full
    for name, address in PAIRS:
        held_up = pytest.raises(TooManyAttempts) if failed[name, address] == attempts.MOST else nullcontext()
        with held_up:
            assert credentials.sign_in(site, name, PASSWORD, f"{address} {place}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["orang{}", "x" * 300 + "{}"])
def test_one_password_tried_over_many_names_is_stopped_too(site: Site, name: str) -> None:
    tried = guess(site, (name.format(n) for n in range(200)))
    assert tried <= credentials.SPRAYED
    assert credentials.sign_in(site, "staf", PASSWORD, "10.0.0.2")


def test_a_link_works_once_and_not_for_ever(site: Site) -> None:
    with site.database.write() as connection:
        first, second = (credentials.create_link(connection, "staf", site.clock()) for _ in range(2))
    assert credentials.open_link(site, first)
    with pytest.raises(LinkExpired):
        credentials.open_link(site, first)
    with pytest.raises(LinkExpired):
        credentials.open_link(replace(site, clock=lambda: site.clock() + credentials.LINK), second)


def test_a_session_ends_by_itself(site: Site) -> None:
    session = credentials.sign_in(site, "staf", PASSWORD, "127.0.0.1")
    later = replace(site, clock=lambda: site.clock() + credentials.SESSION)
    assert credentials.holder(later, "session", session) is None


def test_only_digests_are_kept(site: Site) -> None:
    token = credentials.create_token(site, OPERATOR, CHANNEL, "staf")
    with site.database.read() as connection:
        kept = connection.exec_driver_sql("select sha256 from credentials").scalars().all()
    assert token not in kept and credentials.fingerprint(token) in kept
    with pytest.raises(NotFound):
        credentials.create_token(site, OPERATOR, CHANNEL, "tidak-ada")


def test_people_are_added_by_admins_with_sense(site: Site) -> None:
    with pytest.raises(Forbidden):
        add_user(site, person(site, "kpa"), CHANNEL, NewUser("baru", "Baru"))
    with pytest.raises(NameTaken):
        add_user(site, OPERATOR, CHANNEL, NewUser("staf", "Staf"))
    for wrong in (NewUser("dua kata", "x"), NewUser("x", "x", "pendek"), NewUser("y", "y", roles=["raja"])):
        with pytest.raises(Invalid):
            add_user(site, OPERATOR, CHANNEL, wrong)


def test_a_lanes_name_is_compared_without_stray_spaces(site: Site) -> None:
    add_user(site, OPERATOR, CHANNEL, NewUser("baru", "Baru", lanes=[" KPU   Kab "]))
    assert person(site, "baru").lanes == {"KPU Kab"}
