"""Mappings: what a subscription takes from an event, and how ("mapping-kit").

Facts: Segment action-destinations core/mapping-kit (index.ts, placeholders.ts, flatten.ts) and core/get.ts. An object
with one `@` key is a directive, everything else is itself.
"""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError, too_deep
from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    code_units,
    entries,
    from_code_units,
    is_number,
    is_truthy,
    own_keys,
    real_type_of,
    to_string,
    trim,
    type_of,
    walk,
)
from bridge.destination.liquid import render_liquid
from bridge.destination.mapping_check import MAX_REPLACE_LENGTH, check_mapping, is_directive_like

Directive: TypeAlias = Callable[[Json, Json], Json]

_ROOT_DIRECTIVE: Final = "__segment_internal_directive"
_PATH_SEPARATOR: Final = re.compile(r"""\[(?=["'0-9])|\.|(?<=["'0-9])\]+""")
_QUOTE: Final = re.compile("['\"]")
_TRIPLE_BRACES: Final = re.compile(r"\{\{\{([^}]+)\}\}\}")
_DOUBLE_BRACES: Final = re.compile(r"\{\{([^}]+)\}\}")
_REPLACEMENT_MARK: Final = re.compile(r"\$([$&`'])")
_FIRST_BEYOND_ASCII: Final = 0x80


def transform(mapping: Json, event: Json) -> Json:
    """Return the mapping with its directives resolved against the event, and undefined members left out.

    Raises:
        DestinationError: the mapping is not well formed, or a directive cannot be resolved.
    """
    if event is UNDEFINED:
        event = {}
    if not isinstance(event, dict):
        raise _error(f"data must be an object, got {real_type_of(event)}")
    mapping = _with_root_directive(mapping)
    try:
        check_mapping(mapping)
        return _without_undefined(resolve(mapping, event))
    except RecursionError:
        raise too_deep() from None


def resolve(mapping: Json, event: Json) -> Json:
    """Return one part of a mapping resolved, unchecked; `UNDEFINED` where it finds nothing."""
    if isinstance(mapping, list):
        return [resolve(item, event) for item in mapping]
    if not isinstance(mapping, dict):
        return mapping
    if not is_directive_like(mapping) or any(key[:1] != "@" and key != "_metadata" for key in mapping):
        return {key: resolve(mapping[key], event) for key in own_keys(mapping)}
    name = next(key for key in own_keys(mapping) if key.startswith("@"))
    if name not in _DIRECTIVES:
        raise _error(f"{name} is not a valid directive, got undefined")
    return _DIRECTIVES[name](mapping[name], event)


def get(value: Json, path: str) -> Json:
    """Return what the path leads to: `a.b`, `a[0].b`, `a['b']`; the value itself for an empty path.

    Brackets around anything but a digit or a quote belong to the name. A falsy value on the way is the result.
    """
    if path in ("", "."):
        return value
    return walk(value, [_QUOTE.sub("", part) for part in _PATH_SEPARATOR.split(path) if part])


def _error(message: str, name: str = "Error") -> DestinationError:
    return DestinationError(name, message)


def _with_root_directive(mapping: Json) -> Json:
    """Return the mapping, or its root directive with all other members as that directive's `mapping`."""
    fields = dict(entries(mapping))
    if _ROOT_DIRECTIVE not in fields:
        return fields
    root = fields.pop(_ROOT_DIRECTIVE)
    if root is None:
        raise _error("Cannot convert undefined or null to object", "TypeError")
    members = entries(root)
    if len(members) > 1:
        raise _error("The root mapping must only have a single directive object")
    if not members or type_of(members[0][1]) != "object" or members[0][1] is None:
        raise _error("The root directive must be an object")
    name, options = members[0]
    if not isinstance(options, dict):
        return root  # an array takes the member, and never shows it
    options = {**options, "mapping": fields}
    return [options] if isinstance(root, list) else {name: options}


