"""Where the sandbox finds what it serves: ``web`` and ``static`` of the repository, or those that a release carries."""

from pathlib import Path

#: What an installed package has of both; `release.py` puts it there.
CARRIED = Path(__file__).parent / "carried"
INSTALLED = CARRIED.is_dir()
PLACE = CARRIED if INSTALLED else Path(__file__).resolve().parents[2]
WEB = PLACE / "web"
STATIC = PLACE / "static"
DEMO_SETTINGS = WEB / "demo" / "bridge.toml"  #: of the bundle that the demo has

#: Of npm's packages, below `static`: Segment's script with its chunks, and what our own pages are run by.
ANALYTICS = Path("node_modules/@segment/analytics-next/dist/umd")
PYSCRIPT = Path("node_modules/@pyscript/core/dist")
MICROPYTHON = Path("node_modules/@micropython/micropython-webassembly-pyscript")
