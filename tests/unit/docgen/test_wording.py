from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from docgen import wording
from docgen.wording import FILTERS

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")  # fmt: skip  # noqa: E501
UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def spelled(n: int) -> str:
    """Indonesian numerals by the grammar book, to hold the library against."""
    if n < 12:
        return UNITS[n]
    if n < 20:
        return f"{UNITS[n - 10]} belas"
    for size, name in (
        (10**15, "kuadriliun"),
        (10**12, "triliun"),
        (10**9, "miliar"),
        (10**6, "juta"),
        (1000, "ribu"),
        (100, "ratus"),
        (10, "puluh"),
    ):
        if n >= size:
            many, rest = divmod(n, size)
            head = f"se{name}" if n == rest + size and size in (100, 1000) else f"{spelled(many)} {name}"
            return f"{head} {spelled(rest)}" if rest else head
    raise AssertionError(n)


@given(st.integers(0, 10**18 - 1))
def test_numbers_are_spelled_as_the_grammar_book_does(n: int) -> None:
    assert wording.terbilang(n) == spelled(n)


@pytest.mark.parametrize(
    ("n", "words"),
    [(1000, "seribu"), (11, "sebelas"), (100, "seratus"), (1100, "seribu seratus"), (-5, "minus lima"),
     (1_001_000, "satu juta seribu"), (75_001_000, "tujuh puluh lima juta seribu"), (101_000, "seratus satu ribu"),
     (2_000_000, "dua juta"), (115, "seratus lima belas")],
)  # fmt: skip
def test_the_words_that_are_easily_wrong(n: int, words: str) -> None:
    assert wording.terbilang(n) == words


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_are_indonesian(day: date) -> None:
    month, weekday = MONTHS[day.month - 1], DAYS[day.weekday()]
    value = day.isoformat()
    assert wording.tanggal(value) == f"{day.day} {month} {day.year}"
    assert wording.hari_tanggal(value) == f"{weekday}, {day.day} {month} {day.year}"
    assert wording.tahun(value) == str(day.year)
    assert wording.tanggal_terbilang(value) == (
        f"{weekday} tanggal {spelled(day.day)} bulan {month} tahun {spelled(day.year)}"
    )


def test_the_date_of_an_official_report_is_spelled_out() -> None:
    assert wording.tanggal_terbilang("2022-03-21") == (
        "Senin tanggal dua puluh satu bulan Maret tahun dua ribu dua puluh dua"
    )


def test_times_have_a_point_and_the_offices_zone() -> None:
    assert wording.pukul("09:00", "WITA") == "pukul 09.00 WITA"
    assert wording.jam("23:59") == "23.59"


@pytest.mark.parametrize(
    "moment", ["2022-03-21T10:15:00", "2022-03-21T10:15:42+08:00", "2022-03-21T02:15:00Z", "2022-03-21T09:15:00+07:00"]
)
def test_a_moment_is_told_in_the_offices_zone(moment: str) -> None:
    assert wording.waktu(moment, "WITA") == "21 Maret 2022 pukul 10.15 WITA"


def test_a_moment_late_in_the_evening_may_be_tomorrow_in_the_east() -> None:
    assert wording.waktu("2022-03-21T23:30:00+07:00", "WIT") == "22 Maret 2022 pukul 01.30 WIT"


@given(st.integers(-(10**12), 10**12))
def test_money_is_grouped_in_threes(amount: int) -> None:
    text = wording.rupiah(amount)
    assert text.removeprefix("-").startswith("Rp") and text.endswith(",00")
    assert int(text.replace("Rp", "").removesuffix(",00").replace(".", "")) == amount


def test_money_is_also_spelled_out() -> None:
    assert wording.rupiah_terbilang(2_000_000) == "Rp2.000.000,00 (dua juta rupiah)"
    assert wording.rupiah_terbilang(1999.99) == (
        "Rp1.999,99 (seribu sembilan ratus sembilan puluh sembilan rupiah sembilan puluh sembilan sen)"
    )
    assert wording.rupiah_terbilang(-0.5) == "-Rp0,50 (minus nol rupiah lima puluh sen)"


def read(text: str) -> Decimal:
    """A number as it is printed: Rp1.999,99."""
    return Decimal(text.replace("Rp", "").replace(".", "").replace(",", "."))


