"""The answer to what cannot be accepted: it names the place, the value and what is accepted."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bridge.models.violations import explained

T = TypeVar("T")

OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class Refusal(Exception):  # noqa: N818  # it is an answer, not a mistake of the server
    """The request is answered with an error; the text names place, value and what is accepted."""

    def __init__(self, status: int, reason: str) -> None:
        """Make the answer.

        Args:
            status: HTTP status, 4xx.
            reason: One line for the one who made the request. It is logged: no secrets.
        """
        super().__init__(reason)
        self.status = status
        self.reason = reason


def validated(
    adapter: TypeAdapter[T], value: object, place: str = "body", *, status: int = 400, tagged: bool = False
) -> T:
    """Return the value as the adapter's type.

    Args:
        adapter: What is accepted.
        value: What came.
        place: Where it came from, for the refusal.
        status: The refusal's HTTP status.
        tagged: Whether the adapter is of a union of models by a tag.

    Raises:
        Refusal: It is something else.
    """
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Refusal(status, explained(error, place, tagged=tagged)) from None
