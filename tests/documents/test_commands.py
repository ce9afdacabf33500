"""Every command in the documents is run, or stands on a short list with the reason and what shows it instead."""

import json
import re
import shlex
import subprocess
from contextlib import chdir
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from tests.documents.markdown import DOCUMENTS, ROOT, Block, blocks, blocks_in, titled

OURS = "kameleoon-segment "
#: By how a command begins: why it is not run here, and what shows that it works.
NOT_RUN = {
    "make demo": "fetches, builds, and serves until it is stopped; tests/sandbox/test_serve.py starts the same server",
    "make test": "runs these tests",
    ".venv/bin/python serve.py": "serves until it is stopped; tests/sandbox/test_serve.py",
    "git clone": "names no address of a repository",
    "cd kameleoon-segment-bridge": "follows the clone",
    "curl": "asks a host that is made up; tests/browser/pages/test_files.py has what is needed of one",
    "aws": "needs an account there",
    "python -m playwright": "fetches a browser, which the tests have",
    "kameleoon-segment doctor": "opens a page of the reader's in a browser; tests/documents/test_walk.py has one",
}
#: What only makes sense on the whole way from an empty folder, which tests/documents/test_walk.py goes.
WALKED = (
    "python3 -m venv",
    "pip install",
    "kameleoon-segment sandbox",
    "python3 -m http.server",
    "python -m pytest test_shop.py",
)
#: The files that commands name, as the documents have them.
FILES = {
    "bridge.toml": titled("configuration.md", "bridge.toml"),
    "event.json": titled("sandbox.md", "event.json"),
    "settings.json": titled("sandbox.md", "settings.json"),
    "mapping.json": titled("sandbox.md", "mapping.json"),
}


def commands(block: Block) -> list[str]:
    """Return the commands of a block: lines that go on are one, and so is a line with the text that it is given."""
    text = block.text.replace("\\\n", " ")
    found: list[str] = []
    end = ""
    for line in text.splitlines():
        if end:
            found[-1] += "\n" + line
            end = "" if line == end else end
        elif command := line.partition(" # ")[0].strip():
            found.append(command)
            end = "".join(re.findall(r"<<'(\w+)'$", command))
    return found


def is_run(command: str) -> bool:
    """Return whether a command is on neither list."""
    return not command.startswith((*NOT_RUN, *WALKED))


def run(block: Block, folder: Path) -> None:
    """Run what is to be run of a block, in a folder with the files that the documents have."""
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    for command in filter(is_run, commands(block)):
        if command.startswith(OURS):
            with chdir(folder):
                assert main(shlex.split(command)[1:]) == 0, command
        else:
            subprocess.run(["sh", "-ec", command], cwd=folder, check=True)


@pytest.mark.parametrize("block", [one for one in blocks_in("sh") if any(map(is_run, commands(one)))], ids=str)
def test_commands_work(block: Block, tmp_path: Path) -> None:
    """In the order in which a reader types them."""
    run(block, tmp_path)


def test_the_list_of_what_is_not_run_is_short_and_used() -> None:
    """Nothing stands on it that no document has, and what it names as a test is there."""
    typed = [command for block in blocks_in("sh") for command in commands(block)]
    assert [one for one in (*NOT_RUN, *WALKED) if not any(command.startswith(one) for command in typed)] == []
    named = [path for why in NOT_RUN.values() for path in re.findall(r"tests/\S+\.py", why)]
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert sum(map(is_run, typed)) >= len(NOT_RUN)


def test_setting_up_is_two_commands() -> None:
    """And a fresh folder is told how to get them."""
    (block,) = [one for one in blocks(ROOT / "README.md") if "make demo" in one.text]
    assert [command.partition(" ")[0] for command in commands(block)] == ["git", "cd", "make", "make"]


def test_commands_in_the_text_exist() -> None:
    """Each `kameleoon-segment …` names one that the command line knows."""
    text = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"`kameleoon-segment ([a-z]+)", text))
    assert named >= {"build", "check", "schema", "personas", "destination", "doctor"}
    for command in named:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0


def parsed(text: str) -> dict[str, dict[str, str]]:
    """Return the headers for each path of a file `_headers`: a path, and below it, indented, its headers, each once."""
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            assert line not in rules
            rules[line] = {}
        else:
            name, value = re.fullmatch(r"  ([A-Za-z-]+): (\S.*)", line).groups()  # type: ignore[union-attr]
            assert name not in list(rules.values())[-1]
            list(rules.values())[-1][name] = value
    return rules


