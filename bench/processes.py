"""How many processes and threads: warm panels a second, and sixteen cold panels at once, against two times eight.

Warm panels cost the processor alone; a cold one waits for DrChrono, 200 ms a call here. Every choice runs on the same
cores in the same run, one after the other in each round.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

from bench.load import requests_per_second
from bench.results import Row, median_row
from bench.stage import Browser, Stage, connect, staged

ROUNDS = 5
SECONDS = 2.0
AT_ONCE = 16
CHOSEN = (2, 8)
CHOICES = (CHOSEN, (1, 8), (4, 8), (2, 4), (2, 16))


def measure() -> list[Row]:
    """Both ratios for every other choice."""
    with ExitStack() as stack:
        stages = {choice: stack.enter_context(_staged(*choice)) for choice in CHOICES}
        patients = {choice: _patients(stage) for choice, stage in stages.items()}
        rounds = [
            {choice: _round(stage, patients[choice]) for choice, stage in stages.items()}
            for _ in range(ROUNDS + 1)
        ][1:]  # the first one warms up
    rows = []
    for processes, threads in CHOICES[1:]:
        ratios = [(one[processes, threads], one[CHOSEN]) for one in rounds]
        name = f"{processes} processes of {threads} threads"
        rows.append(median_row(f"{name}, warm panels/s", [ours[0] / its[0] for ours, its in ratios]))
        rows.append(median_row(f"{name}, time of 16 cold panels", [ours[1] / its[1] for ours, its in ratios]))
    return rows


def _staged(processes: int, threads: int) -> AbstractContextManager[Stage]:
    return staged(WEB_CONCURRENCY=str(processes), GUNICORN_CMD_ARGS=f"--threads {threads}")


def _patients(stage: Stage) -> Iterator[str]:
    """Launches of patients that nobody has opened yet."""
    stage.sandbox.options(latency_ms=200)
    ((doctor, patients),) = stage.sandbox.populate(1, (ROUNDS + 1) * AT_ONCE + 1).items()
    connect(stage, doctor)
    return (stage.launch(patient, doctor=doctor) for patient in patients)


def _round(stage: Stage, patients: Iterator[str]) -> tuple[float, float]:
    """Warm panels a second; seconds until sixteen cold ones have come."""
    launches = [next(patients) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.perf_counter()
        for _ in pool.map(lambda url: Browser(stage.server.url).get(url), launches):
            pass
        cold = time.perf_counter() - begun
    return requests_per_second(launches[0], seconds=SECONDS), cold
