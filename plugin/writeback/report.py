"""The one-page PDF of a result: tagged, fonts embedded, and never a box where a letter should be.

typst is given everything as data and runs without Python's lock. It is asked for PDF/UA, which refuses a
letter that no font has; then the host's fonts are tried, and at last the text gives way (a name to its id).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from plugin import __version__
from plugin.calculators import Answer
from plugin.calculators.declaration import Output
from plugin.calculators.reading import with_unit
from plugin.writeback.pictures import picture_of
from plugin.writeback.wording import Given, banded, told

_FOLDER = Path(__file__).resolve().parent
_TEMPLATE = _FOLDER / "report.typ"
_PROBE = _FOLDER / "probe.typ"
_LONGEST_NAME = 100
# Control characters, and those that turn the direction of what follows.
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+")


@dataclass(frozen=True)
class Person:
    """Somebody named on the page, and what stands there when the name cannot be printed."""

    name: str
    otherwise: str
    """Such as `Patient 77`."""


@dataclass(frozen=True)
class Report:
    """What the page says."""

    answer: Answer
    given: Sequence[Given]
    patient: Person
    birth_date: dt.date | None
    doctor: Person
    made_at: dt.datetime
    """In the doctor's time zone."""


def render(report: Report) -> bytes:
    """The PDF; the same report gives the same bytes on the same host."""
    pages = _data(report)
    stamp = int(report.made_at.timestamp())
    for fonts in (_shipped_fonts, _all_fonts):
        try:
            return _compile(pages, fonts(), stamp)
        except typst.TypstError:
            continue
    return _compile(_printable(pages, report), _all_fonts(), stamp)


def _data(report: Report) -> dict[str, Any]:
    calculator, result = report.answer.calculator, report.answer.result
    outputs, band = told(report.answer)
    about = banded(outputs)
    return {
        "title": calculator.title,
        "summary": calculator.summary,
        "calculator": calculator.id,
        "patient": _clean(report.patient.name) or report.patient.otherwise,
        "birth_date": report.birth_date.isoformat() if report.birth_date else "not in the chart",
        "doctor": _clean(report.doctor.name) or report.doctor.otherwise,
        "date": report.made_at.strftime("%Y-%m-%d %H:%M"),
        "groups": _groups(outputs, about, band),
        "band": band if about is None else "",
        "picture": picture_of(report.answer),
        "level": result.level if result else "neutral",
        "interpretation": result.interpretation if result else "",
        "notices": report.answer.notices,
        "inputs": [_row(given) for given in report.given],
        "citation": calculator.citation_text,
        "footer": f"Computed by Chartside {__version__} from these values. It supports a doctor's judgement and "
        "does not replace it.",
    }


def _groups(
    outputs: Sequence[tuple[Output, float | str]], about: Output | None, band: str
) -> list[dict[str, Any]]:
    """The outputs in rows: those whose labels begin alike, such as `10-year risk, …`, under what they share."""
    rows = groupby(outputs, key=lambda pair: pair[0].label.rpartition(", ")[0])
    groups = []
    for topic, row in rows:
        pairs = list(row)
        is_shared = bool(topic) and len(pairs) > 1
        shown = [_output(*pair, is_shared=is_shared, band=band if pair[0] is about else "") for pair in pairs]
        groups.append({"topic": topic if is_shared else "", "outputs": shown})
    return groups


def _output(output: Output, value: float | str, *, is_shared: bool, band: str) -> dict[str, Any]:
    rest = output.label.rpartition(", ")[2]
    return {
        "label": rest[:1].upper() + rest[1:] if is_shared else output.label,
        "text": output.text(value),
        "unit": with_unit("", output.unit).lstrip(),
        "is_aside": bool(output.words),
        "bar": value if output.unit == "%" and isinstance(value, float) else None,
        "band": band,
    }


def _row(given: Given) -> dict[str, Any]:
    return {
        "label": given.item.label,
        "value": with_unit(given.text, given.item.unit),
        "date": given.date.isoformat() if given.date else "",
        "source": _clean(given.source_words),
        "is_edited": given.is_edited,
    }


def _clean(text: str) -> str:
    return " ".join(_UNPRINTED.sub(" ", text).split())[:_LONGEST_NAME]


def _compile(data: dict[str, Any], fonts: typst.Fonts, stamp: int, template: Path = _TEMPLATE) -> bytes:
    page: bytes = typst.compile(
        template,
        root=_FOLDER,
        font_paths=fonts,
        ignore_system_fonts=True,  # `fonts` has them where they are wanted
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
        timestamp=stamp,
    )
    return page


def _printable(data: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same page without the texts of the chart that no font here can print."""
    data = dict(data)
    for name, person in (("patient", report.patient), ("doctor", report.doctor)):
        if not _has_letters(data[name]):
            data[name] = person.otherwise
    plain = [replace(given, evidence="") for given in report.given]
    data["inputs"] = [
        row if _has_letters(row["source"]) else _row(given)
        for row, given in zip(data["inputs"], plain, strict=True)
    ]
    return data


def _has_letters(text: str) -> bool:
    try:
        _compile({"text": text}, _all_fonts(), 0, _PROBE)
    except typst.TypstError:
        return False
    return True


@cache
def _shipped_fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FOLDER / "fonts"]
    )


@cache
def _all_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[_FOLDER / "fonts"])
