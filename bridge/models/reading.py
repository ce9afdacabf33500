"""Reads the text of a configuration, for the command line and the install wizard: what JSON or TOML say in it."""

import json
import tomllib
from typing import Any, Final, Literal

MOST_LEVELS: Final = 100  #: of tables and lists inside each other: Python's own calls, and pages', go not much deeper
Json = Any


def parsed(text: str, kind: Literal["JSON", "TOML"]) -> Json:
    """Return what a text says. Raises ValueError; its text says where the mistake is, and quotes nothing."""
    too_deep = f"nested deeper than {MOST_LEVELS} levels"
    try:
        data = json.loads(text) if kind == "JSON" else tomllib.loads(text)
        json.dumps(data, allow_nan=False, default=str)  # a date, say, is for the models to refuse
    except RecursionError:
        raise ValueError(too_deep) from None
    except (json.JSONDecodeError, tomllib.TOMLDecodeError):
        raise
    except ValueError:  # of Python's own numbers, in words for those who write Python
        raise ValueError("a number is infinite, none (NaN), or thousands of digits long") from None
    if _is_deeper_than(MOST_LEVELS, data):
        raise ValueError(too_deep)
    return data


def _is_deeper_than(levels: int, value: Json) -> bool:
    level = [value]
    for _ in range(levels):
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [one for several in inside for one in several]
        if not level:
            return False
    return True
