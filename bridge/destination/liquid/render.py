"""Rendering a template, from the directive's value to the text (Segment core/mapping-kit/liquid-directive.ts)."""

from collections import deque
from typing import Final

from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import Json, code_units, from_code_units
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.filters import FILTERS
from bridge.destination.liquid.tags import parse_templates, render_templates
from bridge.destination.liquid.tokens import read_template

_MAX_TEMPLATE_CHARACTERS: Final = 1000


def render_liquid(template: Json, event: Json) -> str:
    """Return the template filled in from the event, into which `increment` and `decrement` write.

    Raises:
        DestinationError: it is no text, longer than 1000 characters, wrong, uses what is disabled, or takes too long.
    """
    if not isinstance(template, str):
        raise DestinationError("Error", "liquid template value must be a string")
    source = code_units(template)
    if len(source) > _MAX_TEMPLATE_CHARACTERS:
        raise DestinationError("Error", f"liquid template values are limited to {_MAX_TEMPLATE_CHARACTERS} characters")
    templates = parse_templates(deque(read_template(source)))
    output: list[str] = []
    render_templates(templates, Context(event, FILTERS), output)
    return from_code_units("".join(output))
