"""A draft and the saves of the page before which somebody types: late, twice, out of order, or without an answer."""

import contextlib
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.access import Actor
from engine.commands.user_tasks import Shown, save_draft
from engine.errors import DraftChanged
from engine.queries.user_tasks import user_task
from engine.site import Site
from tests import walking


@dataclass
class Typing:
    """One page as `draft.js` saves it; `late` are the requests that may still come to the server, in any order."""

    site: Site
    chair: Actor
    task: str
    over: str = ""
    sent: str | None = None
    late: list[partial[str]] = field(default_factory=list)

    @property
    def draft(self) -> str | None:
        found = user_task(self.site, self.chair, self.task).draft
        return found["tempat"] if found else None

    def request(self, text: str, unanswered: Shown | None = None) -> partial[str]:
        data, over = {"tempat": text}, self.over
        return partial(save_draft, self.site, self.chair, self.task, data, over=over, unanswered=unanswered)

    def saves(self, text: str, arrives: bool, answered: bool) -> None:
        """A save; what had no answer before goes once more as it was."""
        self.sent = text if self.sent is None else self.sent
        request = self.request(self.sent)
        self.late.append(request)
        if arrives:
            revision = request()
            if answered:
                self.over, self.sent = revision, None

    def presses(self, text: str) -> None:
        """A button: the page's own post says what had no answer."""
        earlier: Shown | None = None if self.sent is None else ({"tempat": self.sent}, None)
        self.over, self.sent = self.request(text, earlier)(), None
        assert self.draft == text

    def meets(self, which: int) -> None:
        """A request from before comes late; it changes nothing once the page has had an answer to a later one."""
        before = self.draft
        if self.late:
            with contextlib.suppress(DraftChanged):
                self.late[which % len(self.late)]()
        if self.sent is None:
            assert self.draft == before


TEXTS = st.sampled_from(["Aula", "Ruang rapat", "Lapangan"])
STEPS = st.one_of(
    st.tuples(st.just("saves"), st.tuples(TEXTS, st.booleans(), st.booleans())),
    st.tuples(st.just("presses"), st.tuples(TEXTS)),
    st.tuples(st.just("meets"), st.tuples(st.integers(0, 9))),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12))
def test_a_page_is_never_behind_its_own_saves_and_none_of_them_comes_back(
    site: Site, steps: list[tuple[str, Any]]
) -> None:
    case = walking.start(site)
    chair = walking.person(site, "kpukab")
    page = Typing(site, chair, walking.open_task(site, case, "catat_rapat").id)
    for name, arguments in steps:
        getattr(page, name)(*arguments)
    page.presses("Halaman kantor")


def test_another_tab_is_still_told_when_a_save_had_no_answer(site: Site) -> None:
    chair = walking.person(site, "kpukab")
    page = Typing(site, chair, walking.open_task(site, walking.start(site), "catat_rapat").id)
    page.saves("Aula", arrives=True, answered=False)
    save_draft(site, chair, page.task, {"tempat": "Lapangan"})
    with pytest.raises(DraftChanged):
        page.presses("Ruang rapat")
    assert page.draft == "Lapangan"


def test_the_same_text_again_is_the_same_draft(site: Site) -> None:
    chair = walking.person(site, "kpukab")
    task = walking.open_task(site, walking.start(site), "catat_rapat").id
    first = save_draft(site, chair, task, {"tempat": "Aula"}, over="")
    assert save_draft(site, chair, task, {"tempat": "Aula"}, over="") == first
    assert user_task(site, chair, task).draft_revision == first
