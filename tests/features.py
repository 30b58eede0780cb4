"""The mark that ties a test to the rows of the feature list which it proves, and the table made of it.

`python -m tests.features` writes docs/features.md from docs/features.tsv (id, name) and the marks.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIST = ROOT / "docs" / "features.tsv"
TABLE = ROOT / "docs" / "features.md"
HEAD = """# What the product does, and what proves it

Written by `make features` from the marks on the tests; never by hand. A row without a test is not done.

"""


def feature[**P, R](*ids: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a test as proving the rows `ids`."""
    return pytest.mark.feature(*ids)


def read_list() -> dict[str, str]:
    """Return the name of every row, by id, in the list's order."""
    return dict(line.split("\t", 1) for line in LIST.read_text().splitlines())


def marks() -> Iterator[tuple[str, str]]:
    """Yield (row id, test) for every mark in the sources of the tests."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for id_ in _marked(node):
                    yield id_, f"{path.relative_to(ROOT).as_posix()}::{node.name}"


def _marked(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="feature"), args=args):
                yield from (str(argument.value) for argument in args if isinstance(argument, ast.Constant))


def make_table() -> str:
    """Return the text of docs/features.md."""
    proofs: dict[str, list[str]] = {}
    for id_, test in marks():
        proofs.setdefault(id_, []).append(test)
    rows = read_list()
    done = sum(id_ in proofs for id_ in rows)
    lines = [
        HEAD + f"{done} of {len(rows)} rows are proved by at least one test.\n",
        "| row | name | tests |",
    ]
    lines.append("| --- | --- | --- |")
    for id_, name in rows.items():
        tests = "<br>".join(f"`{test}`" for test in proofs.get(id_, []))
        lines.append(f"| {id_} | {name.replace('|', '\\|')} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(make_table())
