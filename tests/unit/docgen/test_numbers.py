import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.numbers import Number, NumberInvalid, check_mask, format_number, parse_number
from tests.documents import OFFICE

MASK = OFFICE["masks"]["nota_dinas"]
CODES = st.from_regex(r"[A-Z]{1,4}(\.\d{1,3}){0,4}", fullmatch=True).filter(str.isascii)


def test_a_number_follows_the_mask_of_its_type() -> None:
    assert format_number(MASK, 12, "PP.06", OFFICE, 2022) == "12/PP.06-ND/7315/Ses-Kab/2022"
    assert (
        format_number(OFFICE["masks"]["surat_undangan"], 20, "PP.06", OFFICE, 2022) == "20/PP.06-Und/7315/KPU-Kab/2022"
    )


@given(st.sampled_from(sorted(OFFICE["masks"])), st.integers(1, 10**6), CODES, st.integers(1000, 9999))
def test_what_was_formatted_reads_back_the_same(kind: str, n: int, code: str, year: int) -> None:
    mask = OFFICE["masks"][kind]
    said = code if "{klasifikasi}" in mask["mask"] else ""
    assert parse_number(mask, format_number(mask, n, code, OFFICE, year), OFFICE) == Number(n, said, year)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(2000, 2100), st.integers(2000, 2100))
def test_two_numbers_of_a_series_are_never_the_same(n: int, m: int, year: int, other: int) -> None:
    same = format_number(MASK, n, "PP.06", OFFICE, year) == format_number(MASK, m, "PP.06", OFFICE, other)
    assert same == ((n, year) == (m, other))


@given(st.text())
def test_no_text_from_a_paper_register_makes_it_crash(text: str) -> None:
    try:
        number = parse_number(MASK, text, OFFICE)
    except NumberInvalid:
        return
    assert format_number(MASK, number.n, number.classification, OFFICE, number.year) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "12", "012/PP.06-ND/7315/Ses-Kab/2022", "0/PP.06-ND/7315/Ses-Kab/2022", "12/PP.06-ND/7371/Ses-Kab/2022",
     "12/PP.06-Und/7315/Ses-Kab/2022", "12/PP.06-ND/7315/Ses-Kab/22", "١٢/PP.06-ND/7315/Ses-Kab/2022"],
)  # fmt: skip
def test_a_number_that_does_not_follow_the_mask_is_refused(text: str) -> None:
    with pytest.raises(NumberInvalid, match="does not follow the mask"):
        parse_number(MASK, text, OFFICE)


@pytest.mark.parametrize("code", ["", "pp.06", "PP.06-ND", "PP/06", "PP.06\n", "24/03"])
def test_a_missing_or_odd_classification_code_is_refused(code: str) -> None:
    with pytest.raises(NumberInvalid, match="classification"):
        format_number(MASK, 1, code, OFFICE, 2022)


@pytest.mark.parametrize("n", [0, -1])
def test_a_series_starts_at_one(n: int) -> None:
    with pytest.raises(NumberInvalid):
        format_number(MASK, n, "PP.06", OFFICE, 2022)


@pytest.mark.parametrize(
    "mask",
    ["{tahun}", "{urut}", "{urut}/{urut}/{tahun}", "{urut}{tahun}", "{urut}/{kota}/{tahun}", "{urut}/{mask}/{tahun}",
     "{urut.__class__}/{tahun}", "{urut!r}/{tahun}", "{urut}/{}/{tahun}", "{{urut}}/{tahun}"],
)  # fmt: skip
def test_a_mask_that_numbers_ambiguously_or_tells_secrets_is_refused(mask: str) -> None:
    with pytest.raises(NumberInvalid):
        check_mask({"mask": mask}, OFFICE)


def test_a_mask_without_a_classification_needs_none() -> None:
    mask = {"mask": "{urut}/{jenis}/{tahun}", "jenis": "SPT"}
    assert format_number(mask, 3, "", OFFICE, 2022) == "3/SPT/2022"
    assert parse_number(mask, " 3/SPT/2022 ", OFFICE) == Number(3, "", 2022)


def test_the_shipped_masks_are_sound() -> None:
    for mask in OFFICE["masks"].values():
        check_mask(mask, OFFICE)
