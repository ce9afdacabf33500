"""flit, which packs one package, with one module more beside it: the pytest plugin, whose name nobody else has."""

from collections.abc import Iterator
from pathlib import Path

from flit_core import common
from flit_core.buildapi import (
    build_editable,
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

PLUGIN = "kameleoon_segment_pytest.py"


class _WithPlugin(common.Module):  # type: ignore[misc]  # flit_core has no types
    """What a wheel and a source distribution are made of."""

    def iter_files(self) -> Iterator[str]:
        yield from super().iter_files()
        yield str(Path(self.source_dir, PLUGIN))


common.Module = _WithPlugin
