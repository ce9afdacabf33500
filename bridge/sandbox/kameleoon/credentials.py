"""Kameleoon's API credentials, and the API key that is made of them."""

import base64
import binascii
import hashlib
import json
from typing import Self

from pydantic import BaseModel, Field, ValidationError


class Credentials(BaseModel):
    """A Kameleoon API client: what an API key is made of."""

    id: str = Field(title="Client id", min_length=1)
    secret: str = Field(title="Client secret", min_length=1)

    @classmethod
    def of_key(cls, api_key: str) -> Self | None:
        """Return the credentials that an API key is made of, None when it is none."""
        try:
            return cls.model_validate_json(base64.b64decode(api_key, validate=True))
        except (binascii.Error, ValidationError, ValueError):
            return None

    def api_key(self) -> str:
        """Return the API key: base64 of the two as JSON."""
        return base64.b64encode(self._json()).decode()

    def fingerprint(self) -> str:
        """Return what the API key is known by: nothing that it could be made from again."""
        return hashlib.sha256(self._json()).hexdigest()

    def _json(self) -> bytes:
        return json.dumps({"id": self.id, "secret": self.secret}, separators=(",", ":")).encode()
