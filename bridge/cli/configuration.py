"""``build``, ``check`` and ``schema``: what a web engineer needs to make a bundle."""

import argparse
import json
from pathlib import Path

from bridge.bundle.build import ENGINES
from bridge.bundle.manifest import Manifest
from bridge.cli.building import built, pruned
from bridge.cli.errors import UsageError
from bridge.cli.parsing import Commands, command
from bridge.cli.terminal import Progress, Style, painted
from bridge.installing.paste import acquisition_code, targeting_code
from bridge.installing.tag import tag_text
from bridge.models.settings import Settings
from bridge.shared.rules import SettingsError


def add_commands(commands: Commands) -> None:
    """Add the commands to the parser."""
    builder = command(
        commands,
        "build",
        "build the files to host, from a configuration",
        "--config bridge.toml --out dist",
        "--config bridge.toml --out dist --engine micropython",
        "--config bridge.toml --out dist --prune",
    )
    builder.add_argument("--config", metavar="FILE", type=Path, required=True, help="bridge.toml or bridge.json")
    builder.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="the folder to write")
    builder.add_argument(
        "--engine", choices=ENGINES, help="build for this engine alone, whatever the configuration says (default: both)"
    )
    builder.add_argument(
        "--prune", action="store_true", help="remove what earlier builds left in the folder: their files, nothing else"
    )
    builder.set_defaults(run=_build)
    checker = command(commands, "check", "check a configuration", "bridge.toml")
    checker.add_argument("config", metavar="FILE", type=Path, help="bridge.toml or bridge.json")
    checker.set_defaults(run=_check)
    schema = command(commands, "schema", "print the configuration's JSON Schema", "", "> bridge.schema.json")
    schema.set_defaults(run=_schema)


def _build(options: argparse.Namespace) -> int:
    with Progress() as progress:
        settings, manifest = built(options.config, options.out, options.engine, progress.begin)
    print(manifest.table())
    _tell_earlier(options.out, manifest, prune=options.prune)
    print(f"\n{options.out} is ready for any static host; bridge.js may be cached for minutes, the rest for ever.")
    print(_heading("Put this into your pages, with the address that bridge.js will have:"))
    print(tag_text(settings.sitecode))
    for custom_data in settings.custom_data:
        name = json.dumps(custom_data.name)
        print(_heading(f"Custom data {name} in Kameleoon, acquisition by custom JavaScript code:"))
        print(acquisition_code(custom_data.name))
        if custom_data.source == "personas":
            print(_heading("and its values for the targeting condition:"))
            print(targeting_code(settings.sitecode, settings.remote.data_host))
    return 0


def _tell_earlier(out: Path, manifest: Manifest, *, prune: bool) -> None:
    """List what earlier builds left in the folder, and remove it where that is wanted."""
    if not manifest.earlier:
        return
    if prune:
        pruned(out, manifest)
        print(_heading(f"Removed from {out}, of earlier builds:"))
    else:
        print(_heading(f"Of earlier builds there is still in {out}:", "yellow"))
    print("\n".join(manifest.earlier))
    if not prune:
        print("\nPages with an older bridge.js in their cache ask for them; --prune removes them when none is left.")


def _heading(text: str, style: Style = "bold") -> str:
    return f"\n{painted(text, style)}\n"


def _check(options: argparse.Namespace) -> int:
    if options.config.is_dir() or not options.config.exists():
        raise UsageError(f"{options.config}: no such file; give a .toml or .json configuration")
    try:
        Settings.load(options.config)
    except SettingsError as error:
        print(error)
        return 1
    print(f"{options.config}: {painted('fine', 'green')}")
    return 0


def _schema(_options: argparse.Namespace) -> int:
    print(json.dumps(Settings.model_json_schema(), indent=2))
    return 0
