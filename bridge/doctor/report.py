"""What the doctor says: one check for each thing that should be true."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Status = Literal["pass", "warn", "fail", "unknown", "n/a"]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Evidence(_Said):
    """Something that was seen: of what kind, when, where, and what."""

    kind: str
    at_ms: float | None = Field(None, description="since the navigation began, where it is of a moment")
    where: str = ""
    value: JsonValue = None


class Fix(_Said):
    """What to do, what to paste, and where it is told at length."""

    text: str
    paste: str | None = None
    link: str | None = None


class Check(_Said):
    """One thing that should be true, and whether it is."""

    id: str
    status: Status
    what: str
    evidence: list[Evidence] = []
    fix: Fix | None = None


class Report(_Said):
    """All checks of a page, or of a host of the bundle."""

    schema_: Literal[1] = Field(1, alias="schema")
    url: str
    final_url: str
    ok: bool = Field(description="no check failed")
    versions: dict[str, str]
    checks: list[Check]

    def worst(self, *statuses: Status) -> bool:
        """Return whether a check has one of these statuses."""
        return any(check.status in statuses for check in self.checks)

    def led_from(self) -> str:
        """Return the address that was given where it leads to another page, which is judged; else nothing."""
        return "" if self.url.rstrip("/") == self.final_url.rstrip("/") else self.url


def report(url: str, final_url: str, versions: dict[str, str], checks: list[Check]) -> Report:
    """Return the report of these checks."""
    ok = not any(check.status == "fail" for check in checks)
    return Report(url=url, final_url=final_url, ok=ok, versions=versions, checks=checks)
