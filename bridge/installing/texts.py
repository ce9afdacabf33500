"""All that an installation is made of, as texts to copy: what the install wizard shows."""

import json
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from bridge.installing.files import JSON_FILE, TOML_FILE, as_json, as_toml
from bridge.installing.paste import acquisition_code, targeting_code
from bridge.installing.policy import policy
from bridge.installing.tag import EAR, EXAMPLE, tag_text
from bridge.models.base import Model
from bridge.models.settings import Settings

_LETTERS = "[A-Za-z0-9._~-]+"
_AT_HOST = f"https?://{_LETTERS}(:[0-9]+)?"


class Place(Model, extra="forbid", strict=True, frozen=True, hide_input_in_errors=True):
    """Where an installation lies: what is no setting of the bridge's."""

    address: Annotated[str, StringConstraints(max_length=500, pattern=f"^{_AT_HOST}(/{_LETTERS})*/?$")] = Field(
        EXAMPLE.removesuffix(EAR),
        description="the address of the bundle's folder: https://, a host, and folders of letters, digits and . _ ~ -",
    )
    files: Literal["built", "ready-made"] = Field(
        "built",
        description="a bundle built with these settings in it, or a release's ready-made one, which is told them",
    )
    config: Annotated[str, StringConstraints(max_length=500, pattern=f"^({_AT_HOST})?(/{_LETTERS})+$")] = Field(
        "/kameleoon-segment.json",
        description="for the ready-made bundle, the address of the JSON file: https://… or a path that begins with /",
    )
    page: Annotated[str, StringConstraints(max_length=500, pattern=f"^{_AT_HOST}(/{_LETTERS})*/?$")] = Field(
        "https://shop.example/", description="a page of yours, for the doctor: https://, a host, and a path"
    )

    @property
    def folder(self) -> str:
        """Return the address of the folder, with a slash behind it."""
        return self.address.removesuffix(EAR).rstrip("/") + "/"


class Text(NamedTuple):
    """Something to copy."""

    id: str
    title: str
    text: str
    note: str = ""
    file: str = ""  #: what it is called as a file, where it is one


def texts(settings: Settings, place: Place) -> list[Text]:
    """Return what is to be copied, in the order in which it is needed."""
    config = config_of(settings, place)
    src = place.folder + EAR
    return [
        Text("tag", "The tag", tag_of(settings, place), "Into the head of each page, above Kameleoon's where you can."),
        *_files(settings, place),
        *_custom_data(settings),
        Text("policy", "Content-Security-Policy", policy(settings, src, config), "Only where your pages have one."),
    ]


def tag_of(settings: Settings, place: Place) -> str:
    """Return the tag: of a ready-made bundle it says what the bundle does not know."""
    told = place.files == "ready-made"
    engine = settings.engine if told and settings.engine != Settings.model_fields["engine"].default else None
    return tag_text(settings.sitecode, place.folder + EAR, engine=engine, config=config_of(settings, place))


def config_of(settings: Settings, place: Place) -> str | None:
    """Return the tag's ``data-config``: where the bundle is ready-made, and attributes do not say all."""
    more = settings.model_dump(exclude={"sitecode", "engine"}, exclude_defaults=True)
    return place.config if place.files == "ready-made" and more else None


def build(settings: Settings) -> str:
    """Return the commands that check a configuration and build the bundle."""
    name = JSON_FILE if as_toml(settings) is None else TOML_FILE
    return f"kameleoon-segment check {name}\nkameleoon-segment build --config {name} --out dist"


def doctor(place: Place) -> str:
    """Return the commands that look at a page, and at the host of the bundle."""
    return f"kameleoon-segment doctor {place.page}\nkameleoon-segment doctor --host {place.folder}"


def _files(settings: Settings, place: Place) -> list[Text]:
    """Return the configuration as it is needed, and the command that takes it."""
    toml, as_one_file = as_toml(settings), as_json(settings)
    if place.files == "ready-made":
        name = place.config.rpartition("/")[2]
        needless = "" if config_of(settings, place) else " The tag says all of it already: you need no such file yet."
        return [Text("json", "The configuration", as_one_file, f"At {place.config}.{needless}", name)]
    found = [Text("json", "The same in JSON", as_one_file, "Instead of the other, if you like.", JSON_FILE)]
    if toml is None:
        found = [Text("json", "The configuration", as_one_file, "TOML has no null, JSON has.", JSON_FILE)]
    else:
        found.insert(0, Text("toml", "The configuration", toml, "Beside you, where the command runs.", TOML_FILE))
    found.insert(1, Text("build", "The build", build(settings), "With the release's wheel, installed by pip."))
    return found


def _custom_data(settings: Settings) -> list[Text]:
    found = []
    for number, one in enumerate(settings.custom_data):
        name = json.dumps(one.name, ensure_ascii=False)
        note = "In Kameleoon, as the custom data's acquisition by custom JavaScript code."
        found.append(Text(f"acquisition-{number}", f"Custom data {name}", acquisition_code(one.name), note))
        if one.source == "personas":
            code = targeting_code(settings.sitecode, settings.remote.data_host)
            note = "In Kameleoon, as its values for the targeting condition."
            found.append(Text(f"targeting-{number}", f"Custom data {name}: targeting", code, note))
    return found
