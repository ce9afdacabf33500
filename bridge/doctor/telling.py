"""A report for people at a terminal: one line a check, evidence and fix below what is not well."""

import json
import shutil
import textwrap
from collections.abc import Callable
from typing import Any

from bridge.doctor.report import Check, Evidence, Report, Status
from bridge.shared.wording import one_line

#: Returns a text in a style; who shows it knows the styles by their names (``bridge.cli.terminal``).
Paint = Callable[[str, Any], str]
_MARKS: dict[Status, tuple[str, str]] = {
    "pass": ("✓", "green"),
    "warn": ("!", "yellow"),
    "fail": ("✗", "red"),
    "unknown": ("?", "cyan"),
    "n/a": ("-", "dim"),
}
_MOST_SHOWN = 4  # pieces of evidence
_LONGEST = 200  # characters of one
_NARROWEST = 40  # columns: in fewer, nothing can be read


def plain(text: str, _style: str) -> str:
    """Return a text as it is."""
    return text


def told(report: Report, paint: Paint = plain, width: int | None = None) -> str:
    """Return the report as text of at most ``width`` characters a line, in the styles that ``paint`` gives."""
    columns = max(_NARROWEST, min(width or shutil.get_terminal_size((100, 24)).columns, 120))

    wide = max(len(check.id) for check in report.checks) + 2
    lines = [paint(one_line(report.final_url), "bold")]
    if given := report.led_from():
        lines.append(paint(f"where {one_line(given)} leads to", "dim"))
    lines.append("")
    for check in report.checks:
        mark, style = _MARKS[check.status]
        name = check.id.ljust(wide)
        head, *more = textwrap.wrap(one_line(check.what), columns - wide - 4) or [""]
        lines.append(f"{paint(mark, style)} {paint(name, 'bold') if check.status == 'fail' else name}{head}")
        lines += [" " * (wide + 2) + line for line in more]
        if check.status in ("fail", "warn"):
            lines += _below(check, " " * (wide + 2), columns, paint)
    counts = [f"{sum(one.status == status for one in report.checks)} {status}" for status in _MARKS]
    verdict = paint("Nothing failed", "green") if report.ok else paint("Something failed", "red")
    return "\n".join([*lines, "", f"{verdict}: {', '.join(one for one in counts if not one.startswith('0 '))}"])


def _below(check: Check, indent: str, columns: int, paint: Paint) -> list[str]:
    lines = []
    proofs = [one for one in check.evidence if one.kind == "proof"]
    others = [one for one in check.evidence if one.kind != "proof" and one.value != check.what]  # said above
    for one in [*others[:_MOST_SHOWN], *proofs]:
        lines += [indent + paint(line, "dim") for line in textwrap.wrap(shown(one), columns - len(indent))]
    if check.fix:
        lines += _wrapped(f"→ {one_line(check.fix.text)}", indent, columns)
        if check.fix.paste:
            lines += [indent + "  " + paint(one_line(line), "cyan") for line in check.fix.paste.splitlines()]
        if check.fix.link:
            lines.append(f"{indent}  {check.fix.link}")
    return lines


def _wrapped(text: str, indent: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, initial_indent=indent, subsequent_indent=indent + "  ")


def shown(evidence: Evidence) -> str:
    """Return a piece of evidence on one line, cut where it is long."""
    value = evidence.value if isinstance(evidence.value, str) else json.dumps(evidence.value, ensure_ascii=False)
    moment = f" at {evidence.at_ms / 1000:.1f} s" if evidence.at_ms is not None else ""
    text = one_line(f"{evidence.kind}{moment}: {evidence.where}{': ' if evidence.where else ''}{value}")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
