"""Which settings hold on this page: the tag's attributes over the page's configuration over the build's."""

import json

from bridge.shared.rules import SettingsError, check, with_defaults
from bridge.shared.secrets import HIDDEN, looks_secret
from bridge.shared.wording import one_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ATTRIBUTES = ("sitecode", "engine")  # of the tag: data-sitecode, data-engine


def effective(given: "dict[str, Any]", built: "dict[str, Any]") -> "dict[str, Any]":
    """Return the settings of this page, complete.

    ``given`` is the ear's report ``{attributes, config, problem, engines}``; ``built`` has the build's ``settings`` and
    the ``table`` of the models. Raises SettingsError.
    """
    settings = built["settings"]
    if given.get("problem"):
        problem = HIDDEN if looks_secret(given["problem"]) else given["problem"]
        raise SettingsError("data-config: %s; accepted is the URL of a JSON configuration" % problem)
    if given.get("config") is not None:
        try:
            config = json.loads(given["config"].lstrip("\ufeff"))  # a byte order mark, where the page replaced fetch
        except ValueError:
            config = None
        if not isinstance(config, dict):
            raise SettingsError("data-config: what it answered is not a JSON object; accepted is a JSON configuration")
        settings = _merged(settings, config)
    attributes = given.get("attributes") or {}
    settings = _merged(settings, {name: attributes[name] for name in _ATTRIBUTES if attributes.get(name) is not None})
    problems = check(settings, built["table"])
    if problems:
        raise SettingsError(
            *["data-" + problem if problem.split(":")[0] in attributes else problem for problem in problems]
        )  # as the engineer wrote it
    complete: dict[str, Any] = with_defaults(settings, built["table"])
    engine = complete["engine"]
    if engine not in given.get("engines", [engine]):
        raise SettingsError(
            "engine: %s is not in this bundle; accepted: %s" % (shown(engine), one_of(given["engines"]))
        )
    return complete


def _merged(below: "dict[str, Any]", above: "dict[str, Any]") -> "dict[str, Any]":
    """Return both, ``above`` first; tables (``exposures``, ``remote``) setting by setting."""
    merged = dict(below)
    for name in above:
        tables = isinstance(above[name], dict) and isinstance(below.get(name), dict)
        merged[name] = dict(below[name], **above[name]) if tables else above[name]
    return merged
