"""What a bundle consists of, written beside it as ``manifest.json``."""

from pydantic import BaseModel, ConfigDict, Field

MANIFEST = "manifest.json"


class File(BaseModel):
    """One file of the bundle; sizes in bytes."""

    model_config = ConfigDict(frozen=True)

    bytes: int = Field(description="size as it lies there")
    gzip: int = Field(description="size of the .gz beside it")
    brotli: int = Field(description="size of the .br beside it")
    integrity: str = Field(description="subresource integrity, sha384")


class Manifest(BaseModel):
    """The files of a bundle, and which of them each engine's visitor loads."""

    model_config = ConfigDict(frozen=True)

    version: str
    files: dict[str, File] = Field(description="by path, relative to bridge.js")
    loads: dict[str, list[str]] = Field(description="what a page loads, by engine")
    earlier: list[str] = Field([], description="files of earlier builds that still lie there, by path")

    def table(self) -> str:
        """Return the sizes as a text table: a row a file, and the sum of what each engine loads."""
        width = max(len(name) for name in self.files) + 2
        rows = [f"{'bytes':<{width}}{'raw':>10}{'gzip':>10}{'brotli':>10}"]
        rows += [f"{name:<{width}}{one.bytes:>10,}{one.gzip:>10,}{one.brotli:>10,}" for name, one in self.files.items()]
        for engine, names in self.loads.items():
            files = [self.files[name] for name in names]
            sums = (sum(one.bytes for one in files), sum(one.gzip for one in files), sum(one.brotli for one in files))
            rows.append(f"{'loaded with ' + engine:<{width}}{sums[0]:>10,}{sums[1]:>10,}{sums[2]:>10,}")
        return "\n".join(rows)
