"""Where the models have to write names out, they are the vocabulary's."""

import ast
from pathlib import Path
from typing import Any, get_args

import pytest

from bridge.models import messages
from bridge.models.campaign import _Properties
from bridge.models.settings import Exposures
from bridge.shared.vocabulary import CAMPAIGN_TYPES, CONSENT_MODULES, DIALECTS, EXPOSURE_EVENT

FOLDERS = Path(__file__).parents[2] / "bridge"


@pytest.mark.parametrize(
    ("annotation", "names"),
    [
        (Exposures.model_fields["dialect"].annotation, DIALECTS),
        (_Properties.model_fields["campaign_type"].annotation, CAMPAIGN_TYPES),
        (
            get_args(messages._ConsentUpdate.model_fields["legal_consent_update"].annotation)[0],  # noqa: SLF001
            CONSENT_MODULES,
        ),
    ],
    ids=["dialects", "types of campaigns", "modules of consent"],
)
def test_literals(annotation: Any, names: Any) -> None:
    """A type checker cannot derive them."""
    assert get_args(annotation) == tuple(names)


def test_the_usual_names() -> None:
    """A page that says nothing sends the vocabulary's event in its first dialect."""
    assert Exposures().event == EXPOSURE_EVENT
    assert Exposures().dialect == next(iter(DIALECTS))


@pytest.mark.parametrize(
    ("folder", "beyond"),
    [("shared", {"brain", "models", "strict"}), ("brain", {"models", "strict"}), ("models", {"brain", "strict"})],
)
def test_nothing_calls_up(folder: str, beyond: set[str]) -> None:
    """The models are of use without page code, and page code without the models."""
    imported = {
        node.module.split(".")[1]
        for path in (FOLDERS / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bridge.")
    }
    assert folder in imported or folder == "shared"
    assert not imported & beyond
