"""Rules between values, which neither pydantic nor JSON Schema has: page code's own check of them, in a model."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_jsonable_python

from bridge.shared.rules import check

#: The type of pydantic's error; its context has the ``problems``, a text for each, which begins with its place.
RELATED = "related"


@dataclass(frozen=True)
class Related:
    """An annotation: the value obeys this keyword of `bridge.shared.rules`, which stands in the JSON Schema, too."""

    keyword: str
    argument: Any

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the value, checked afterwards."""
        return core_schema.no_info_after_validator_function(self._obeying, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema of the value with the keyword."""
        return {**handler(schema), self.keyword: self.argument}

    def _obeying(self, value: Any) -> Any:  # noqa: ANN401 - any type may be annotated
        problems = check(to_jsonable_python(value, by_alias=True), {self.keyword: self.argument})
        if problems:
            raise PydanticCustomError(RELATED, "{text}", {"text": "; ".join(problems), "problems": problems})
        return value
