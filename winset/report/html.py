"""Results as one HTML page that loads nothing: to be read on a screen or a phone, printed, and handed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from winset.analyses.result import CaseStamp, Result
from winset.analyses.sections import Cell, Chart, Part, Score
from winset.case.model import Case
from winset.report import charts, dossier

SHADES = 10
BRIEF, LONG = 16, 60


def page(case: Case, results: Sequence[Result], unanswered: str = "") -> str:
    """The report as a page. Whatever a case says is text in it: never markup, never a script."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            case=case,
            stamp=CaseStamp.of(case),
            version=version("winset"),
            settings=_settings(results),
            sections=dossier.full(case, results, unanswered),
        )
    )


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("winset.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(kind=_kind, shade=_shade, drawn=_drawn, width=_width)
    return made


def _kind(part: Part) -> str:
    return type(part).__name__.lower()


def _width(cell: Cell) -> str:
    """`brief` for a cell that reads better unbroken (a number, a date), `long` for one that needs room."""
    length = len(cell if isinstance(cell, str) else cell.text)
    return "brief" if length <= BRIEF else "long" if length >= LONG else "middling"


def _shade(score: Score) -> int:
    """The step of shading, 0 to 10, for a score."""
    return 0 if score.level is None else round(SHADES * min(1.0, max(0.0, score.level)))


def _drawn(chart: Chart) -> Markup:
    """The chart's SVG: made here from numbers and names, its texts escaped by what draws it."""
    return Markup(charts.svg(chart))


def _settings(results: Sequence[Result]) -> list[str]:
    """How each analysis was run, for whoever must run it again."""
    return [
        ", ".join([f"{result.analysis}: {result.method}", *_given(result.parameters)]) for result in results
    ]


def _given(parameters: Mapping[str, object]) -> Iterator[str]:
    for key, value in parameters.items():
        if value is not None and value is not False:
            shown = value
            if isinstance(value, Mapping):
                shown = ", ".join(f"{name} = {entry}" for name, entry in value.items())
            yield f"{key.replace('_', ' ')} {shown}"
