"""``build``, ``check`` and ``schema``: what a web engineer needs to make a bundle."""

import argparse
import json
from pathlib import Path
from typing import Any

from bridge.bundle.paste import acquisition_code, targeting_code
from bridge.cli.building import built
from bridge.cli.errors import UsageError
from bridge.models.settings import Settings
from bridge.shared.rules import SettingsError


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the commands to the parser."""
    builder = commands.add_parser("build", help="build the files to host, from a configuration")
    builder.add_argument("--config", type=Path, required=True, help="bridge.toml or bridge.json")
    builder.add_argument("--out", type=Path, required=True, help="the folder to write")
    builder.set_defaults(run=_build)
    checker = commands.add_parser("check", help="check a configuration")
    checker.add_argument("config", type=Path, help="bridge.toml or bridge.json")
    checker.set_defaults(run=_check)
    commands.add_parser("schema", help="print the configuration's JSON Schema").set_defaults(run=_schema)


def _build(options: argparse.Namespace) -> int:
    settings, manifest = built(options.config, options.out)
    print(manifest.table())
    print(f"\n{options.out} is ready for any static host; bridge.js may be cached for minutes, the rest for ever.")
    print("Put this into your pages, with the address that bridge.js will have:\n")
    print(f'<script async src="https://cdn.example.com/ks/bridge.js" data-sitecode="{settings.sitecode}"></script>')
    for custom_data in settings.custom_data:
        print(f"\nCustom data {json.dumps(custom_data.name)} in Kameleoon, acquisition by custom JavaScript code:\n")
        print(acquisition_code(custom_data.name))
        if custom_data.source == "personas":
            print("\nand its values for the targeting condition:\n")
            print(targeting_code(settings.sitecode, settings.remote.data_host))
    return 0


def _check(options: argparse.Namespace) -> int:
    if not options.config.is_file():
        raise UsageError(f"{options.config}: no such file; give a .toml or .json configuration")
    try:
        Settings.load(options.config)
    except SettingsError as error:
        print(error)
        return 1
    print(f"{options.config}: fine")
    return 0


def _schema(_options: argparse.Namespace) -> int:
    print(json.dumps(Settings.model_json_schema(), indent=2))
    return 0
