"""What the page's models share: each is built when it is first used, for a start uses few of them."""

from typing import Any, Unpack

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Model(BaseModel):
    """A model whose validator is made at its first use."""

    model_config = ConfigDict(defer_build=True)


def adapter(of: Any, **config: Unpack[ConfigDict]) -> TypeAdapter[Any]:  # noqa: ANN401 - any type
    """Return what validates values of a type; it is made at its first use, too. ``config`` is of no use to a model."""
    if isinstance(of, type) and issubclass(of, Model):
        return TypeAdapter(of)
    return TypeAdapter(of, config=ConfigDict(defer_build=True, **config))
