"""The install wizard, an ordinary PyScript page on Pyodide: checks what is typed by the models, and gives what to copy.

All texts go in through textContent. Nothing here asks anybody for anything.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pydantic
from pyscript import document, when, window

from bridge.installing.checking import CONFIGURATION, Problem, checked, read, without_secrets
from bridge.installing.documents import placed
from bridge.installing.fields import Field, at, collected, field_of, fields, spread
from bridge.installing.form import place_fields
from bridge.installing.texts import Place, Text, doctor, texts
from bridge.models.settings import Settings, table
from bridge.shared.rules import NOT_INTO_PAGES
from bridge.shared.secrets import looks_secret, names_secret, secrets

_CLICK = 0.05  # seconds from the pointer's release until there is a click
Element = Any  # of the page's


def by_id(name: str) -> Element:
    """Return an element of the page."""
    return document.getElementById(name)


def element(kind: str, text: str = "", **attributes: str) -> Element:
    """Return a new element; an underscore at an attribute's end is Python's."""
    made = document.createElement(kind)
    made.textContent = text
    for name, value in attributes.items():
        made.setAttribute(name.rstrip("_"), value)
    return made


def listed(texts_of_items: Iterable[str]) -> Element:
    """Return a list of texts."""
    found = element("ul")
    for text in texts_of_items:
        found.append(element("li", text))
    return found


class Form:
    """What stands in the form."""

    def __init__(self) -> None:
        self.settings = list(fields(table()))
        self.place = place_fields()
        self._touched: set[str] = set()
        self._refused: dict[str, str] = {}  # what was said of a secret, by the element that it is gone from

    def data(self, known: list[Field]) -> dict[str, Any]:
        """Return what the form says of some fields."""
        singles = {one.path: _text(self._control(one.path)) for one in known if one.kind != "rows"}
        rows: dict[str, list[Mapping[str, str]]] = {
            one.path: [
                {column.path: _text(_cell(row, column.path)) for column in one.columns}
                for row in _list(one.path).children
            ]
            for one in known
            if one.kind == "rows"
        }
        data: dict[str, Any] = collected(known, singles, rows)
        return data

    def touch(self, control: Element) -> None:
        """Note that somebody has been there: from now on it says what is wrong."""
        self._touched.add(control.id)
        self._refused.pop(control.id, None)

    def refuse(self, known: list[Field], data: dict[str, Any], problems: list[Problem]) -> None:
        """Take secrets out of the form, and remember what is said of them."""
        for place in secrets(data):
            path = field_of(known, place)
            control = self.control(path)
            if control is None:
                continue
            control.value = ""
            field = next((one for one in known if one.path == path), None)
            if field and field.kind == "table" and not isinstance(kept := without_secrets(at(data, path)), str):
                control.value = field.written(kept) or ""
            self._refused[control.id] = next(one.text for one in problems if one.place == place)

    def show(self, known: list[Field], problems: list[Problem]) -> None:
        """Show beside each field what is wrong there."""
        said: dict[str, str] = {}
        for problem in problems:
            said.setdefault(self._id(field_of(known, problem.place)), problem.text)
        for control in document.querySelectorAll("#wizard [name], #wizard [data-rows]"):
            if not self._is_of(control, known):
                continue
            text = self._refused.get(control.id) or said.get(control.id, "")
            if not (control.id in self._touched or control.tagName == "OL" or _text(control).strip()):
                text = ""
            by_id(f"p-{control.id.removeprefix('f-')}").textContent = text
            if control.tagName != "OL":
                control.setAttribute("aria-invalid", "true" if text else "false")

    def fill(self, data: dict[str, Any]) -> None:
        """Put settings into the form, in place of those that are there."""
        singles, rows = spread(self.settings, data)
        for field in self.settings:
            if field.kind == "rows":
                _list(field.path).replaceChildren()
                for row in rows.get(field.path, []):
                    for cell in _add_row(field, row).querySelectorAll("[name]"):
                        self.touch(cell)
                continue
            control = self._control(field.path)
            text = singles.get(field.path, "")
            if field.kind == "switch":
                control.checked = (text or str(field.default).lower()) == "true"
            else:
                control.value = text or (str(field.default) if field.kind == "choice" else "")
            self.touch(control)

    def control(self, path: str) -> Element:
        """Return what is focused for a field or a cell of a row; None for none."""
        found = self._id(path)
        return by_id(found) if found else None

    def _id(self, path: str) -> str:
        for field in self.settings:
            if field.kind == "rows" and path.startswith(f"{field.path}["):
                number, _, name = path.removeprefix(f"{field.path}[").partition("].")
                return str(_cell(_list(field.path).children[int(number)], name).id)
        return f"f-{path}" if path else ""

    def _control(self, path: str) -> Element:
        return by_id(f"f-{path}")

    def _is_of(self, control: Element, known: list[Field]) -> bool:
        path = control.id.removeprefix("f-").partition("[")[0]
        return any(one.path == path for one in known)


def _text(control: Element) -> str:
    if getattr(control, "type", "") == "checkbox":
        return "true" if control.checked else "false"
    return str(getattr(control, "value", ""))


def _list(path: str) -> Element:
    return document.querySelector(f'[data-rows="{path}"]')


def _cell(row: Element, name: str) -> Element:
    return row.querySelector(f'[name$="].{name}"]')


def _add_row(field: Field, texts_of_cells: dict[str, str]) -> Element:
    by_id("wizard").dispatchEvent(window.CustomEvent.new("wizard:row", detail=field.path))
    row = _list(field.path).lastElementChild
    for name, text in texts_of_cells.items():
        _cell(row, name).value = text
    row.querySelector("select").dispatchEvent(window.Event.new("change", bubbles=True))  # not "input": more rows come
    return row


class Results:
    """What is to be copied."""

    def __init__(self) -> None:
        self._shown: list[Text] = []
        self._examples = [(one, one.textContent) for one in document.querySelectorAll("[data-recipe] code")]

    def withhold(self, problems: list[tuple[str, str]]) -> None:
        """Say what is to be mended first: links to the fields, with their texts."""
        by_id("texts").replaceChildren()
        self._shown = []
        many = f"{len(problems)} things are" if len(problems) > 1 else "One thing is"
        _say("count", f"{many} to be mended first:")
        items = element("ul")
        for target, text in problems:
            item = element("li")
            item.append(element("a", text, href=f"#{target}"))
            items.append(item)
        by_id("problems").replaceChildren(items)

    def give(self, found: list[Text]) -> None:
        """Show the texts, each with its button; what has not changed stays as it is."""
        by_id("problems").replaceChildren()
        _say("count", "All that you typed is right.")
        if [(one.id, one.title, one.file) for one in found] != [(one.id, one.title, one.file) for one in self._shown]:
            by_id("texts").replaceChildren(*[_section(one) for one in found])
        else:
            for one in found:
                by_id(f"text-{one.id}").textContent = one.text.rstrip("\n")
                by_id(f"note-{one.id}").textContent = one.note
        self._shown = found

    def place(self, place: Place) -> None:
        """Show the recipes, and what the doctor is asked, with these addresses."""
        for code, text in self._examples:
            code.textContent = placed(text, place.folder)
        by_id("text-doctor").textContent = doctor(place)


def _say(name: str, text: str) -> None:
    """Put a text into an element, where it changes: who hears the page hears no text twice."""
    if by_id(name).textContent != text:
        by_id(name).textContent = text


def _section(text: Text) -> Element:
    section = element("section", class_="text", **{"aria-labelledby": f"title-{text.id}"})
    head = element("div", class_="text-head")
    head.append(element("h3", text.title, id=f"title-{text.id}"))
    for word, more in (("Copy", {}), ("Download", {"data-file": text.file})):
        if word == "Copy" or text.file:
            button = element("button", word, type="button", class_="copy", value=text.id, **more)
            button.append(element("span", f" {text.title}", class_="unseen"))
            head.append(button)
    pre = element("pre", tabindex="0")
    pre.append(element("code", text.text.rstrip("\n"), id=f"text-{text.id}"))
    section.append(head, element("p", text.note, id=f"note-{text.id}"), pre)
    return section


form, results = Form(), Results()


def refresh() -> None:
    """Check all that stands in the form; show what is wrong, or what to copy."""
    said, whereabouts = form.data(form.settings), form.data(form.place)
    if whereabouts.get("files") != "ready-made":
        whereabouts.pop("config", None)  # whose field is not seen
    settings, problems = checked(Settings, said)
    place, others = checked(Place, whereabouts)
    form.refuse(form.settings, said, problems)
    form.refuse(form.place, whereabouts, others)
    form.show(form.settings, problems)
    form.show(form.place, others)
    if place is not None:
        results.place(place)
    if settings is not None and place is not None:
        results.give(texts(settings, place))
        return
    every = [*form.settings, *form.place]
    targets = [(form.control(field_of(every, one.place)), one.text) for one in [*problems, *others]]
    results.withhold([(control.id if control else "wizard", text) for control, text in targets])


@when("input", "#wizard")
def typed(event: Any) -> None:
    """Check what was typed."""
    if event.target.id == "pasted":
        take(event.target)
    elif event.target.id != "opened":
        form.touch(event.target)
        refresh()


class Pointer:
    """Whether a button of the mouse is pressed: then nothing may move, or what is pressed would not be hit."""

    pressed = False


@when("pointerdown", document)
def press() -> None:
    """Note that one is pressed."""
    Pointer.pressed = True


@when("pointerup", document)
@when("pointercancel", document)
async def release() -> None:
    """Say what was not said meanwhile, once the click has arrived."""
    Pointer.pressed = False
    await asyncio.sleep(_CLICK)
    refresh()


@when("focusout", "#wizard")
def left(event: Any) -> None:
    """Say what is wrong in a field that was left."""
    if event.target.hasAttribute("name"):
        form.touch(event.target)
        if not Pointer.pressed:
            refresh()


def take(pasted: Element) -> None:
    """Take a configuration that was pasted, opened or dropped, as far as it can be."""
    text = pasted.value
    if not text.strip():
        return
    try:
        data = read(text)
    except ValueError as error:
        why = str(error)
        if looks_secret(text) or names_secret(text):
            pasted.value = ""
            why = f"{CONFIGURATION}: {NOT_INTO_PAGES}"
        _say_read("This is no configuration that can be read:", [why])
        return
    pasted.value = ""
    settings, problems = checked(Settings, data)
    form.fill(without_secrets(data))
    refresh()
    wrong = [one.text for one in problems if not _is_said(one)]
    if settings and checked(Settings, form.data(form.settings))[0] != settings:
        wrong.append(f"{CONFIGURATION}: has line ends or blanks that no field of this form can hold")
    _say_read("Read, but for what is wrong:" if wrong else "Read: it stands in the form now.", wrong)


def _is_said(problem: Problem) -> bool:
    """Return whether a field says this of what stands in it."""
    control = form.control(field_of(form.settings, problem.place))
    return bool(control and by_id(f"p-{control.id.removeprefix('f-')}").textContent == problem.text)


def _say_read(words: str, lines: list[str]) -> None:
    said = by_id("read")
    said.className = "wrong" if lines else ""
    said.replaceChildren(element("p", words), *([listed(lines)] if lines else []))


def start() -> None:
    """Check what was typed meanwhile, and say that Python is here."""
    by_id("waiting").remove()
    version = ".".join(map(str, sys.version_info[:2]))
    by_id("loading").textContent = f"Checked as you type, by pydantic {pydantic.VERSION} on Python {version}"
    document.documentElement.dataset.python = "on"
    refresh()
    if by_id("pasted").value:
        take(by_id("pasted"))


start()
