"""The rooms and their one direction of imports, as docs/ARCHITECTURE.md draws them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [
    ["config", "crypto", "assets"],
    ["extensions"],
    ["models"],
    ["logs"],
    ["audit", "abuse"],
    ["drchrono", "calculators"],
    ["launch", "chart"],
    ["disconnect"],
    ["writeback"],
    ["web"],
    ["health", "onboarding", "panel", "webhooks"],
    ["metrics", "rotation"],
    ["commands"],
    ["application"],
]
"""From the ground up; a room imports from rows above its own in this list, or from itself."""
HEIGHT = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
PURE = {"flask", "sqlalchemy", "requests", "authlib", "jwt"}


def modules(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(module):
    parts = module.split(".")
    return parts[1] if parts[0] == "plugin" and len(parts) > 1 and parts[1] in HEIGHT else None


@pytest.mark.parametrize("path", modules("plugin"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_downward_only(path):
    own = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        return
    used = {room_of(module) for module in imported(path)} - {None, own}
    assert [room for room in used if HEIGHT[room] >= HEIGHT[own]] == []


@pytest.mark.parametrize("path", modules("plugin/calculators"), ids=lambda path: path.stem)
def test_calculators_know_no_framework(path):
    assert not {module.split(".")[0] for module in imported(path)} & PURE


def test_plugin_and_sandbox_meet_over_http_only():
    crossing = [
        path.name for path in modules("sandbox") if any(m.split(".")[0] == "plugin" for m in imported(path))
    ] + [path.name for path in modules("plugin") if any(m.split(".")[0] == "sandbox" for m in imported(path))]
    assert crossing == []


def test_every_room_stands_in_the_drawing():
    rooms = {path.stem for path in (ROOT / "plugin").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__", "static", "templates"} <= set(HEIGHT)


def test_only_the_configuration_reads_the_environment():
    readers = [
        str(path.relative_to(ROOT))
        for path in modules("plugin")
        if re.search(r"os\.environ|getenv", path.read_text())
    ]
    assert readers == ["plugin/application.py", "plugin/metrics.py"]
