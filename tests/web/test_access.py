"""Who may do what: every route × everybody. A route without a rule fails the test, so that nothing opens by chance."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from app import create_app
from engine import credentials, installation
from engine.access import Actor
from engine.commands.attachments import add_attachment
from engine.commands.cases import start_process
from engine.commands.deployments import gathered
from engine.commands.sop_drafts import begin_draft
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import complete_user_task
from engine.queries.documents import case_documents
from engine.queries.notices import my_notices
from engine.queries.register import this_year
from engine.queries.sop_drafts import my_sop_drafts
from engine.queries.user_tasks import user_task
from engine.site import Site
from engine.tour import example
from tests.cast import NAMES
from tests.clients import PNG
from tests.conftest import SOP, Prepared, copied
from web.context import API

LANES = {"staf", "ppk", "kasubag", "kpa", "anggota", "kpukab"}
ROLES = {"auditor", "perancang", "admin"}
EVERYBODY = set(NAMES)
START_LANE = {"kpukab", "anggota"}
SEE_CASE = {*START_LANE, "auditor", "admin"}
SEE_DOCUMENT = {"kpukab", "kpa", "auditor", "admin"}  # it was issued; the case now waits for the KPA


@dataclass(frozen=True)
class Rule:
    """What each person gets, and how to ask: `json` or `form` is the body, `file` the part to upload in."""

    answers: Mapping[str, int]
    nobody: int = 401
    json: Any = None
    form: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None


def rule(*answers: tuple[Iterable[str], int], others: int = 404, **options: Any) -> Rule:
    """The first group that holds a person decides."""
    found = {name: next((status for who, status in answers if name in set(who)), others) for name in NAMES}
    return Rule(found, **options)


REASON = {"reason": "Uji"}
OPEN = rule((EVERYBODY, 200))
CASE = rule((SEE_CASE, 200))
DEFINITION = rule((LANES | ROLES, 200))
DOCUMENT = rule((SEE_DOCUMENT, 200))
UPLOAD = rule(({"staf"}, 200))
START = {"process_definition_key": SOP}
PAGE = rule((EVERYBODY, 200), nobody=302)


def operator(status: int) -> Rule:
    return rule(({"admin"}, status), (SEE_CASE, 403), json=REASON)


def doer(status: int, **options: Any) -> Rule:
    return rule((START_LANE, status), (SEE_CASE, 403), **options)


ADMINS = rule(({"admin"}, 200), others=403)
READERS = rule(({"admin", "auditor"}, 200), others=403)


def keeper(status: int, **options: Any) -> Rule:
    """Administrators' pages."""
    return rule(({"admin"}, status), others=403, **options)


SOP_API = rule(({"perancang", "auditor"}, 200), (LANES | ROLES, 403))
SOP_READERS = rule(({"perancang", "auditor"}, 200), others=403, nobody=302)


def designer(status: int, **options: Any) -> Rule:
    """Pages of who designs SOPs; drafts are their own."""
    return rule(({"perancang"}, status), others=403, **options)


