"""The command line: ``python -m bridge COMMAND``.

Each module of this package adds its commands to the parser and says what they do. Exit codes: 0 fine, 1 a check
failed, 2 wrong usage or input, with a line for each mistake that says what to do.
"""

import argparse
import sys
from collections.abc import Sequence

from bridge.cli import configuration, destination, doctor, personas
from bridge.cli.errors import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0, 1 or 2)."""
    parser = argparse.ArgumentParser(prog="python -m bridge", description="The Kameleoon x Segment bridge.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in (configuration, personas, destination, doctor):
        module.add_commands(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except UsageError as error:
        for line in str(error).split("\n"):
            print(f"error: {line}", file=sys.stderr)
        return 2
    return code
