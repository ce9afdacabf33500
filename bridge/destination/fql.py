"""Subscription filters: Segment's own reading of FQL, quirks and all.

Facts: Segment action-destinations packages/destination-subscriptions (parse-fql.ts, validate.ts, get.ts). It is a small
hand-written parser, not the documented language: the last `and` or `or` counts for its whole level, parentheses nest
one level deep, `!( … )` ignores the `!`, and `in`, `length()` and `lowercase()` are not understood.
"""

import operator
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from bridge.destination.errors import DestinationError
from bridge.destination.fql_tokens import END, LexerError, Token, tokenize
from bridge.destination.jsvalues import (
    UNDEFINED,
    Json,
    code_units,
    is_number,
    member,
    to_double,
    to_number,
    to_string,
    walk,
)

Value: TypeAlias = str | float | bool


@dataclass(frozen=True)
class Condition:
    """One comparison: what of the event (`type`, and the path `name` in it), how, and with which value."""

    type: str
    operator: str
    value: Value | None = None
    name: str | None = None


@dataclass(frozen=True)
class Group:
    """Conditions joined by `and` or `or`; None stands for a pair of parentheses with nothing in it."""

    operator: str
    children: "tuple[Node, ...]"


Node: TypeAlias = Condition | Group | None

_NOTHING_PARSED: Final = "Cannot read properties of undefined (reading 'type')"
_ROOTS: Final = {
    "type": "event-type",
    "event": "event",
    "name": "name",
    "userId": "userId",
    "context": "event-context",
    "properties": "event-property",
    "traits": "event-trait",
}
_CONTAINERS: Final = {"event-context": "context", "event-property": "properties", "event-trait": "traits"}
_FUNCTIONS: Final = ("contains", "match")
_FUNCTION_SUBJECTS: Final = ("event", "name", "userId")
_NUMBER_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "number_equals": operator.eq,
    "number_not_equals": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT_OPERATORS: Final[dict[str, Callable[[str, str], bool]]] = {
    "contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_PATH_KEYS: Final = re.compile(r"[^\[.\]]+")


class FilterError(Exception):
    """The filter cannot be parsed; the text is the runtime's."""


def parse(filter_text: str) -> Group:
    """Return the filter's conditions.

    Raises:
        FilterError: it cannot be parsed.
    """
    try:
        tokens = tokenize(filter_text)
    except LexerError:
        tokens = []  # the runtime ignores the lexer's error and then finds nothing to parse
    node = _parse_level(deque(_join_paths(tokens)))
    if node is None:
        raise FilterError(_NOTHING_PARSED)
    return node if isinstance(node, Group) else Group("and", (node,))


def as_json(node: Node) -> Json:
    """Return the conditions as the runtime's own syntax tree."""
    if isinstance(node, Group):
        return {"type": "group", "operator": node.operator, "children": [as_json(child) for child in node.children]}
    if node is None:
        return None
    members = {"type": node.type, "name": node.name, "operator": node.operator, "value": node.value}
    return {key: value for key, value in members.items() if value is not None}


def matches(node: Node, event: Json) -> bool:
    """Return whether the event fulfils the conditions.

    Raises:
        DestinationError: a TypeError of the runtime: empty parentheses, a path of dots only, or a null event.
    """
    if isinstance(node, Group):
        verdicts = (matches(child, event) for child in node.children)
        return all(verdicts) if node.operator == "and" else any(verdicts)
    if node is None:
        raise DestinationError("TypeError", _NOTHING_PARSED)
    return _compare(_subject(node, event), node.operator, node.value)


def _join_paths(tokens: list[Token]) -> list[Token]:
    """Join name, dot, name to one name; a dot before anything else stays a token of its own."""
    joined: list[Token] = []
    index = 0
    while index < len(tokens):
        if [token.kind for token in (*joined[-1:], *tokens[index : index + 2])] == ["ident", "dot", "ident"]:
            joined[-1] = Token("ident", f"{joined[-1].value}.{tokens[index + 1].value}")
            index += 2
        else:
            joined.append(tokens[index])
            index += 1
    return joined


def _parse_level(tokens: deque[Token]) -> Node:
    nodes: list[Node] = []
    joint = "and"
    while tokens and (token := tokens.popleft()).kind != "eos":
        if token.kind == "ident" and token.value in _FUNCTIONS:
            nodes += _parse_function(token.value, tokens, negated=False)
        elif token.kind == "ident":
            nodes += _parse_comparison(token, tokens)
        elif token == Token("operator", "!") and tokens[0].kind == "ident" and tokens[0].value in _FUNCTIONS:
            nodes += _parse_function(tokens.popleft().value, tokens, negated=True)
        elif token.kind == "parenleft":
            nodes.append(_parse_level(_take_parenthesis(tokens)))
        elif token.kind == "conditional":
            joint = token.value
    if len(nodes) > 1:
        return Group(joint, tuple(nodes))
    return nodes[0] if nodes else None


def _take_parenthesis(tokens: deque[Token]) -> deque[Token]:
    """Take the tokens up to the first closing parenthesis: an inner pair ends at its inner end."""
    taken: deque[Token] = deque()
    while tokens:
        token = tokens.popleft()
        if token.kind == "parenright":
            taken.append(END)
            return taken
        taken.append(token)
    raise FilterError(_NOTHING_PARSED)


def _parse_comparison(subject: Token, tokens: deque[Token]) -> list[Node]:
    kind = _ROOTS.get(subject.value.split(".")[0])
    if kind is None:
        return []
    relation = _next(tokens, "Operator token is missing").value
    token = _next(tokens, "Value token is missing")
    in_container = kind in _CONTAINERS
    name = _path(subject.value, kind) if in_container else None
    if in_container or kind in ("name", "userId"):
        existence = {("=", "null"): "not_exists", ("!=", "null"): "exists"}.get((relation, token.value))
        if existence:
            return [Condition(kind, existence, name=name)]
    if in_container or kind == "userId":
        boolean = {("=", "true"): "is_true", ("=", "false"): "is_false"}.get((relation, token.value))
        if boolean:
            return [Condition(kind, boolean, name=name)]
    value = _value(token)
    if not in_container:
        return [Condition(kind, relation, to_string(value))]
    if token.kind == "number":
        relation = {"=": "number_equals", "!=": "number_not_equals"}.get(relation, relation)
    return [Condition(kind, relation, value, name)]


def _parse_function(function: str, tokens: deque[Token], *, negated: bool) -> list[Node]:
    """Parse `contains(subject, text)` or `match(subject, text)`; the brackets and the comma may be any token."""
    if tokens:
        tokens.popleft()
    subject = _next(tokens, f"{function}() is missing a 1st argument").value
    if tokens:
        tokens.popleft()
    token = _next(tokens, f"{function}() is missing a 2nd argument")
    if tokens:
        tokens.popleft()
    value = to_string(_value(token))
    if function == "contains":
        relation = "contains"
    elif token.value.endswith('*"'):
        relation, value = "starts_with", value[:-1]
    else:
        relation, value = "ends_with", code_units(value)[1:]
    if negated:
        relation = f"not_{relation}"
    if subject in _FUNCTION_SUBJECTS:
        return [Condition(subject, relation, value)]
    return [
        Condition(kind, relation, value, _path(subject, kind))
        for kind, container in _CONTAINERS.items()
        if subject.startswith(container)
    ]


def _next(tokens: deque[Token], otherwise: str) -> Token:
    if not tokens:
        raise FilterError(otherwise)
    return tokens.popleft()


def _path(subject: str, kind: str) -> str:
    return subject.removeprefix(f"{_CONTAINERS[kind]}.")


def _value(token: Token) -> str | float | bool:
    """Return a token's value: single quotes stay in a string, so that it never matches."""
    if token.kind == "string":
        return token.value.removeprefix('"').removesuffix('"')
    if token.kind == "number":
        return to_number(token.value)
    if token.kind == "ident" and token.value in ("true", "false"):
        return token.value == "true"
    return token.value


def _subject(condition: Condition, event: Json) -> Json:
    key = _CONTAINERS.get(condition.type) or condition.type.removeprefix("event-")
    if event is None:
        raise DestinationError("TypeError", f"Cannot read properties of null (reading '{key}')")
    if condition.name is None:
        return member(event, key)
    if condition.name == "":
        return UNDEFINED
    keys = _PATH_KEYS.findall(condition.name)
    if not keys:
        raise DestinationError("TypeError", "Cannot read properties of null (reading 'reduce')")
    return walk(member(event, key), keys)


def _compare(actual: Json, relation: str, expected: Value | None) -> bool:
    """Compare as validate.ts does: text with text, a real number with a number; anything else is false."""
    if relation in ("exists", "not_exists"):
        return (actual is None or actual is UNDEFINED) == (relation == "not_exists")
    if expected is None:
        return actual is (relation == "is_true")
    if relation in ("=", "!="):
        return bool(actual == to_string(expected)) == (relation == "=")
    if relation in _NUMBER_OPERATORS:
        return is_number(actual) and _NUMBER_OPERATORS[relation](to_double(actual), to_number(expected))
    test = _TEXT_OPERATORS.get(relation.removeprefix("not_"))
    if test is None or not isinstance(actual, str):
        return False
    return test(code_units(actual), code_units(to_string(expected))) != relation.startswith("not_")
