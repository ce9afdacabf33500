"""Made-up templates, mappings and filters over made-up events: the same ones for the same seed."""

import random
from collections.abc import Callable
from typing import Any

from bridge.destination.liquid.filters import FILTERS

_NAMES = (
    "a", "b", "list", "o", "s", "n", "total", "size", "first", "last", "empty", "length", "not", "0", "x-y", "é",
    "toString",
)  # fmt: skip
_TEXTS = (
    "", " ", "a", "Hello World", "59.97", "12px", "0x1F", "-3", "1e3", "true", "null", "2024-04-05T12:39:11.600Z",
    "4/5/2024 3:00 PM", "1712320751", "a,b,,c,", " padded\t\n", "a😀b", "\ud83d", "ÄÖß İ", "<b>&'\"</b>", "a%2Bb+c%20",
    "%", "aGVsbG8=", "Infinity", "line\r\nend", "你好 x", "{{ a }}", "a.b[0]", "Asia/Tokyo", "%Y-%m-%d %H:%M",
    "[object Object]", "\u00a0",
)  # fmt: skip
_NUMBERS = (
    0, 1, 2, 3, 5, -1, -3, 0.5, 2.5, -2.5, 1.005, 59.97, 1e21, 1e-7, 123456789, 1712320751, 9007199254740993, 1e308,
    5e-324,
)  # fmt: skip


