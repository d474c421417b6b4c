"""A definition with the very files it was deployed with: its forms and templates, parsed once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from docgen.render import TemplateError, TemplateInvalid, compile_template
from engine import contents
from engine.bpmn import Element
from engine.checker import constant
from engine.definitions import Definition, deployed_definition
from engine.errors import OperatorFailed, required
from engine.models import definitions
from forms.schema import Form, complete, read_form

NUMBER = "dokumen.nomor"


@dataclass(frozen=True)
class Bundle:
    """One version of an SOP, ready to execute; `files` maps file names to bytes."""

    definition: Definition
    files: Mapping[str, bytes]

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Activity id → its form, for the user tasks that have one."""
        return {
            element.id: self._form(element.properties)
            for element in self.definition.elements.values()
            if element.kind == "userTask" and "formJsonSchemaFilename" in element.properties
        }

    @cached_property
    def forms_by_key(self) -> Mapping[str, Form]:
        """Data key → the form that fills it."""
        elements = self.definition.elements
        keyed = ((elements[activity].properties.get("dataKey"), form) for activity, form in self.forms.items())
        return {key: form for key, form in keyed if key}

    def complete(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The case's data with every field the forms know; what nobody filled in is empty."""
        return {**data, **{key: _completed(form, data.get(key)) for key, form in self.forms_by_key.items()}}

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        """The document a template makes; raises `OperatorFailed` with the template and the field."""
        if template not in self.files:
            raise OperatorFailed(cause=f"{template}: no such template")
        try:
            return compile_template(self.files[template], template).render(context)
        except (TemplateError, TemplateInvalid) as error:
            raise OperatorFailed(cause=str(error)) from error

    @cached_property
    def numbered(self) -> Mapping[str, Element]:
        """Type → a service task that issues documents of it with their number; worked-out types are left out."""
        issuing = ((constant(element, "type"), element) for element in self.definition.elements.values())
        return {str(kind): element for kind, element in issuing if kind and self._issues_number(element)}

    def prints_number(self, template: str) -> bool:
        """Whether documents made of this template print their number."""
        return template in self.files and NUMBER in compile_template(self.files[template], template).names

    def _issues_number(self, element: Element) -> bool:
        drafts = "status" in element.parameters and constant(element, "status") not in (None, "", "issued")
        return not drafts and self.prints_number(str(constant(element, "template")))

    def _form(self, properties: Mapping[str, str]) -> Form:
        ui = properties.get("formUiSchemaFilename")
        return read_form(self.files[properties["formJsonSchemaFilename"]], self.files[ui] if ui else None)


def _completed(form: Form, answer: Any) -> Any:  # noqa: ANN401 - JSON
    """What was answered with the form; a list of it, where several runs gave theirs."""
    return [_completed(form, each) for each in answer] if isinstance(answer, list) else complete(form, answer or {})


def load(connection: Connection, digest: str) -> Bundle:
    """Read a deployed definition back from its stored files; raises `NotFound`."""
    row = required(connection.execute(select(definitions).where(definitions.c.digest == digest)).first())
    names: dict[str, str] = json.loads(row.files)
    files = {name: contents.read(connection, sha256) for name, sha256 in names.items()}
    return Bundle(deployed_definition(files, row.key), files)
