"""Sending by HTTP, as Segment does it. The one module of the destination that needs httpx: a dry run sends nothing.

Fact: Segment action-destinations core/request-client.ts (10 s time limit, redirects are followed).
"""

from typing import Final

import httpx

from bridge.destination.delivery import Answer, Send, is_retried
from bridge.destination.errors import DestinationError
from bridge.destination.request import Request

TIMEOUT_SECONDS: Final = 10.0


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
