"""Requests by HTTP: the same module on a server and in the strict engine, where pyodide-http carries it.

There a request is synchronous, its time is not limited, and a failure is a JsException, which is no OSError
(pyodide-http 0.2).
"""

import json
import sys
import urllib.error
import urllib.request

_AGENT = (
    "kameleoon-segment-bridge"  # Kameleoon's Data API refuses those that look like a robot's; browsers set their own
)
_REFUSED = 400  # the first status code that says no

if sys.platform == "emscripten":
    import pyodide_http

    pyodide_http.patch_urllib()


class HttpError(Exception):
    """A request failed or its answer is of no use; the text says which and why, on one line."""


def get_json(url: str, timeout: float = 10) -> object:
    """Return what ``url`` answers, parsed. ``timeout`` in seconds, where time is limited at all. Raises HttpError."""
    place = url.partition("?")[0]
    if not url.startswith(("https://", "http://")):
        raise HttpError(f"{place}: not an address that begins with https:// or http://")
    try:
        request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": _AGENT})  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - its scheme was checked
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        error.close()
        raise HttpError(f"{place} answered {error.code}") from error
    except Exception as error:  # what is raised depends on who carries it
        raise HttpError(f"{place}: {_reason(error)}") from error
    if status >= _REFUSED:  # pyodide-http hands these over like any other
        raise HttpError(f"{place} answered {status}")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HttpError(f"{place} answered something else than JSON") from error


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return (str(reason) or type(error).__name__).splitlines()[0]
