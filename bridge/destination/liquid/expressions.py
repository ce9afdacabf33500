"""Expressions: what a template's values are taken from, and how operators join them (liquidjs, render/expression)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import UNDEFINED, Json, to_number
from bridge.destination.liquid.context import Context, follow
from bridge.destination.liquid.errors import PlacedError
from bridge.destination.liquid.values import contains, equal, in_order, is_false, to_value

_ITEMS_BETWEEN_LOOKS_AT_THE_CLOCK: Final = 1 << 16


class Operand(Protocol):
    """A value as it stands in a template."""

    @property
    def text(self) -> str:
        """How it is written there."""

    def evaluate(self, context: Context) -> Json:
        """Return its value."""


@dataclass(frozen=True)
class Literal:
    """A number, a text, a word such as `nil`, or the name of a property."""

    text: str
    value: Json

    def evaluate(self, context: Context) -> Json:  # noqa: ARG002 - every operand has it
        """Return the value."""
        return self.value


@dataclass(frozen=True)
class Access:
    """A variable and its properties, or properties of a literal."""

    source: str
    begin: int
    end: int
    base: Operand | None
    keys: tuple[Operand, ...]

    @property
    def text(self) -> str:
        """How it is written in the template."""
        return self.source[self.begin : self.end]

    def evaluate(self, context: Context) -> Json:
        """Return what the properties lead to."""
        path = [key.evaluate(context) for key in self.keys]
        try:
            return context.get(path) if self.base is None else follow(self.base.evaluate(context), path)
        except DestinationError as error:
            raise PlacedError("UndefinedVariableError", str(error), self.source, self.begin) from None


@dataclass(frozen=True)
class Range:
    """An array of numbers, written `(1..3)`."""

    text: str
    low: Operand
    high: Operand

    def evaluate(self, context: Context) -> Json:
        """Return the numbers from one end to the other, in steps of 1."""
        low, high = (to_number(to_value(end.evaluate(context))) for end in (self.low, self.high))
        context.limits.charge(high - low + 1)
        numbers: list[float] = []
        while low < high + 1 and math.isfinite(low):
            numbers.append(low)
            low += 1
            if len(numbers) % _ITEMS_BETWEEN_LOOKS_AT_THE_CLOCK == 0:
                context.limits.check_time()
        return numbers


@dataclass(frozen=True)
class Operator:
    """An operator: those of higher precedence come first, of the same precedence the last one."""

    symbol: str
    precedence: int
    operands: int
    function: Callable[..., bool]


def _order(symbol: str) -> Operator:
    return Operator(symbol, 2, 2, lambda left, right: in_order(left, symbol, right))


OPERATORS: Final = {
    operator.symbol: operator
    for operator in (
        Operator("==", 2, 2, equal),
        Operator("!=", 2, 2, lambda left, right: not equal(left, right)),
        *map(_order, (">", "<", ">=", "<=")),
        Operator("contains", 2, 2, contains),
        Operator("not", 1, 1, is_false),
        Operator("and", 0, 2, lambda left, right: not is_false(left) and not is_false(right)),
        Operator("or", 0, 2, lambda left, right: not is_false(left) or not is_false(right)),
    )
}

Argument: TypeAlias = Operand | tuple[str, Operand | None] | None


@dataclass(frozen=True)
class FilterCall:
    """A filter and its arguments; a named one is a pair."""

    name: str
    arguments: tuple[Argument, ...]

    def evaluate(self, value: Json, context: Context) -> Json:
        """Return what the filter makes of the value; a filter that nobody knows leaves it as it is."""

        def argument(written: Argument) -> Json:
            if isinstance(written, tuple):
                name, operand = written
                return [name, argument(operand)]
            return UNDEFINED if written is None else written.evaluate(context)

        arguments = list(map(argument, self.arguments))
        run = context.filters.get(self.name)
        return value if run is None else run(context, value, *arguments)


class Expression:
    """Operands and operators, in the order in which they are evaluated, and the filters that follow."""

    def __init__(self, tokens: list[Operand | Operator], filters: tuple[FilterCall, ...] = ()) -> None:
        self.filters = filters
        self._postfix: list[Operand | Operator] = []
        waiting: list[Operator] = []
        for token in tokens:
            if isinstance(token, Operator):
                while waiting and waiting[-1].precedence > token.precedence:
                    self._postfix.append(waiting.pop())
                waiting.append(token)
            else:
                self._postfix.append(token)
        self._postfix += reversed(waiting)

    def evaluate(self, context: Context) -> Json:
        """Return its value; operands that no operator joins are left over, and the first of all counts."""
        values: list[Any] = []
        for token in self._postfix:
            if isinstance(token, Operator):
                taken = [values.pop() if values else UNDEFINED for _ in range(token.operands)]
                values.append(token.function(*reversed(taken)))
            else:
                values.append(token.evaluate(context))
        value = values[0]
        for one in self.filters:
            value = one.evaluate(value, context)
        return value
