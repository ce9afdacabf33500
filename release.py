"""Write a release into a folder: wheel, sdist, and the zip of a bundle that is ready to host (`make dist`).

What is not Python, and what needs npm, Node or a compiler to be made, is made here and carried along. The same sources
give the same bytes: names are sorted, and each file has the same time.
"""

import argparse
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import chdir
from html import escape
from pathlib import Path

from bridge.bundle.build import ANY_SITE, CARRIED, ENGINES, BuildError, build, parts
from bridge.bundle.identity import NAME, VERSION
from bridge.bundle.parts import write
from bridge.cli.terminal import Progress
from bridge.installing.documents import examples, recipes
from bridge.sandbox.kameleoon.script import FOLDER, JOINED, joined
from bridge.sandbox.place import ANALYTICS, MICROPYTHON, PYSCRIPT, STATIC, WEB
from bridge.sandbox.place import CARRIED as SANDBOX
from bridge.templates import filled
from static import flit_with_plugin

ROOT = Path(__file__).resolve().parent
#: What is told of a release beside its code.
TOLD = ("pyproject.toml", "README.md", "LICENSE", "THIRD-PARTY-LICENSES.md")
#: What belongs to a package beside `bridge`: the pytest plugin, and what packs it.
BESIDE = ("kameleoon_segment_pytest.py", "static/flit_with_plugin.py")
HOSTING = ROOT / "web" / "hosting" / "index.html"
BUNDLE = f"kameleoon-segment-bundle-{VERSION}"
_TIME = 1_767_225_600  # 2026-01-01: of every file, as no commit's time would be the same for a wheel of the sdist
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_READABLE = 0o644
_PACKED = {".gz", ".br"}
#: Of what the sandbox serves, what no page asks for: maps, what PyScript's editor and terminal need, further engines.
_LEFT_OUT = ("*.map", "*.map.gz", "codemirror*", "xterm*", "micropython-*")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the release; exit with 2, and a line that says what to do, where that cannot be done."""
    parser = argparse.ArgumentParser(prog="make dist", description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=ROOT / "dist", help="default: dist")
    options = parser.parse_args(arguments)
    try:
        with Progress() as progress:
            files = release(options.out, progress)
    except BuildError as error:
        parser.exit(2, f"error: {error}\n")
    except OSError as error:
        parser.exit(2, f"error: {error.filename}: {error.strerror}\n")
    sys.stdout.write("".join(f"{path.stat().st_size:>12,} {path}\n" for path in files))


def release(out: Path, progress: Progress) -> list[Path]:
    """Write wheel, sdist and zip into the folder ``out``, and return their paths. Raises BuildError and OSError."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / NAME
        _stage(staged, progress)
        progress.begin("packing wheel and sdist")
        packed = _packages(staged, out.resolve())
        return [*packed, _bundle(Path(folder) / BUNDLE, out, progress)]


def _stage(folder: Path, progress: Progress) -> None:
    """Put into a folder what the packages are made of."""
    package = [path for path in (ROOT / "bridge").rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    for source in [*(ROOT / name for name in TOLD + BESIDE), *package]:
        place = folder / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    write(parts(ENGINES, progress.begin), folder / CARRIED.relative_to(ROOT))
    progress.begin("putting the sandbox together")
    carried = folder / SANDBOX.relative_to(ROOT)
    shutil.copytree(WEB, carried / WEB.name, ignore=shutil.ignore_patterns("__pycache__", "tag", "hosting"))
    for served in (ANALYTICS, PYSCRIPT, MICROPYTHON):
        shutil.copytree(STATIC / served, carried / STATIC.name / served, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    with chdir(ROOT):  # esbuild names its files from there
        script = joined(WEB)
    (carried / WEB.name / FOLDER / JOINED).write_text(script, encoding="utf-8")


def _packages(staged: Path, out: Path) -> list[Path]:
    """Return the paths of wheel and sdist."""
    os.environ["SOURCE_DATE_EPOCH"] = str(_TIME)
    with chdir(staged):
        return [out / flit_with_plugin.build_wheel(str(out)), out / flit_with_plugin.build_sdist(str(out))]


def _bundle(folder: Path, out: Path, progress: Progress) -> Path:
    """Return the path of the zip with a bundle of both engines that is told all by the page."""
    build(ANY_SITE, folder, ENGINES, progress.begin, wizard=True)
    nginx, *_ = recipes((ROOT / "docs" / "hosting.md").read_text(encoding="utf-8"))
    known = {"__VERSION__": VERSION, "<!-- NGINX -->": escape(examples(nginx.text)[0], quote=False)}
    page = filled(HOSTING.name, HOSTING.read_text(encoding="utf-8"), known)
    (folder / "HOSTING.html").write_text(page, encoding="utf-8")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    progress.begin(f"packing {BUNDLE}.zip")
    archive = out / f"{BUNDLE}.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _ZIP_TIME)
            entry.external_attr = _READABLE << 16
            entry.create_system = 3  # Unix, wherever it is made
            entry.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED else zipfile.ZIP_DEFLATED
            file.writestr(entry, path.read_bytes())
    return archive


if __name__ == "__main__":
    main()
