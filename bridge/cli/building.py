"""Building a bundle from a configuration file: what can go wrong becomes one line that says what to do."""

from collections.abc import Callable
from pathlib import Path

from bridge.bundle.build import CARRIED, ENGINES, BuildError, build, prune
from bridge.bundle.identity import NAME
from bridge.bundle.manifest import Manifest
from bridge.cli.errors import UsageError
from bridge.models.settings import Settings
from bridge.shared.rules import SettingsError


def built(
    configuration: Path,
    out: Path,
    engine: str | None = None,
    begin: Callable[[str], None] = lambda _: None,
    *,
    wizard: bool = False,
) -> tuple[Settings, Manifest]:
    """Build the bundle of a configuration into a folder; return the settings and the bundle's manifest.

    Args:
        configuration: The file.
        out: The folder.
        engine: The only one that the bundle has, whatever the configuration says; else it has all.
        begin: Called with what begins now.
        wizard: Whether the install wizard lies beside it.

    Raises:
        UsageError: The configuration is wrong, a file is missing, or the folder cannot be written.
    """
    try:
        settings = Settings.load(configuration)
        if engine:
            settings = settings.model_copy(update={"engine": engine})
        return settings, build(settings, out, [engine] if engine else ENGINES, begin, wizard=wizard)
    except (SettingsError, BuildError) as error:
        raise UsageError(str(error)) from error
    except FileNotFoundError as error:
        if Path(error.filename or out).is_relative_to(out):
            raise _unwritable(out, error) from error
        remedy = f"install {NAME} again" if CARRIED.is_dir() else "restore it, or fetch it with `make demo`"
        raise UsageError(f"{error.filename} is missing: {remedy}") from error
    except OSError as error:
        raise _unwritable(out, error) from error


def pruned(out: Path, manifest: Manifest) -> Manifest:
    """Remove what earlier builds left in the folder, and return the bundle's manifest. Raises UsageError."""
    try:
        return prune(out, manifest)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> UsageError:
    place = error.filename or out
    return UsageError(f"{place}: {error.strerror}; {out} must be a folder that can be written")
