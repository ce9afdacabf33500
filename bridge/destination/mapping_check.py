"""The check of a whole mapping before any of it is resolved.

Facts: Segment action-destinations core/mapping-kit/validate.ts. Arrays are not looked into, so that a bad directive in
one is only found when it is resolved.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import UNDEFINED, Json, code_units, own_keys, real_type_of

MAX_REPLACE_LENGTH: Final = 10

Path: TypeAlias = tuple[str, ...]
Check: TypeAlias = Callable[[Json, Path], None]


class MappingInvalid(Exception):  # noqa: N818 - it holds one problem or several
    """The problems of a mapping; `aggregate` tells whether the runtime collected them or stopped at the first."""

    def __init__(self, problems: list[str], *, aggregate: bool) -> None:
        super().__init__()
        self.problems = problems
        self.aggregate = aggregate


def check_mapping(mapping: Json) -> None:
    """Do nothing when the mapping is well formed.

    Raises:
        DestinationError: an AggregateError with every problem, a line each, or a ValidationError when the mapping
            itself is a bad directive. (The runtime also puts its stack trace into an AggregateError's message.)
    """
    try:
        _check(mapping, ())
    except MappingInvalid as invalid:
        if invalid.aggregate:
            lines = "\n".join(f"ValidationError: {problem}" for problem in invalid.problems)
            # npm clean-stack, which collects them, takes a backslash for a path's
            raise DestinationError("AggregateError", lines.replace("\\", "/")) from None
        raise DestinationError("ValidationError", invalid.problems[0], status=400) from None


def is_directive_like(value: Json) -> bool:
    """Whether the value is an object with a key that starts with `@`."""
    return isinstance(value, dict) and any(key.startswith("@") for key in value)


def _problem(path: Path, text: str) -> MappingInvalid:
    return MappingInvalid([f"/{'/'.join(path)} {text}."], aggregate=False)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _type(value: Json) -> str:
    return "directive" if is_directive_like(value) else real_type_of(value)


def _check(value: Json, path: Path) -> None:
    if is_directive_like(value):
        _check_directive(value, path)
    elif isinstance(value, dict):
        _check_members(value, path)


def _check_all(checks: Iterable[Callable[[], None]]) -> None:
    """Run every check and collect the problems of all."""
    problems: list[str] = []
    for check in checks:
        try:
            check()
        except MappingInvalid as invalid:
            problems += invalid.problems
    if problems:
        raise MappingInvalid(problems, aggregate=True)


def _check_members(value: dict[str, Json], path: Path) -> None:
    _check_all([lambda key=key: _check(value[key], (*path, key)) for key in own_keys(value)])  # type: ignore[misc]


def _check_directive(value: dict[str, Json], path: Path) -> None:
    names = [key for key in own_keys(value) if key.startswith("@")]
    if len(names) > 1:
        raise _problem(path, f"should only have one @-prefixed key but it has {len(names)} keys")
    if any(not key.startswith("@") and key != "_metadata" for key in value):
        raise _problem(path, f"should only have one @-prefixed key but it has {len(value)} keys")
    name = names[0]
    if name not in _DIRECTIVES:
        raise _problem(path, f"has an invalid directive: {name}")
    _DIRECTIVES[name](value[name], (*path, name))


def _expect(*types: str, named: str) -> Check:
    def check(value: Json, path: Path) -> None:
        kind = _type(value)
        if kind not in types:
            raise _problem(path, f"should be {named} but it is {_a(kind)}")

    return check


_is_string = _expect("string", named="a string")
_is_boolean = _expect("boolean", named="a boolean")
_is_array = _expect("array", named="an array")
_is_plain_object = _expect("object", named="an object")


def _is_array_of_any(value: Json, path: Path) -> None:
    if not isinstance(value, list):
        kind = real_type_of(value)  # here a directive counts as an object
        raise _problem(path, f"should be an array but it is {_a(kind)}")


def _or_directive(check: Check) -> Check:
    def check_either(value: Json, path: Path) -> None:
        if is_directive_like(value):
            _check_directive(value, path)
        else:
            check(value, path)

    return check_either


def _anything(value: Json, path: Path) -> None:
    """Accept every JSON value; the mapping came from JSON."""


def _object(value: Json, path: Path) -> None:
    _is_plain_object(value, path)
    _check_members(value, path)


def _object_or_other(value: Json, path: Path) -> None:
    _expect("object", named="a object or a mapping directive")(value, path)
    _check_members(value, path)


def _length(shortest: int, longest: int) -> Check:
    def check(value: Json, path: Path) -> None:
        _is_string(value, path)
        length = len(code_units(value))
        if length < shortest:
            raise _problem(path, f"should be a string of length {shortest} or greater")
        if length > longest:
            raise _problem(path, f"should be a string of length {longest} or less")

    return check


def _one_of(*allowed: str) -> Check:
    def check(value: Json, path: Path) -> None:
        _is_string(value, path)
        if value.lower() not in allowed:
            raise _problem(path, f"should be one of {', '.join(allowed)} but it is {jsjson.stringify(value)}")

    return check


_raw_or_directive = _or_directive(_anything)
_string_or_directive = _or_directive(_expect("string", named="a string or a mapping directive"))
_object_or_directive = _or_directive(_object_or_other)


class _Field(NamedTuple):
    check: Check
    required: bool = False


def _options(**fields: _Field) -> Check:
    def check_field(options: dict[str, Json], name: str, field: _Field, path: Path) -> None:
        if name in options:
            field.check(options[name], (*path, name))
        elif field.required:
            raise _problem(path, f"should have field {jsjson.stringify(name)} but it doesn't")

    def check(value: Json, path: Path) -> None:
        _object(value, path)
        _check_all(
            [lambda name=name, field=field: check_field(value, name, field, path) for name, field in fields.items()]  # type: ignore[misc]
        )

    return check


def _array_path(value: Json, path: Path) -> None:
    _is_array_of_any(value, path)
    _expect_first = value[0] if value else UNDEFINED
    _string_or_directive(_expect_first, path)
    if len(value) > 1:
        _check(value[1], path)


def _merge(value: Json, path: Path) -> None:
    _options(direction=_Field(_one_of("left", "right")), objects=_Field(_is_array_of_any, required=True))(value, path)
    for item in value["objects"]:
        _object_or_directive(item, ())  # the runtime loses the path here


_DIRECTIVES: Final[dict[str, Check]] = {
    "@if": _options(
        exists=_Field(_raw_or_directive), then=_Field(_raw_or_directive), **{"else": _Field(_raw_or_directive)}
    ),
    "@case": _options(operator=_Field(_is_string), value=_Field(_string_or_directive)),
    "@replace": _options(
        pattern=_Field(_length(1, MAX_REPLACE_LENGTH), required=True),
        replacement=_Field(_length(0, MAX_REPLACE_LENGTH)),
        value=_Field(_string_or_directive, required=True),
        ignorecase=_Field(_is_boolean),
        **{"global": _Field(_is_boolean)},
    ),
    "@arrayPath": _array_path,
    "@path": _string_or_directive,
    "@json": _options(
        value=_Field(_raw_or_directive, required=True), mode=_Field(_one_of("encode", "decode"), required=True)
    ),
    "@flatten": _options(separator=_Field(_is_string), value=_Field(_raw_or_directive, required=True)),
    "@merge": _merge,
    "@template": _string_or_directive,
    "@literal": _raw_or_directive,
    "@transform": _options(
        apply=_Field(_object_or_directive, required=True), mapping=_Field(_object_or_directive, required=True)
    ),
    "@excludeWhenNull": _raw_or_directive,
    "@liquid": _is_string,
}
