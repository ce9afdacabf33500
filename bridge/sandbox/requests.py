"""Headers, bodies and queries in, JSON out: what endpoints share. Whatever comes in, the worst is a clear refusal."""

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bridge.models.violations import explained, outlined, path_of
from bridge.sandbox.json_text import as_json
from bridge.sandbox.refusals import Refusal
from bridge.shared.wording import unknown

Model = TypeVar("Model", bound=BaseModel)

#: How many times its limit a body may have that is read to its end, though it is refused: a browser that is answered
#: while it still sends reports a broken connection in place of the answer.
_MAX_OVERRUN = 16
_ACCEPT_GZIP = 16 + zlib.MAX_WBITS


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(as_json(value), status, headers, media_type="application/json")


async def read_body(request: Request, limit: int, status: int | None = None) -> bytes:
    """Return the request's body, with gzip undone.

    Args:
        request: The request.
        limit: How many bytes are accepted, before and after gzip is undone.
        status: What a body that cannot be read is answered with; None: 413 when it is too large, 415 for its encoding.

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
        raise Refusal(status or 415, f"content-encoding: must be gzip or identity, got {outlined(encoding)}")
    if size > limit:
        raise Refusal(status or 413, f"body: must be at most {limit} bytes, got more")
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


def query(request: Request, model: type[Model]) -> Model:
    """Return the request's query as a model.

    Raises:
        Refusal: 400, something is missing or wrong; where the model forbids it, a name that it does not have, too.
    """
    asked = dict(request.query_params)
    for name in asked if model.model_config.get("extra") == "forbid" else ():
        if name not in model.model_fields:
            raise Refusal(400, f"query{path_of([name])}: {unknown('parameter', name, list(model.model_fields))}")
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        raise Refusal(400, explained(error, "query")) from None


def basic_credentials(request: Request) -> str | None:
    """Return the credentials of Basic authorization, base64 as they came; None without such a header."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "basic" else None
