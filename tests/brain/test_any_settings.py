"""Any configuration at all: settings that the models accept too, or a message that names the setting."""

from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from bridge.models.settings import Settings, table
from tests.brain import answers
from tests.brain.strategies import CONFIG

BUILT: dict[str, Any] = {"settings": {"sitecode": "abcde12345"}, "table": table()}


@settings(deadline=None)
@given(CONFIG)
def test_settings(config: Any) -> None:
    """The page and the models agree."""
    answer = answers.of_settings({"config": config, "built": BUILT})
    if "settings" in answer:
        Settings.model_validate(answer["settings"])
    elif isinstance(config, dict):
        with pytest.raises(ValidationError):
            Settings.model_validate(BUILT["settings"] | config)
