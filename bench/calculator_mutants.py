"""What can be changed in a calculator: every number, comparison, sign and end of a band, one at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
NO_MATTER = {"decimals", "headline", "is_risk", "start", "end", "is_whole", "frozen", "strict"}
"""Keyword arguments that change no result: they say how it is shown (on a ruler from `start` to `end`, say), which
tests/panel/ holds, or guard the programmer."""

_SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_NAMES = {"min": "max", "max": "min"}
_KEYWORDS = {"below": "up_to", "up_to": "below"}
"""An end of a band: inside or outside."""
_CELL = re.compile(r'(?<=[,"])-?[0-9]+\.[0-9]+(?=[,"\n])|(?<=,)[0-9]+(?=,)|(?<=")0(?="\n)')
"""A number of a table; a name such as `HDL-C per 0.3 mmol/L` is none."""

Change = Callable[[], str]
"""Edits the tree and says what it did."""


@dataclass(frozen=True)
class Mutant:
    """One changed file."""

    path: Path
    where: str
    """Line or row, and the change in words."""
    text: str
    """The file's whole new content."""


def code_mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of one Python file."""
    source = (ROOT / path).read_text(encoding="utf-8")
    count = sum(1 for _ in _sites(ast.parse(source)))
    for index in range(count):
        tree = ast.parse(source)
        for site, (line, change) in enumerate(_sites(tree)):
            if site == index:
                words = change()
                yield Mutant(path, f"line {line}: {words}", ast.unparse(ast.fix_missing_locations(tree)))
                break


def table_mutants(path: Path) -> Iterator[Mutant]:
    """Every number of a table, one at a time, moved by one in its last digit."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for found in _CELL.finditer(text):
        changed = text[: found.start()] + _moved(found[0], 1) + text[found.end() :]
        line = text.count("\n", 0, found.start()) + 1
        yield Mutant(path, f"line {line}: {found[0]}", changed)


def _sites(tree: ast.Module) -> Iterator[tuple[int, Change]]:
    """(line, change) for every place that can be mutated; `change` edits the tree and says what it did."""
    skipped = {
        id(inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in NO_MATTER
        for inside in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) not in skipped:
            yield from ((getattr(node, "lineno", 0), change) for change in _changes(node))


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: _set(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        number = node.value
        yield lambda: _set(node, "value", _step(number, 1))
        yield lambda: _set(node, "value", _step(number, -1))
    elif isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in _SWAPS:
                yield partial(_set_operator, node, place)
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in _SWAPS:
        yield lambda: _set(node, "op", _SWAPS[type(node.op)]())
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield lambda: _set(node, "id", _NAMES[node.id])
    elif isinstance(node, ast.keyword) and node.arg in _KEYWORDS and not isinstance(node.value, ast.Name):
        other = _KEYWORDS[node.arg]
        yield lambda: _set(node, "arg", other)


def _set(node: ast.AST, name: str, value: object) -> str:
    before = ast.unparse(node) if not isinstance(node, ast.keyword) else str(node.arg)
    setattr(node, name, value)
    after = ast.unparse(node) if not isinstance(node, ast.keyword) else str(node.arg)
    return f"{before} -> {after}"


def _set_operator(node: ast.Compare, place: int) -> str:
    before = ast.unparse(node)
    node.ops[place] = _SWAPS[type(node.ops[place])]()
    return f"{before} -> {ast.unparse(node)}"


def _step(value: float, direction: int) -> float:
    if isinstance(value, int):
        return value + direction
    return float(_moved(repr(value), direction))


def _moved(printed: str, direction: int) -> str:
    """`printed` moved by one in its last digit."""
    number = Decimal(printed)
    return str(number + direction * Decimal(1).scaleb(int(number.as_tuple().exponent)))
