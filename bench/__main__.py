"""`python -m bench` runs every measurement and writes bench/RESULTS.md; `python -m bench NAME …` runs those alone.

Each is a module with `measure() -> list[Row]`, bounded in time, on loopback, ending what it starts. One that
breaks is reported as such and does not keep the others from running. Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import importlib
import sys
import time
import traceback
from pathlib import Path

from bench.results import Row, page

NAMES = (
    "cold_panel",
    "warm_panel",
    "processes",
    "page_weight",
    "growth",
    "memory",
    "jsonl_calculators",
    "refresh_race",
    "fuzz",
    "write_backs",
    "capacity",
)
RESULTS = Path(__file__).parent / "RESULTS.md"

Table = tuple[str, str, float, list[Row]]


def main(arguments: list[str]) -> int:
    """Run what is named, or all of it and write RESULTS.md."""
    if unknown := [name for name in arguments if name not in NAMES]:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    tables = []
    for name in arguments or NAMES:
        tables.append(_run(name))
        _print(tables[-1])
    if not arguments:
        RESULTS.write_text(page(tables))
        print(f"written to {RESULTS}")
    return 0 if all(row.holds is not False for table in tables for row in table[3]) else 1


def _run(name: str) -> Table:
    module = importlib.import_module(f"bench.{name}")
    sentence = (module.__doc__ or "").strip().splitlines()[0]
    begun = time.monotonic()
    try:
        rows: list[Row] = module.measure()
    except Exception as error:
        traceback.print_exc()
        rows = [Row("the measurement broke", "", type(error).__name__, holds=False)]
    return name, sentence, time.monotonic() - begun, rows


def _print(table: Table) -> None:
    name, sentence, seconds, rows = table
    print(f"\n{name} ({seconds:.0f} s): {sentence}")
    for row in rows:
        met = {True: "met", False: "MISSED", None: ""}[row.holds]
        print(f"  {row.what}: {row.measured}  [{row.spread}]  {row.goal} {met}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
