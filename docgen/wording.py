"""Words as an Indonesian office writes them: dates, times, money, numbers. These are the filters of the templates."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import reduce
from itertools import chain
from typing import Any

from babel.dates import format_date
from num2words import num2words

# Indonesia's three zones; their offsets have not changed since 1988.
_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
_DIGITS = 30
_EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])  # what it could only round is refused
_LONE_THOUSAND = re.compile(r"\b(juta|miliar|\w+iliun) satu ribu\b")

Number = int | float | Decimal


def tanggal(value: str) -> str:
    """2022-03-21 → 21 Maret 2022."""
    return str(format_date(_date(value), "d MMMM y", locale="id"))


def hari_tanggal(value: str) -> str:
    """2022-03-21 → Senin, 21 Maret 2022."""
    return str(format_date(_date(value), "EEEE, d MMMM y", locale="id"))


def tanggal_terbilang(value: str) -> str:
    """2022-03-21 → Senin tanggal dua puluh satu bulan Maret tahun dua ribu dua puluh dua."""
    day = _date(value)
    weekday, month = (format_date(day, pattern, locale="id") for pattern in ("EEEE", "MMMM"))
    return f"{weekday} tanggal {terbilang(day.day)} bulan {month} tahun {terbilang(day.year)}"


def tahun(value: str) -> str:
    """2022-03-21 → 2022."""
    return str(_date(value).year)


def jam(value: str) -> str:
    """09:00 → 09.00."""
    return f"{time.fromisoformat(value):%H.%M}"


def pukul(value: str, zona: str) -> str:
    """09:00 → pukul 09.00 WITA."""
    return f"pukul {jam(value)} {zona}"


def waktu(value: str, zona: str) -> str:
    """2022-03-21T10:15:00 → 21 Maret 2022 pukul 10.15 WITA; a moment with an offset is brought to the zone first."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo:
        moment = moment.astimezone(timezone(timedelta(hours=_ZONES[zona])))
    return f"{tanggal(moment.date().isoformat())} {pukul(moment.time().isoformat(), zona)}"


def terbilang(value: Number) -> str:
    """2000000 → dua juta; 1.5 → satu koma lima."""
    if value < 0:
        return f"minus {terbilang(-value)}"
    # The library says "seribu" only for a number that begins with it; the grammar book, for every lone thousand.
    return _LONE_THOUSAND.sub(r"\1 seribu", str(num2words(value, lang="id")))


def angka(value: float | str) -> str:
    """2000000 → 2.000.000; 1.5 → 1,5."""
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() > _DIGITS:
        raise ValueError(value)
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def rupiah(value: Number) -> str:
    """2000000 → Rp2.000.000,00; 1999.99 → Rp1.999,99. What is finer than a sen is refused."""
    minus, amount, sen = _money(value)
    return f"{'-' if minus else ''}Rp{angka(amount)},{sen:02}"


def rupiah_terbilang(value: Number) -> str:
    """2000000 → Rp2.000.000,00 (dua juta rupiah); sen are spelled out too."""
    minus, amount, sen = _money(value)
    cents = f" {terbilang(sen)} sen" if sen else ""
    return f"{rupiah(value)} ({'minus ' if minus else ''}{terbilang(amount)} rupiah{cents})"


def kali(value: Number, other: Number) -> Number:
    """The product: {{ r.volume|kali(r.harga) }}."""
    return _plain(_EXACT.multiply(_number(value), _number(other)), value, other)


def kurang(value: Number, other: Number) -> Number:
    """The difference: {{ r.pagu|kurang(r.realisasi) }}."""
    return _plain(_EXACT.subtract(_number(value), _number(other)), value, other)


def jumlah(rows: Sequence[Mapping[str, Any]], *fields: str) -> Number:
    """The sum of a column, or of the product of several: {{ rencana.rab|jumlah('volume', 'harga') }}."""
    cells = [[row[field] for field in fields] for row in rows]
    products = (reduce(_EXACT.multiply, map(_number, each), Decimal(1)) for each in cells)
    return _plain(reduce(_EXACT.add, products, Decimal()), *chain.from_iterable(cells))


