"""Texts with placeholders that something else is put in for."""

import re
from collections.abc import Mapping


class TemplateError(Exception):
    """A template has no place for what was to be put in; the text names the template and the placeholder."""


def filled(name: str, template: str, values: Mapping[str, str]) -> str:
    """Return a template with each of its placeholders replaced, wherever it stands. What is put in stays as it is.

    Args:
        name: What the template is called, for the error: its file, usually.
        template: The text.
        values: What is put in, by placeholder.

    Raises:
        TemplateError: A placeholder is missing in the template.
    """
    for placeholder in values:
        if placeholder not in template:
            raise TemplateError(f"{name} lacks the placeholder {placeholder}, where a value is to be put in")
    placeholders = "|".join(re.escape(placeholder) for placeholder in values)
    return re.sub(placeholders, lambda found: values[found[0]], template)
