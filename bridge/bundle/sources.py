"""Which modules of a page's Python are needed: those that it begins with, and all that they import of ours."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path


def needed(root: Path, modules: Collection[str]) -> dict[str, str]:
    """Return the sources, by path below ``root``, of these modules and of all that they import there.

    Packages have no file: MicroPython needs none. What only type checkers import is left out, and what is not there is
    somebody else's. Raises OSError.
    """
    found: dict[str, str] = {}
    waiting = list(modules)
    while waiting:
        path = _path(waiting.pop())
        if path not in found and (root / path).is_file():
            found[path] = (root / path).read_text(encoding="utf-8")
            waiting += _imported(ast.parse(found[path]))
    return dict(sorted(found.items()))


def _path(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (str(node.module), *(f"{node.module}.{one.name}" for one in node.names))
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)