SUBSTITUTE = {"absent": "kpa", "substitute": "ppk", "kind": "plh", "reason": "Uji", "from": "2999-01-01"}
PLANNED = NewSubstitution("kpa", "ppk", "plh", "Uji", "2999-01-01")  # in force, it would open what the rules close
API_RULES = {
    "GET /healthz": rule((EVERYBODY, 200), nobody=200),
    "GET /api/v1/openapi.json": rule((EVERYBODY, 200), nobody=200),
    "GET /api/v1/me": OPEN,
    "GET /api/v1/me/preferences": OPEN,
    "PUT /api/v1/me/preferences": rule((EVERYBODY, 200), json={"mail": "daily"}),
    "GET /api/v1/notices": OPEN,
    "GET /api/v1/notices/unread": OPEN,
    "POST /api/v1/notices/read": rule((EVERYBODY, 204)),
    "POST /api/v1/notices/<notice_id>/read": rule(({"anggota"}, 204)),  # it opened; the Ketua had opened it
    "POST /api/v1/deployments": rule(({"perancang"}, 201), others=403, file="files"),
    "GET /api/v1/process-definitions": OPEN,
    "GET /api/v1/process-definitions/<key>": DEFINITION,
    "GET /api/v1/process-definitions/<key>/xml": DEFINITION,
    "GET /api/v1/process-definitions/<key>/versions": DEFINITION,
    "GET /api/v1/process-definitions/<key>/versions/<version>": DEFINITION,
    "GET /api/v1/process-definitions/<key>/versions/<version>/xml": DEFINITION,
    "GET /api/v1/process-definitions/<key>/versions/<version>/package": SOP_API,
    "GET /api/v1/process-definitions/<key>/versions/<version>/changes": SOP_API,
    "POST /api/v1/process-definitions/<key>/versions/<version>/withdraw": rule(
        ({"perancang"}, 422), (LANES | ROLES, 403), json={"reason": " "}
    ),
    "POST /api/v1/process-definitions/<key>/versions/<version>/reinstate": rule(
        ({"perancang"}, 409), (LANES | ROLES, 403), json=REASON
    ),
    "POST /api/v1/process-instances": rule((START_LANE, 201), (LANES | ROLES, 403), json=START),
    "GET /api/v1/process-instances": OPEN,
    "GET /api/v1/process-instances/<instance_id>": CASE,
    "GET /api/v1/process-instances/<instance_id>/history": CASE,
    "GET /api/v1/process-instances/<instance_id>/verify": CASE,
    "GET /api/v1/process-instances/<instance_id>/documents": CASE,
    "GET /api/v1/process-instances/<instance_id>/dossier": CASE,
    "GET /api/v1/process-instances/<instance_id>/comments": CASE,
    "POST /api/v1/process-instances/<instance_id>/comments": rule((SEE_CASE, 201), json={"text": "Uji"}),
    "POST /api/v1/process-instances/<instance_id>/cancel": rule(
        ({"kpukab", "admin"}, 200), (SEE_CASE, 403), json=REASON
    ),
    "POST /api/v1/process-instances/<instance_id>/suspend": operator(200),
    "POST /api/v1/process-instances/<instance_id>/resume": operator(409),
    "POST /api/v1/process-instances/<instance_id>/retry": operator(409),
    "POST /api/v1/messages": rule(({"admin"}, 409), others=403, json={"name": "tidak ditunggu"}),
    "POST /api/v1/signals": rule(({"admin"}, 200), others=403, json={"name": "tidak ditunggu"}),
    "GET /api/v1/user-tasks": OPEN,
    "GET /api/v1/user-tasks/<task_id>": CASE,
    "POST /api/v1/user-tasks/<task_id>/claim": doer(200),
    "POST /api/v1/user-tasks/<task_id>/release": doer(409),
    "PUT /api/v1/user-tasks/<task_id>/draft": doer(204, json={"data": {}}),
    "POST /api/v1/user-tasks/<task_id>/delegate": doer(422, json={"to": "tidak-ada", "note": "Uji"}),
    "POST /api/v1/user-tasks/<task_id>/reassign": rule(
        ({"admin"}, 200), (SEE_CASE, 403), json={"to": "kpukab", **REASON}
    ),
    "POST /api/v1/user-tasks/<task_id>/complete": doer(422, json={"data": {}}),
    "POST /api/v1/user-tasks/<task_id>/preview": doer(200, json={"data": {}}),
    "POST /api/v1/user-tasks/<task_id>/preview/<activity_id>.docx": doer(404, json={"data": {}}),
    "POST /api/v1/user-tasks/<task_id>/preview/<activity_id>.pdf": doer(404, json={"data": {}}),
    "POST /api/v1/attachments": rule((EVERYBODY, 201), file="file"),
    "GET /api/v1/attachments/<attachment_id>": UPLOAD,
    "GET /api/v1/attachments/<attachment_id>/content": UPLOAD,
    "GET /api/v1/documents/<document_id>": DOCUMENT,
    "GET /api/v1/documents/<document_id>/content": DOCUMENT,
    "POST /api/v1/documents/<document_id>/signed-copy": rule(
        ({"kpukab"}, 422), (SEE_DOCUMENT, 403), json={"attachments": ["nothing"]}
    ),
    "POST /api/v1/documents/verify": rule((EVERYBODY, 200), file="file"),
    "GET /api/v1/document-codes/<code>": rule((EVERYBODY, 422)),
    "GET /api/v1/users": ADMINS,
    "POST /api/v1/users": rule(({"admin"}, 201), others=403, json={"name": "baru", "full_name": "Orang Baru"}),
    "GET /api/v1/users/<name>": ADMINS,
    "PATCH /api/v1/users/<name>": rule(({"admin"}, 200), others=403, json={"rank": "Penata", **REASON}),
    "POST /api/v1/users/<name>/memberships": rule(
        ({"admin"}, 422), others=403, json={"kind": "role", "value": "raja", **REASON}
    ),
    "POST /api/v1/users/<name>/memberships/<membership_id>/end": rule(({"admin"}, 404), others=403, json=REASON),
    "GET /api/v1/statistics": rule((ROLES, 200), others=403),
    "GET /api/v1/acts": READERS,
    "GET /api/v1/acts/verify": READERS,
    "GET /api/v1/substitutes": OPEN,
    "POST /api/v1/substitutes": rule(({"kpa", "admin"}, 201), others=403, json=SUBSTITUTE),
    "POST /api/v1/substitutes/<substitute_id>/end": rule(
        ({"kpa", "admin"}, 200), ({"ppk", "auditor"}, 403), json={"reason": "Uji"}
    ),
}
PAGE_RULES = {
    "GET /berkas/<instance_id>/putar-ulang": rule((SEE_CASE, 200), nobody=302),
    "GET /kinerja": rule((ROLES, 200), others=403, nobody=302),
    "GET /pemberitahuan": PAGE,
    "POST /pemberitahuan": rule((EVERYBODY, 302)),
    "POST /pemberitahuan/surel": rule((EVERYBODY, 302), form={"mail": "daily"}),
    "GET /kelola/surel": keeper(200, nobody=302),
    "POST /kelola/surel": keeper(422),
    "GET /kelola": rule(({"admin", "auditor"}, 302), others=403, nobody=302),
    "GET /kelola/orang": keeper(200, nobody=302),
    "GET /kelola/orang-baru": keeper(200, nobody=302),
    "POST /kelola/orang-baru": keeper(422),
    "GET /kelola/orang-csv": keeper(200, nobody=302),
    "POST /kelola/orang-csv": keeper(422),
    "GET /kelola/orang/<name>": keeper(200, nobody=302),
    "POST /kelola/orang/<name>": keeper(302, form={"_act": "change", "full_name": "Bahar Lain", "reason": "Uji"}),
    "GET /kelola/peran": keeper(200, nobody=302),
    "POST /kelola/peran": keeper(422, form={"user": "orangluar", "kind": "lane"}),
    "GET /kelola/pengganti": keeper(200, nobody=302),
    "POST /kelola/pengganti": keeper(422, form={"absent": "kpa"}),
    "GET /kelola/kalender": keeper(200, nobody=302),
    "POST /kelola/kalender": keeper(422),
    "GET /kelola/nomor": rule(({"admin", "auditor"}, 200), others=403, nobody=302),
    "POST /kelola/nomor": keeper(422),
    "GET /kelola/nomor/<type_>/<year>": rule(({"admin", "auditor"}, 200), others=403, nobody=302),
    "POST /kelola/nomor/<type_>/<year>": keeper(422),
    "GET /kelola/kantor": keeper(200, nobody=302),
    "POST /kelola/kantor": keeper(422),
    "GET /kelola/tindakan": rule(({"admin", "auditor"}, 200), others=403, nobody=302),
    "GET /pembuktian": rule(({"admin", "auditor"}, 200), others=403, nobody=302),
    "POST /pembuktian": rule(({"admin", "auditor"}, 302), others=403),
    "GET /pembuktian/checkpoint/<number>": rule(({"admin", "auditor"}, 404), others=403, nobody=302),
    "GET /pembuktian/kunci-publik": rule(({"admin", "auditor"}, 200), others=403, nobody=302),
    "GET /sop": SOP_READERS,
    "GET /sop/<key>": SOP_READERS,
    "GET /sop/<key>/beda": SOP_READERS,
    "GET /sop/<key>/versi/<version>": SOP_READERS,
    "GET /sop/<key>/versi/<version>.zip": SOP_READERS,
    "GET /sop/<key>/versi/<version>.docx": SOP_READERS,
    "GET /sop/<key>/versi/<version>/berkas/<name>": rule(({"perancang", "auditor"}, 404), others=403, nobody=302),
    "POST /sop/<key>/versi/<version>/tarik": rule(({"perancang"}, 422), (LANES | ROLES, 403)),
    "POST /sop/<key>/versi/<version>/pulihkan": rule(({"perancang"}, 409), (LANES | ROLES, 403)),
    "POST /sop/<key>/versi/<version>/rancangan": designer(409),  # there is one
    "POST /rancangan": designer(302, file="files"),
    "GET /rancangan/<draft_id>": designer(200, nobody=302),
    "GET /rancangan/<draft_id>.zip": designer(200, nobody=302),
    "GET /rancangan/<draft_id>.docx": designer(200, nobody=302),
    "GET /rancangan/<draft_id>/berkas/<name>": designer(404, nobody=302),
    "POST /rancangan/<draft_id>/berkas": designer(422),
    "GET /rancangan/<draft_id>/beda": designer(200, nobody=302),
    "GET /rancangan/<draft_id>/uji-coba": designer(200, nobody=302),
    "POST /rancangan/<draft_id>/uji-coba": designer(302),
    "GET /rancangan/<draft_id>/uji-coba/langkah/<path>": designer(200, nobody=302),
    "POST /rancangan/<draft_id>/uji-coba/langkah/<path>": designer(422),
    "GET /rancangan/<draft_id>/uji-coba/dokumen/<n>": designer(404, nobody=302),
    "GET /rancangan/<draft_id>/uji-coba/dokumen/<n>/unduh": designer(404, nobody=302),
    "GET /rancangan/<draft_id>/terbit": designer(200, nobody=302),
    "POST /rancangan/<draft_id>/terbit": designer(422),
    "POST /rancangan/<draft_id>/buang": designer(302),
    "GET /saya/pengganti": PAGE,
    "POST /saya/pengganti": rule((EVERYBODY, 422)),
    "GET /saya/kata-sandi": PAGE,
    "POST /saya/kata-sandi": rule((EVERYBODY, 422)),
    "GET /masuk": rule((EVERYBODY, 302), nobody=200),
    "POST /masuk": rule((EVERYBODY - {"orangluar"}, 401), others=429),  # whose attempt is the eleventh
    "GET /masuk/<link>": rule((EVERYBODY, 200), nobody=200),
    "POST /masuk/<link>": rule((EVERYBODY, 401)),
    "POST /keluar": rule((EVERYBODY, 302), nobody=302),
    "GET /": PAGE,
    "GET /saya/tugas": PAGE,
    "GET /bersama": PAGE,
    "GET /terlambat": PAGE,
    "GET /menunggu": PAGE,
    "GET /selesai": PAGE,
    "GET /saya": PAGE,
    "GET /alamat": rule(({"admin"}, 200), others=403, nobody=302),
    "GET /berkas": PAGE,
    "GET /berkas/<instance_id>": rule((SEE_CASE, 200), nobody=302),
    "POST /berkas/<instance_id>": rule(
        ({"kpukab", "admin"}, 302), (SEE_CASE, 403), form={"_act": "cancel", "reason": "Uji"}
    ),
    "POST /berkas/<instance_id>/komentar": rule((SEE_CASE, 302), form={"comment": "Uji"}),
    "GET /tugas/<task_id>": rule((SEE_CASE, 200), nobody=302),
    "POST /tugas/<task_id>": doer(302, form={"_act": "claim"}),
    "GET /tugas/<task_id>/alihkan": rule(({"admin"}, 200), (SEE_CASE, 403), nobody=302),
    "POST /tugas/<task_id>/alihkan": rule(({"admin"}, 302), (SEE_CASE, 403), form={"to": "kpukab", **REASON}),
    "GET /tugas/<task_id>/wakilkan": rule((SEE_CASE, 200), nobody=302),
    "POST /tugas/<task_id>/wakilkan": doer(302, form={"to": "staf", "note": "Uji", "confirm": "1"}),
    "GET /tugas/<task_id>/pratinjau": doer(200, nobody=302),
    "GET /tugas/<task_id>/pratinjau/<activity_id>.docx": doer(404, nobody=302),
    "GET /tugas/<task_id>/pratinjau/<activity_id>.pdf": doer(404, nobody=302),
    "GET /mulai": PAGE,
    "POST /mulai": rule((START_LANE, 302), (LANES | ROLES, 403), form={"key": SOP, "title": "Uji"}),
    "GET /berkas/<instance_id>/dosir": rule((SEE_CASE, 200), nobody=302),
    "GET /periksa": rule((EVERYBODY, 200), nobody=200),
    "POST /periksa": rule((EVERYBODY, 422), nobody=422, form={"code": "7K3M"}),
    "GET /dokumen/<document_id>": rule((SEE_DOCUMENT, 200), nobody=302),
    "GET /dokumen/<document_id>/salinan": rule((SEE_DOCUMENT, 200), nobody=302),
    "POST /dokumen/<document_id>/salinan": rule(({"kpukab"}, 422), (SEE_DOCUMENT, 403), form={"file": "nothing"}),
    "POST /lampiran": rule((EVERYBODY, 201), file="file"),
    "GET /lampiran/<attachment_id>": rule(({"staf"}, 200), nobody=302),
}
RULES = API_RULES | PAGE_RULES
CONVERTER = r"<[^<>]*:"
STATIC = "GET /static/<filename>"