def uploaded(dist: Path) -> dict[str, str | None]:
    """Return the files that the recipe for S3 uploads, each once, with the type that it gives them.

    Fact: AWS CLI, "Use of exclude and include filters": all files are included, and a later filter wins.
    """
    (block,) = [one for one in blocks(ROOT / "docs" / "hosting.md") if "aws s3" in one.text]
    files: dict[str, str | None] = {}
    for command in commands(block):
        words = shlex.split(command)
        told = list(pairwise(words))
        kind = dict(told).get("--content-type")
        age = dict(told)["--cache-control"]
        if words[2] == "cp":
            names = [Path(words[3]).name]
        else:
            filters = [(one, pattern) for one, pattern in told if one in ("--exclude", "--include")]
            names = [
                name
                for path in dist.rglob("*")
                if path.is_file() and path.name != "_headers"
                for name in [path.relative_to(dist).as_posix()]
                if ([one for one, pattern in filters if fnmatch(name, pattern)] or ["--include"])[-1] == "--include"
            ]
        assert [name for name in names if name in files] == []
        brief = {"bridge.js", "manifest.json"}
        assert brief.issuperset(names) if age.endswith("=300") else brief.isdisjoint(names)
        files |= dict.fromkeys(names, kind)
    return files


def test_hosting_says_what_a_build_weighs_and_names_each_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rounded, and within five per cent of this build, each part within three; one rule for each file."""
    (block,) = [one for one in blocks(ROOT / "docs" / "hosting.md") if "_headers" in one.text]
    run(block, tmp_path)
    (tag,) = [one.text for one in blocks(ROOT / "README.md") if one.language == "html"]
    assert tag in capsys.readouterr().out
    manifest = json.loads((tmp_path / "dist" / "manifest.json").read_text("utf-8"))
    rules = parsed((tmp_path / "dist" / "_headers").read_text("utf-8"))
    assert len(rules) <= 100, "more rules than Cloudflare Pages reads"
    assert rules.pop("/*") == {"Access-Control-Allow-Origin": "*"}
    assert rules.keys() == {f"/{name}" for name in manifest["files"]}
    assert rules["/bridge.js"] == {"Cache-Control": "public, max-age=300", "Content-Type": "text/javascript"}
    lasting = [name for name, headers in rules.items() if headers["Cache-Control"].endswith("immutable")]
    assert sorted([*lasting, "/bridge.js"]) == sorted(rules)
    assert uploaded(tmp_path / "dist") == {
        name: "text/javascript" if name == "bridge.js" or name.endswith(".mjs") else None
        for name in [*manifest["files"], "manifest.json"]
    }
    loaded = [manifest["files"][name] for name in manifest["loads"]["micropython"]]
    sums = {kind: sum(one[kind] for one in loaded) / 1000 for kind in ("brotli", "gzip", "bytes")}
    text = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    (said,) = re.findall(r"(\d+) kB with Brotli, (\d+) kB with gzip, and (\d+) kB without", text)
    assert [float(one) for one in said] == pytest.approx(list(sums.values()), rel=0.05)
    readme = re.findall(r"(\d+) kB with Brotli \((\d+) kB with gzip\)", (ROOT / "README.md").read_text("utf-8"))
    assert readme == [said[:2]]
    assert_parts_weigh_what_is_said(manifest, "start.md", "micropython", unit=1e3)
    assert_parts_weigh_what_is_said(manifest, "strict-engine.md", "pyodide", unit=1e6)


def assert_parts_weigh_what_is_said(manifest: dict[str, Any], document: str, engine: str, *, unit: float) -> None:
    """Compare a document's table of what an engine loads, each row a file or several, with a build."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    rows = re.findall(r"^\| (`.+`) \|.*? (\d+\.\d+)(?: MB)? \|", text, re.MULTILINE)
    assert len(rows) > 3
    for named, said in rows:
        names = [re.escape(one).replace("…", r"\w+") for one in re.findall("`(.+?)`", named)]
        files = re.compile(f"(.+/)?({'|'.join(names)})")
        sizes = [manifest["files"][name]["brotli"] for name in manifest["loads"][engine] if files.fullmatch(name)]
        assert len(sizes) == len(names), named
        assert float(said) == pytest.approx(sum(sizes) / unit, rel=0.03, abs=0.006), named
