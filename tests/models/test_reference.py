"""What readers are told of settings is what the models say."""

from pathlib import Path

from bridge.models.reference import page, rows
from bridge.models.settings import table


def test_the_page_is_that_of_the_models() -> None:
    """After a change of the models: ``python -m bridge.models.reference > docs/configuration.md``."""
    written = Path(__file__).parents[2] / "docs" / "configuration.md"
    assert written.read_text(encoding="utf-8") == page()


def test_each_setting_has_a_row() -> None:
    """Those of tables by their path, with the default and what is accepted."""
    lines = list(rows(table()))
    assert [line.split("`")[1] for line in lines][:2] == ["sitecode", "engine"]
    fresh = "seconds that fetched data stays fresh, a whole number from 0 to 2678400 (31 days)"
    assert f"| `remote.ttl` | `300` | {fresh} |" in lines
    assert any(line.startswith("| `sitecode` | required | ") for line in lines)
    assert any(line.startswith("| `exposures.only` | none | ") for line in lines)
    assert any(line.endswith(' (`"view"`, `"visit"` or `"visitor"`) |') for line in lines)
