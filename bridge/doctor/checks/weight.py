"""What the tag costs: its bytes, and what differs from the same page without it."""

from bridge.doctor.checks.verdict import is_on, verdict, without_bridge
from bridge.doctor.report import Check, Evidence
from bridge.doctor.sight import Sight

_MOST_BYTES = 300_000  # compressed: 230 kB is what a first visit takes at most, with Brotli; a little more with gzip
_BLOCKING_MS = 50  # what one long task may take unnoticed
_LCP_MS = 200  # two loads of one page differ by as much


def weight(sight: Sight) -> Check:
    """The tag is as light as it should be."""
    with_tag, without = sight.metrics, sight.without
    if not is_on(sight):
        return without_bridge("weight")
    seen = [Evidence(kind="timing", where="with the tag", value=with_tag.model_dump())]
    if without:
        seen.append(Evidence(kind="timing", where="without the tag", value=without.model_dump()))
    if without is None:
        return verdict("weight", "unknown", "The page was not loaded without the tag, to compare", seen)
    taken = with_tag.bytes - without.bytes
    kilobytes = f"{taken / 1000:.0f} kB"
    strict = sight.last.get("engine") == "pyodide"
    if taken > _MOST_BYTES and not strict:
        fix = "Serve the .br or .gz beside each file (Content-Encoding): `doctor --host` says which is not"
        return verdict("weight", "warn", f"The tag takes {kilobytes}: its files are not compressed", seen, fix)
    blocking = with_tag.blocking_ms - without.blocking_ms
    paint = (with_tag.lcp_ms or 0) - (without.lcp_ms or 0) if with_tag.lcp_ms and without.lcp_ms else 0
    what = (
        f"{kilobytes}; main thread blocked {max(0, blocking):.0f} ms longer; largest paint {paint:+.0f} ms "
        f"(of one load each: up to {_BLOCKING_MS} ms and {_LCP_MS} ms is noise)"
    )
    if strict:
        return verdict("weight", "n/a", f"The strict engine is for QA: {what}", seen)
    if blocking > _BLOCKING_MS or paint > _LCP_MS:
        fix = "Look again, for one load differs from the next; if it stays so, see what else starts in the same moment"
        return verdict("weight", "warn", what, seen, fix)
    return verdict("weight", "pass", what, seen)
