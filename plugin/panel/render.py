"""HTML of cards and fields, where most of a warm page's time goes.

What does not depend on the patient is rendered once by its template, with gaps; a page fills the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup, escape

from plugin.calculators import Calculator
from plugin.panel.cards import Card
from plugin.panel.fields import Field, Frame

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private characters around the name of a gap; no label or citation has them."""
_MOST_MARKS = 4096
_GAP = re.compile(f"{_OPEN}(.*?){_CLOSE}")


def gap(name: str) -> Markup:
    """A gap called `name`, for a template that is rendered once."""
    return Markup(f"{_OPEN}{name}{_CLOSE}")  # noqa: S704  # a name of our own


class Gapped:
    """HTML with gaps."""

    def __init__(self, html: str) -> None:
        """`html` as rendered with `gap`."""
        pieces = _GAP.split(html)
        self._pieces = pieces
        self._gaps = tuple((place, pieces[place]) for place in range(1, len(pieces), 2))

    def fill(self, values: Mapping[str, str | Markup]) -> Markup:
        """The whole, each gap with its value escaped, or with nothing."""
        pieces = self._pieces.copy()
        for place, name in self._gaps:
            value = values.get(name, "")
            pieces[place] = value if type(value) is Markup else escape(value)
        return Markup("".join(pieces))  # noqa: S704  # rendered by a template, and escaped above


@dataclass(frozen=True)
class _Macros:
    """The macros of the panel's templates."""

    field_frame: Callable[..., Markup]
    mark: Callable[[str, str, bool], Markup]
    shown: Callable[[str], Markup]
    note: Callable[[Field], Markup]
    card_frame: Callable[..., Markup]
    why: Callable[[Card], Markup]
    brief: Callable[[Card], Markup]
    result: Callable[[Card], Markup]
    fields: Callable[..., Markup]


class Renderer:
    """What the panel's templates call; keeps frames, and fields that hold nothing of a patient."""

    def __init__(self, environment: Environment) -> None:
        """Binds to the templates of `environment`, which are loaded at the first use."""
        self._environment = environment
        self._loaded: _Macros | None = None
        self._fields: dict[Field, Markup] = {}
        self._marks: dict[tuple[str, str, bool], Markup] = {}
        self._field_frames: dict[Frame, Gapped] = {}
        self._card_frames: dict[tuple[Calculator, str, bool], Gapped] = {}

    def card(self, card: Card, page: str, *, folded: bool = False, ask: bool = False) -> Markup:
        """The whole card; `ask` puts the missing fields first and folds the others away."""
        macros = self._macros
        key = (card.calculator, page, folded)
        frame = self._card_frames.get(key)
        if frame is None:
            frame = self._card_frames[key] = Gapped(
                macros.card_frame(card.calculator, page, gap, folded=folded, broad=card.is_wide)
            )
        values: dict[str, str | Markup] = {
            "state": card.state,
            "why": macros.why(card),
            "filed": card.filed,
            "result": macros.result(card),
            "fields": macros.fields(card, ask=ask),
            "picture": card.picture,
        }
        if folded:
            values["brief"] = macros.brief(card)
        return frame.fill(values)

    def field(self, field: Field) -> Markup:
        """The field; that of a shared one is kept for the life of the application."""
        if not field.is_shared:
            return self._field(field)
        html = self._fields.get(field)
        if html is None:
            html = self._fields[field] = self._field(field)
        return html

    def _field(self, field: Field) -> Markup:
        macros = self._macros
        frame = self._field_frames.get(field.frame)
        if frame is None:
            frame = self._field_frames[field.frame] = Gapped(macros.field_frame(field.frame, gap))
        values: dict[str, str | Markup] = {
            "text": field.text,
            "shown": macros.shown(field.shown),
            "mark": self._mark(field.source, field.date, bool(field.error)),
            "note": macros.note(field),
            "asked": " asked" if field.is_missing else "",
            f"chosen {field.text}": " selected" if field.frame.kind == "select" else " checked",
        }
        for index, text in enumerate(field.others):
            values[f"other {index}"] = text
        return frame.fill(values)

    def _mark(self, source: str, date: str, is_invalid: bool) -> Markup:
        """Source and date as attributes; few different ones stand on a page."""
        key = (source, date, is_invalid)
        mark = self._marks.get(key)
        if mark is None:
            if len(self._marks) >= _MOST_MARKS:
                self._marks.clear()
            mark = self._marks[key] = self._macros.mark(source, date, is_invalid)
        return mark

    @property
    def _macros(self) -> _Macros:
        if self._loaded is None:
            fields = self._environment.get_template("panel/_field.html").module
            cards = self._environment.get_template("panel/_card.html").module
            found = {**vars(fields), **vars(cards)}
            self._loaded = _Macros(**{name: found[name] for name in _Macros.__dataclass_fields__})
        return self._loaded


def prepare_templates(environment: Environment) -> None:
    """Give the panel's templates `card_html` and `field_html`."""
    renderer = Renderer(environment)
    environment.globals.update(card_html=renderer.card, field_html=renderer.field)
