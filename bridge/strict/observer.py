"""Stands at the seam: reads all that enters and leaves the brain, and changes nothing of it."""

import bridge.models.segment
import bridge.models.settings  # noqa: F401
