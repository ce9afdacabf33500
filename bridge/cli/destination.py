"""``destination run``, ``match`` and ``map``: what Segment's Kameleoon (Actions) destination makes of an event.

All are dry runs: nothing is sent. They print JSON, one value a line; ``run`` says on standard error, in words, what
became of each subscription. Exit code 1: ``run``, a subscription ended in an error or its filter cannot be used;
``match``, the filter cannot be used; ``map``, the mapping cannot be resolved.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bridge.cli.errors import UsageError
from bridge.cli.parsing import Commands, Parser, command
from bridge.cli.subscriptions import said
from bridge.destination import fql, jsjson
from bridge.destination.actions import ACTIONS, PRESETS, Subscription
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import Json
from bridge.destination.mapping import transform
from bridge.destination.run import NOT_SUBSCRIBED, SENT, run
from bridge.models.violations import message_of, path_of

_STANDARD_INPUT = "-"
_MAX_JSON_LEVELS = 150  # Python's own limit on nested calls is not far beyond


def add_commands(commands: Commands) -> None:
    """Add ``destination`` with its three sub-commands to the parser."""
    parser = command(
        commands,
        "destination",
        "try Segment's Kameleoon (Actions) destination, without sending",
        "run --event event.json --settings settings.json",
    )
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    runner = _command(
        actions,
        "run",
        "show the request that each subscription makes of an event",
        "--event event.json --settings settings.json",
        "--event - --settings settings.json --subscriptions mappings.json < event.json",
    )
    runner.add_argument("--settings", required=True, metavar="FILE", help='{"apiKey": …, "sitecode": …}')
    runner.add_argument("--subscriptions", metavar="FILE", help="a list of mappings (default: the four presets)")
    runner.set_defaults(run=_run)
    matcher = _command(
        actions,
        "match",
        "tell whether a filter matches an event",
        """--event event.json --filter 'type = "track" and event = "Order Completed"'""",
    )
    matcher.add_argument("--filter", required=True, metavar="FQL", help="""for example: type = "track" """)
    matcher.set_defaults(run=_match)
    mapper = _command(
        actions, "map", "show what a mapping takes from an event", "--event event.json --mapping mapping.json"
    )
    mapper.add_argument("--mapping", required=True, metavar="FILE", help="an object of fields and directives")
    mapper.set_defaults(run=_map)


def _command(actions: Commands, name: str, summary: str, *examples: str) -> Parser:
    parser = command(actions, name, summary, *examples)
    parser.add_argument("--event", required=True, metavar="FILE", help="a Segment event; - reads standard input")
    return parser


def _run(options: argparse.Namespace) -> int:
    _check_standard_input(options.event, options.settings, options.subscriptions)
    event = _load_object(options.event, "the event")
    settings = _load_object(options.settings, "the settings")
    subscriptions = _load_subscriptions(options.subscriptions) if options.subscriptions else PRESETS
    results = run(event, settings, subscriptions)
    for result in results:
        _print(result.as_json())
    sys.stdout.flush()
    for number, (subscription, result) in enumerate(zip(subscriptions, results, strict=True), 1):
        print(said(subscription.name or f"subscription {number}", subscription, result, event), file=sys.stderr)
    return 0 if all(result.outcome in (SENT, NOT_SUBSCRIBED) for result in results) else 1


def _match(options: argparse.Namespace) -> int:
    event = _load_object(options.event, "the event")
    try:
        matches, problem = fql.matches(fql.parse(options.filter), event), None
    except (fql.FilterError, DestinationError) as error:
        matches, problem = False, str(error)
    _print({"matches": matches, "parse_error": problem})
    return 0 if problem is None else 1


def _map(options: argparse.Namespace) -> int:
    _check_standard_input(options.event, options.mapping)
    mapping = _load_object(options.mapping, "the mapping")
    event = _load_object(options.event, "the event")
    try:
        output, problem = transform(mapping, event), None
    except DestinationError as error:
        output, problem = None, str(error)
    _print({"output": output, "error": problem})
    return 0 if problem is None else 1


def _print(value: Json) -> None:
    print(jsjson.stringify(value))


def _check_standard_input(*sources: str | None) -> None:
    if sources.count(_STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read once; give - for one option and files for the others")


def _load_subscriptions(source: str) -> Sequence[Subscription]:
    place = _place(source)
    value = _load(source, "the subscriptions")
    if not isinstance(value, list):
        raise UsageError(
            f"{place}: the subscriptions must be a JSON list of objects with partnerAction, subscribe, mapping"
        )
    subscriptions, problems = [], []
    for number, item in enumerate(value, 1):
        try:
            subscriptions.append(_subscription(item, f"{place}: subscription {number}"))
        except UsageError as error:
            problems.append(str(error))
    if problems:
        raise UsageError("\n".join(problems))
    return subscriptions


def _subscription(value: Json, place: str) -> Subscription:
    try:
        subscription = Subscription.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        wrong = [f"{path_of(one['loc']).removeprefix('.') or 'value'}: {message_of(one)}" for one in problems]
        raise UsageError("\n".join(f"{place}: {one}; accepted: {_accepted()}" for one in wrong)) from None
    if subscription.partner_action not in ACTIONS:
        raise UsageError(f"{place}: partnerAction names no action; accepted: {_accepted()}")
    return subscription


def _accepted() -> str:
    return f"an object with partnerAction ({', '.join(ACTIONS)}), subscribe (a filter), mapping and name"


def _load_object(source: str, what: str) -> dict[str, Json]:
    value = _load(source, what)
    if not isinstance(value, dict):
        raise UsageError(f"{_place(source)}: {what} must be a JSON object, {{…}}")
    return value


def _place(source: str) -> str:
    return "standard input" if source == _STANDARD_INPUT else source


def _load(source: str, what: str) -> Json:
    place = _place(source)
    try:
        raw = sys.stdin.buffer.read() if source == _STANDARD_INPUT else Path(source).read_bytes()
    except OSError as error:
        raise UsageError(f"{place}: cannot be read ({error.strerror}); {what} must be a JSON file") from None
    try:
        value = jsjson.parse(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{place}: byte {error.start + 1} is not UTF-8; {what} must be JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{place}: {where}: {error.msg}; {what} must be JSON") from None
    except ValueError as error:
        raise UsageError(f"{place}: {error}; {what} must be JSON") from None
    except RecursionError:
        value, deep = None, True
    else:
        deep = _is_deeper(value, _MAX_JSON_LEVELS)
    if deep:
        raise UsageError(f"{place}: nested too deeply; {what} must be JSON of at most {_MAX_JSON_LEVELS} levels")
    return value


def _is_deeper(value: Json, levels: int) -> bool:
    level = [value]
    for _ in range(levels + 1):
        items = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [child for children in items for child in children]
    return bool(level)
