"""Building a bundle from a configuration file: what can go wrong becomes one line that says what to do."""

from pathlib import Path

from bridge.bundle.build import BuildError, build
from bridge.bundle.manifest import Manifest
from bridge.cli.errors import UsageError
from bridge.models.settings import Settings
from bridge.shared.rules import SettingsError


def built(configuration: Path, out: Path) -> tuple[Settings, Manifest]:
    """Build the bundle of a configuration into a folder; return the settings and the bundle's manifest.

    Raises:
        UsageError: The configuration is wrong, a file is missing, or the folder cannot be written.
    """
    try:
        settings = Settings.load(configuration)
        return settings, build(settings, out)
    except (SettingsError, BuildError) as error:
        raise UsageError(str(error)) from error
    except FileNotFoundError as error:
        raise UsageError(f"{error.filename} is missing: restore it, or fetch it with `make demo`") from error
    except OSError as error:
        place = error.filename or out
        raise UsageError(f"{place}: {error.strerror}; {out} must be a folder that can be written") from error
