"""The code on a document: what is mistyped is noticed, and it says nothing by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.codes import ALPHABET, CodeInvalid, codes_in, document_code, read_code

codes = st.builds(document_code, st.text(), st.text())
letters = st.sampled_from(ALPHABET)


@given(codes)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert read_code(f"  {code.lower().replace('-', ' ')}\n") == code
    assert read_code(code.replace("-", "")) == code
    assert codes_in(f"Kode dokumen: {code}.") == [code]


@given(codes, st.integers(0, 13), letters)
def test_one_wrong_character_is_noticed(code: str, place: int, letter: str) -> None:
    if code[place] not in ("-", letter):
        with pytest.raises(CodeInvalid):
            read_code(code[:place] + letter + code[place + 1 :])


@given(codes, st.permutations(range(12)))
def test_two_characters_that_changed_places_are_noticed(code: str, order: list[int]) -> None:
    plain = list(code.replace("-", ""))
    a, b = order[:2]
    plain[a], plain[b] = plain[b], plain[a]
    if "".join(plain) != code.replace("-", ""):
        with pytest.raises(CodeInvalid):
            read_code("".join(plain))


@pytest.mark.parametrize("typed", ["", "DRAF", "7K3M-PQ4X", "7K3M-PQ4X-9TBI", "O000-0000-0000", "a" * 10_000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(CodeInvalid):
        read_code(typed)


@given(st.text(), st.text(), st.text())
def test_documents_and_moments_have_codes_of_their_own(document: str, head: str, other: str) -> None:
    if head != other:
        assert document_code(document, head) != document_code(document, other)
