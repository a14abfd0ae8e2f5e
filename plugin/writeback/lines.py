"""A result in one line: in a note, in a document's description, and on the card that was filed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from plugin.calculators import Answer
from plugin.calculators.declaration import Output
from plugin.calculators.reading import with_unit
from plugin.writeback.wording import Given, banded, told

_QUESTION = re.compile(r"[0-9]+\. ")
"""How the label of a questionnaire's item begins."""


def result_words(answer: Answer, *, most: int = 3) -> str:
    """The result as it stands behind the calculator's title, which it does not say again: `2.46 (Indeterminate)`."""
    outputs, band = told(answer)
    about = banded(outputs)
    words, before = "", ""
    for output, value in outputs[:most]:
        topic, _, rest = output.label.rpartition(", ")
        if words:
            label = _uncapitalized(rest if topic == before else output.label)
            words += ", " if topic == before else "; "
        else:
            label = _below(answer.calculator.title, output.label)
        words += f"{label} {_value(output, value)}".strip()
        words += f" ({band})" if band and output is about else ""
        before = topic
    return f"{words}; {band}" if band and about is None else words


def note_line(answer: Answer, given: Sequence[Given], today: dt.date) -> str:
    """One line for the note: result, what it was computed from, date. Line breaks cannot occur in it."""
    inputs = _inputs(given)
    source = f" From {inputs}." if inputs else ""
    line = (
        f"{answer.calculator.title}: {result_words(answer, most=99)}.{source} Chartside, {today.isoformat()}."
    )
    return " ".join(line.split())


def _below(title: str, label: str) -> str:
    """`label` without what `title` says already: `PHQ-9` and `PHQ-9 score` leave `score`."""
    head = title.partition(" (")[0].casefold()
    if f" {label.casefold()} " in f" {head} ":
        return ""
    return label[len(head) + 1 :] if label.casefold().startswith(f"{head} ") else label


def _value(output: Output, value: float | str) -> str:
    text = with_unit(output.text(value), output.unit)
    return _uncapitalized(text) if output.words else text


def _inputs(given: Sequence[Given]) -> str:
    """All of one date together, then the date: `AST 40 U/L, ALT 36 U/L (2026-03-01)`."""
    groups: dict[str, list[str]] = {}
    for one in given:
        if not _QUESTION.match(one.item.label) and (one.value is not False or one.is_edited):
            groups.setdefault(_mark(one), []).append(_words(one))
    answers = [str(one.value) for one in given if _QUESTION.match(one.item.label)]
    if answers:
        groups.setdefault("", []).append(f"answers {', '.join(answers)}")
    return "; ".join(", ".join(texts) + (f" ({mark})" if mark else "") for mark, texts in groups.items())


def _mark(given: Given) -> str:
    """When, or by whom, the value came about; the date of a diagnosis would not say when it was looked up."""
    if given.source == "entered":
        return "entered"
    if isinstance(given.value, bool):
        return ""
    date = given.date.isoformat() if given.date else ""
    return ", ".join(filter(None, ["calculated" if given.source == "calculated" else "", date]))


def _words(given: Given) -> str:
    label = given.item.label
    if isinstance(given.value, bool):
        return _uncapitalized(label) if given.value else f"{_uncapitalized(label)}: no"
    if isinstance(given.value, str):
        return f"{label.partition(', ')[0]}: {given.text.partition(': ')[0]}"
    return f"{label} {with_unit(given.text, given.item.unit)}"


def _uncapitalized(text: str) -> str:
    """`text` as it stands within a sentence; a first word such as `AIDS` or `HbA1c` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() and text.split()[0][1:].islower() else text
