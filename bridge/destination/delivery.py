"""Sending a request, and what becomes of the answer: sent, failed, or tried again.

Facts: Segment action-destinations core/request-client.ts (any status but 2xx is an error) and core/errors.ts with
docs/error-handling.md (which errors Segment retries).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

from bridge.destination.errors import DestinationError
from bridge.destination.request import Request

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
