"""Comments are entries of the history: everybody who sees the case may write one, and nobody can unsay it."""

import pytest

from engine.commands.cases import cancel_case, suspend_case
from engine.commands.comments import LONGEST, add_comment
from engine.errors import NotFound, Unacceptable
from engine.queries.comments import case_comments
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.walking import WEB, person


def test_comments_are_read_in_the_order_they_came_with_who_wrote_them(site: Site) -> None:
    case = walking.start(site)
    recorded = add_comment(site, person(site, "kpukab"), WEB, case, " Mohon dipercepat.\r\nTerima kasih. ")
    walking.complete(site, walking.open_task(site, case, "catat_rapat"))
    add_comment(site, person(site, "auditor"), WEB, case, "Dicatat.")
    first, second = case_comments(site, OPERATOR, case)
    assert (first.text, first.actor, first.full_name) == ("Mohon dipercepat.\nTerima kasih.", "kpukab", "Alamsyah")
    assert first.hash == recorded.hash
    assert (second.text, second.full_name) == ("Dicatat.", "Rina Mustari")
    assert second.seq > first.seq
    assert case_comments(site, OPERATOR, case, after=first.seq) == [second]
    assert verify(site, OPERATOR, case).verified


def test_a_case_that_rests_or_has_ended_can_still_be_spoken_of(site: Site) -> None:
    case = walking.start(site)
    suspend_case(site, OPERATOR, WEB, case, "Menunggu DIPA")
    add_comment(site, person(site, "kpukab"), WEB, case, "Masih menunggu.")
    assert walking.look(site, case).instance.status == "suspended"
    ended = walking.start(site)
    cancel_case(site, person(site, "kpukab"), WEB, ended, "Batal")
    at = walking.look(site, ended).instance.ended_at
    add_comment(site, person(site, "auditor"), WEB, ended, "Mengapa?")
    assert (walking.look(site, ended).instance.status, walking.look(site, ended).instance.ended_at) == ("cancelled", at)
    assert verify(site, OPERATOR, case).verified
    assert verify(site, OPERATOR, ended).verified


def test_who_commented_goes_on_seeing_the_case(site: Site) -> None:
    case = walking.start(site)
    add_comment(site, person(site, "anggota"), WEB, case, "Setuju.")
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    assert case_comments(site, person(site, "anggota"), case)


def test_who_does_not_see_the_case_neither_reads_nor_writes(site: Site) -> None:
    case = walking.start(site)
    with pytest.raises(NotFound):
        add_comment(site, person(site, "orangluar"), WEB, case, "Halo")
    with pytest.raises(NotFound):
        case_comments(site, person(site, "orangluar"), case)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused(site: Site, text: str) -> None:
    case = walking.start(site)
    with pytest.raises(Unacceptable):
        add_comment(site, person(site, "kpukab"), WEB, case, text)
