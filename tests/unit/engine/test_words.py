"""A text is found by the beginnings of its words and of their parts, whatever the case and the accents."""

from hypothesis import given
from hypothesis import strategies as st

from engine.words import LONGEST, asked, found_by

TEXTS = st.text(st.sampled_from("aZé0519 /.-%_(,ßİ\u0301\u00a0") | st.characters(codec="utf-8"), max_size=40)


def fits(text: str, search: str) -> bool:
    words = found_by([text])
    return all(any(word.startswith(each) for word in words) for each in asked(search))


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_a_text_is_found_by_itself_and_by_each_of_its_words_as_far_as_it_is_typed(
    text: str, which: int, n: int
) -> None:
    assert fits(text, text) and fits(text, f" {text} ") and fits(text, "")
    words = text.split()
    if words:
        assert fits(text, words[which % len(words)][: n + 1])


@given(TEXTS)
def test_what_stands_in_the_index_is_short_and_asks_for_itself(text: str) -> None:
    words = found_by([text, None])
    assert all(0 < len(word) <= LONGEST for word in words)
    assert {*asked(text)} <= words


def test_a_number_is_found_by_its_parts() -> None:
    assert found_by(["045/UND-2"]) == {"045/und-2", "45/und-2", "und-2", "2"}
    number = "005/PL.02-SD/7315/2026"
    for part in ("005", "5/PL", "PL.02", "02-SD", "2-sd/7315", "sd", "7315", "7315/2026", "2026", number):
        assert fits(number, part), part
    for no_part in ("05", "PL-02", "L.02", "315", "026", "PL.02/SD"):
        assert not fits(number, no_part), no_part


def test_words_stand_anywhere_in_any_order() -> None:
    title = "Sosialisasi “Pemilih Pemula” di SMA1 (daring), Café 100%"
    for search in ("pemula sosial", "sma 1", "sma1", "cafe", "CAFÉ", "daring", "100%", "pemilih pem", "“pemilih"):
        assert fits(title, search), search
    for search in ("asi", "pemula rapat", "100 %", "sma_1", "sma 2"):
        assert not fits(title, search), search
