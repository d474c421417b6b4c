"""One operation of the API: its route, declared beside its view with all that a client must know.

What is declared is what holds: the parameters and the body are checked against the very schemas that the OpenAPI
document shows.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, wraps
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from jsonschema import Draft202012Validator, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from engine.canonical import LONGEST, read_json
from engine.errors import N_, AlurError, Malformed
from forms.validation import FieldError
from web.api.schema import Schema
from web.auth import public
from web.errors import InvalidRequest

View = Callable[..., Any]

PREFIX = "/api/v1"
PART = re.compile(r"<(?:(int).*?:)?(\w+)>")
OPERATIONS: list["Operation"] = []

blueprint = Blueprint("api", __name__)


@dataclass(frozen=True)
class Parameter:
    """A query parameter or, with `place="header"`, a header; the view takes it by its name in lower case."""

    name: str
    schema: Schema
    description: str
    place: str = "query"

    @cached_property
    def argument(self) -> str:
        """The name of the view's argument."""
        return self.name.lower().replace("-", "_")

    def read(self) -> Any:  # noqa: ANN401 - whatever the schema says
        """The value that came, else the schema's default; raises `Malformed`."""
        text = (request.args if self.place == "query" else request.headers).get(self.name)
        if text is None:
            return self.schema.get("default")
        value: object = text
        if self.schema["type"] == "integer" and text.isascii() and text.isdigit():
            value = int(text[:18])
        if error := next(self._checker.iter_errors(value), None):
            raise Malformed(reason=f"{self.name}: {error.message[:200]}")
        return value

    @cached_property
    def _checker(self) -> Draft202012Validator:
        return Draft202012Validator(self.schema)


ONCE = Parameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200},
    "A retry with the same key returns the first answer and changes nothing.",
    place="header",
)


LANGUAGE = Parameter("lang", {"type": "string", "examples": ["id", "en"]}, "The language of messages, if there is one.")


@dataclass(frozen=True)
class Operation:
    """A decorator that routes to a view and keeps what the OpenAPI document says about it.

    The view takes the parts of the path, the declared parameters, and `body` (JSON) or `files` (the multipart parts
    named by `upload`) as arguments. What it returns is written as JSON, unless it is a response already.
    """

    method: str
    path: str
    summary: str
    who: str
    answer: Schema | None = None
    status: int = 200
    content_type: str = "application/json"
    parameters: Sequence[Parameter] = ()
    body: Schema | None = None
    upload: str | None = None
    errors: Sequence[type[AlurError]] = ()
    public: bool = False
    prefix: str = PREFIX

    def __call__(self, view: View) -> View:
        """Route to `view`."""

        @wraps(view)
        def answered(**arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - the parts of the path
            self._require_known()
            for parameter in self.parameters:
                arguments[parameter.argument] = parameter.read()
            arguments |= self._content()
            result = view(**arguments)
            return result if isinstance(result, Response) else answer(result, self.status)

        OPERATIONS.append(self)
        route = public(answered) if self.public else answered
        blueprint.add_url_rule(self.prefix + self.path, self.name, route, methods=[self.method])
        return view

    def _require_known(self) -> None:
        """A misspelt filter would be a list of everything."""
        known = {LANGUAGE.name, *(parameter.name for parameter in self.parameters if parameter.place == "query")}
        unknown = [name for name in request.args if name not in known]
        if unknown:
            raise Malformed(reason=f"?{unknown[0][:100]}")

    def _content(self) -> dict[str, Any]:
        if self.upload is not None:
            return {"files": _files(self.upload)}
        request.max_content_length = LONGEST
        if self.body is not None:
            return {"body": _json(self._checker) if self.needs_body or request.get_data() else {}}
        if request.content_length and self.method != "GET":
            _json(_NOTHING)
        return {}

    @property
    def needs_body(self) -> bool:
        """A body of which nothing is required may be left out."""
        return bool(self.body and self.body["required"])

    @property
    def name(self) -> str:
        """The endpoint within the blueprint, and the operationId."""
        return self.method.lower() + re.sub(r"\W+", "_", self.template.removeprefix(PREFIX)).rstrip("_")

    @property
    def template(self) -> str:
        """The whole path as OpenAPI writes it."""
        return PART.sub(r"{\2}", self.prefix + self.path)

    @cached_property
    def _checker(self) -> Draft202012Validator:
        return Draft202012Validator(self.body or {})


get, post, put, patch = (partial(Operation, method) for method in ("GET", "POST", "PUT", "PATCH"))

_NOTHING = Draft202012Validator({"type": "object", "maxProperties": 0})


def answer(value: object, status: int = 200) -> Response:
    """A JSON response; None is an empty one."""
    text = "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def _json(checker: Draft202012Validator) -> Any:  # noqa: ANN401 - whatever the schema says
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    value = read_json(request.get_data(cache=False))
    if errors := [_field_error(error) for error in checker.iter_errors(value)]:
        raise InvalidRequest(errors)
    return value


def _field_error(error: ValidationError) -> FieldError:
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)
    return FieldError(pointer, str(error.validator), "%(problem)s", {"problem": error.message[:300]})


def _files(part: str) -> list[FileStorage]:
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    files = request.files.getlist(part)
    if not files:
        raise Malformed(reason=N_("the multipart body has no file"))
    return files
