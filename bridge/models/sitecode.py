"""The site code: how a Kameleoon project is named in pages, settings, queries and headers."""

from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter

from bridge.models.base import adapter

SiteCode = Annotated[
    str,
    StringConstraints(min_length=10, max_length=10, pattern="^[a-z0-9]+$"),
    Field(description="the Kameleoon project's site code, 10 characters a-z and 0-9"),
]
#: A site code where it is no part of a model: in a path or a header.
SITE_CODE: TypeAdapter[str] = adapter(SiteCode)