class Maker:
    """Makes cases from a source of chance."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - tests, no secrets
        self.choice = self.random.choice

    def chance(self, share: float) -> bool:
        """Return true as often as the share says."""
        return self.random.random() < share

    def several(self, make: Callable[[], Any], most: int, least: int = 0) -> list[Any]:
        """Return some of what is made."""
        return [make() for _ in range(self.random.randint(least, most))]

    # JSON

    def scalar(self) -> Any:
        """Return a text, a number, a boolean or null."""
        return self.choice((self.choice(_TEXTS), self.choice(_TEXTS), self.choice(_NUMBERS), True, False, None))

    def value(self, depth: int = 3) -> Any:
        """Return a JSON value."""
        if depth == 0 or self.chance(0.5):
            return self.scalar()
        if self.chance(0.5):
            return self.several(lambda: self.value(depth - 1), 4)
        return self.object(depth - 1)

    def object(self, depth: int) -> dict[str, Any]:
        """Return a JSON object; few have the member that keeps JavaScript from writing it."""
        names = [name for name in _NAMES if name != "toString" or self.chance(0.1)]
        return {self.choice(names): self.value(depth) for _ in range(self.random.randint(0, 5))}

    def event(self) -> dict[str, Any]:
        """Return an event."""
        event = {"type": "track", "event": self.choice(("Order Completed", "a", None, 5)), "userId": self.scalar()}
        event |= {"properties": self.object(3), "traits": self.object(2), "context": self.object(2)}
        event |= self.object(2)
        for member in self.several(lambda: self.choice(list(event)), 2):
            event.pop(member, None)
        return event

    # Templates

    def liquid(self) -> str:
        """Return a template, in one of three cases with a mistake."""
        template = "".join(self.several(self.part, 4, 1))
        if self.chance(0.33):
            template = self.damaged(
                template,
                (
                    "{{",
                    "}}",
                    "{%",
                    "%}",
                    "|",
                    ":",
                    ",",
                    ".",
                    "[",
                    "]",
                    "(",
                    ")",
                    "'",
                    "-",
                    " ",
                    "\n",
                    "=",
                    "not",
                    "1",
                    "😀",
                ),
            )
        return template

    def damaged(self, text: str, fragments: tuple[str, ...]) -> str:
        """Return the text with something left out, put in or doubled."""
        for _ in range(self.random.randint(1, 3)):
            begin = self.random.randint(0, len(text))
            end = min(len(text), begin + self.random.randint(0, 3))
            text = text[:begin] + self.choice(("", text[begin:end] * 2, self.choice(fragments))) + text[end:]
        return text

    def part(self, depth: int = 2) -> str:
        """Return a text, an output or a tag."""
        kinds = [self.text, self.output, self.output, self.simple_tag]
        if depth:
            kinds.append(lambda: self.block(depth - 1))
        return self.choice(kinds)()

    def parts(self, depth: int) -> str:
        """Return what stands within a tag."""
        return "".join(self.several(lambda: self.part(depth), 3))

    def text(self) -> str:
        """Return text that is no part of a tag."""
        return self.choice((" ", "\n", " a ", "\t\n b", "{ %", "}}", "é😀", "  "))

    def tag(self, inside: str) -> str:
        """Return a tag, which may cut the white space around it."""
        left, right = (self.choice(("", "", "-")) for _ in range(2))
        return f"{{%{left} {inside} {right}%}}"

    def output(self) -> str:
        """Return an output."""
        left, right = (self.choice(("", "", "", "-")) for _ in range(2))
        return f"{{{{{left} {self.expression()} {right}}}}}"

    def simple_tag(self) -> str:
        """Return a tag that has no end."""
        name = self.choice((*_NAMES, "c"))
        inside = self.choice(
            (
                f"assign {name} = {self.expression()}",
                f"assign {name} = {self.expression()}",
                f"increment {name}",
                f"decrement {name}",
                f"echo {self.expression()}",
                f"cycle {', '.join(self.several(self.operand, 3, 1))}",
                f"cycle {self.operand()}: {self.operand()}, {self.operand()}",
                "break",
                "continue",
                "# note",
                "nope",
                "else",
                "endif",
                f"case {self.operand()}",
                "for i in list",
                f"liquid\necho {self.expression()}\nassign {name} = {self.operand()}",
            )
        )
        return self.tag(inside)

    def block(self, depth: int) -> str:
        """Return a tag with an end."""
        kind = self.choice(("if", "if", "unless", "capture", "comment", "raw", "block", "liquid"))
        if kind == "liquid":
            return self.tag(f"liquid\nif {self.expression()}\necho {self.operand()}\nelse\necho 1\nendif")
        inside = {"if": self.expression(), "unless": self.expression(), "capture": self.choice(_NAMES)}.get(kind, "")
        branches = ""
        if kind in ("if", "unless"):
            branches = "".join(
                self.tag(f"elsif {self.expression()}") + self.parts(depth) for _ in range(self.choice((0, 0, 1)))
            )
            branches += self.choice(("", self.tag("else") + self.parts(depth)))
        end = self.tag(f"end{kind}") if self.chance(0.97) else ""
        return self.tag(f"{kind} {inside}".strip()) + self.parts(depth) + branches + end

    def expression(self) -> str:
        """Return operands, operators and filters."""
        text = self.operand()
        for _ in range(self.choice((0, 0, 0, 1, 1, 2))):
            operator = self.choice(("==", "!=", "<", ">", "<=", ">=", "contains", "and", "or", "and not", "=="))
            text += f" {operator} {self.operand()}"
        text = f"not {text}" if self.chance(0.08) else text
        return text + "".join(self.several(self.filter, self.choice((0, 1, 1, 2, 3))))

    def filter(self) -> str:
        """Return a filter and arguments; `sample` is left out, which nobody can foretell."""
        name = self.choice([*sorted(FILTERS.keys() - {"sample"}), "no_such_filter"])
        if name == "round":  # JavaScript's power of a fraction is not Python's to the last bit
            return self.choice((" | round", f" | round: {self.random.randint(-3, 4)}"))
        arguments = self.several(self.argument, self.choice((1, 2, 3)))
        return f" | {name}" + (f": {', '.join(arguments)}" if arguments else "")

    def argument(self) -> str:
        """Return an argument of a filter."""
        return f"{self.choice(('allow_false', 'x'))}: {self.operand()}" if self.chance(0.08) else self.operand()

    def operand(self) -> str:
        """Return a literal, a variable or a range."""
        kind = self.random.random()
        if kind < 0.2:
            text = self.choice(_TEXTS).replace("\\", "\\\\").replace("'", "\\'").replace("\ud83d", "\\ud83d")
            return f"'{text}'"
        if kind < 0.3:
            return str(self.choice((*_NUMBERS[:12], "01", "1.", "+5", ".5")))
        if kind < 0.45:
            return str(self.choice(("nil", "true", "false", "empty", "blank", "null", "missing", "''")))
        if kind < 0.5:
            return f"({self.choice((0, 1, 'n', '-2'))}..{self.choice((0, 3, 'n', 'size', '2.5'))})"
        return self.variable()

    def variable(self) -> str:
        """Return a variable and its properties; no member that mappings and filters see in JavaScript's prototypes."""
        names = _NAMES[:-1]
        text = self.choice(("properties", "properties", "traits", "event", "userId", *names))
        for _ in range(self.choice((0, 1, 1, 2, 3))):
            name = self.choice(names)
            text += self.choice((f".{name}", f".{name}", f"[{self.choice((0, 1, -1))}]", f"['{name}']", f"[{name}]"))
        return text

    # Mappings

    def mapping(self) -> Any:
        """Return a mapping of some fields."""
        return {self.choice((*_NAMES, "c", "d")): self.resolved(3) for _ in range(self.random.randint(1, 3))}

    def path(self) -> str:
        """Return a path into an event."""
        prefix = self.choice(("$.", "$.", "", "$.$."))
        return prefix + self.variable()

    def resolved(self, depth: int) -> Any:
        """Return a part of a mapping: a directive, or what stands for itself."""
        if depth == 0 or self.chance(0.15):
            return self.choice((self.scalar(), {"@path": self.path()}, {"@path": self.path()}))
        if self.chance(0.15):
            return self.choice(
                (self.several(lambda: self.resolved(depth - 1), 3), {self.choice(_NAMES): self.resolved(depth - 1)})
            )
        name = self.choice(sorted(_DIRECTIVES))
        written = _DIRECTIVES[name](self, lambda: self.resolved(depth - 1))
        if self.chance(0.04):
            written = self.value(2)
        directive = {f"@{name}": written}
        if self.chance(0.03):
            directive[self.choice(("_metadata", "x", "@path"))] = self.scalar()
        return directive

    def options(self, **members: Any) -> dict[str, Any]:
        """Return a directive's options, at times without one of them or with another value in its place."""
        if self.chance(0.08):
            members.pop(self.choice(list(members)))
        elif self.chance(0.08):
            members[self.choice(list(members))] = self.scalar()
        return members

    def placeholders(self) -> str:
        """Return a text with placeholders."""
        return "".join(
            self.several(
                lambda: self.choice(
                    (f"{{{{{self.path()}}}}}", f"{{{{{{ {self.variable()} }}}}}}", " ", "x", "$&", "{{}}", "}")
                ),
                4,
            )
        )

    # Filters of subscriptions

    def subscribe(self) -> str:
        """Return a filter of a subscription, in one of three cases with a mistake."""
        text = self.choice((" and ", " or ")).join(self.several(self.condition, 3, 1))
        if self.chance(0.15):
            text += f" and ({self.condition()} or {self.condition()})"
        if self.chance(0.33):
            text = self.damaged(
                text, ("(", ")", '"', "'", "!", "=", " ", ".", "\\", ",", "[", "and", "or", "null", "5", "-", "#", "\n")
            )
        return text

    def condition(self) -> str:
        """Return a comparison or a function."""
        subject = self.choice(("type", "event", "name", "userId", "properties", "anonymousId", *(["path"] * 6)))
        if subject == "path":
            keys = self.several(lambda: self.choice(_NAMES[:-1]).replace("é", "\\é"), 3, 1)
            subject = self.choice(("properties.", "properties.", "traits.", "context.")) + ".".join(keys)
        texts = [text for text in _TEXTS if '"' not in text]
        if self.chance(0.25):
            star = self.choice(("*{}", "{}*", "{}")).format(self.choice(texts))
            return f'{self.choice(("", "!"))}{self.choice(("contains", "match"))}({subject}, "{star}")'
        number = str(self.choice(_NUMBERS))
        expected = self.choice(
            (f'"{self.choice(texts)}"', f'"{self.choice(texts)}"', number, "true", "false", "null", "word")
        )
        return f"{subject} {self.choice(('=', '!=', '<', '<=', '>', '>='))} {expected}"


