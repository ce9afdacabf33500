"""The reference of all settings for readers, made of the models.

``python -m bridge.models.reference > docs/configuration.md``
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from bridge.models.settings import table

_BEFORE = """\
# Configuration

A TOML or JSON file for `kameleoon-segment build`, the same settings as JSON at the address that the tag names, or both.
`sitecode` is the only one that has to be there.

```toml bridge.toml
sitecode = "abcde12345"

[exposures]
dialect = "segment"      # experiment_id …; or "kameleoon": experimentId …; or "template": experimentID …
except = [214500]        # reported by something else

[exposures.properties]
team = "growth"

[[custom_data]]          # as many as there are custom data in Kameleoon
name = "Segment personas"
source = "personas"

[[custom_data]]
name = "Subscribed plan"
source = "trait"
trait = "plan"           # "address.city" is a trait within a trait

[[custom_data]]
name = "Group id"
source = "group"
```

The same in JSON, for editors with the address of its schema, which `kameleoon-segment schema` prints:

```json bridge.json
{
  "$schema": "./bridge.schema.json",
  "sitecode": "abcde12345",
  "exposures": {"dialect": "segment", "except": [214500], "properties": {"team": "growth"}},
  "custom_data": [
    {"name": "Segment personas", "source": "personas"},
    {"name": "Subscribed plan", "source": "trait", "trait": "plan"},
    {"name": "Group id", "source": "group"}
  ]
}
```

```sh
kameleoon-segment check bridge.toml
kameleoon-segment schema
```

## All settings

| setting | default | meaning |
| --- | --- | --- |
"""
_AFTER = """
## The tag

| attribute | meaning |
| --- | --- |
| `data-sitecode` | the setting `sitecode` |
| `data-engine` | the setting `engine` |
| `data-config` | the address of a JSON configuration, from where the page stands; it may take five seconds |

What the tag says wins over what `data-config` answers, and that over what was built in; a table such as `exposures` is
joined setting by setting, a list is taken as a whole. With `data-config`, Python starts once the answer is there: where
you build the bundle yourself, build the settings in.

## A mistake

`kameleoon-segment check` and `build` say each in one line: the file, the setting, the value and what is accepted. A
configuration that reaches the page is checked there by the same rules: each mistake is one line in the console that
begins with `[kameleoon-segment]`; the bridge stays off, and the page goes on. A name that is none is told with the one
that was probably meant.

**Secrets** (API keys, client secrets, write keys, passwords) are refused by their names and by their looks, and not
shown: all that stands in a configuration can be read by everybody.

This page is made by `python -m bridge.models.reference`.
"""


def rows(rules: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield a Markdown row for each setting of a table of rules, those inside of tables by their path."""
    for name, rule in rules["properties"].items():
        place = f"{path}{name}"
        if "properties" in rule:
            yield from rows(rule, f"{place}.")
        else:
            yield f"| `{place}` | {_default(rule)} | {_meaning(rule)} |"


def page() -> str:
    """Return the reference as a page of the documentation."""
    return _BEFORE + "".join(f"{row}\n" for row in rows(table())) + _AFTER


def _default(rule: dict[str, Any]) -> str:
    if "default" not in rule:
        return "required"
    return "none" if rule["default"] is None else f"`{json.dumps(rule['default'])}`"


def _meaning(rule: dict[str, Any]) -> str:
    *others, last = [f"`{json.dumps(one)}`" for one in rule.get("enum", [None])]
    choice = f" ({', '.join(others)} or {last})" if others else ""
    return f"{rule['description']}{choice}".replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
