"""What Segment's own packages answer, and what ours do: the two sides of a comparison."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from bridge.destination import fql, jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.liquid import render_liquid
from bridge.destination.mapping import transform
from bridge.destination.request import event_request
from tests.vectors.kameleoon import without_stack_trace

ROOT = Path(__file__).parents[2]
Case = list[Any]


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


_ANSWERS = {
    "liquid": render_liquid,
    "mapping": lambda mapping, event: jsjson.stringify(transform(mapping, event)),
    "filter": _filter,
    "headers": _headers,
}
