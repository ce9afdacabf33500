"""Liquid templates, with what liquidjs 10.27.2 gives; `test_oracle.py` asks it itself."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.destination import jsjson
from bridge.destination.errors import DestinationError
from bridge.destination.liquid import render_liquid

EVENT = jsjson.parse(
    """{"event": "Order Completed", "s": "Hello World", "n": 5, "f": 2.5, "neg": -3, "e": "", "nul": null, "t": true,
    "arr": [1, 2, "x", null, true], "o": {"a": 1, "b": [1]}, "list": [{"id": 1, "n": "x"}, {"id": 2}], "big": 1e21,
    "html": "<b>&'\\"</b>", "num": "12.5", "emoji": "a😀", "date": "2024-04-05T12:39:11.600Z"}"""
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("{{ event | upcase }}-{{ n }}", "ORDER COMPLETED-5"),
        (
            "{{ arr }}|{{ o }}|{{ nul }}|{{ nope.x }}|{{ t }}|{{ big }}|{{ 1.0 }}",
            "12xtrue|[object Object]|||true|1e+21|1",
        ),
        ("{% if num > 12 %}y{% endif %}{% if num > '9' %}n{% endif %}", "y"),
        ("{% if not x %}y{% endif %}{% if x == blank %}b{% endif %}{{ o.empty }}", "yb"),
        ("{{ list | sum: 'id' }} {{ 'a,b,,c,' | split: ',' | size }} {{ '12px' | to_integer }}", "3 4 NaN"),
        ("{{ s.length }} {{ s[0] }} {{ 'a\\n\\u00e9\\'' }} {{ (1..3) | join }}", "11 H a\né' 1 2 3"),
        ("a {{- n -}} b{%- if t -%} c {%- endif -%} d", "a5bcd"),
        ("{{ html | url_encode }} {{ 'a%2Bb' | url_decode }}", "%3Cb%3E%26'%22%3C%2Fb%3E a b"),
        ("{{ emoji | base64_encode }} {{ 'YfCfmIA' | base64_decode }}", "YfCfmIA= a😀"),
        ("{{ date | date: '%A %-d %B %Y, %l:%M %p %z', 'America/New_York' }}", "Friday 5 April 2024,  8:39 AM -0400"),
        ("{{ 'April 5, 2024 3 PM' | date: '%s' }} {{ 1712329200 | date: '%j' }}", "April 5, 2024 3 PM 096"),
        ("{{ n | divided_by: 2 }} {{ n | divided_by: 2, true }} {{ n | divided_by: 0 }}", "2.5 2 Infinity"),
        (
            "{{ 0.1 | plus: 0.2 }} {{ num | minus: 1 }} {{ 1.5 | times: 2 }} {{ neg | modulo: 2 }}",
            "0.30000000000000004 11.5 3 1",
        ),
        ("{{ 'abc' | plus: 1 }} {{ n | times: 'x' }} {{ neg | abs }}", "1 0 3"),
        ("{{ f | round }}{{ f | ceil }}{{ f | floor }} {{ 2.567 | round: 2 }}", "332 2.57"),
        ("{{ -2.5 | round }} {{ 0.4 | round }}", "-3 0"),
        (
            "{{ 1 | divided_by: 0 | floor }} {{ -2.5 | ceil }} {{ 125 | round: -1 }} {{ f | round: 1000000000 }}",
            "Infinity -2 130 NaN",
        ),
        ("{{ n | at_least: 10 }} {{ n | at_most: 2 }} {{ arr | sum }}", "10 2 4"),
        ("{{ emoji | size }} {{ arr | size }} {{ n | size }} {{ o.size }}", "3 5 0 2"),
        ("{{ arr | join: '-' }} {{ s | split: ' ' | join }}", "1-2-x--true Hello World"),
        ("{{ html | escape }}", "&lt;b&gt;&amp;&#39;&#34;&lt;/b&gt;"),
        ("{{ o | json }} {{ nul | json }} {{ s | inspect }}", '{"a":1,"b":[1]} null "Hello World"'),
        ("{{ s | no_such_filter }}", "Hello World"),
        ("{{ date | date: '%Y-%m-%d' }}", "2024-04-05"),
        ("{{ e | default: 'x' }}{{ nul | default: 'y' }}{{ s | slice: 0, 3 }}", "xyHel"),
        ("{% if n > 3 %}a{% else %}b{% endif %}{% unless e == empty %}c{% endunless %}", "a"),
        ("{% assign x = n | times: 2 %}{{ x }}{% capture c %}{{ x }}!{% endcapture %}{{ c }}", "1010!"),
        ("{% echo n %}{% echo arr %}", "512xtrue"),
        (
            "{% increment k %}{% cycle 'a', 'b' %}{% comment %}x{% endcomment %}{% raw %}{{ x }}{% endraw %}",
            "0a{{ x }}",
        ),
    ],
)
def test_template(template: str, text: str) -> None:
    """Template."""
    assert render_liquid(template, EVENT) == text