def _without_undefined(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_undefined(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_undefined(item) for key, item in value.items() if item is not UNDEFINED}
    return value


def _options(value: Json, otherwise: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _error(otherwise)
    return value


def _required(options: dict[str, Json], key: str, otherwise: str) -> Json:
    value = options.get(key, UNDEFINED)
    if not is_truthy(value):
        raise _error(otherwise)
    return value


def _is_missing(value: Json) -> bool:
    return value is None or value is UNDEFINED


def _is_loosely_empty(value: Json) -> bool:
    """Return `value == ''`, which numbers, booleans and arrays can be, too."""
    if isinstance(value, bool) or is_number(value):
        return not value
    return to_string(value) == ""


def _string_directive(name: str, run: Callable[[str, Json], Json]) -> Directive:
    def directive(value: Json, event: Json) -> Json:
        text = resolve(value, event)
        if not isinstance(text, str):
            raise _error(f"{name}: expected string, got {real_type_of(text)}")
        return run(text, event)

    return directive


def _event_path(path: str) -> str:
    return path.replace("$.", "", 1)


def _path(path: str, event: Json) -> Json:
    return get(event, _event_path(path))


def _template(template: str, event: Json) -> str:
    def fill(match: re.Match[str]) -> str:
        value = get(event, trim(match[1]))
        return "" if _is_missing(value) else to_string(value)

    return _DOUBLE_BRACES.sub(fill, _TRIPLE_BRACES.sub(fill, template))


def _if(value: Json, event: Json) -> Json:
    options = _options(value, '@if requires an object with an "exists" key')
    exists, blank = options.get("exists", UNDEFINED), options.get("blank", UNDEFINED)
    if not is_truthy(exists) and not is_truthy(blank):
        raise _error('@if requires an "exists" key or a "blank" key')
    tested = resolve(blank if exists is UNDEFINED else exists, event)
    holds = not _is_missing(tested) and not (exists is UNDEFINED and _is_loosely_empty(tested))
    if holds:
        return resolve(options.get("then", UNDEFINED), event)
    otherwise = options.get("else", UNDEFINED)
    return resolve(otherwise, event) if is_truthy(otherwise) else UNDEFINED


def _case(value: Json, event: Json) -> Json:
    options = _options(value, '@case requires an object with a "operator" key')
    operator = _required(options, "operator", '@case requires a "operator" key')
    if not is_truthy(options.get("value", UNDEFINED)):
        return UNDEFINED
    text = resolve(options["value"], event)
    if not isinstance(text, str):
        return text
    if operator not in ("lower", "upper"):
        raise _error('operator key should have a value of "lower" or "upper"')
    return text.lower() if operator == "lower" else text.upper()


def _replace(value: Json, event: Json) -> Json:
    options = _options(value, '@replace requires an object with a "pattern" key')
    _required(options, "pattern", '@replace requires a "pattern" key')
    if not is_truthy(options.get("value", UNDEFINED)):
        return UNDEFINED
    text = resolve(options["value"], event)
    if isinstance(text, bool) or is_number(text):
        text = to_string(text)
    ignore_case = _default(options, "ignorecase", default=False)
    every = _default(options, "global", default=True)
    replacement = _default(options, "replacement", default="")
    pattern = options["pattern"]
    if not (
        isinstance(text, str)
        and isinstance(pattern, str)
        and isinstance(replacement, str)
        and isinstance(ignore_case, bool)
        and isinstance(every, bool)
    ):
        return ""
    text = _replace_text(text, pattern, replacement, ignore_case=ignore_case, every=every)
    pattern, replacement = options.get("pattern2"), _default(options, "replacement2", default="")
    if pattern and isinstance(pattern, str) and isinstance(replacement, str):
        text = _replace_text(text, pattern, replacement, ignore_case=ignore_case, every=every)
    return text


def _default(options: dict[str, Json], key: str, *, default: Json) -> Json:
    value = options.get(key)
    return default if value is None else value


def _replace_text(text: str, pattern: str, replacement: str, *, ignore_case: bool, every: bool) -> str:
    """Replace literal text; `$$`, `$&`, `` $` `` and `$'` in the replacement mean what `String.replace` says."""
    text, pattern, replacement = code_units(text), code_units(pattern), code_units(replacement)
    for name, limited in (("pattern", pattern), ("replacement", replacement)):
        if len(limited) > MAX_REPLACE_LENGTH:
            raise _error(f'@replace requires a "{name}" less than {MAX_REPLACE_LENGTH} characters')
    searched = _canonical(text) if ignore_case else text
    wanted = _canonical(pattern) if ignore_case else pattern
    parts: list[str] = []
    position = 0
    while (found := searched.find(wanted, position)) >= 0:
        end = found + len(pattern)
        marks = {"$": "$", "&": text[found:end], "`": text[:found], "'": text[end:]}
        inserted = _REPLACEMENT_MARK.sub(lambda match, marks=marks: marks[match[1]], replacement)  # type: ignore[misc]
        parts += [text[position:found], inserted]
        position = end
        if not every:
            break
    return from_code_units("".join(parts) + text[position:])


def _canonical(units: str) -> str:
    """Fold case as a regular expression's `i` flag does: by single upper-case characters, never into ASCII."""

    def fold(char: str) -> str:
        upper = char.upper()
        if len(upper) != 1 or (ord(char) >= _FIRST_BEYOND_ASCII > ord(upper)):
            return char
        return upper

    return "".join(map(fold, units))


def _array_path(value: Json, event: Json) -> Json:
    if not isinstance(value, list):
        raise _error(f"@arrayPath expected array, got {real_type_of(value)}")
    path = value[0] if value else UNDEFINED
    shape = value[1] if len(value) > 1 else UNDEFINED
    root = _path(path, event) if isinstance(path, str) else resolve(path, event)
    if isinstance(root, list | dict) and isinstance(shape, dict) and shape:
        return [resolve(shape, item) for item in (root if isinstance(root, list) else [root])]
    return root


def _flatten(value: Json, event: Json) -> Json:
    options = _options(value, '@flatten requires an object with a "separator" key')
    separator = resolve(_required(options, "separator", '@flatten requires a "separator" key'), event)
    if not isinstance(separator, str):
        raise _error("@flatten requires a string separator")
    omit_arrays = is_truthy(options.get("omitArrays", UNDEFINED))
    return dict(_leaves(resolve(options.get("value", UNDEFINED), event), "", separator, omit_arrays=omit_arrays))


def _leaves(value: Json, prefix: str, separator: str, *, omit_arrays: bool) -> list[tuple[str, Json]]:
    if not isinstance(value, dict) and (omit_arrays or not isinstance(value, list)):
        return [(prefix, value)]
    return [
        leaf
        for key, item in entries(value)
        for leaf in _leaves(item, f"{prefix}{separator}{key}" if prefix else key, separator, omit_arrays=omit_arrays)
    ]


def _json(value: Json, event: Json) -> Json:
    options = _options(value, '@json requires an object with a "value" key')
    mode = _required(options, "mode", '@json requires a "mode" key')
    resolved = resolve(_required(options, "value", '@json requires a "value" key'), event)
    if mode == "encode":
        text = jsjson.stringify(resolved)
        return UNDEFINED if text is None else text
    if mode != "decode":
        return UNDEFINED
    if not isinstance(resolved, str):
        return resolved
    try:
        return jsjson.parse(resolved)
    except ValueError:
        return resolved


def _merge(value: Json, event: Json) -> Json:
    options = _options(value, '@merge requires an object with an "objects" key and a "direction" key')
    direction = resolve(_required(options, "direction", '@merge requires a "direction" key'), event)
    objects = _required(options, "objects", '@merge requires a "objects" key')
    if not isinstance(objects, list):
        raise _error(f"@merge: expected opts.array, got {type_of(objects)}")
    resolved = [resolve(item, event) for item in objects]
    if direction == "left":
        resolved.reverse()
    return {key: item for source in resolved for key, item in entries(source)}


def _transform(value: Json, event: Json) -> Json:
    options = _options(value, '@transform requires an object with an "apply" key and a "mapping" key')
    mapping = _required(options, "mapping", '@transform requires a "mapping" key')
    apply = _required(options, "apply", '@transform requires a "apply" key')
    if not isinstance(apply, dict):
        raise _error('@transform "apply" key should be an object')
    return resolve(mapping, transform(apply, event))


def _exclude_when_null(value: Json, event: Json) -> Json:
    resolved = resolve(value, event)
    return UNDEFINED if resolved is None else _without_nulls(resolved)


def _without_nulls(value: Json) -> Json:
    """Leave out null members, also of members; arrays stay as they are."""
    if not isinstance(value, dict):
        return value
    return {key: _without_nulls(item) for key, item in value.items() if item is not None}


_DIRECTIVES: Final[dict[str, Directive]] = {
    "@if": _if,
    "@case": _case,
    "@replace": _replace,
    "@arrayPath": _array_path,
    "@path": _string_directive("@path", _path),
    "@template": _string_directive("@template", _template),
    "@literal": resolve,
    "@flatten": _flatten,
    "@json": _json,
    "@merge": _merge,
    "@transform": _transform,
    "@excludeWhenNull": _exclude_when_null,
    "@liquid": render_liquid,
}
