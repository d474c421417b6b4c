"""What holds on every page: WCAG 2.2 AA, room for a phone and for twice the size, the keyboard alone, weight."""

import gzip
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from engine import installation
from engine.checkpoints import make_checkpoint
from engine.commands.dry_runs import dry_run_of, finish, step_back
from engine.commands.sop_drafts import begin_draft
from engine.proof.asked import ask, verify_asked
from engine.queries.documents import case_documents
from engine.queries.register import this_year
from engine.site import Site
from tests import walking
from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE, Open
from tests.cast import CHANNEL, OPERATOR
from tests.walking import SOP, person

pytestmark = pytest.mark.browser

TWICE = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}  # what is left of a desk's screen at 200 %
LIGHTEST = 60_000  # bytes, compressed, without the diagram
DIAGRAM = re.compile(rb"<svg[^>]*bpmn.*?</svg>", re.DOTALL)

# Route → who opens it, and the rest of its address; `{case}` and the like come from `known`.
PAGES: Mapping[str, tuple[str, str]] = {
    "/": ("staf", "/"),
    "/alamat": ("admin", "/alamat"),
    "/berkas": ("auditor", "/berkas"),
    "/berkas/<instance_id>": ("auditor", "/berkas/{case}?periksa=1"),
    "/berkas/<instance_id>/putar-ulang": ("auditor", "/berkas/{case}/putar-ulang?seq=9"),
    "/bersama": ("staf", "/bersama?q=tidak+ada"),
    "/dokumen/<document_id>/salinan": ("auditor", "/dokumen/{document}/salinan"),
    "/kelola/kalender": ("admin", "/kelola/kalender"),
    "/kelola/kantor": ("admin", "/kelola/kantor"),
    "/kelola/nomor": ("admin", "/kelola/nomor?jenis=nota_dinas"),
    "/kelola/nomor/<type_>/<year>": ("admin", "/kelola/nomor/berita_acara_pleno/{year}"),
    "/kelola/orang": ("admin", "/kelola/orang"),
    "/kelola/orang-baru": ("admin", "/kelola/orang-baru"),
    "/kelola/orang-csv": ("admin", "/kelola/orang-csv"),
    "/kelola/orang/<name>": ("admin", "/kelola/orang/staf"),
    "/kelola/pengganti": ("admin", "/kelola/pengganti"),
    "/kelola/peran": ("admin", "/kelola/peran"),
    "/kelola/surel": ("admin", "/kelola/surel"),
    "/kelola/tindakan": ("auditor", "/kelola/tindakan?periksa=1"),
    "/kinerja": ("auditor", "/kinerja"),
    "/masuk": ("", "/masuk"),
    "/masuk/<link>": ("", "/masuk/x"),
    "/menunggu": ("staf", "/menunggu"),
    "/mulai": ("kpukab", "/mulai"),
    "/pembuktian": ("auditor", "/pembuktian"),
    "/pemberitahuan": ("staf", "/pemberitahuan?semua=1"),
    "/periksa": ("staf", "/periksa"),
    "/rancangan/<draft_id>": ("perancang", "/rancangan/{draft}"),
    "/rancangan/<draft_id>/beda": ("perancang", "/rancangan/{draft}/beda"),
    "/rancangan/<draft_id>/terbit": ("perancang", "/rancangan/{draft}/terbit"),
    "/rancangan/<draft_id>/uji-coba": ("perancang", "/rancangan/{draft}/uji-coba"),
    "/rancangan/<draft_id>/uji-coba/dokumen/<n>": ("perancang", "/rancangan/{draft}/uji-coba/dokumen/0"),
    "/rancangan/<draft_id>/uji-coba/langkah/<path>": ("perancang", "/rancangan/{draft}/uji-coba/langkah/{step}"),
    "/saya": ("admin", "/saya"),
    "/saya/kata-sandi": ("staf", "/saya/kata-sandi"),
    "/saya/pengganti": ("staf", "/saya/pengganti"),
    "/saya/tugas": ("staf", "/saya/tugas"),
    "/selesai": ("staf", "/selesai?semua=1"),
    "/sop": ("perancang", "/sop"),
    "/sop/<key>": ("perancang", f"/sop/{SOP}"),
    "/sop/<key>/beda": ("auditor", f"/sop/{SOP}/beda"),
    "/sop/<key>/versi/<version>": ("perancang", f"/sop/{SOP}/versi/1"),
    "/terlambat": ("staf", "/terlambat"),
    "/tugas/<task_id>": ("staf", "/tugas/{task}"),
    "/tugas/<task_id>/alihkan": ("admin", "/tugas/{task}/alihkan"),
    "/tugas/<task_id>/pratinjau": ("staf", "/tugas/{task}/pratinjau"),
    "/tugas/<task_id>/wakilkan": ("staf", "/tugas/{task}/wakilkan"),
}
# Files, and addresses that only lead on.
NO_PAGES = {
    "/berkas/<instance_id>/dosir",
    "/dokumen/<document_id>",
    "/kelola",
    "/lampiran/<attachment_id>",
    "/rancangan/<draft_id>.docx",
    "/rancangan/<draft_id>.zip",
    "/rancangan/<draft_id>/berkas/<name>",
    "/rancangan/<draft_id>/uji-coba/dokumen/<n>/unduh",
    "/sop/<key>/versi/<version>.docx",
    "/sop/<key>/versi/<version>.zip",
    "/sop/<key>/versi/<version>/berkas/<name>",
    "/pembuktian/checkpoint/<number>",
    "/pembuktian/kunci-publik",
    "/tugas/<task_id>/pratinjau/<activity_id>.docx",
    "/tugas/<task_id>/pratinjau/<activity_id>.pdf",
}

