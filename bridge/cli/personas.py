"""``personas``: the names of a project's Segment personas."""

import argparse
import json

from pydantic import ValidationError

from bridge.cli.errors import UsageError
from bridge.cli.parsing import Commands, command
from bridge.cli.terminal import Progress
from bridge.http import HttpError
from bridge.models.sitecode import SITE_CODE
from bridge.personas import persona_names
from bridge.shared.vocabulary import DATA_HOST


def add_commands(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "personas", "print the names of a project's Segment personas", "--sitecode abcde12345")
    parser.add_argument("--sitecode", metavar="CODE", required=True, help="the Kameleoon project's site code")
    parser.add_argument(
        "--data-host", metavar="URL", default=DATA_HOST, help="host of the Data API (default: %(default)s)"
    )
    parser.set_defaults(run=_personas)


def _personas(options: argparse.Namespace) -> int:
    try:
        SITE_CODE.validate_python(options.sitecode)
    except ValidationError as error:
        raise UsageError(f"--sitecode {options.sitecode!r}: give 10 characters a-z and 0-9") from error
    try:
        with Progress() as progress:
            progress.begin(f"asking {options.data_host}")
            names = persona_names(options.sitecode, options.data_host)
    except HttpError as error:
        raise UsageError(f"{error}; check --sitecode and --data-host") from error
    print(json.dumps(names, ensure_ascii=False))
    return 0
