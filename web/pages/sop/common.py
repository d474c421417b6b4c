"""What the pages about SOPs share: who may open them, their drawings, and their files as a ZIP."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from lxml import etree
from markupsafe import Markup

from engine.definitions import Definition
from engine.errors import NotFound
from engine.paper import word_form
from engine.queries.definitions import process_definition
from web.context import actor, site, translate
from web.diagram import draw, draw_heading
from web.downloads import download
from web.pages.blueprint import blueprint
from web.pins import Pin, pinned

TYPES = {
    "bpmn": "application/xml",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram to be shown, with the names of its roles to stay in sight above it."""

    svg: Markup
    heading: Markup


@blueprint.app_template_global("sop_name")
def sop_name(key: str) -> str:
    """What people call the SOP of that key."""
    try:
        return process_definition(site(), actor(), key).name or key
    except NotFound:
        return key


@blueprint.app_template_filter("said")
def said(sentence: str, params: Mapping[str, object]) -> str:
    """A sentence of the engine with its parameters, of which some are sentences themselves."""
    return translate(sentence, **params)


def picture(
    xml: bytes,
    marks: Mapping[str, Collection[str]],
    pins: Mapping[str, Pin],
    title: str,
    prefix: str = "el-",
    taken: Collection[str] = (),
) -> Picture | None:
    """The diagram with marks and signs; None where the file cannot be drawn. Addresses point at `prefix` + id."""
    try:
        svg = pinned(draw(xml, marks, taken, title), xml, pins)
        heading = draw_heading(xml)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if "data-element" not in svg:
        return None
    svg = re.sub(r' id="el-', f' id="{prefix}', svg)
    return Picture(Markup(svg), Markup(heading))  # noqa: S704 - diagram.draw and pinned escape every text


def single(files: Mapping[str, bytes], name: str) -> Response:
    """One of the files; raises `NotFound`."""
    if name not in files:
        raise NotFound
    return download(files[name], name, TYPES.get(name.rpartition(".")[2], "application/octet-stream"))


def word(definition: Definition) -> Response:
    """The official form, to be signed."""
    return download(word_form(definition), f"{definition.key}.docx", TYPES["docx"])


def uploads() -> list[tuple[str, bytes]]:
    """The chosen files of the part `files`."""
    return [(file.filename or "", file.stream.read()) for file in request.files.getlist("files") if file.filename]


def to_draft(draft_id: str) -> ResponseReturnValue:
    """On to a draft's page."""
    return redirect(url_for("pages.sop_draft", draft_id=draft_id))
