"""The page gets a tree of fields and needs to look into no schema."""

import json
from collections.abc import Mapping
from typing import Any

from forms.fields import Field, StoredFile, context, fields
from forms.schema import read_form
from forms.validation import FieldError, validate

SCHEMA = {
    "type": "object",
    "title": "Laporan",
    "required": ["nama", "peserta"],
    "properties": {
        "nama": {"type": "string", "title": "Nama kegiatan", "description": "Sesuai DIPA", "maxLength": 20},
        "anggaran": {"type": "integer"},
        "tanggal": {"type": "string", "format": "date"},
        "keputusan": {"type": "string", "enum": ["setuju", "kembalikan"]},
        "alasan": {"type": "string"},
        "bidang": {"type": "array", "items": {"type": "string", "enum": ["hukum", "teknis"]}},
        "tembusan": {"type": "array", "title": "Tembusan", "items": {"type": "string"}},
        "peserta": {
            "type": "array",
            "title": "Daftar hadir",
            "items": {
                "type": "object",
                "required": ["nama"],
                "properties": {
                    "nama": {"type": "string", "title": "Nama"},
                    "hadir": {"type": "boolean"},
                    "sebab": {"type": "string"},
                },
            },
        },
        "foto": {"type": "array", "items": {"type": "string", "format": "attachment"}},
    },
}
UI = {
    "ui:order": ["tanggal", "*", "nama"],
    "ui:context": [{"label": "Pagu", "value": "pagu"}, {"label": "Catatan", "value": "catatan"}],
    "anggaran": {"ui:widget": "money"},
    "alasan": {"ui:widget": "textarea", "ui:showIf": "keputusan == 'kembalikan'"},
    "keputusan": {"ui:enumNames": {"setuju": "Disetujui"}},
    "bidang": {"ui:showIf": "keputusan in ['setuju']"},
    "peserta": {"items": {"hadir": {"ui:widget": "checkbox"}, "sebab": {"ui:showIf": "hadir == False"}}},
}
FORM = read_form(json.dumps(SCHEMA).encode(), json.dumps(UI).encode())


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    return eval(expression, {"__builtins__": {}}, dict(names))


def tree(data: Mapping[str, Any], errors: list[FieldError] | None = None, **files: StoredFile) -> Field:
    return fields(FORM, data, errors or [], evaluate=evaluate, files=files)


def find(field: Field, name: str) -> Field:
    return next(child for child in field.children if child.name == name)


def test_fields_come_in_the_order_of_the_ui_schema() -> None:
    names = [child.name for child in tree({}).children]
    assert (names[0], names[-1], len(names)) == ("tanggal", "nama", 9)


def test_a_field_has_its_label_help_and_limits() -> None:
    field = find(tree({}), "nama")
    assert (field.label, field.help, field.required, field.longest) == ("Nama kegiatan", "Sesuai DIPA", True, 20)
    assert find(tree({}), "tanggal").label == "Tanggal"


def test_money_is_shown_with_its_thousands() -> None:
    assert find(tree({"anggaran": 2_000_000}), "anggaran").value == "2.000.000"
    assert find(tree({"anggaran": 2_000_000}), "anggaran").text == "Rp2.000.000"


def test_a_date_that_is_none_stays_in_sight_as_typed() -> None:
    typed, known = tree({"tanggal": "31/02/2022"}), tree({"tanggal": "2022-03-21"})
    assert (find(typed, "tanggal").value, find(typed, "tanggal").input_type) == ("31/02/2022", "text")
    assert (find(known, "tanggal").input_type, find(known, "tanggal").text) == ("date", "21 Maret 2022")


def test_few_options_are_all_in_sight_and_labelled() -> None:
    field = find(tree({"keputusan": "setuju"}), "keputusan")
    assert field.widget == "radio"
    assert [(o.value, o.label, o.chosen) for o in field.options] == [
        ("setuju", "Disetujui", True),
        ("kembalikan", "kembalikan", False),
    ]
    assert field.text == "Disetujui"


def test_a_simple_condition_is_given_to_the_page() -> None:
    field = find(tree({"keputusan": "setuju"}), "alasan")
    assert (field.shown, field.show_if) == (False, ("keputusan", "kembalikan"))


def test_any_other_condition_is_only_worked_out() -> None:
    assert (find(tree({}), "bidang").shown, find(tree({}), "bidang").show_if) == (False, None)
    assert find(tree({"keputusan": "setuju"}), "bidang").shown


def test_in_a_row_a_condition_speaks_of_that_row() -> None:
    rows = find(tree({"peserta": [{"hadir": True}, {"hadir": False}]}), "peserta")
    assert [find(row, f"{row.name}.sebab").shown for row in rows.children] == [False, True]
    assert find(rows.children[1], "peserta.1.sebab").show_if == ("peserta.1.hadir", "false")
    assert rows.blank and find(rows.blank, "peserta.__n__.sebab").show_if == ("peserta.__n__.hadir", "false")


def test_needed_rows_begin_with_a_blank_one() -> None:
    assert len(find(tree({}), "peserta").children) == 1
    assert len(find(tree({}), "tembusan").children) == 0


def test_a_list_of_texts_is_a_table_of_one_column() -> None:
    rows = find(tree({"tembusan": ["Arsip"]}), "tembusan")
    [cell] = rows.children[0].children
    assert (rows.widget, cell.name, cell.value, cell.label) == ("table", "tembusan.0", "Arsip", "Tembusan")


def test_errors_stand_at_their_fields_in_the_order_of_the_page() -> None:
    data = {"tanggal": "besok", "peserta": [{"nama": "Andi"}, {"hadir": True}], "bidang": ["x"], "asing": 1}
    root = tree(data, validate(FORM, data))
    assert [(label, error.code) for label, _, error in root.problems()] == [
        ("Laporan", "unknown_field"),
        ("Tanggal", "bad_date"),
        ("Bidang", "not_a_choice"),
        ("Daftar hadir 2: Nama", "required"),
        ("Nama kegiatan", "required"),
    ]
    assert [error.pointer for error in root.errors] == ["/asing"]


def test_a_refused_upload_is_an_error_of_its_field() -> None:
    root = tree({}, [FieldError("/foto/-", "too_big", "Too big.")])
    assert [field.name for _, field, _ in root.problems()] == ["foto"]


def test_stored_files_are_shown_by_name() -> None:
    field = find(tree({"foto": ["a", "b"]}, a=StoredFile("a", "rapat.jpg", "/a")), "foto")
    assert [(file.id, file.name) for file in field.files] == [("a", "rapat.jpg"), ("b", "b")]


def test_data_of_any_shape_can_be_shown() -> None:
    for value in (None, 3, "x", True, [], [3], {}, [{"nama": {}}], [None]):
        tree(dict.fromkeys(SCHEMA["properties"], value))  # type: ignore[call-overload]


def test_the_context_leaves_out_what_the_case_does_not_know() -> None:
    case = {"pagu": 25_000_000, "catatan": ""}
    assert context(FORM, case, evaluate) == [("Pagu", ["25.000.000"])]