def banyak(rows: Sequence[Any], field: str = "") -> int:
    """How many rows there are, or how many in which a field is ticked."""
    return sum(1 for row in rows if not field or row[field])


def paragraf(value: str | None) -> list[str]:
    """The paragraphs of a text of several lines: {%p for alinea in isi|paragraf %}."""
    return [line.strip() for line in (value or "").splitlines() if line.strip()]


def baris(values: Sequence[str]) -> str:
    """A list, one item a line."""
    return "\n".join(values)


def gabung(values: Sequence[str]) -> str:
    """A list as a sentence has it: satu, dua, dan tiga."""
    if len(values) < 3:
        return " dan ".join(values)
    return f"{', '.join(values[:-1])}, dan {values[-1]}"


def kapital(value: str) -> str:
    """All in capitals, for titles."""
    return value.upper()


def kalimat(value: str) -> str:
    """With a capital first letter, for the start of a sentence."""
    return value[:1].upper() + value[1:]


def abjad(value: int) -> str:
    """1, 2, … 26, 27 → a, b, … z, aa."""
    if value < 1:
        raise ValueError(value)
    letters = ""
    while value > 0:
        value, rest = divmod(value - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def ganjil(value: int) -> bool:
    """Whether a number is odd: attendance lists put the places to sign left and right in turn."""
    return value % 2 == 1


def kelompok(value: str, size: int) -> str:
    """A long code in groups that an eye can follow and a line can break: 0f3a9c1e 7b…"""
    return " ".join(value[start : start + size] for start in range(0, len(value), size))


def sebutan(value: str) -> str:
    """What a type of document is called when nothing else says it: surat_undangan → Surat Undangan, dim → DIM."""
    return " ".join(word.upper() if len(word) <= 3 else word.capitalize() for word in value.split("_"))


# What `naskah` printed before service tasks gave titles. Templates that were deployed then still say it, and what they
# made must come out the same, byte for byte; new ones say `judul`.
_TYPES = {
    "dim": "Daftar Inventarisasi Masalah",
    "rtl": "Rencana Tindak Lanjut",
    "proposal_kak": "Proposal Kegiatan/KAK",
    "risalah_notula": "Risalah/Notula",
    "arsip_zip": "Arsip digital",
}


def naskah(value: str) -> str:
    """A type of document in words: surat_undangan → Surat Undangan."""
    return _TYPES.get(value) or value.replace("_", " ").title()


def nip(value: str) -> str:
    """198001012005011001 → 19800101 200501 1 001."""
    digits = "".join(value.split())
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == 18 else value


def tertutup(value: str) -> str:
    """A personal number of which a list that goes round shows only the end: **************1001."""
    digits = "".join(value.split())
    return "*" * max(len(digits) - 4, 0) + digits[-4:]


def _number(value: Number | None) -> Decimal:
    """As it is written, not as a machine's fraction holds it; an empty cell counts for nothing. A text is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | None):
        raise TypeError(value)
    return Decimal(str(value or 0))


def _plain(exact: Decimal, *of: Number | None) -> Number:
    """Whole when made of whole numbers only; otherwise a float, unless that would be written as another number."""
    if all(isinstance(each, int | None) for each in of):
        return int(exact)
    return float(exact) if Decimal(str(float(exact))) == exact else exact


def _money(value: Number) -> tuple[bool, int, int]:
    """Whether it is below zero, and its rupiah and sen."""
    amount, rest = divmod(_EXACT.scaleb(_number(value), 2).copy_abs(), 100)
    if rest % 1:
        raise ValueError(value)
    return value < 0, int(amount), int(rest)


def _date(value: str) -> date:
    return date.fromisoformat(value)


FILTERS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        tanggal, hari_tanggal, tanggal_terbilang, tahun, jam, pukul, waktu, terbilang, angka, rupiah, rupiah_terbilang,
        kali, kurang, jumlah, banyak, paragraf, baris, gabung, kapital, kalimat, abjad, ganjil, kelompok, naskah, nip,
        tertutup,
    )
}  # fmt: skip
