"""One way to hold a calculator against its source, and the tally that the test run prints at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from plugin.calculators import compute, find_calculator


@dataclass
class Tally:
    """What the checks of one calculator came to."""

    cases: int = 0
    largest_error: float = 0.0
    """The largest absolute difference from a reference, in the output's own unit."""


TALLIES: dict[str, Tally] = {}


def check_reference(
    id: str, inputs: Mapping[str, object], expected: Mapping[str, float | str], tolerance: float = 0.0
) -> None:
    """Compute `id` from raw `inputs` and hold the named outputs against a source other than our own code.

    `tolerance` is absolute, in the output's unit: half the last printed digit for a printed value, about
    1e-9 for a second derivation, 0 for a score. Words must be equal.
    """
    calculator = find_calculator(id)
    assert calculator is not None, f"no calculator {id}"
    answer = compute(calculator, inputs)
    assert answer.result is not None, (answer.missing, answer.errors)
    tally = TALLIES.setdefault(id, Tally())
    tally.cases += 1
    for name, reference in expected.items():
        got = answer.result.outputs[name]
        if isinstance(reference, str) or isinstance(got, str):
            assert got == reference, f"{name}: {got!r}, the reference says {reference!r}"
            continue
        error = abs(got - reference)
        tally.largest_error = max(tally.largest_error, error)
        assert error <= tolerance, f"{name}: {got!r}, the reference says {reference!r} ± {tolerance:g}"


def exported() -> dict[str, tuple[int, float]]:
    """The tally in plain values, for another process."""
    return {id: astuple(tally) for id, tally in TALLIES.items()}


def add(others: Mapping[str, tuple[int, float]]) -> None:
    """Count in what another process `exported`."""
    for id, (cases, largest_error) in others.items():
        tally = TALLIES.setdefault(id, Tally())
        tally.cases += cases
        tally.largest_error = max(tally.largest_error, largest_error)


def table() -> list[str]:
    """The tally as lines: id, number of reference cases, largest error."""
    width = max(map(len, TALLIES))
    rows = [f"{'calculator':{width}}  cases  largest error"]
    rows += [
        f"{id:{width}}  {tally.cases:5}  {tally.largest_error:13.3g}" for id, tally in sorted(TALLIES.items())
    ]
    return rows
