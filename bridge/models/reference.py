"""The settings as a table for readers, of the models: ``python -m bridge.models.reference --write README.md``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bridge.models.settings import table

HEADER = "| setting | default | meaning |"


def rows(rules: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield a Markdown row for each setting of a table of rules, those inside of tables by their path."""
    for name, rule in rules["properties"].items():
        place = f"{path}{name}"
        if "properties" in rule:
            yield from rows(rule, f"{place}.")
        else:
            yield f"| `{place}` | {_default(rule)} | {_meaning(rule)} |"


def rendered(text: str) -> str:
    """Return the text of a file with its table of settings as the models have it.

    Raises:
        ValueError: It has no such table.
    """
    before, header, rest = text.partition(HEADER + "\n")
    if not header:
        raise ValueError(f"no table of settings; begin one with the line {HEADER}")
    _, end, after = rest.partition("\n\n")
    lines = "\n".join(["| --- | --- | --- |", *rows(table())])
    return f"{before}{header}{lines}{end}{after}"


def _default(rule: dict[str, Any]) -> str:
    if "default" not in rule:
        return "required"
    return "none" if rule["default"] is None else f"`{json.dumps(rule['default'])}`"


def _meaning(rule: dict[str, Any]) -> str:
    *others, last = [f"`{json.dumps(one)}`" for one in rule.get("enum", [None])]
    choice = f" ({', '.join(others)} or {last})" if others else ""
    return f"{rule['description']}{choice}".replace("|", "\\|")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or write it into a file; return 0, or 2 for a file that has no place for it."""
    parser = argparse.ArgumentParser(prog="python -m bridge.models.reference", description="The table of settings.")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help=f"write it where the file has {HEADER}")
    file = parser.parse_args(arguments).write
    if file is None:
        sys.stdout.write(rendered(HEADER + "\n"))
        return 0
    try:
        file.write_text(rendered(file.read_text(encoding="utf-8")), encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"error: {file}: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
