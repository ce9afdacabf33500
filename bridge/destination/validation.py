"""The check of a resolved payload, or of the settings, against the fields that are declared for it.

Facts: Segment action-destinations core/remove-empty-values.ts and core/schema-validation.ts (Ajv 8 with
`coerceTypes: 'array'`, `removeAdditional`, `allErrors`), ajv-formats 2.1.1 and ajv-human-errors.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bridge.destination.errors import DestinationError, FieldProblem
from bridge.destination.jsvalues import UNDEFINED, WHITESPACE, Json, is_number, real_type_of, to_string

_EXEMPT: Final = "dynamicAuthSettings"  # neither checked nor dropped, but moved to the end
_DATE_TIME_SEPARATOR: Final = re.compile(f"[tT{WHITESPACE}]")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)?")
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2


@dataclass(frozen=True)
class Field:
    """A field of an action or of the settings; `default` is what the presets map to it."""

    key: str
    label: str
    type: Literal["string", "object"] = "string"
    required: bool = False
    date_time: bool = False
    default: Json = UNDEFINED


def without_empty(payload: Json) -> Json:
    """Return the payload without the members that are null or '' at its root; what is deeper stays as it is."""
    if payload is None or payload == "":
        return UNDEFINED
    if not isinstance(payload, dict):
        return payload
    return {key: value for key, value in payload.items() if value != "" and (value is not None or key == _EXEMPT)}


def checked(value: Json, fields: Sequence[Field]) -> dict[str, Json]:
    """Return the value with its declared members only, their types coerced.

    Raises:
        DestinationError: AggregateAjvError with status 400 and every problem, missing fields first.
    """
    if not isinstance(value, dict):
        raise _invalid([FieldProblem(f"The root value must be an object but it was {_kind(value)}.", "$")])
    declared = {field.key: field for field in fields}
    missing = [
        FieldProblem(f"The root value is missing the required field '{field.key}'.", "$")
        for field in fields
        if field.required and field.key not in value
    ]
    result = {key: _coerced(item, declared[key]) for key, item in value.items() if key in declared}
    wrong = [
        FieldProblem(f"{field.label} must be {problem}.", f"$.{field.key}")
        for field in fields
        if field.key in result and (problem := _problem(result[field.key], field))
    ]
    if missing or wrong:
        raise _invalid([*missing, *wrong])
    if _EXEMPT in value:
        result[_EXEMPT] = value[_EXEMPT]
    return result


def is_date_time(text: str) -> bool:
    """Return whether the text is a date-time for ajv-formats 2.1.1, which lets a time without zone pass."""
    parts = _DATE_TIME_SEPARATOR.split(text)
    return len(parts) == 2 and _is_date(parts[0]) and _is_time(parts[1])  # noqa: PLR2004 - a date and a time


def _invalid(problems: list[FieldProblem]) -> DestinationError:
    message = " ".join(problem.message for problem in problems)
    return DestinationError("AggregateAjvError", message, status=400, fields=tuple(problems))


def _coerced(value: Json, field: Field) -> Json:
    """Return a string for a number, a boolean or null, and for an array of one of these; else the value to blame."""
    if field.type != "string":
        return value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return ""
    return to_string(value) if isinstance(value, bool) or is_number(value) else value


def _problem(value: Json, field: Field) -> str | None:
    if real_type_of(value) != field.type:
        return f"{_with_article(field.type)} but it was {_kind(value)}"
    if field.date_time and not is_date_time(value):
        return "a valid date and time string but it was not"
    return None


def _kind(value: Json) -> str:
    name = real_type_of(value)
    return name if name in ("null", "undefined") else _with_article(name)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = map(int, match.groups())
    if not 1 <= month <= len(_DAYS):
        return False
    leap = month == _FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] + leap


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    if not match:
        return False
    hour, minute, second = map(int, match.groups()[:3])
    return (hour < 24 and minute < 60 and second < 60) or (hour, minute, second) == (23, 59, 60)  # noqa: PLR2004 - clock
