"""The bundler: makes the self-contained folder that a customer puts on any static host."""

from bridge.bundle.build import build
from bridge.bundle.manifest import Manifest

__all__ = ["Manifest", "build"]
