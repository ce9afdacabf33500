"""The README's figures are those of the results in the tree."""

from pathlib import Path

from tests.bench import readme
from tests.bench.report import report


def test_the_figures_are_the_measured_ones() -> None:
    """`python -m tests.bench --write-readme` puts them there."""
    assert readme.block(readme.README.read_text("utf-8")) == readme.figures(readme.read())


def test_writing_changes_the_block_alone(tmp_path: Path) -> None:
    """What stands around it stays."""
    copy = tmp_path / "README.md"
    copy.write_text("before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nafter\n", "utf-8")
    readme.write(readme.read(), copy)
    figures = readme.figures(readme.read())
    assert copy.read_text("utf-8") == f"before\n<!-- benchmark -->\n{figures}\n<!-- /benchmark -->\nafter\n"


def test_the_results_are_written_as_they_were_read() -> None:
    """The file in the tree is of this schema, each number of it."""
    assert readme.read().as_json() == readme.RESULTS.read_text("utf-8")


def test_the_table_fits() -> None:
    """Terminals of 120 columns show it."""
    assert max(map(len, report(readme.read()).splitlines())) <= 120
