"""The demo's Kameleoon project: what Kameleoon's app would say of it."""

import json
from pathlib import Path
from typing import Any


class Project:
    """The project's definition, read whenever it is asked for: it may be edited meanwhile."""

    def __init__(self, web: Path) -> None:
        self._file = web / "demo" / "project.json"

    def definition(self) -> dict[str, Any]:
        """Return the definition.

        Raises:
            FileNotFoundError: There is none.
        """
        definition: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return definition

    def goals(self) -> set[str]:
        """Return the names of the goals that somebody made; none without a project."""
        try:
            goals = self.definition().get("goals", [])
        except FileNotFoundError:
            return set()
        return {goal["name"] for goal in goals}
