"""Three visits to a contender's page: a new visitor, the same one again, and another new one whose caches are warm."""

from collections.abc import Iterable, Iterator

from tests.bench.conditions import Condition
from tests.bench.contenders import Contender
from tests.bench.stage import Stage, Visitor

COLD, AGAIN, WARM = "cold", "second view", "warm"
VISITS = (COLD, AGAIN, WARM)
# By path, whether a file of the bundle came from a cache; it loads them in the page and in its hidden frame.
_CACHED = """(cloud) => {
  const files = {}
  for (const place of [window, ...Array.from(frames)]) {
    for (const { name, transferSize, decodedBodySize } of place.performance.getEntriesByType("resource")) {
      const file = name.slice(cloud.length + 1) // asked for twice: preloaded, and used
      if (name.startsWith(cloud)) files[file] = files[file] !== false && !transferSize && decodedBodySize > 0
    }
  }
  return files
}"""


class CacheError(Exception):
    """A visit with warm caches that was none; the text says which files were fetched."""


def expected(contender: Contender, visit: str) -> frozenset[str]:
    """Return the measures that a visit has to bring: who is linked already is not linked again."""
    return (contender.sends - ({"identifier"} if visit == AGAIN else set())) | {"page()", "initialised"}


def visited(stage: Stage, contender: Contender, condition: Condition) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what each of the three visits measures, with its name.

    Raises:
        CacheError: The bundle's hashed files came over the network, in a visit with warm caches.
        playwright.sync_api.Error: Something that the page has to do did not come.
    """
    with stage.visitor(condition) as visitor:
        for visit in VISITS:
            if visit == WARM:
                visitor.forget()
            visitor.open(contender)
            visitor.wait(expected(contender, visit))
            found = visitor.read()
            if contender.engine and visit != COLD:
                _check_cache(visitor, stage.manifest.loads[contender.engine])
            yield visit, found | {"memory": visitor.memory()["memory"]}


def _check_cache(visitor: Visitor, files: Iterable[str]) -> None:
    cached: dict[str, bool] = visitor.page.evaluate(_CACHED, visitor.shop.cloud)
    if fetched := [file for file in files if not cached.get(file)]:
        raise CacheError(f"not from the cache, or not seen there: {', '.join(fetched)}; of {cached}")
