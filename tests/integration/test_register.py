"""The keeper of the register: numbers of the paper register are entered, others are voided, gaps are seen."""

from typing import Any

import pytest

from engine.commands.cases import cancel_case
from engine.commands.register import Span, enter_number, enter_span, void_numbers
from engine.errors import Forbidden, Invalid, NumberTaken, Unacceptable
from engine.queries.documents import case_documents
from engine.queries.register import lines, series, this_year
from engine.replay import verify_all
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.walking import WEB, person

TYPE = "nota_dinas"


@pytest.fixture
def year(site: Site) -> int:
    return this_year(site)


def issue(site: Site) -> tuple[str, str]:
    """A case with a Nota Dinas, and its number."""
    case = walking.start(site)
    walking.walk(site, case, until="teruskan_nota_dinas")
    number = next(d.number for d in case_documents(site, OPERATOR, case) if d.type == TYPE)
    assert number is not None
    return case, number


def kinds(site: Site, year: int) -> list[tuple[str, int, int]]:
    return [(line.kind, line.n, line.last) for line in lines(site, OPERATOR, TYPE, year)]


def honest(site: Site) -> bool:
    return all(result.verified for _, result in verify_all(site))


def test_a_number_from_the_paper_register_is_never_given_again(site: Site, year: int) -> None:
    enter_number(site, OPERATOR, CHANNEL, TYPE, f"1/PK.01-ND/7315/Ses-Kab/{year}", "Undangan dengan mesin tik")
    assert issue(site)[1].startswith("2/")
    assert kinds(site, year) == [("paper", 1, 1), ("issued", 2, 2)]
    assert honest(site)


@pytest.mark.parametrize("code", ["PK.01", "HK.02"])
def test_a_number_is_entered_once(site: Site, year: int, code: str) -> None:
    enter_number(site, OPERATOR, CHANNEL, TYPE, f"1/PK.01-ND/7315/Ses-Kab/{year}", "surat")
    with pytest.raises(NumberTaken):
        enter_number(site, OPERATOR, CHANNEL, TYPE, f"1/{code}-ND/7315/Ses-Kab/{year}", "surat lain")
    with pytest.raises(NumberTaken):
        enter_span(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 3), "buku")


def test_what_the_paper_register_gave_before_alur_is_entered_at_once(site: Site, year: int) -> None:
    enter_span(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 122), "Buku agenda sampai Oktober")
    assert issue(site)[1].startswith("123/")
    assert honest(site)


def test_a_gap_is_seen_and_voiding_it_explains_it(site: Site, year: int) -> None:
    enter_number(site, OPERATOR, CHANNEL, TYPE, f"4/PK.01-ND/7315/Ses-Kab/{year}", "surat")
    assert kinds(site, year) == [("gap", 1, 3), ("paper", 4, 4)]
    assert next(each.missing for each in series(site, OPERATOR) if each.type == TYPE) == 3
    void_numbers(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 3), "Salah cetak")
    assert kinds(site, year) == [("void", 1, 1), ("void", 2, 2), ("void", 3, 3), ("paper", 4, 4)]
    assert lines(site, OPERATOR, TYPE, year)[0].remark == "Salah cetak"
    assert honest(site)


def test_a_letter_in_force_keeps_its_number_and_one_of_a_cancelled_case_may_lose_it(site: Site, year: int) -> None:
    case, number = issue(site)
    with pytest.raises(Unacceptable):
        void_numbers(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 1), "tidak jadi")
    cancel_case(site, person(site, "admin"), WEB, case, "Kegiatan batal")
    assert kinds(site, year) == [("cancelled", 1, 1)]
    void_numbers(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 1), "Kegiatan batal")
    with pytest.raises(Unacceptable):
        void_numbers(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 1), "sekali lagi")
    assert [(line.number, line.kind) for line in lines(site, OPERATOR, TYPE, year)] == [(number, "void")]
    assert issue(site)[1].startswith("2/"), "a void number is not given again"
    assert honest(site)


@pytest.mark.parametrize("number", ["1", "1/PK.01-ND/7315/KPU-Kab/2026", "0/PK.01-ND/7315/Ses-Kab/2026", ""])
def test_a_number_is_written_as_the_office_writes_them(site: Site, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter_number(site, OPERATOR, CHANNEL, TYPE, number, "surat")
    assert refused.value.errors[0].pointer == "/number"  # type: ignore[attr-defined]


@pytest.mark.parametrize("span", [(TYPE, 3, 2), (TYPE, 0, 2), (TYPE, 1, 5000), (TYPE, 2, 3), ("risalah_rapat", 1, 1)])
def test_what_is_no_span_of_a_series_is_refused(site: Site, year: int, span: Any) -> None:
    kind, first, last = span
    with pytest.raises(Invalid):
        void_numbers(site, OPERATOR, CHANNEL, Span(kind, year, first, last), "alasan")


def test_the_register_is_kept_by_administrators_with_a_remark(site: Site, year: int) -> None:
    with pytest.raises(Forbidden):
        void_numbers(site, person(site, "auditor"), WEB, Span(TYPE, year, 1, 1), "alasan")
    with pytest.raises(Forbidden):
        lines(site, person(site, "staf"), TYPE, year)
    with pytest.raises(Unacceptable):
        void_numbers(site, OPERATOR, CHANNEL, Span(TYPE, year, 1, 1), "  ")
    assert lines(site, person(site, "auditor"), TYPE, year) == []
