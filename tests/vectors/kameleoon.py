"""What Segment's real Kameleoon (Actions) destination did, recorded on a loopback server: see the file's `meta`."""

import re
from pathlib import Path
from typing import Any

from bridge.destination import jsjson

VECTORS: dict[str, Any] = jsjson.parse(Path(__file__).with_name("kameleoon_destination.json").read_text("utf-8"))


def without_stack_trace(message: str | None) -> str | None:
    """Return a recorded message without the stack traces that the runtime writes into collected errors."""
    return message and re.sub(r"\n\s+at .*", "", message).strip()
