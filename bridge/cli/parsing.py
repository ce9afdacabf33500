"""How commands take their arguments: one look for all of them."""

import argparse
import sys
from typing import NoReturn, TypeAlias

from bridge.cli.terminal import painted

#: What commands are added to: argparse has no other name for it.
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{painted('error:', 'red', sys.stderr)} {message}; see {self.prog} --help\n")


def command(commands: Commands, name: str, summary: str, *examples: str) -> Parser:
    """Add a command, and return its parser.

    Args:
        commands: What it is added to.
        name: The command.
        summary: What it does, in a few words.
        examples: Arguments of the command, as its help shows them.
    """
    shown = "".join(f"\n  %(prog)s {one}".rstrip() for one in examples)
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"{'example' if len(examples) == 1 else 'examples'}:{shown}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
