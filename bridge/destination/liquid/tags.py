"""The tags of a template, and how they are rendered (liquidjs, tags and render/render)."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import WHITESPACE, Json, is_truthy, to_string
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.errors import PlacedError, failure
from bridge.destination.liquid.expressions import Expression, Operand
from bridge.destination.liquid.tokens import OutputToken, TagToken, TextToken, Token, read_lines
from bridge.destination.liquid.values import is_false, stringify

_DISABLED: Final = ("case", "for", "include", "layout", "render", "tablerow")
_UNCOMMENTED_LINE: Final = re.compile(f"\n[{WHITESPACE}]*[^#{WHITESPACE}]")


class Node(Protocol):
    """A part of a template that can be rendered."""

    def render(self, context: Context, output: list[str]) -> Json:
        """Write to the output, or return what is to be written when it is truthy."""


@dataclass(frozen=True)
class Template:
    """A node and the place that its errors name."""

    token: Token
    node: Node


Tokens: TypeAlias = deque[Token]


def render_templates(templates: list[Template], context: Context, output: list[str]) -> None:
    """Render one after the other, until a `break` or `continue`.

    Raises:
        DestinationError: one of them fails, or the time is up.
    """
    context.limits.check_time()
    for template in templates:
        context.limits.check_time()
        try:
            written = template.node.render(context, output)
            if is_truthy(written):
                output.append(stringify(written))
        except PlacedError:
            raise
        except DestinationError as error:
            raise PlacedError("RenderError", str(error), template.token.source, template.token.begin) from None
        if context.stopped:
            break


def parse_templates(tokens: Tokens) -> list[Template]:
    """Return the templates of these tokens.

    Raises:
        DestinationError: a tag is unknown, disabled, not closed or not well formed.
    """
    templates = []
    while tokens:
        templates.append(_parse(tokens.popleft(), tokens))
    return templates


def _parse(token: Token, tokens: Tokens) -> Template:
    """Return the template that begins with a token, and take those that belong to it."""
    try:
        return Template(token, _reader(token)(token, tokens))
    except PlacedError:
        raise
    except DestinationError as error:
        raise PlacedError("ParseError", str(error), token.source, token.begin) from None


def _reader(token: Token) -> Callable[[Any, Tokens], Node]:
    if isinstance(token, TextToken):
        return lambda text, _tokens: _Text(text.content)
    if isinstance(token, OutputToken):
        return lambda output, _tokens: _Output(output.tokenizer.read_expression())
    if token.name in _DISABLED:
        raise failure(f'tag "{token.name}" is disabled', "Error")
    if token.name not in _TAGS:
        raise failure(f'tag "{token.name}" not found')
    return _TAGS[token.name]


@dataclass(frozen=True)
class _Text:
    text: str

    def render(self, context: Context, output: list[str]) -> Json:  # noqa: ARG002
        output.append(self.text)


@dataclass(frozen=True)
class _Output:
    expression: Expression

    def render(self, context: Context, output: list[str]) -> Json:
        output.append(stringify(self.expression.evaluate(context)))


@dataclass(frozen=True)
class _Assign:
    name: str
    expression: Expression

    def render(self, context: Context, output: list[str]) -> Json:  # noqa: ARG002
        context.variables[self.name] = self.expression.evaluate(context)


@dataclass(frozen=True)
class _Capture:
    name: str
    templates: list[Template]

    def render(self, context: Context, output: list[str]) -> Json:  # noqa: ARG002
        captured: list[str] = []
        render_templates(self.templates, context, captured)
        context.variables[self.name] = "".join(captured)


@dataclass(frozen=True)
class _Count:
    name: str
    step: int

    def render(self, context: Context, output: list[str]) -> Json:
        """Write the counter: before it goes up, after it goes down."""
        before, after = context.count(self.name, self.step)
        output.append(stringify(before if self.step > 0 else after))


@dataclass(frozen=True)
class _Cycle:
    group: Operand | None
    candidates: list[Operand]

    def render(self, context: Context, output: list[str]) -> Json:  # noqa: ARG002
        """Return the next candidate: cycles of one group and of as many candidates are one."""
        group = "undefined" if self.group is None else to_string(self.group.evaluate(context))
        key = (group, len(self.candidates))
        index = context.cycles.get(key, 0)
        context.cycles[key] = (index + 1) % len(self.candidates)
        return self.candidates[index].evaluate(context)


@dataclass
class _Branch:
    """Templates for when the condition is, or is not, what is wanted; without a condition, always."""

    condition: Expression | None = None
    wanted: bool = True
    templates: list[Template] = field(default_factory=list)

    def applies(self, context: Context) -> bool:
        return self.condition is None or is_false(self.condition.evaluate(context)) != self.wanted


@dataclass(frozen=True)
class _Branches:
    branches: list[_Branch]

    def render(self, context: Context, output: list[str]) -> Json:
        for branch in self.branches:
            if branch.applies(context):
                render_templates(branch.templates, context, output)
                return


@dataclass(frozen=True)
class _Stop:
    def render(self, context: Context, output: list[str]) -> Json:  # noqa: ARG002
        context.stopped = True


@dataclass(frozen=True)
class _Block:
    templates: list[Template]
    is_block: bool

    def render(self, context: Context, output: list[str]) -> Json:
        if not self.is_block:
            return render_templates(self.templates, context, output)
        with context.block():
            return render_templates(self.templates, context, output)


def _assign(tag: TagToken, tokens: Tokens) -> Node:  # noqa: ARG001 - every tag's reader has them
    name = tag.tokenizer.read_identifier()
    if not name:
        tag.tokenizer.fail("expected variable name")
    tag.tokenizer.skip_blanks()
    if tag.tokenizer.peek() != "=":
        tag.tokenizer.fail('expected "="')
    tag.tokenizer.position += 1
    return _Assign(name, tag.tokenizer.read_expression())


def _capture(tag: TagToken, tokens: Tokens) -> Node:
    name = tag.tokenizer.read_identifier()
    if not name:
        quoted = tag.tokenizer.read_quoted()
        if quoted is None:
            tag.tokenizer.fail("invalid capture name")
        name = quoted.value
    return _Capture(name, _until("endcapture", tag, tokens))


def _until(end: str, tag: TagToken, tokens: Tokens) -> list[Template]:
    templates: list[Template] = []
    while tokens:
        token = tokens.popleft()
        if _is_tag(token, end):
            return templates
        templates.append(_parse(token, tokens))
    raise _not_closed(tag)


def _is_tag(token: Token, *names: str) -> bool:
    return isinstance(token, TagToken) and token.name in names


def _not_closed(tag: TagToken) -> DestinationError:
    return failure(f"tag {tag.text} not closed", "Error")


def _skip_until(end: str, tag: TagToken, tokens: Tokens) -> str:
    """Return what is written up to the end of a tag whose inside is not read."""
    skipped = ""
    while tokens:
        token = tokens.popleft()
        if _is_tag(token, end):
            return skipped
        skipped += token.text
    raise _not_closed(tag)


def _comment(tag: TagToken, tokens: Tokens) -> Node:
    _skip_until("endcomment", tag, tokens)
    return _Text("")


def _raw(tag: TagToken, tokens: Tokens) -> Node:
    return _Text(_skip_until("endraw", tag, tokens))


def _inline_comment(tag: TagToken, tokens: Tokens) -> Node:  # noqa: ARG001
    if _UNCOMMENTED_LINE.search(tag.arguments):
        raise failure("every line of an inline comment must start with a '#' character", "Error")
    return _Text("")


def _cycle(tag: TagToken, tokens: Tokens) -> Node:  # noqa: ARG001
    tokenizer = tag.tokenizer
    group: Operand | None = tokenizer.read_value()
    candidates: list[Operand] = []
    tokenizer.skip_blanks()
    if group is not None and tokenizer.peek() == ":":
        tokenizer.position += 1
    elif group is not None:
        candidates.append(group)
        group = None
    while not tokenizer.at_end():
        candidate = tokenizer.read_value()
        if candidate is not None:
            candidates.append(candidate)
        tokenizer.read_to(",")
    if not candidates:
        tokenizer.fail(f'empty candidates: "{tag.text}"')
    return _Cycle(group, candidates)


def _if(tag: TagToken, tokens: Tokens) -> Node:
    branches = [_Branch(tag.tokenizer.read_expression())]
    while tokens:
        token = tokens.popleft()
        if not isinstance(token, TagToken) or token.name not in ("elsif", "else", "endif"):
            branches[-1].templates.append(_parse(token, tokens))
            continue
        if token.name == "elsif":
            if branches[-1].condition is None:
                raise failure("unexpected elsif after else")
            branches.append(_Branch(token.tokenizer.read_expression()))
            continue
        if token.arguments:
            raise failure(f"unexpected {jsjson.stringify(token.arguments)}")
        if token.name == "endif":
            return _Branches(branches)
        if branches[-1].condition is None:
            raise failure("duplicated else")
        branches.append(_Branch())
    raise _not_closed(tag)


def _unless(tag: TagToken, tokens: Tokens) -> Node:
    """Read an `unless`: what comes after its first `else` has been ended by an `elsif` or `else` is read in vain."""
    branches = [_Branch(tag.tokenizer.read_expression(), wanted=False)]
    in_vain: list[Template] | None = None
    while tokens:
        token = tokens.popleft()
        if not isinstance(token, TagToken) or token.name not in ("elsif", "else", "endunless"):
            target = branches[-1].templates if in_vain is None else in_vain
            target.append(_parse(token, tokens))
        elif token.name == "endunless":
            return _Branches(branches)
        elif branches[-1].condition is None:
            in_vain = []
        elif token.name == "elsif":
            branches.append(_Branch(token.tokenizer.read_expression()))
        else:
            branches.append(_Branch())
    raise _not_closed(tag)


def _echo(tag: TagToken, tokens: Tokens) -> Node:  # noqa: ARG001
    return _Text("") if tag.tokenizer.at_end() else _Output(tag.tokenizer.read_expression())


def _liquid(tag: TagToken, tokens: Tokens) -> Node:  # noqa: ARG001
    return _Block(parse_templates(deque(read_lines(tag.tokenizer))), is_block=False)


def _block(tag: TagToken, tokens: Tokens) -> Node:
    return _Block(_until("endblock", tag, tokens), is_block=True)


_TAGS: Final[dict[str, Callable[[TagToken, Tokens], Node]]] = {
    "#": _inline_comment,
    "assign": _assign,
    "block": _block,
    "break": lambda _tag, _tokens: _Stop(),
    "capture": _capture,
    "comment": _comment,
    "continue": lambda _tag, _tokens: _Stop(),
    "cycle": _cycle,
    "decrement": lambda tag, _tokens: _Count(tag.tokenizer.read_identifier(), -1),
    "echo": _echo,
    "if": _if,
    "increment": lambda tag, _tokens: _Count(tag.tokenizer.read_identifier(), 1),
    "liquid": _liquid,
    "raw": _raw,
    "unless": _unless,
}