def routes(app: Flask) -> set[str]:
    """Everything the application answers to."""
    return {
        f"{method} {re.sub(CONVERTER, '<', each.rule)}"
        for each in app.url_map.iter_rules()
        for method in (each.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.fixture(scope="module")
def site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterable[Site]:
    with copied(prepared, tmp_path_factory.mktemp("access") / "var") as site:
        yield site


@pytest.fixture(scope="module")
def app(site: Site) -> Flask:
    app = create_app(site=site)
    app.config["WTF_CSRF_ENABLED"] = False  # its own test is below
    return app


@pytest.fixture(scope="module")
def people(site: Site, prepared: Prepared) -> dict[str, Any]:
    found = {name: credentials.holder(site, "token", token) for name, token in prepared.tokens.items()}
    assert all(found.values())
    return found


@pytest.fixture(scope="module")
def lasting(site: Site, people: dict[str, Any]) -> dict[str, str]:
    """A document in a case that waits for the KPA, and an upload of the staff member's that nothing is bound to."""
    ketua = people["kpukab"]
    case, _ = start_process(site, ketua, API, SOP)
    for activity in ("catat_rapat", "putuskan_rencana"):
        task = f"{case}-{activity}.1"
        complete_user_task(site, ketua, API, task, example(site, ketua, user_task(site, ketua, task)))
    upload = add_attachment(site, people["staf"], "bukti.png", PNG)
    return {
        "document_id": case_documents(site, ketua, case)[0].id,
        "attachment_id": upload.id,
        "notice_id": str(my_notices(site, people["anggota"])[0].id),
    }


def draft(site: Site, designer: Actor) -> str:
    """A draft of the designer's that is still there, else a new one."""
    there = my_sop_drafts(site, designer)
    return there[0].id if there else begin_draft(site, designer, SOP, 1)


@pytest.fixture
def fresh(site: Site, people: dict[str, Any], lasting: dict[str, str]) -> Callable[[], dict[str, str]]:
    """Values for the parts of a path, with a case that has just been started."""

    def parts() -> dict[str, str]:
        case, _ = start_process(site, people["kpukab"], API, SOP)
        return {
            **lasting,
            "instance_id": case,
            "task_id": f"{case}-catat_rapat.1",
            "key": SOP,
            "version": "1",
            "activity_id": "issues_nothing",
            "link": "x",
            "name": "orangluar",
            "membership_id": "999999",
            "type_": "nota_dinas",
            "draft_id": draft(site, people["perancang"]),
            "path": "catat_rapat.1",
            "n": "1",
            "number": "1",
            "year": str(this_year(site)),
            "substitute_id": add_substitute(site, people["admin"], API, PLANNED).id,
        }

    return parts


def test_every_route_has_a_rule_and_every_rule_a_route(app: Flask) -> None:
    assert routes(app) == {*RULES, STATIC}


@pytest.mark.parametrize("route", RULES)
def test_everybody_gets_what_the_rule_says_and_nobody_else_anything(
    app: Flask, site: Site, prepared: Prepared, fresh: Callable[[], dict[str, str]], route: str
) -> None:
    wanted = RULES[route]
    expected = {None: wanted.nobody, **wanted.answers}
    assert {name: ask(app, site, prepared, route, fresh(), name) for name in expected} == expected


def ask(app: Flask, site: Site, prepared: Prepared, route: str, parts: dict[str, str], name: str | None) -> int:
    """The status that this person's request gets; pages know people by session, the API by token."""
    method, path = route.split()
    for part, value in parts.items():
        path = path.replace(f"<{part}>", value)
    client = app.test_client()
    headers = {}
    if name and route in API_RULES:
        headers["Authorization"] = f"Bearer {prepared.tokens[name]}"
    elif name:
        with site.database.write() as connection:
            link = credentials.create_link(connection, name, site.clock())
        client.set_cookie("alur", credentials.open_link(site, link))
    wanted = RULES[route]
    options: dict[str, Any] = {"json": wanted.json} if wanted.json is not None else {"data": dict(wanted.form)}
    if wanted.file == "file":
        options = {"data": {"file": (io.BytesIO(PNG), "bukti.png")}}
    elif wanted.file:
        files = gathered([installation.ROOT / "bpmn" / "sop-16-2022.bpmn"], installation.LIBRARY)
        options = {"data": {wanted.file: [(io.BytesIO(content), file) for file, content in files.items()]}}
    return client.open(path, method=method, headers=headers, **({} if method == "GET" else options)).status_code


@pytest.mark.parametrize("route", [route for route in PAGE_RULES if route.startswith("POST")])
def test_a_page_takes_no_post_that_did_not_come_from_it(
    app: Flask, site: Site, prepared: Prepared, fresh: Callable[[], dict[str, str]], route: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert ask(app, site, prepared, route, fresh(), "kpukab") == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_token_opens_no_page_and_a_session_no_api(app: Flask, site: Site, prepared: Prepared) -> None:
    with_token = app.test_client().get("/berkas", headers={"Authorization": f"Bearer {prepared.tokens['staf']}"})
    assert with_token.status_code == 302
    with site.database.write() as connection:
        link = credentials.create_link(connection, "staf", site.clock())
    client = app.test_client()
    client.set_cookie("alur", credentials.open_link(site, link))
    assert client.get("/berkas").status_code == 200
    assert client.get("/api/v1/me").status_code == 401
