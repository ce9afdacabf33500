"""What Segment's own packages answer, and what ours do: the two sides of a comparison.

`python -m tests.destination.oracle SEED COUNT` compares as many generated cases of each kind as one likes.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bridge.destination import fql, jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.liquid import render_liquid
from bridge.destination.mapping import transform
from bridge.destination.request import event_request
from tests.destination.generated import generated
from tests.vectors.kameleoon import without_stack_trace

ROOT = Path(__file__).parents[2]
Case = list[Any]


def differences(cases: list[Case]) -> list[dict[str, Any]]:
    """Return the cases that are answered otherwise than by Segment's packages, with both answers."""
    answers = zip(cases, theirs(cases), map(ours, cases), strict=True)
    return [{"case": case, "theirs": real, "ours": own} for case, real, own in answers if real != own]


def theirs(cases: list[Case]) -> list[Any]:
    """Return the packages' answers, from one process, in UTC and en-US."""
    text = "".join(f"{json.dumps(case)}\n" for case in cases)
    command = ["node", str(Path(__file__).with_name("oracle.mjs")), str(ROOT)]
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "en_US.UTF-8"}
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=300, env=environment)
    answers = [jsjson.parse(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(cases)
    for answer in answers:
        if "error" in answer:
            error = answer["error"]
            error["message"] = re.sub("\n +(?=ValidationError)", "\n", without_stack_trace(error["message"]) or "")
    return answers


def ours(case: Case) -> Any:
    """Return what this project answers."""
    kind, *subject = jsjson.parse(json.dumps(case))  # numbers as doubles, and a copy: `increment` writes
    try:
        return {"output": _ANSWERS[kind](*subject)}
    except DestinationError as error:
        return {"error": {"name": error.name, "message": str(error)}}


def _filter(text: str, event: Any) -> Any:
    try:
        tree = fql.parse(text)
    except fql.FilterError as error:
        return {"parse_error": str(error)}
    return {"tree": jsjson.stringify(fql.as_json(tree)), "matches": fql.matches(tree, event)}


def _headers(settings: Any) -> Any:
    """Return the headers as they arrive; where theirs would show the API key, ours says so instead."""
    sent = event_request({}, settings).headers
    return {name: sent[name] for name in ("authorization", "x-segment-settings") if name in sent}


_ANSWERS: dict[str, Callable[..., Any]] = {
    "liquid": render_liquid,
    "mapping": lambda mapping, event: jsjson.stringify(transform(mapping, event)),
    "filter": _filter,
    "headers": _headers,
}


if __name__ == "__main__":
    seed, count = sys.argv[1:]
    found = differences(generated(seed, int(count)))
    sys.stdout.writelines(f"{json.dumps(difference)}\n" for difference in found)
    sys.exit(bool(found))
