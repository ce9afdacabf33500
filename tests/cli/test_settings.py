"""``python -m bridge build``, ``check`` and ``schema``."""

import json
import os
from pathlib import Path

import pytest

from bridge.cli import main


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a good configuration."""
    path = tmp_path / "bridge.toml"
    path.write_text('sitecode = "abcde12345"\n')
    return path


def test_build_prints_the_sizes_and_the_tag(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an engineer needs next is on the screen."""
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 0
    printed = capsys.readouterr().out
    assert "loaded with micropython" in printed
    assert 'data-sitecode="abcde12345"' in printed
    assert (tmp_path / "dist" / "bridge.js").exists()


def test_build_prints_the_code_to_paste(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For each custom data; names may contain anything."""
    name = json.dumps('It\'s "so"')
    config.write_text(
        f'sitecode = "abcde12345"\n[[custom_data]]\nname = {name}\nsource = "personas"\n'
        '[[custom_data]]\nname = "Plan"\nsource = "trait"\ntrait = "plan"\n'
    )
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 0
    printed = capsys.readouterr().out
    assert f"window.kameleoonSegment.customData({name});" in printed
    assert 'window.kameleoonSegment.customData("Plan");' in printed
    assert printed.count("key=common") == 1


def test_build_refuses_a_wrong_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, one line, nothing written."""
    config = tmp_path / "bridge.toml"
    config.write_text('sitecode = "abc"\n')
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "sitecode" in printed
    assert not (tmp_path / "dist").exists()


def test_build_names_a_folder_that_cannot_be_written(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file lies where the folder is to be: exit code 2, one line."""
    (tmp_path / "dist").write_text("a file")
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 2
    lines = capsys.readouterr().err.splitlines()
    (problem,) = [line for line in lines if not line.endswith(" …")]  # of a first build that takes long
    assert f"{tmp_path / 'dist'} must be a folder that can be written" in problem


def test_build_names_a_file_that_is_missing(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the fetched runtimes: exit code 2, one line."""
    missing = tmp_path / "polyscript.js"
    monkeypatch.setattr("bridge.cli.building.build", lambda *_, **_options: missing.read_bytes())
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 2
    assert capsys.readouterr().err == (f"error: {missing} is missing: restore it, or fetch it with `make demo`\n")


def test_a_folder_that_goes_away_is_no_file_of_ours(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As below /proc, where none can be made: installing again would not help."""

    def fails(_settings: object, out: Path, *_: object, **_options: object) -> None:
        (out / "bridge.js.new").write_bytes(b"")

    monkeypatch.setattr("bridge.cli.building.build", fails)
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "none")]) == 2
    assert "none must be a folder that can be written" in capsys.readouterr().err


def test_check_reads_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """As of a shell's `<(…)`, which is no ordinary file."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write('{"sitecode": "abcde12345"}')
    assert main(["check", f"/dev/fd/{reading}"]) == 0
    os.close(reading)
    assert "fine" in capsys.readouterr().out


def test_check(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 for a good one, 1 with the mistakes for a bad one, 2 for none."""
    assert main(["check", str(config)]) == 0
    config.write_text('sitecode = "abcde12345"\nexposure = 1\n')
    assert main(["check", str(config)]) == 1
    assert "did you mean exposures?" in capsys.readouterr().out
    assert main(["check", str(config.with_name("none.toml"))]) == 2


def test_each_mistake_is_a_line(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each names the file; the exit code stays."""
    config.write_text('sitecode = "abc"\nexposure = 1\n[remote]\nttl = 1000000000000\n')
    places = ["exposure", "remote.ttl", "sitecode"]
    assert main(["check", str(config)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [[str(config), place] for place in places]
    assert main(["build", "--config", str(config), "--out", str(tmp_path / "dist")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:3] for line in lines] == [["error", str(config), place] for place in places]


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """A JSON Schema that editors can use."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["required"] == ["sitecode"]


def test_wrong_usage() -> None:
    """Exit code 2."""
    for arguments in ([], ["nonsense"], ["build"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2


def test_build_for_one_engine(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the configuration says; nothing of the other is there."""
    config.write_text('sitecode = "abcde12345"\nengine = "pyodide"\n')
    out = tmp_path / "dist"
    assert main(["build", "--config", str(config), "--out", str(out), "--engine", "micropython"]) == 0
    printed = capsys.readouterr().out
    assert "loaded with micropython" in printed
    assert "pyodide" not in printed
    assert not list(out.glob("pyodide-*"))


def test_build_lists_what_earlier_builds_left(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And removes it where that is asked for; then nothing is left to list."""
    out = tmp_path / "dist"
    arguments = ["build", "--config", str(config), "--out", str(out), "--engine", "micropython"]
    assert main(arguments) == 0
    assert "earlier builds" not in capsys.readouterr().out
    old = {path.name for path in out.glob("hands-*.js")}
    config.write_text('sitecode = "abcde12345"\nidentifier = false\n[remote]\nttl = 1\n')
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{name}\n" in printed for name in old)
    assert "--prune removes them" in printed
    assert main([*arguments, "--prune"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{name}\n" in printed for name in old)
    assert len(list(out.glob("hands-*.js"))) == 1
    assert main(arguments) == 0
    assert "earlier builds" not in capsys.readouterr().out


def test_what_cannot_be_removed_is_named(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, one line."""
    arguments = ["build", "--config", str(config), "--out", str(tmp_path / "dist"), "--engine", "micropython"]
    assert main(arguments) == 0
    config.write_text('sitecode = "abcde12345"\nenrich = false\n')

    def fails(_out: Path, _manifest: object) -> None:
        raise PermissionError(13, "Permission denied", "hands.js")

    monkeypatch.setattr("bridge.cli.building.prune", fails)
    assert main([*arguments, "--prune"]) == 2
    problem = capsys.readouterr().err.splitlines()[-1]
    assert problem.startswith("error: hands.js: Permission denied; ")
