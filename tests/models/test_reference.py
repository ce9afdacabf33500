"""What readers are told of settings is what the models say."""

from pathlib import Path

import pytest

from bridge.models.reference import HEADER, main, rendered, rows
from bridge.models.settings import table

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_has_the_models_table() -> None:
    """After a change of the models: ``python -m bridge.models.reference --write README.md``."""
    text = README.read_text(encoding="utf-8")
    assert rendered(text) == text


def test_each_setting_has_a_row() -> None:
    """Those of tables by their path, with the default and what is accepted."""
    lines = list(rows(table()))
    assert [line.split("`")[1] for line in lines][:2] == ["sitecode", "engine"]
    fresh = "seconds that fetched data stays fresh, a whole number from 0 to 2678400 (31 days)"
    assert f"| `remote.ttl` | `300` | {fresh} |" in lines
    assert any(line.startswith("| `sitecode` | required | ") for line in lines)
    assert any(line.startswith("| `exposures.only` | none | ") for line in lines)
    assert any(line.endswith(' (`"view"`, `"visit"` or `"visitor"`) |') for line in lines)


def test_the_table_is_written_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands before and after stays; a file without a place for it is named."""
    file = tmp_path / "page.md"
    file.write_text(f"# Before\n\n{HEADER}\n| old |\n\nAfter | all.\n", encoding="utf-8")
    assert main(["--write", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n\n{HEADER}\n| --- | --- | --- |\n| `sitecode` | required |")
    assert text.endswith(" |\n\nAfter | all.\n")
    assert main([]) == 0
    assert capsys.readouterr().out.rstrip("\n") in text
    for bad, why in ((tmp_path / "none.md", "No such file"), (tmp_path / "empty.md", "no table of settings")):
        (tmp_path / "empty.md").write_text("")
        assert main(["--write", str(bad)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"error: {bad}: ")
        assert why in error