@pytest.mark.parametrize("tag", ["case", "for", "include", "layout", "render", "tablerow"])
def test_disabled_tag(tag: str) -> None:
    """Disabled tag."""
    with pytest.raises(DestinationError) as error:
        render_liquid(f"x\n {{% {tag} n %}}", EVENT)
    assert str(error.value) == f'tag "{tag}" is disabled, line:2, col:2'


@pytest.mark.parametrize("name", ["map", "sort", "where_exp", "concat", "reverse", "find", "type", "newline_to_br"])
def test_disabled_filter(name: str) -> None:
    """Disabled filter."""
    with pytest.raises(DestinationError) as error:
        render_liquid(f"{{{{ s }}}}{{{{ arr | {name}: 'x' }}}}", EVENT)
    assert str(error.value) == f'filter "{name}" is disabled, line:1, col:8'


@pytest.mark.parametrize(
    ("template", "name", "message"),
    [
        (5, "Error", "liquid template value must be a string"),
        ("x" * 1001, "Error", "liquid template values are limited to 1000 characters"),
        ("😀" * 501, "Error", "liquid template values are limited to 1000 characters"),
        ("{% nope %}", "ParseError", 'tag "nope" not found, line:1, col:1'),
        ("{% endif %}", "ParseError", 'tag "endif" not found, line:1, col:1'),
        ("a\n{% if t %}", "ParseError", "tag {% if t %} not closed, line:2, col:1"),
        ("a{{ s", "TokenizationError", 'output "{{ s" not closed, line:1, col:2'),
        ("{{ s | append }}", "RenderError", "append expect 2 arguments, line:1, col:1"),
        ("{{ '%' | url_decode }}", "RenderError", "URI malformed, line:1, col:1"),
        ("{{ (1..1000000000) }}", "RenderError", "memory alloc limit exceeded, line:1, col:1"),
    ],
)
def test_template_that_cannot_be_rendered(template: object, name: str, message: str) -> None:
    """Template that cannot be rendered."""
    with pytest.raises(DestinationError) as error:
        render_liquid(template, EVENT)
    assert (error.value.name, str(error.value)) == (name, message)


@pytest.mark.parametrize("template", ["{{ n }}", "{% if t %}{{ n }}{% endif %}"])
def test_a_template_has_half_a_second(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock takes a quarter of a second here."""
    ticks = itertools.count(0.0, 0.25)
    monkeypatch.setattr("bridge.destination.liquid.context._clock", lambda: next(ticks))
    with pytest.raises(DestinationError, match="template render limit exceeded"):
        render_liquid("a" + template * 2, EVENT)


def test_a_long_range_looks_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is up while its numbers are made."""
    ticks = itertools.chain([0.0] * 3, itertools.repeat(1.0))
    monkeypatch.setattr("bridge.destination.liquid.context._clock", lambda: next(ticks))
    with pytest.raises(DestinationError, match="template render limit exceeded, line:1, col:1"):
        render_liquid("{{ (1..99999999) | size }}", EVENT)


def test_counters_are_members_of_the_event() -> None:
    """What a template counts, the rest of a mapping sees."""
    event = {"é😀": "x", "n": 4.0}
    assert render_liquid("{% increment é😀 %}{% decrement n %}{{ é😀 }}", event) == "031"
    assert event == {"é😀": 1.0, "n": 3.0}


def test_a_sample_is_of_the_array() -> None:
    """Chance decides, so only what it chooses from is known."""
    texts = {render_liquid("{{ (1..3) | sample }}{{ 'é😀' | sample: 2 | size }}", EVENT) for _ in range(100)}
    assert texts == {"12", "22", "32"}


def test_longest_template_is_rendered() -> None:
    """Longest template is rendered."""
    assert render_liquid("x" * 1000, EVENT) == "x" * 1000


ERRORS = ("ParseError", "RenderError", "TokenizationError", "TypeError", "UndefinedVariableError")
FRAGMENTS = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        " | ",
        ": ",
        ", ",
        "s",
        "n",
        "arr",
        "o",
        "if ",
        "else",
        "endif",
        "assign x = ",
        "'a'",
        "1",
        "2.5",
        "plus",
        "join",
        "size",
        "slice",
        "split",
        "date",
        "round",
        "sum",
        "first",
        "where",
        "truncate",
        "\n",
        ".",
        "[",
        "]",
        ">",
        "-",
    ]
)


@given(
    st.lists(FRAGMENTS, max_size=14).map("".join)
    | st.lists(FRAGMENTS).map(lambda parts: "{{ s " + " ".join(parts) + " }}")
)
def test_any_template_is_rendered_or_refused(template: str) -> None:
    """Any template is rendered or refused."""
    try:
        assert isinstance(render_liquid(template, EVENT), str)
    except DestinationError as error:
        assert error.name in ERRORS  # noqa: PT017 - both ways are right
