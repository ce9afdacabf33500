"""How the sandbox writes JSON, into rows and answers."""

import json


def as_json(value: object) -> str:
    """Return a value as JSON without blanks: ASCII, because a lone surrogate of a client has no UTF-8."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
