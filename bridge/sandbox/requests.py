"""Bodies and queries in, JSON out: what all endpoints share. Whatever comes in, the worst is a clear refusal."""

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.json_text import as_json

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)

_SHOWN_CHARACTERS = 80
#: How many times its limit a body may have that is read to its end, though it is refused: a browser that is answered
#: while it still sends reports a broken connection in place of the answer.
_MAX_OVERRUN = 16
_ACCEPT_GZIP = 16 + zlib.MAX_WBITS

OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class Refusal(Exception):  # noqa: N818  # it is an answer, not a mistake of the server
    """The request is answered with an error; the text names place, value and what is accepted."""

    def __init__(self, status: int, reason: str) -> None:
        """Make the answer.

        Args:
            status: HTTP status, 4xx.
            reason: One line for the one who made the request. It is logged: no secrets.
        """
        super().__init__(reason)
        self.status = status
        self.reason = reason


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(as_json(value), status, headers, media_type="application/json")


async def read_body(request: Request, limit: int, status: int = 413) -> bytes:
    """Return the request's body, with gzip undone.

    Args:
        request: The request.
        limit: How many bytes are accepted, before and after gzip is undone.
        status: What too large a body is answered with.

    Raises:
        Refusal: The body is too large, or its encoding is wrong.
    """
    size, body = 0, bytearray()
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > limit * _MAX_OVERRUN:
            break
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "gzip" and size <= limit:
        body = _unzipped(bytes(body), limit)
        size = len(body)
    elif encoding not in ("identity", "gzip"):
        raise Refusal(415, f"content-encoding: must be gzip or identity, got {shown(encoding)}")
    if size > limit:
        raise Refusal(status, f"body: must be at most {limit} bytes, got more")
    return bytes(body)


def _unzipped(body: bytes, limit: int) -> bytearray:
    """Return the body unzipped, cut at one byte above the limit."""
    unzip = zlib.decompressobj(_ACCEPT_GZIP)
    try:
        plain = unzip.decompress(body, limit + 1)
    except zlib.error as error:
        raise Refusal(400, f"body: is not gzip ({error})") from None
    if len(plain) <= limit and not unzip.eof:
        raise Refusal(400, "body: the gzip data ends too early")
    return bytearray(plain)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def parse_json(text: bytes | str, place: str = "body") -> Any:  # noqa: ANN401  # JSON
    """Return the value of a JSON text.

    Raises:
        Refusal: 400, it is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except ValueError as error:
        raise Refusal(400, f"{place}: must be JSON ({error})") from None


def validated(
    adapter: TypeAdapter[T], value: object, place: str = "body", *, status: int = 400, tagged: bool = False
) -> T:
    """Return the value as the adapter's type.

    Args:
        adapter: What is accepted.
        value: What came.
        place: Where it came from, for the refusal.
        status: The refusal's HTTP status.
        tagged: Whether the adapter is of a union of models by a tag.

    Raises:
        Refusal: It is something else.
    """
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Refusal(status, explained(error, place, tagged=tagged)) from None


def query(request: Request, model: type[Model]) -> Model:
    """Return the request's query as a model.

    Raises:
        Refusal: 400, something is missing or wrong.
    """
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise Refusal(400, explained(error, "query")) from None


def explained(error: ValidationError, place: str, *, tagged: bool = False) -> str:
    """Return the first mistake as one line: where it is, what is accepted, what was there instead."""
    first = error.errors(include_url=False)[0]
    # The first step into a union is the tag of the model, which is no part of the value.
    path = first["loc"][1:] if tagged else first["loc"]
    message, value = first["msg"].removeprefix("Value error, "), first["input"]
    if first["type"] == "union_tag_invalid":
        path, value = (*path, first["ctx"]["discriminator"].strip("'")), first["ctx"]["tag"]
        message = f"must be one of {first['ctx']['expected_tags']}"
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{_cut(step)}" for step in path)
    of_a_whole = first["type"] == "missing" or (first["type"] == "value_error" and isinstance(value, dict))
    got = "" if of_a_whole else f", got {shown(value)}"
    return f"{place}{steps}: {message}{got}"


def shown(value: object) -> str:
    """Return a value as JSON, cut short; of an object or list only that it is one, for it may hold anything."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return _cut(json.dumps(value, default=str))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
