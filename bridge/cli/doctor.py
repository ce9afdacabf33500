"""``doctor``: opens a live page in a browser and says what is wrong with the bridge there, or with its host."""

import argparse
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError

from bridge.cli.errors import UsageError
from bridge.cli.parsing import Commands, command
from bridge.cli.terminal import Progress, painted
from bridge.doctor.checks import judge
from bridge.doctor.examining import examine
from bridge.doctor.host import examine_host
from bridge.doctor.looking import CannotLookError, Options, opened
from bridge.doctor.redaction import redacted_text
from bridge.doctor.report import Report
from bridge.doctor.sheet import page
from bridge.doctor.sight import Sight
from bridge.doctor.state import StorageState, loaded
from bridge.doctor.telling import told
from bridge.models.violations import message_of, path_of

_LONGEST_WAIT_S = 300


def add_commands(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "doctor",
        "look at a live page, and say what is wrong there and how to mend it",
        "https://shop.example",
        "https://shop.example --html report.html --fail-on warn",
        "--host https://cdn.example.com/ks/",
    )
    parser.description = (
        "Opens a page in a real browser and says for each thing that should be true: pass, warn, fail or unknown, with "
        "what was seen and what to do.\nNothing that the page sends to Segment or Kameleoon leaves the browser. Needs "
        "the extra doctor."
    )
    parser.add_argument("url", nargs="?", metavar="URL", help="the page")
    parser.add_argument(
        "--host",
        metavar="URL",
        help="check the hosting of a bundle, the folder of bridge.js, by itself; "
        "with a page: the bundle to try where the page lacks the tag",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON, and nothing else")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as one page")
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=6.0,
        metavar="S",
        help="how long to watch the loaded page, in seconds (default: 6)",
    )
    parser.add_argument(
        "--browser", type=Path, metavar="PATH", help="a Chrome or Chromium (default: the one that is found)"
    )
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="write what was seen, redacted, to judge it again later"
    )
    parser.add_argument("--from", type=Path, dest="source", metavar="FILE", help="judge what was seen before")
    parser.add_argument(
        "--storage-state",
        type=Path,
        metavar="FILE",
        help="cookies and storage of a login, as Playwright writes them (playwright codegen --save-storage FILE)",
    )
    parser.add_argument("--send", action="store_true", help="let the page's data go to Segment and Kameleoon")
    parser.add_argument("--fail-on", choices=("fail", "warn"), default="fail", help="from when on the exit code is 1")
    parser.set_defaults(run=_doctor)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= _LONGEST_WAIT_S:
        raise argparse.ArgumentTypeError(f"{text!r}; accepted: seconds, from 0 to {_LONGEST_WAIT_S}")
    return value


def _doctor(options: argparse.Namespace) -> int:
    try:
        sight, report = _found(options)
    except CannotLookError as error:
        raise UsageError(str(error)) from error
    if options.save and sight:
        _write(options.save, sight.model_dump_json(by_alias=True, indent=1) + "\n")
    if options.html:
        _write(options.html, page(report, sight))
    if options.json:
        print(report.model_dump_json(by_alias=True, indent=2))
    else:
        print(told(report, painted))
    failed = report.worst("fail", "warn") if options.fail_on == "warn" else not report.ok
    return 1 if failed else 0


def _found(options: argparse.Namespace) -> tuple[Sight | None, Report]:
    """Return what was seen, where a page was looked at, and the report of it."""
    if options.source:
        if options.url or options.host:
            raise UsageError("--from judges what was seen before; give no URL and no --host with it")
        sight = _loaded(options.source)
        return sight, judge(sight)
    if not options.url:
        if not options.host:
            raise UsageError("give the URL of a page, --host with that of a bundle, or --from with a saved file")
        if options.save:
            raise UsageError("--save keeps what was seen of a page; leave it out with --host alone")
        return None, examine_host(_address("--host", options.host))
    bundle = None
    if options.host:
        folder = _address("--host", options.host)
        bundle = folder if folder.endswith(".js") else urljoin(folder.rstrip("/") + "/", "bridge.js")

    looking = Options(wait_s=options.wait, send=options.send, state=_state(options.storage_state))
    url = _address("URL", options.url)
    with Progress() as progress, opened(options.browser) as browser:
        sight = examine(browser, url, looking, bundle, progress.begin)
    return sight, judge(sight)


def _address(name: str, url: str) -> str:
    try:
        fine = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname) and urlsplit(url).port != 0
    except ValueError:  # no port, or no host of IPv6
        fine = False
    if not fine:
        raise UsageError(
            f"{name} {redacted_text(url)!r}: not an address; give one that begins with https:// or http://"
        )
    return url


def _state(path: Path | None) -> StorageState | None:
    if path is None:
        return None
    try:
        return loaded(path)
    except OSError as error:
        raise UsageError(
            f"--storage-state {path}: cannot be read ({error.strerror}); give a file that can be"
        ) from error
    except ValueError as error:
        raise UsageError(f"--storage-state {error}") from error


def _loaded(path: Path) -> Sight:
    try:
        return Sight.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"--from {path}: cannot be read ({error.strerror}); give a file that --save has written"
        ) from error
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = path_of(problem["loc"]).removeprefix(".") or "the file"
        raise UsageError(
            f"--from {path}: {place}: {message_of(problem)}; give a file that --save has written"
        ) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); give a file in a folder that can be"
        ) from error
