"""A run's results for people: one table of at most 120 columns."""

from collections.abc import Iterator, Sequence

from tests.bench.benchmark import COMPARED, DEFAULT_ENGINE, Benchmark
from tests.bench.conditions import CONDITIONS, PLAIN
from tests.bench.contenders import BRIDGE, CONTENDERS, NONE, STRICT
from tests.bench.numbers import Cell, Medians
from tests.bench.scale import BURSTS, HELD_AFTER_EVENTS, HELD_AFTER_ROUTES, IN_A_ROW, PERSONAS, TRAITS, case
from tests.bench.targets import Target
from tests.bench.visits import VISITS

_LABEL, _COLUMN = 32, 12
_EACH = tuple(CONTENDERS)
#: Rows of a visit: measures, and what they are called here.
_VISIT_ROWS = {
    "page()": "page() sent",
    "identifier": "identifier sent",
    "exposure": "first exposure sent",
    "custom data": "custom data there",
    "initialised": "analytics.js initialised",
    "LCP": "largest contentful paint",
    "blocked": "blocked",
    "longest": "longest task",
    "memory": "memory of the process, MB",
}
_NEAR_ZERO = ("blocked", "longest")  # a ratio of these says nothing
_LARGE = (("personas", PERSONAS), ("traits", TRAITS), ("exposures", BURSTS), ("events", BURSTS))
_HELD = (("events", HELD_AFTER_EVENTS), ("routes", HELD_AFTER_ROUTES))
_NOTHING = "-"