_DIRECTIVES: dict[str, Callable[[Maker, Callable[[], Any]], Any]] = {
    "arrayPath": lambda make, _: make.choice(
        ([make.path()], [make.path(), {"k": {"@path": make.variable()}, "t": {"@liquid": make.output()}}])
    ),
    "case": lambda make, inner: make.options(operator=make.choice(("upper", "lower", "LOWER")), value=inner()),
    "excludeWhenNull": lambda _, inner: inner(),
    "flatten": lambda make, inner: make.options(
        separator=make.choice((".", "_", "")), omitArrays=make.chance(0.5), value=inner()
    ),
    "if": lambda make, inner: make.options(
        **{make.choice(("exists", "blank")): inner(), "then": inner(), "else": inner()}
    ),
    "json": lambda make, inner: make.options(mode=make.choice(("encode", "decode")), value=inner()),
    "liquid": lambda make, _: make.liquid(),
    "literal": lambda _, inner: inner(),
    "merge": lambda make, inner: make.options(
        direction=make.choice(("left", "right")),
        objects=make.several(lambda: make.choice((inner(), make.object(1))), 3),
    ),
    "path": lambda make, _: make.path(),
    "replace": lambda make, inner: make.options(
        pattern=make.choice(("l", "a", ".", "\\", "$", "(a", "😀", "é", "İ", "[", "-", " ", "")),
        replacement=make.choice(("", "x", "$&", "$$", "$`", "$'", "$1")),
        ignorecase=make.chance(0.5),
        **{"global": make.chance(0.5)},
        value=inner(),
    ),
    "template": lambda make, _: make.placeholders(),
    "transform": lambda make, inner: make.options(apply={"a": inner(), "list": inner()}, mapping={"k": inner()}),
}


def generated(seed: str, count: int) -> list[list[Any]]:
    """Return so many cases of each kind."""
    make = Maker(seed)
    kinds = {"liquid": make.liquid, "mapping": make.mapping, "filter": make.subscribe}
    return [[kind, subject(), make.event()] for kind, subject in kinds.items() for _ in range(count)]
