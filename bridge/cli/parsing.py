"""How commands take their arguments: one look for all of them."""

import argparse
import re
import sys
import textwrap
from typing import NoReturn, TypeAlias

from bridge.cli.terminal import painted

#: What commands are added to: argparse has no other name for it.
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001


_EXAMPLE = "  "  # before each
_GOES_ON = " \\"  # at the end of a line, as a shell reads it


class _HelpFormatter(argparse.HelpFormatter):
    """Fits each line into the terminal; examples go on in the next one as a shell takes it."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{one}" for line in text.splitlines() for one in _fitting(line, width))


def _fitting(line: str, width: int) -> list[str]:
    if not line.startswith(_EXAMPLE):
        return textwrap.wrap(line, width)
    words = re.split(r" (?=--)", line)
    lines = [words[0]]
    for word in words[1:]:
        room = width if word == words[-1] else width - len(_GOES_ON)
        if len(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines[-1] += _GOES_ON
            lines.append(f"{_EXAMPLE * 2}{word}")
    return lines


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
    shown = "".join(f"\n{_EXAMPLE}%(prog)s {one}".rstrip() for one in examples)
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"{'example' if len(examples) == 1 else 'examples'}:{shown}" if examples else None,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )
