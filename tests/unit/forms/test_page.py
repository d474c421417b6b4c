"""The page as a browser sees it: what the template shows and what comes back when it is sent, without any script."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from forms.fields import StoredFile, fields
from forms.posting import Posted, read_post
from forms.schema import read_form
from forms.validation import FieldError, validate

ROOT = Path(__file__).parents[3]
SCHEMA = {
    "type": "object",
    "title": "Laporan",
    "required": ["nama", "lokasi"],
    "properties": {
        "nama": {"type": "string", "title": "Nama <kegiatan>", "maxLength": 200},
        "uraian": {"type": "string"},
        "surel": {"type": "string", "format": "email"},
        "volume": {"type": "number"},
        "jumlah": {"type": "integer"},
        "anggaran": {"type": "integer"},
        "tanggal": {"type": "string", "format": "date"},
        "pukul": {"type": "string", "format": "time"},
        "jenis": {"type": "string", "enum": ["rapat", "bimtek", "lain & lain", "4", "5", "6"]},
        "keputusan": {"type": "string", "enum": ["setuju", "kembalikan"]},
        "tingkat": {"type": "integer", "enum": [1, 2, 3]},
        "lengkap": {"type": "boolean"},
        "sah": {"type": "boolean"},
        "bidang": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}},
        "tembusan": {"type": "array", "items": {"type": "string"}},
        "foto": {"type": "string", "format": "attachment"},
        "lampiran": {"type": "array", "items": {"type": "string", "format": "attachment"}},
        "lokasi": {"type": "object", "properties": {"gedung": {"type": "string"}, "lantai": {"type": "integer"}}},
        "peserta": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["nama"],
                "properties": {
                    "nama": {"type": "string"},
                    "honor": {"type": "integer"},
                    "hadir": {"type": "boolean"},
                },
            },
        },
        "masalah": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "uraian": {"type": "string"},
                    "bukti": {"type": "array", "items": {"type": "string", "format": "attachment"}},
                    "selesai": {"type": "boolean"},
                },
            },
        },
    },
}
UI = {
    "uraian": {"ui:widget": "textarea", "ui:showIf": "jenis == 'rapat'"},
    "anggaran": {"ui:widget": "money"},
    "sah": {"ui:widget": "checkbox"},
    "peserta": {"items": {"honor": {"ui:widget": "money"}, "hadir": {"ui:widget": "checkbox"}}},
}
FORM = read_form(json.dumps(SCHEMA).encode(), json.dumps(UI).encode())

PAGE = Environment(autoescape=True, loader=FileSystemLoader(ROOT / "web" / "templates"), undefined=StrictUndefined)
PAGE.globals["_"] = lambda sentence, **params: sentence % params if params else sentence
PAGE.globals["uploads"] = {
    "address": "/lampiran",
    "megabytes": 25,
    "limits": "paling besar 25 MB",
    "accept": ".pdf,.png",
    "pictures": "image/png",
}
TEMPLATE = PAGE.from_string(
    "{% import 'form/form.html' as page with context %}"
    "<form method='post'>{{ page.render_form(form, enter=('_act', 'save')) }}</form>{{ page.render_answers(form) }}"
)


def show(data: Mapping[str, Any], errors: list[FieldError] | None = None) -> html.HtmlElement:
    """The form of the page; what is inside <template> is not part of it, as in a browser."""
    files = {"a": StoredFile("a", "rapat.jpg", "/files/a")}
    root = fields(FORM, data, errors or [], evaluate=lambda *_: None, files=files)
    page = html.fromstring(TEMPLATE.render(form=root))
    for template in page.findall(".//template"):
        template.drop_tree()
    return page.forms[0]


def send(form: html.HtmlElement, **button: str) -> Posted[Any]:
    values: dict[str, list[str]] = {}
    for name, value in [*form.form_values(), *button.items()]:
        values.setdefault(name, []).append(value)
    return read_post(FORM, values)


# What people can have typed: trimmed, not empty, lines ended as in the data.
TEXTS = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=30)
    .map(str.strip)
    .filter(lambda text: text != "" and "\r" not in text)
)
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
NUMBERS = st.integers(-(2**53), 2**53)
IDS = st.text("abcdef0123456789", min_size=1, max_size=5)


def some(**parts: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return parts


def chosen(*values: str) -> st.SearchStrategy[list[str]]:
    return st.sets(st.sampled_from(values), min_size=1).map(sorted)


PEOPLE = st.fixed_dictionaries({"nama": LINES, "hadir": st.booleans()}, optional={"honor": NUMBERS})
ISSUES = st.fixed_dictionaries(
    {"uraian": LINES}, optional={"selesai": st.booleans(), "bukti": st.lists(IDS, min_size=1, max_size=3)}
)
DATA = st.fixed_dictionaries(
    {"sah": st.booleans(), "lokasi": st.fixed_dictionaries({}, optional={"gedung": LINES, "lantai": NUMBERS})},
    optional=some(
        nama=LINES,
        uraian=TEXTS,
        surel=LINES,
        volume=st.floats(-1e9, 1e9).map(lambda number: round(number, 6)) | NUMBERS,
        jumlah=NUMBERS,
        anggaran=NUMBERS,
        tanggal=st.dates().map(lambda day: day.isoformat()),
        pukul=st.times().map(lambda time: time.isoformat("minutes")),
        jenis=st.sampled_from(["rapat", "bimtek", "lain & lain"]),
        keputusan=st.sampled_from(["setuju", "kembalikan"]),
        tingkat=st.sampled_from([1, 2, 3]),
        lengkap=st.booleans(),
        bidang=chosen("a", "b", "c"),
        tembusan=st.lists(LINES, min_size=1, max_size=3),
        foto=IDS,
        lampiran=st.lists(IDS, min_size=1, max_size=3),
        peserta=st.lists(PEOPLE, min_size=1, max_size=3),
        masalah=st.lists(ISSUES, min_size=1, max_size=2),
    ),
)


@settings(max_examples=60, deadline=None)
@given(DATA)
def test_what_is_shown_and_sent_unchanged_comes_back_unchanged(data: dict[str, Any]) -> None:
    posted = send(show(data, validate(FORM, data)))
    assert posted.data == data
    assert not posted.editing


def test_what_could_not_be_read_comes_back_as_it_was_typed() -> None:
    typed = {"tanggal": "31/02/2022", "pukul": "jam 9", "anggaran": "dua juta", "sah": False, "lokasi": {}}
    form = show(typed, validate(FORM, typed))
    assert send(form).data == typed
    assert form.inputs["tanggal"].get("type") == "text"


def test_every_input_has_a_label_and_every_explanation_exists() -> None:
    data = {"peserta": [{}], "masalah": [{}], "tembusan": [""], "lampiran": ["a"], "nama": ""}
    form = show(data, validate(FORM, data))
    ids = [element.get("id") for element in form.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in form.iter("label")}
    for element in form.iter("input", "select", "textarea"):
        within = any(ancestor.tag == "label" for ancestor in element.iterancestors())
        assert element.get("type") == "hidden" or within or element.get("id") in labelled, html.tostring(element)
    for element in form.iter():
        assert set((element.get("aria-describedby") or "").split()) <= set(ids)


def test_the_errors_are_counted_and_lead_to_their_fields() -> None:
    data = {"peserta": [{"hadir": True}], "tanggal": "besok", "bidang": ["x"], "keputusan": "y", "asing": 1}
    form = show(data, validate(FORM, data))
    summary = form.get_element_by_id("form-errors")
    assert "There are 7 answers to correct." in summary.text_content()
    links = [link.get("href").removeprefix("#") for link in summary.iter("a")]
    assert links == ["f-nama", "f-tanggal", "f-keputusan", "f-bidang", "f-lokasi", "f-peserta.0.nama"]
    for link in links:
        target = form.get_element_by_id(link)
        assert target.get("aria-invalid") == "true"
        assert f"{link}-error" in target.get("aria-describedby").split()


def test_enter_does_not_press_a_button_that_takes_out_a_row() -> None:
    button = next(show({"peserta": [{"nama": "Andi"}]}).iter("button"))
    assert (button.get("name"), button.get("value")) == ("_act", "save")


@pytest.mark.parametrize("button", ["_add", "_remove"])
def test_the_buttons_of_rows_and_files_do_what_they_say(button: str) -> None:
    data = {"peserta": [{"nama": "Andi"}, {"nama": "Budi"}], "foto": "a", "lampiran": ["a", "b"]}
    form = show(data)
    for pressed in form.xpath(f".//button[@name='{button}']"):
        assert pressed.get("formnovalidate") is not None
        posted = send(form, **{button: pressed.get("value")})
        before, after = sum(map(len, _lists(send(form).data))), sum(map(len, _lists(posted.data)))
        assert posted.editing
        assert after == before + (1 if button == "_add" else -1)


def _lists(data: Mapping[str, Any]) -> list[Any]:
    return [data.get(name, "") for name in ("peserta", "lampiran", "tembusan", "masalah", "foto")]


def test_nothing_that_was_typed_becomes_markup() -> None:
    attack = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    data = {"nama": attack, "uraian": attack, "jenis": attack, "peserta": [{"nama": attack}], "foto": attack}
    form = show(data, [FieldError("/nama", "x", "%(limit)s", {"limit": attack})])
    assert not list(form.getroottree().iter("script", "img"))
    assert form.inputs["uraian"].value.strip() == attack


def test_a_condition_that_is_simple_enough_travels_with_its_field() -> None:
    [field] = show({}).xpath(".//*[@data-show-if]")
    assert (field.get("data-show-if"), field.get("data-show-value")) == ("jenis", "rapat")
    assert field.get("hidden") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "hadir", "a/b~c"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_data_is_judged_and_shown(data: Any) -> None:
    errors = validate(FORM, data)
    assert isinstance(data, dict) or errors
    shown = fields(FORM, data if isinstance(data, dict) else {}, errors, evaluate=lambda *_: None)
    assert {error.pointer for _, _, error in shown.problems()} == {error.pointer for error in errors}


NAMES = st.sampled_from(
    ["nama", "tanggal", "anggaran", "sah", "bidang", "peserta", "peserta.0", "peserta.0.nama", "_add"]
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES | st.text(max_size=8), st.lists(st.text(max_size=12), max_size=3)))
def test_any_post_can_be_read_and_shown_again(values: dict[str, list[str]]) -> None:
    posted = read_post(FORM, values)
    assert posted.data.keys() <= SCHEMA["properties"].keys()
    fields(FORM, posted.data, validate(FORM, posted.data), evaluate=lambda *_: None)
