"""The filters of a template, by name (liquidjs, filters)."""

from typing import Final, NoReturn

from bridge.destination.liquid.context import Filter
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.filters import arrays, dates, encodings, general, numbers, texts
from bridge.destination.liquid.filters.arguments import without_surplus

_DISABLED: Final = (
    "array_to_sentence_string", "concat", "find", "find_exp", "find_index", "find_index_exp", "group_by",
    "group_by_exp", "has", "has_exp", "map", "newline_to_br", "reject", "reject_exp", "reverse", "sort",
    "sort_natural", "type", "uniq", "where_exp",
)  # fmt: skip


def _disabled(name: str) -> Filter:
    def refuse(*_: object) -> NoReturn:
        raise failure(f'filter "{name}" is disabled', "Error")

    return refuse


FILTERS: Final[dict[str, Filter]] = {
    name: without_surplus(function)
    for module in (arrays, dates, encodings, general, numbers, texts)
    for name, function in module.FILTERS.items()
} | {name: _disabled(name) for name in _DISABLED}
