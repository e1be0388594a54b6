"""This file holds how long files and functions are; `make sizes` prints the longest."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LONGEST = 15  # of each kind are printed


class Size(NamedTuple):
    """A file or function and its number of lines."""

    lines: int
    where: str


def python_files() -> list[Path]:
    """Return our Python files; migrations are history and may be long."""
    files = [*(ROOT / "partner_assess").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def file_sizes() -> list[Size]:
    """Return each file's size, the longest first."""
    sizes = (
        Size(len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT)))
        for path in python_files()
    )
    return sorted(sizes, reverse=True)


def function_sizes(path: Path) -> Iterator[Size]:
    """Yield each function's size, from its `def` to its end, without decorators and docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            first = node.body[0]
            docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            lines = node.end_lineno - node.lineno + 1 - docstring
            yield Size(lines, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")


def main() -> None:
    """Print the longest files and functions."""
    functions = sorted(
        (size for path in python_files() for size in function_sizes(path)), reverse=True
    )
    for title, sizes in (("files", file_sizes()), ("functions", functions)):
        print(f"Longest {title}:")
        for size in sizes[:LONGEST]:
            print(f"{size.lines:6}  {size.where}")


if __name__ == "__main__":
    main()