@given(st.integers(-(2**53), 2**53), st.integers(0, 3))
def test_money_in_figures_and_in_words_is_the_amount_or_refused(digits: int, places: int) -> None:
    """As the data of a case hold it: whole, or a machine's fraction of as many digits."""
    amount = Decimal(digits).scaleb(-places)
    value = int(amount) if amount == int(amount) else float(amount)
    assume(Decimal(str(value)) == amount)
    if amount * 100 % 1:
        with pytest.raises(ValueError):
            wording.rupiah_terbilang(value)
        return
    figures, words = wording.rupiah_terbilang(value).removesuffix(")").split(" (")
    whole, sen = divmod(abs(amount) * 100, 100)
    said = f"{spelled(int(whole))} rupiah{f' {spelled(int(sen))} sen' if sen else ''}"
    assert figures == wording.rupiah(value)
    assert (read(figures), words) == (amount, f"{'minus ' if amount < 0 else ''}{said}")


CELLS = st.none() | st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=2).map(float)


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_sums_and_products_are_those_that_the_printed_numbers_give(cells: list[tuple[Any, Any]]) -> None:
    def exact(value: float | None) -> Fraction:
        return Fraction(str(value or 0))

    rows = [{"volume": volume, "harga": harga} for volume, harga in cells]
    total = sum((exact(volume) * exact(harga) for volume, harga in cells), Fraction())
    assert Fraction(read(wording.angka(wording.jumlah(rows, "volume", "harga")))) == total
    for volume, harga in cells:
        assert Fraction(read(wording.angka(wording.kali(volume, harga)))) == exact(volume) * exact(harga)
        assert Fraction(read(wording.angka(wording.kurang(volume, harga)))) == exact(volume) - exact(harga)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_what_a_machines_fractions_had_right_is_printed_as_before(cells: list[tuple[Any, Any]]) -> None:
    """Documents are compared byte for byte, those of years ago too."""
    rows = [{"volume": volume or 0, "harga": harga or 0} for volume, harga in cells]
    before = sum(row["volume"] * row["harga"] for row in rows)
    now = wording.jumlah(rows, "volume", "harga")
    assert wording.angka(now) == wording.angka(before) or read(wording.angka(now)) != read(wording.angka(before))
    assert type(now) is type(before) or isinstance(now, Decimal)


@pytest.mark.parametrize("value", [1999.999, 0.001, True, "2000", None])
def test_what_is_no_amount_of_money_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        wording.rupiah(value)


@pytest.mark.parametrize(
    ("value", "text"), [(40, "40"), (1500, "1.500"), (1.5, "1,5"), ("1234.50", "1.234,50"), (-7, "-7")]
)
def test_plain_numbers(value: float | str, text: str) -> None:
    assert wording.angka(value) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", float("nan"), "1e999999999"])
def test_what_is_no_number_has_no_words(value: float | str) -> None:
    with pytest.raises(ValueError):
        wording.angka(value)


def test_sums_and_counts_of_rows() -> None:
    rows = [{"volume": 40, "harga": 50_000, "hadir": True}, {"volume": 2, "harga": 900_000, "hadir": None}]
    assert wording.jumlah(rows, "volume", "harga") == 3_800_000
    assert wording.jumlah(rows, "volume") == 42
    assert wording.jumlah([], "volume") == wording.jumlah([{"volume": None}], "volume") == 0
    assert (wording.banyak(rows), wording.banyak(rows, "hadir")) == (2, 1)
    assert (wording.kali(3, 4), wording.kurang(3, 4)) == (12, -1)


def test_texts_and_lists() -> None:
    assert wording.paragraf(" a \r\n\n b") == ["a", "b"]
    assert wording.baris(["a", "b"]) == "a\nb"
    assert [wording.gabung(values) for values in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a dan b",
        "a, b, dan c",
    ]
    assert (wording.kapital("rapat pleno"), wording.kalimat("dua juta"), wording.kalimat("")) == (
        "RAPAT PLENO",
        "Dua juta",
        "",
    )
    assert [wording.abjad(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    with pytest.raises(ValueError):
        wording.abjad(0)
    assert wording.kelompok("0123456789", 4) == "0123 4567 89"
    assert [wording.ganjil(n) for n in (1, 2)] == [True, False]


def test_types_of_documents_have_the_offices_names() -> None:
    assert wording.naskah("surat_undangan") == "Surat Undangan"
    assert wording.naskah("dim") == "Daftar Inventarisasi Masalah"
    assert (wording.sebutan("surat_undangan"), wording.sebutan("dim")) == ("Surat Undangan", "DIM")


def test_a_civil_servants_number_is_grouped_and_can_be_closed() -> None:
    assert wording.nip("198001012005011001") == "19800101 200501 1 001"
    assert wording.nip("19800101 200501 1 001") == "19800101 200501 1 001"
    assert wording.nip("12") == "12"
    assert wording.tertutup("19800101 200501 1 001") == "**************1001"
    assert wording.tertutup("") == ""


def test_every_filter_says_what_it_does() -> None:
    assert all(function.__doc__ for function in FILTERS.values())
