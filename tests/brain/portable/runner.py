"""Runs the brain's tests where there is no pytest: on MicroPython and Pyodide."""

import json
import os
import sys


def report() -> None:
    """Print {"tests": the names that ran, "failures": {name: what happened}} as JSON."""
    ran = []
    failures = {}
    for file in sorted(os.listdir("tests/brain/portable")):
        if not file.startswith("test_") or not file.endswith(".py"):
            continue
        name = file[:-3]
        __import__("tests.brain.portable." + name)
        module = sys.modules["tests.brain.portable." + name]
        for function in sorted(dir(module)):
            if function.startswith("test_"):
                test = name + "." + function
                ran.append(test)
                try:
                    getattr(module, function)()
                except Exception as error:  # noqa: BLE001 - whatever a test throws is its failure
                    failures[test] = _text(error)
    print(json.dumps({"tests": ran, "failures": failures}))  # noqa: T201


def _text(error: Exception) -> str:
    if hasattr(sys, "print_exception"):  # MicroPython's way
        import io  # noqa: PLC0415

        text = io.StringIO()
        sys.print_exception(error, text)
        return text.getvalue()
    return repr(error)
