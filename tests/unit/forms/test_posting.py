"""A plain form post becomes the form's data, with nothing lost that someone typed."""

import json
from typing import Any

import pytest

from forms.kinds import TIME_OF_DAY
from forms.posting import Posted, place, read_post
from forms.schema import read_form

SCHEMA = {
    "type": "object",
    "required": ["tempat"],
    "properties": {
        "nama": {"type": "string"},
        "anggaran": {"type": "integer"},
        "tanggal": {"type": "string", "format": "date"},
        "lengkap": {"type": "boolean"},
        "setuju": {"type": "boolean"},
        "tingkat": {"type": "integer", "enum": [1, 2]},
        "bidang": {"type": "array", "items": {"type": "string", "enum": ["hukum", "teknis"]}},
        "tembusan": {"type": "array", "items": {"type": "string"}},
        "peserta": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "nama": {"type": "string"},
                    "hadir": {"type": "boolean"},
                    "tanda": {"type": "string", "format": "attachment"},
                },
            },
        },
        "foto": {"type": "string", "format": "attachment"},
        "lampiran": {"type": "array", "items": {"type": "string", "format": "attachment"}},
        "tempat": {"type": "object", "properties": {"gedung": {"type": "string"}}},
        "catatan": {"type": "object", "properties": {"isi": {"type": "string"}}},
    },
}
UI = {
    "anggaran": {"ui:widget": "money"},
    "setuju": {"ui:widget": "checkbox"},
    "peserta": {"items": {"hadir": {"ui:widget": "checkbox"}}},
}
FORM = read_form(json.dumps(SCHEMA).encode(), json.dumps(UI).encode())
EMPTY = {"setuju": False, "tempat": {}}
TWO = {"peserta": ["0", "4"], "peserta.0.nama": ["Andi"], "peserta.4.nama": ["Budi"], "peserta.4.hadir": ["true"]}


def post(values: dict[str, list[str]], **files: list[str]) -> Posted[str]:
    return read_post(FORM, values, files)


def test_what_is_empty_is_absent() -> None:
    assert post({"nama": ["  "], "tingkat": [""], "tembusan": ["0"], "tembusan.0": [""]}).data == EMPTY


def test_values_are_read_by_their_kind() -> None:
    values = {
        "nama": [" Rapat\r\npleno "],
        "anggaran": ["Rp 2.000.000,00"],
        "tanggal": ["21/03/2022"],
        "lengkap": ["false"],
        "setuju": ["true"],
        "tingkat": ["2"],
        "bidang": ["hukum", "teknis"],
        "tempat.gedung": ["Aula"],
    }
    assert post(values).data == {
        "nama": "Rapat\npleno",
        "anggaran": 2_000_000,
        "tanggal": "2022-03-21",
        "lengkap": False,
        "setuju": True,
        "tingkat": 2,
        "bidang": ["hukum", "teknis"],
        "tempat": {"gedung": "Aula"},
    }


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    typed = {"anggaran": ["dua juta"], "tanggal": ["besok"], "lengkap": ["?"], "tingkat": ["9"], "bidang": ["x"]}
    data = {"anggaran": "dua juta", "tanggal": "besok", "lengkap": "?", "tingkat": "9", "bidang": ["x"]}
    assert post(typed).data == EMPTY | data


def test_rows_keep_their_order_whatever_their_numbers() -> None:
    assert post(TWO).data["peserta"] == [{"nama": "Andi", "hadir": False}, {"nama": "Budi", "hadir": True}]


def test_blank_rows_are_left_out_of_what_is_sent() -> None:
    assert "peserta" not in post({"peserta": ["0", "1"], "peserta.0.nama": [""]}).data


def test_a_button_adds_a_row_and_keeps_the_blank_ones() -> None:
    posted = post(TWO | {"_add": ["peserta"], "tembusan": ["0"], "tembusan.0": [""]})
    assert posted.editing
    assert [row.get("nama") for row in posted.data["peserta"]] == ["Andi", "Budi", None]
    assert len(posted.data["tembusan"]) == 1


def test_a_button_takes_out_a_row() -> None:
    posted = post(TWO | {"_remove": ["peserta.0"]})
    assert posted.editing
    assert posted.data["peserta"] == [{"nama": "Budi", "hadir": True}]


def test_a_flood_of_rows_is_cut_where_validation_sees_it() -> None:
    numbers = [str(n) for n in range(10_000)]
    assert len(post({"peserta": numbers} | {f"peserta.{n}.nama": ["x"] for n in numbers}).data["peserta"]) == 4


def test_uploads_come_with_the_place_for_their_id() -> None:
    values = {"lampiran": ["a"], "peserta": ["0", "3"], "foto": ["old"]}
    posted = post(values, **{"foto": ["f"], "lampiran": ["b", "c"], "peserta.3.tanda": ["t"]})
    assert posted.uploads == (("/peserta/0/tanda", "t"), ("/foto", "f"), ("/lampiran/-", "b"), ("/lampiran/-", "c"))
    for pointer, file in posted.uploads:
        place(posted.data, pointer, file.upper())
    assert posted.data["peserta"] == [{"hadir": False, "tanda": "T"}]
    assert (posted.data["foto"], posted.data["lampiran"]) == ("F", ["a", "B", "C"])


def test_an_upload_makes_the_list_and_the_group_that_are_not_there_yet() -> None:
    data: dict[str, Any] = {}
    place(data, "/berkas/lampiran/-", "a")
    assert data == {"berkas": {"lampiran": ["a"]}}


@pytest.mark.parametrize(("name", "left"), [("lampiran.0", ["b"]), ("lampiran.1", ["a"])])
def test_a_button_takes_out_a_stored_file(name: str, left: list[str]) -> None:
    assert post({"lampiran": ["a", "b"], "_remove": [name]}).data["lampiran"] == left
    assert "foto" not in post({"foto": ["a"], "_remove": ["foto"]}).data


def test_what_the_form_does_not_know_is_ignored() -> None:
    assert post({"asing": ["x"], "peserta.__n__.nama": ["x"], "csrf_token": ["x"]}).data == EMPTY


def test_a_time_of_day_is_read_however_people_write_it() -> None:
    schema = {"type": "object", "properties": {"mulai": {"type": "string", "pattern": TIME_OF_DAY}}}
    form = read_form(json.dumps(schema).encode(), None)
    for typed in ("09:20", "9.20", "pukul 9.20"):
        assert read_post(form, {"mulai": [typed]}).data == {"mulai": "09:20"}
