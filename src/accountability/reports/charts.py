"""Small charts as SVG, without script: each only repeats, for the eye, what a table beside it says."""

from __future__ import annotations

from collections.abc import Sequence

from accountability.reports.markup import escape, number
from accountability.reports.months import Month

WIDTH = 360
_TOP, _BASE = 16, 84
_NAMED = 14
"""With more months than this, only the first of each year is named below the bars."""
_LINE = 12
_DIGIT = 5.4
"""How wide a digit is: numbers that would run into each other are left to the table."""


def months_chart(months: Sequence[Month], label: str) -> str:
    """Draw the months of a figure, each beside the month it is compared with, with both numbers below.

    Args:
        months: What was counted in each.
        label: What the chart shows, in words; already escaped.
    """
    top = max(max(month.value, month.previous or 0) for month in months)
    room = WIDTH / len(months)
    compared = any(month.previous is not None for month in months)
    thick = min(18.0, room * (0.36 if compared else 0.6))
    lines = _lines(months, room)
    high = _BASE + _LINE * (1 + len(lines)) + 6
    drawn = [f'<svg class="months" viewBox="0 0 {WIDTH} {high}" role="img" aria-label="{label}">']
    drawn.append(f'<path class="axis" d="M0 {_BASE}.5H{WIDTH}"/>')
    for place, month in enumerate(months):
        middle = (place + 0.5) * room
        left = middle - thick if compared else middle - thick / 2
        if month.previous:
            drawn.append(_column("before", left, thick, month.previous, top))
        if month.value:
            at = middle if compared else left
            drawn.append(_column("now", at, thick, month.value, top))
            if month.value == top and not lines:
                drawn.append(_text("", at + thick / 2, _BASE - _height(month.value, top) - 4, number(month.value)))
        below = [("name", _name(month, len(months)))]
        below += [(kind, number(value)) for kind, values in lines for value in (values[place],) if value is not None]
        drawn += [_text(kind, middle, _BASE + _LINE * line, said) for line, (kind, said) in enumerate(below, 1) if said]
    return "".join([*drawn, "</svg>"])


def _lines(months: Sequence[Month], room: float) -> list[tuple[str, list[int | None]]]:
    """List the lines of numbers that stand below the months; none where there is no room for them."""
    lines: list[tuple[str, list[int | None]]] = [("now", [month.value if month.name else None for month in months])]
    if any(month.previous is not None for month in months):
        lines.append(("before", [month.previous if month.earlier else None for month in months]))
    widest = max(len(number(value)) for _, values in lines for value in values if value is not None)
    return lines if len(months) <= _NAMED and widest * _DIGIT <= room else []


def bars(value: int, previous: int | None, top: int) -> str:
    """Draw a number above the one it is compared with, as a part of the greatest; hidden from who listens to the page.

    Args:
        value: The number.
        previous: The earlier number, if there is one.
        top: What fills the whole width; at least both numbers.
    """
    high = 8 if previous is None else 14
    drawn = f'<svg class="bars" viewBox="0 0 100 {high}" preserveAspectRatio="none" aria-hidden="true">'
    drawn += f'<rect class="now" width="{_share(value, top)}" height="8"/>'
    if previous is not None:
        drawn += f'<rect class="before" y="9" width="{_share(previous, top)}" height="5"/>'
    return f"{drawn}</svg>"


def _column(kind: str, x: float, thick: float, value: int, top: int) -> str:
    tall = _height(value, top)
    return f'<rect class="{kind}" x="{x:.1f}" y="{_BASE - tall:.1f}" width="{thick:.1f}" height="{tall:.1f}"/>'


def _text(kind: str, x: float, y: float, said: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}">{said}</text>'


def _height(value: int, top: int) -> float:
    return max(1.5, (_BASE - _TOP) * value / top)


def _share(value: int, top: int) -> str:
    return f"{100 * value / top:.1f}" if top else "0"


def _name(month: Month, months: int) -> str:
    if month.name is None:
        return ""
    year, which = month.name
    if months <= _NAMED:
        return escape(which)
    return escape(year) if which == 1 else ""