def report(benchmark: Benchmark) -> str:
    """Return everything as text."""
    medians, machine = benchmark.medians, benchmark.machine
    head = [
        f"What the bridge costs: {benchmark.commit}, {benchmark.date}, {benchmark.loads} loads",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory:g} GB, {machine.os}, {machine.browser}",
        "",
        "Medians ± half of the range between the quartiles, in ms; in visits since the navigation began.",
        "none: no bridge; snippet: Kameleoon's own snippets and its Segment tool; ideal: the best that can be written",
        "by hand; bridge: on MicroPython; strict: on Pyodide. /ideal, /snippet: the bridge's median in theirs.",
        "much at once: how long the bridge takes for ten times as much (done grows: 10 x is linear).",
    ]
    sections = (
        head,
        *(_visit(medians, condition, visit) for condition in CONDITIONS for visit in VISITS),
        _events(medians),
        _large(medians),
        _held(medians),
        _files(benchmark),
        _targets(benchmark.targets),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _visit(medians: Medians, condition: str, visit: str) -> list[str]:
    """Return a visit's rows: a column for each contender, and the bridge's ratios."""
    rows = []
    for measure, label in _VISIT_ROWS.items():
        cells = [medians.cell(condition, visit, name, measure) for name in _EACH]
        ratios = [_ratio(medians.ratio(condition, visit, measure, BRIDGE.name, name)) for name in COMPARED]
        if measure in _NEAR_ZERO:
            ratios = []
        if any(cells):
            rows.append(_row(label, [*map(_spread, cells), *ratios]))
        if measure == "blocked" and cells[0]:
            added = [medians.added(condition, visit, measure, name, NONE.name) for name in _EACH[1:]]
            rows.append(_row("  beyond none", ["", *map(_plus, added)]))
    return _table(f"{condition}, {visit}", [*_EACH, *(f"/{name}" for name in COMPARED)], rows)


def _events(medians: Medians) -> list[str]:
    """Return the rows of an event on its way."""
    others = (BRIDGE.name, STRICT.name)
    rows = []
    for measure in ("event, p50", "event, p95"):
        cells = [medians.cell(PLAIN.name, IN_A_ROW, name, measure) for name in (NONE.name, *others)]
        added = [medians.added(PLAIN.name, IN_A_ROW, measure, name, NONE.name) for name in others]
        if any(cells):
            texts = [_NOTHING if one is None else f"{one:+.3f}" for one in added]
            rows.append(_row(f"in source middlewares, {measure[-3:]}", [*map(_fine, cells), *texts]))
    return _table(IN_A_ROW, [NONE.name, *others, *(f"{name} adds" for name in others)], rows)


def _large(medians: Medians) -> list[str]:
    """Return the rows of what is large: a line for each size, and how often the smaller one's the larger takes."""
    rows = []
    for what, sizes in _LARGE:
        for size in sizes:
            cells = {
                (name, measure): medians.cell(PLAIN.name, case(size, what), name, measure)
                for measure in ("done", "blocked", "longest")
                for name in (NONE.name, BRIDGE.name)
            }
            if not any(cells.values()):
                continue
            bridge = cells[BRIDGE.name, "done"]
            smaller = medians.median(PLAIN.name, case(sizes[0], what), BRIDGE.name, "done")
            grows = bridge.median / smaller if bridge and smaller and size != sizes[0] else None
            blocking = medians.ratio(PLAIN.name, case(size, what), "blocked", BRIDGE.name, NONE.name)
            rows.append(_row(case(size, what), [*map(_spread, cells.values()), _ratio(grows), _ratio(blocking)]))
    names = [text for measure in ("done", "blocked", "longest") for text in (f"none {measure}", BRIDGE.name)]
    return _table("much at once", [*names, "done grows", "blocked/none"], rows, label=16, column=13)


def _held(medians: Medians) -> list[str]:
    """Return the rows of what is held: memory that only rises with what was done is a leak."""
    rows = []
    for what, sizes in _HELD:
        for measure in ("memory", "heap"):
            cells = [
                medians.cell(PLAIN.name, f"after {case(size, what)}", name, measure)
                for name in (NONE.name, BRIDGE.name)
                for size in sizes
            ]
            if any(cells):
                pairs = (cells[:2], cells[2:])
                grown = [
                    f"{after.median - before.median:+.1f}" if before and after else _NOTHING for before, after in pairs
                ]
                label = f"{measure} after {sizes[0]:,}, {sizes[1]:,} {what}"
                rows.append(_row(label, [*map(_spread, cells[:2]), grown[0], *map(_spread, cells[2:]), grown[1]]))
    columns = [text for name in (NONE.name, BRIDGE.name) for text in (f"{name}, few", "many", "grows")]
    return _table("held, MB", columns, rows, column=14)


def _files(benchmark: Benchmark) -> list[str]:
    """Return what a visitor loads."""
    rows = [_row(file.file, [f"{file.brotli / 1000:.1f}"]) for file in benchmark.files]
    total = sum(file.brotli for file in benchmark.files) / 1000
    return _table(f"loaded with {DEFAULT_ENGINE}, kB", ["Brotli"], [*rows, _row("all", [f"{total:.1f}"])], label=44)


def _targets(found: Sequence[Target]) -> list[str]:
    rows = [
        _row(one.what, [f"{one.value:g} {one.unit}", f"{one.most:g} {one.unit}", "met" if one.met else "missed"])
        for one in found
    ]
    return _table("targets", ["is", "at most", ""], rows, label=64)


_Row = tuple[str, list[str]]


def _row(label: str, texts: list[str]) -> _Row:
    return label, texts


def _table(title: str, columns: list[str], rows: list[_Row], label: int = _LABEL, column: int = _COLUMN) -> list[str]:
    """Return the lines of a table; none where it has no rows."""

    def lines() -> Iterator[str]:
        for first, texts in ((title, columns), *rows):
            yield (f"{first:<{label}}" + "".join(f"{text:>{column}}" for text in texts)).rstrip()

    return list(lines()) if rows else []


def _spread(cell: Cell | None) -> str:
    if cell is None:
        return _NOTHING
    digits = 1 if cell.median < 10 and cell.median % 1 else 0
    around = f" ±{(cell.quartiles[1] - cell.quartiles[0]) / 2:.{digits}f}" if cell.n > 1 else ""
    return f"{cell.median:.{digits}f}{around}"


def _fine(cell: Cell | None) -> str:
    return f"{cell.median:.3f}" if cell else _NOTHING


def _ratio(ratio: float | None) -> str:
    return _NOTHING if ratio is None else f"{ratio:.2f} x"


def _plus(added: float | None) -> str:
    return _NOTHING if added is None else f"{added:+.0f}"
