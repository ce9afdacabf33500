"""Sending a request, and what becomes of the answer: sent, failed, or tried again.

Facts: Segment action-destinations core/request-client.ts (any status but 2xx is an error, 10 s time limit, redirects
are followed) and core/errors.ts with docs/error-handling.md (which errors Segment retries).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

import httpx

from bridge.destination.errors import DestinationError
from bridge.destination.request import Request

TIMEOUT_SECONDS: Final = 10.0
_RETRIED_CLIENT_ERRORS: Final = frozenset({408, 423, 429})


@dataclass(frozen=True)
class Answer:
    """A server's answer, redirects followed; `reason` is its status text, the usual one when not given."""

    status: int
    reason: str = ""

    @property
    def status_text(self) -> str:
        """The reason as sent, else the usual one for the status, else the status itself."""
        usual = {status.value: status.phrase for status in HTTPStatus}
        return self.reason or usual.get(self.status, str(self.status))


Send: TypeAlias = Callable[[Request], Answer]
"""Sends a request; raises `DestinationError` when there is no answer."""


def is_retried(status: int | None) -> bool:
    """Return whether Segment sends again after this status; None stands for no answer at all.

    408, 423, 429 and 5xx but 501 are tried again for hours; every other error is final.
    """
    if status is None or status in _RETRIED_CLIENT_ERRORS:
        return True
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED


def deliver(request: Request, send: Send) -> None:
    """Send a request.

    Raises:
        DestinationError: HTTPError with the answer's status and status text, or what `send` raised.
    """
    answer = send(request)
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise DestinationError("HTTPError", answer.status_text, status=answer.status, retried=is_retried(answer.status))


def http_sender(client: httpx.Client) -> Send:
    """Return a `send` that uses this client, as Segment's own does: 10 s time limit, redirects followed."""

    def send(request: Request) -> Answer:
        content = None if request.body_raw is None else request.body_raw.encode()
        headers = httpx.Headers(dict(request.headers), encoding="latin-1")
        try:
            response = client.request(
                request.method,
                request.url,
                headers=headers,
                content=content,
                follow_redirects=True,
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.TimeoutException:
            message = f"Request timed out after {TIMEOUT_SECONDS * 1000:.0f}ms"
            raise DestinationError("TimeoutError", message, code="ETIMEDOUT", retried=is_retried(None)) from None
        except httpx.TransportError as error:
            address = request.url.partition("?")[0]  # the query holds the credentials
            message = f"request to {address} failed, reason: {type(error).__name__}"
            raise DestinationError("FetchError", message, retried=is_retried(None)) from None
        return Answer(response.status_code, response.reason_phrase)

    return send
