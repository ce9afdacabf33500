"""Destinations that end in a function of a test."""

# the tests' names are sentences

from typing import Any

import httpx

from bridge.sandbox.options import Destination


def destination(answer: Any) -> Destination:
    """Return a destination whose receiving side is a function from requests to answers."""
    return Destination("abcde12345", "THEKEY", "http://kameleoon.test/segmentio", httpx.MockTransport(answer))