Go = Callable[[str], Page]


def test_every_page_is_named_here(app: Flask) -> None:
    routes = {
        re.sub(r"<[^<>]*:", "<", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
    }
    assert routes == {*PAGES, *NO_PAGES}


@pytest.fixture
def known(site: Site) -> dict[str, str]:
    """A case that came back to the staff once, with documents and notices: lists are not empty, a task has a reason."""
    case = walking.start(site, "Sosialisasi pemilih pemula di SMA 1 Pinrang")
    walking.walk(site, case, "periksa_rencana")
    walking.complete(site, walking.open_task(site, case, "periksa_rencana"), returning=True)
    installation.set_up_key(site, OPERATOR, CHANNEL)
    make_checkpoint(site)
    ask(site, person(site, "auditor"))
    verification = verify_asked(site)
    assert verification is not None
    verification.join()
    designer = walking.person(site, "perancang")
    draft = begin_draft(site, designer, SOP, 1)
    finish(site, designer, draft)
    step_back(site, designer, draft)
    return {
        "draft": draft,
        "step": dry_run_of(site, designer, draft).tasks[0][0].path,
        "case": case,
        "task": walking.open_task(site, case, "susun_rencana").id,
        "document": case_documents(site, OPERATOR, case)[0].id,
        "year": str(this_year(site)),
    }


def going(visit: Open, known: Mapping[str, str], size: dict[str, int], scheme: Any = "light") -> Go:
    """Open the page of a route; each person has one browser."""
    opened: dict[str, Page] = {}

    def go(route: str) -> Page:
        name, path = PAGES[route]
        if name not in opened:
            opened[name] = visit(name, size=size)
            opened[name].emulate_media(color_scheme=scheme)
        opened[name].goto(path.format(**known))
        return opened[name]

    return go


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(
    visit: Open, known: Mapping[str, str], size: dict[str, int], scheme: Any
) -> None:
    go = going(visit, known, size, scheme)
    found: list[str] = []
    for route in PAGES:
        page = go(route)
        page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        found += [*violations(page), *too_wide(page, size["width"])]
    assert found == []


def test_everything_fits_at_twice_the_size(visit: Open, known: Mapping[str, str]) -> None:
    go = going(visit, known, TWICE)
    assert [trouble for route in PAGES for trouble in too_wide(go(route), TWICE["width"])] == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Open, known: Mapping[str, str]) -> None:
    go = going(visit, known, DESK)
    assert [trouble for route in PAGES for trouble in unreached(go(route))] == []


def test_no_page_is_heavy(visit: Open, known: Mapping[str, str]) -> None:
    go = going(visit, known, DESK)
    weights: dict[str, int] = {}
    for route in PAGES:
        page = go(route)
        addresses = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        files = [page.request.get(address).body() for address in {page.url, *addresses}]
        weights[route] = sum(len(gzip.compress(DIAGRAM.sub(b"", each))) for each in files)
    assert {route: weight for route, weight in weights.items() if weight > LIGHTEST} == {}


def too_wide(page: Page, width: int) -> list[str]:
    """The page, when one must scroll sideways to read it."""
    found = page.evaluate("document.documentElement.scrollWidth")
    return [] if found <= width else [f"{page.url}: {found} px wide"]


def unreached(page: Page) -> list[str]:
    """What Tab does not reach from the top, once around, or what does not show that it is reached."""
    wanted = set(page.evaluate(MARK))
    hidden: list[str] = []
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(len(wanted) + 20):
        page.keyboard.press("Tab")
        name, shown = page.evaluate(FOCUSED)
        wanted.discard(name)
        if name and not shown:
            hidden.append(f"{page.url}: the focus on {name} cannot be seen")
        if not wanted:
            break
    return hidden + [f"{page.url}: Tab does not reach {name}" for name in sorted(wanted)[:5]]


# Gives a name to everything that one can act on; radio buttons of one group are one stop.
MARK = """() => {
    const names = [];
    const groups = new Set();
    for (const each of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
        if (each.disabled || each.type === 'hidden' || each.tabIndex < 0 || !each.checkVisibility()) continue;
        if (each.type === 'radio') {
            const group = each.form?.querySelectorAll(`[name="${each.name}"]`) ?? [];
            if (groups.has(group[0]) || ![...group].some(one => one === each)) continue;
            groups.add(group[0]);
            for (const one of group) one.dataset.stop = `radio ${each.name}`;
            names.push(`radio ${each.name}`);
            continue;
        }
        each.dataset.stop = `${names.length} ${each.outerHTML.slice(0, 90)}`;
        names.push(each.dataset.stop);
    }
    return names;
}"""
FOCUSED = """() => {
    const there = document.activeElement;
    const style = getComputedStyle(there);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return [there?.dataset?.stop ?? '', outlined || style.boxShadow !== 'none'];
}"""
