"""The wizard's form as HTML, made of the models' fields: a new setting appears in it by itself."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from bridge.installing.fields import Field, fields
from bridge.installing.texts import Place
from bridge.models.settings import table


class Step(NamedTuple):
    """A step of the form, and what it asks for: fields by path, or all below a path."""

    id: str
    title: str
    why: str
    paths: tuple[str, ...]


STEPS = (
    Step("who", "Who you are", "The Kameleoon project, and whose word on consent counts.", ("sitecode", "consent")),
    Step(
        "sent",
        "What is sent to Segment",
        "Who a visitor is, and which variations they saw.",
        ("identifier", "enrich", "exposures"),
    ),
    Step(
        "back",
        "What comes back to Kameleoon",
        "Segment's personas, traits and groups, as custom data to target.",
        ("custom_data", "user_id", "remote"),
    ),
    Step(
        "hosting",
        "Where it runs",
        "The bundle is a folder of files on a host of yours.",
        ("address", "files", "config", "page", "engine", "analytics"),  # and what no step names
    ),
)


def place_fields() -> list[Field]:
    """Return the fields of where it is installed."""
    return list(fields(Place.model_json_schema()))


#: These are no settings, and are not called by their names.
_PLACE = {one.path for one in place_fields()}
#: What a field is called where its own name says too little.
_LABELS = {
    "sitecode": "Site code",
    "user_id": "Whose data",
    "identifier": "Send the Kameleoon identifier",
    "enrich": "Put the visitor code into events",
    "exposures.event": "Name of the event",
    "exposures.dialect": "Names of its properties",
    "exposures.personalizations": "Report personalizations too",
    "exposures.personalization_event": "Event for personalizations",
    "exposures.only": "Only these campaigns",
    "exposures.except": "All but these campaigns",
    "exposures.once_per": "Counts once per",
    "exposures.properties": "Further properties, as JSON",
    "remote.ttl": "Seconds that data stays fresh",
    "remote.data_host": "Host of the Data API",
    "analytics": "Segment's instance",
    "address": "Address of the bundle",
    "files": "The bundle is",
    "config": "Address of the configuration",
    "page": "A page to check",
}


def form() -> str:
    """Return the steps as HTML, each a fieldset."""
    left = [*fields(table()), *place_fields()]
    parts = []
    for number, step in enumerate(STEPS, 1):
        last = step is STEPS[-1]
        named = [one for path in step.paths for one in left if one.path == path or one.path.startswith(f"{path}.")]
        others = [one for one in left if last and one not in named]
        left = [one for one in left if one not in named]
        parts += [
            f'<fieldset class="step" id="step-{step.id}">',
            f'<legend><span class="number">{number}</span> {escape(step.title)}</legend>',
            f'<p class="why">{escape(step.why)}</p>',
            '<div class="fields">',
            *(part for one in [*named, *others] for part in (_rows(one) if one.kind == "rows" else _field(one))),
            "</div></fieldset>",
        ]
    return "\n".join(parts)


def _field(field: Field, prefix: str = "") -> Iterator[str]:
    path = prefix + field.path
    name, described = f'id="f-{path}" name="{path}"', f'aria-describedby="h-{path} p-{path}"'
    label = f'<label for="f-{path}">{escape(_label(field))}</label>'
    wide = " wide" if field.kind == "table" or field.path == "address" else ""
    only = f' data-only-for="{escape(" ".join(field.only_for))}"' if field.only_for else ""
    yield f'<div class="field of-{field.kind}{wide}"{only}>'
    if field.kind == "switch":
        checked = " checked" if field.default else ""
        yield f'<div class="line"><input type="checkbox" role="switch" {name} {described}{checked}>{label}</div>'
    else:
        yield label
        yield _control(field, f"{name} {described}")
    yield f'<p class="hint" id="h-{path}">{_hint(field, "" if prefix or path in _PLACE else path)}</p>'
    yield f'<p class="problem" id="p-{path}"></p></div>'


def _control(field: Field, attributes: str) -> str:
    if field.kind == "choice":
        options = "".join(_option(one, " selected" if one == field.default else "") for one in field.choices)
        return f"<select {attributes}>{options}</select>"
    required = ' aria-required="true"' if field.required else ""
    default = "" if field.default in (None, {}, []) else str(field.default)
    example = f' placeholder="{escape(default)}"' if default else ""
    plain = 'autocomplete="off" autocapitalize="off" spellcheck="false"'
    if field.kind == "table":
        return f'<textarea rows="2" {plain} placeholder=\'{{"team": "growth"}}\' {attributes}></textarea>'
    keys = ' inputmode="numeric"' if field.kind == "number" else ""
    return f'<input type="text"{keys} {plain}{required}{example} {attributes}>'


def _option(choice: str, selected: str) -> str:
    return f'<option value="{escape(choice)}"{selected}>{escape(choice)}</option>'


def _rows(field: Field) -> Iterator[str]:
    """Yield the list of rows, which is empty, and the row that a button adds: ``#`` stands for its number."""
    path = field.path
    singular = _label(field)
    yield f'<div class="rows wide" role="group" aria-labelledby="l-{path}" aria-describedby="h-{path}">'
    yield f'<p class="label" id="l-{path}">{escape(singular)}</p>'
    yield f'<p class="hint" id="h-{path}">{_hint(field, path)}</p>'
    yield f'<p class="problem" id="p-{path}" tabindex="-1"></p>'
    yield f'<ol id="f-{path}" data-rows="{path}"></ol>'
    yield f'<template data-row="{path}"><li class="row">'
    for column in field.columns:
        yield from _field(column, f"{path}[#].")
    yield f'<button type="button" class="quiet remove">Remove<span class="unseen"> {escape(singular)} #</span></button>'
    yield "</li></template>"
    yield f'<button type="button" class="quiet add" data-add="{path}">Add {escape(singular.lower())}</button></div>'


def _hint(field: Field, path: str) -> str:
    """Return the setting's path and what may stand there; that a switch is one is seen."""
    text = field.description.removeprefix("true or false: ")
    return f"<code>{escape(path)}</code> {escape(text)}" if path else escape(text[:1].upper() + text[1:])


def _label(field: Field) -> str:
    named = field.name.replace("_", " ")
    return _LABELS.get(field.path, f"{named[:1].upper()}{named[1:]}")
