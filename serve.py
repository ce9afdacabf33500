"""Start the local sandbox in the repository: the same as ``python -m bridge sandbox``."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run the sandbox until it is stopped; return its exit code. Raises SystemExit as argparse does."""
    try:
        from bridge.cli import main as command  # noqa: PLC0415 - where nothing is installed, a line says so
    except ModuleNotFoundError as error:
        sys.stderr.write(f"error: {error.name} is not installed; run `make demo`, then .venv/bin/python serve.py\n")
        return 2
    return command(["sandbox", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
