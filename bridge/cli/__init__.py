"""The command line: ``kameleoon-segment COMMAND``, or ``python -m bridge COMMAND``.

Each module of this package adds its commands to the parser and says what they do. Exit codes: 0 fine, 1 a check
failed, 2 wrong usage or input, with a line for each mistake that says what to do.
"""

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bridge.bundle.identity import VERSION
from bridge.cli import configuration, destination, doctor, personas, sandbox
from bridge.cli.errors import UsageError
from bridge.cli.parsing import Parser
from bridge.cli.terminal import painted

_SCRIPT = "kameleoon-segment"
_MODULE = "python -m bridge"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0, 1 or 2)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for where there is no ✓, as in a Windows pipe
    prog = _MODULE if Path(sys.argv[0]).parts[-2:] == ("bridge", "__main__.py") else _SCRIPT
    parser = Parser(
        prog=prog,
        description="The Kameleoon x Segment bridge: builds what pages load, and tells what is wrong.",
        epilog="`%(prog)s COMMAND --help` has examples. Exit codes: 0 fine, 1 a check failed, 2 wrong usage or input.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{_SCRIPT} {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (configuration, personas, destination, doctor, sandbox):
        module.add_commands(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        return _refused(str(error))
    except BrokenPipeError:  # as of `… | head`: whoever read it has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _refused(f"{place}{error.strerror or error}; give a place that can be read and written")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return code


def _refused(problems: str) -> int:
    for line in problems.split("\n"):
        print(f"{painted('error:', 'red', sys.stderr)} {line}", file=sys.stderr)
    return 2
