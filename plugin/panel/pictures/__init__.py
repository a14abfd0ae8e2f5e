"""Pictures of results and of values over time: SVG made on the server, each with a text alternative."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from plugin.calculators import Answer, Calculator
from plugin.calculators.declaration import Result
from plugin.panel.pictures.heat_map import heat_map
from plugin.panel.pictures.prevent import prevent_pictures
from plugin.panel.pictures.ruler import ground_of, ruler


def ruler_of(calculator: Calculator, answer: Answer) -> Markup:
    """The result of a computed `answer` on its scale; empty for a calculator without one."""
    scale = calculator.scale
    if scale is None or answer.result is None:
        return Markup()
    output = next(item for item in calculator.outputs if item.name == scale.output)
    value = answer.result.outputs[scale.output]
    if isinstance(value, str):
        return Markup()
    ground = ground_of(scale, answer.values)
    return ruler(ground, value, title=output.label, shown=output.text(value))


def has_picture(calculator: Calculator) -> bool:
    """True when its result has a larger picture."""
    return calculator.id in _PICTURES


def picture_of(calculator: Calculator, answer: Answer, posted: Mapping[str, object]) -> Markup:
    """The larger picture of a computed `answer`; empty for a calculator without one."""
    if answer.result is None or not has_picture(calculator):
        return Markup()
    return _PICTURES[calculator.id](answer, answer.result, posted)


def _kdigo(_answer: Answer, result: Result, _posted: Mapping[str, object]) -> Markup:
    return heat_map(str(result.outputs["g_stage"]), str(result.outputs["a_stage"]))


def _prevent(answer: Answer, _result: Result, posted: Mapping[str, object]) -> Markup:
    return prevent_pictures(answer, posted)


_PICTURES = {"kdigo-ckd": _kdigo, "prevent": _prevent}
