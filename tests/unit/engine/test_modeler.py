"""What designers' tools are given knows every word that models say and the code reads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from docgen.tags import _BLOCK
from engine.bpmn.vocabulary import CARRIED, SPIFF
from engine.checker.support import _MEANINGFUL
from engine.inputs import PROPERTY
from engine.issuing import REGISTRY
from engine.properties import NAMES, PARAMETERS
from tests import modeler

DESCRIPTOR = json.loads((modeler.FOLDER / "spiffworkflow.json").read_text("utf-8"))
TYPES = {each["name"][:1].lower() + each["name"][1:]: each for each in DESCRIPTOR["types"]}
MODELS = sorted([*modeler.ROOT.glob("bpmn/*.bpmn"), *modeler.ROOT.glob("tests/**/*.bpmn")])
SOURCES = [path for package in ("engine", "web", "forms", "docgen") for path in modeler.ROOT.glob(f"{package}/**/*")]
# What SpiffArena's documentation lists, of its elements and of its attributes of BPMN's own elements.
ARENA = {
    "preScript", "postScript", "calledDecisionId", "instructionsForEndUser", "messagePayload", "messageVariable",
    "payloadExpression", "variableName", "processVariableCorrelation", "properties", "property",
    "serviceTaskOperator", "parameters", "parameter", "retry", "unitTests", "unitTest", "taskMetadataValues",
    "taskMetadataValue", "allowGuest", "guestConfirmation", "signalButtonLabel",
    "processModelToStartOnTaskAvailable", "category",
}  # fmt: skip
ATTRIBUTES = {"scriptsOnInstances", "isMatchingCorrelation", "isOutputSynced", "jsonSchemaId"}


def read_by_the_code(pattern: str) -> set[str]:
    texts = (path.read_text("utf-8") for path in SOURCES if path.suffix in (".py", ".html"))
    return {name for text in texts for name in re.findall(pattern, text)}


def lost(element: etree._Element) -> Iterator[str]:
    """What an editor with the descriptor would not keep of an element of our namespace, and of all inside it."""
    name = etree.QName(element).localname
    declared = TYPES[name]["properties"] if name in TYPES else []
    children = {each.get("type", each["name"]) if each.get("type") != "String" else each["name"] for each in declared}
    inside = {child[:1].lower() + child[1:] for child in children}
    if name not in TYPES:
        yield name
    yield from (f"{name}/@{attribute}" for attribute in element.attrib if not _is_attribute(declared, attribute))
    if element.text and element.text.strip() and not any(each.get("isBody") for each in declared):
        yield f"{name}/text()"
    for child in element.iterchildren(etree.Element):
        tag = etree.QName(child).localname
        if tag not in inside:
            yield f"{name}/{tag}"
        elif tag in TYPES:
            yield from lost(child)


def _is_attribute(declared: list[dict[str, Any]], name: str) -> bool:
    return any(each["name"] == name and each.get("isAttr") for each in declared)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_an_editor_with_the_descriptor_keeps_all_of_a_model(path: Path) -> None:
    root = etree.parse(path).getroot()
    outermost = [each for each in root.iter(f"{SPIFF}*") if not str(each.getparent().tag).startswith(SPIFF)]
    assert [part for element in outermost for part in lost(element)] == []


def test_the_descriptor_knows_what_is_read_and_what_spiffarena_writes() -> None:
    read = {tag.removeprefix(SPIFF) for tag in CARRIED} | _MEANINGFUL
    read |= read_by_the_code(r"\{SPIFF\}(\w+)") | read_by_the_code(r"\bspiffworkflow:(\w+)")
    assert {"serviceTaskOperator", "properties"} < read
    assert (read | ARENA) - TYPES.keys() == set()
    extended = [each for each in DESCRIPTOR["types"] if "extends" in each]
    assert {part["name"] for each in extended for part in each["properties"]} == ATTRIBUTES


def test_every_property_that_is_read_or_said_has_its_place_in_the_tables() -> None:
    read = read_by_the_code(r"\bproperties(?:\.get\(|\[)\"(\w+)\"") | {PROPERTY}
    read |= read_by_the_code(r"\bstep\.properties\.(?!get)(\w+)")
    assert {"waktu", "position", "dataKey", "correlation", "formJsonSchemaFilename"} < read
    said = {node.get("name") for path in modeler.ROOT.glob("bpmn/*.bpmn")
            for node in etree.parse(path).iter(f"{SPIFF}property")}  # fmt: skip
    assert (read | said) - NAMES == set()


def test_every_parameter_that_is_taken_or_given_has_its_place_in_the_table() -> None:
    taken = {name for operator in REGISTRY.values() for name in operator.required | operator.optional}
    given = {node.get("id") for path in modeler.ROOT.glob("bpmn/*.bpmn")
             for node in etree.parse(path).iter(f"{SPIFF}parameter")}  # fmt: skip
    assert taken == PARAMETERS.keys() and given <= taken


@pytest.mark.parametrize("flavour", modeler.FLAVOURS)
def test_the_element_templates_are_what_the_tables_make(flavour: str) -> None:
    assert modeler.path(flavour).read_text("utf-8") == modeler.text(flavour)
    offered = [each["binding"] for template in modeler.templates(flavour) for each in template["properties"]]
    assert {each["name"] for each in offered if each["type"] == f"{flavour}:property"} == NAMES
    inputs = {each["name"] for each in offered if each["type"] in ("camunda:inputParameter", "zeebe:input")}
    assert inputs == PARAMETERS.keys()


def test_the_page_of_names_is_what_the_tables_make() -> None:
    assert modeler.NAMES_PAGE.read_text("utf-8") == modeler.names()
    units = re.search(r"\((\w+(?:\|\w+)*)\)\?", _BLOCK.pattern)
    assert units is not None and {*units[1].split("|"), ""} == modeler.UNITS.keys()
