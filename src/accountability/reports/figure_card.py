"""One figure on a page: its number, its months, its parts, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from accountability.calendars.period import Period
from accountability.calendars.zones import zone_of
from accountability.definition.model import Text
from accountability.reports.charts import bars, months_chart
from accountability.reports.figures import Group, Report
from accountability.reports.markup import bilingual, both, escape, number, percent, plain
from accountability.reports.months import Month, Name, by_month
from accountability.reports.report_file import FigureRule

SHORT = 12
"""Digits of a hash that are shown; the whole stands in its `title`."""

_HOW = {
    "entries": ("每一次办理各计一次", "Each act counts once, repeats too"),
    "cases": ("同一事项只计一次", "Each case counts once, however often it was acted on"),
    "distinct": ("所列字段每个不同的值计一次", "Each different value of the field counts once"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure can be counted again.

    Attributes:
        database: The database of the record.
        file: The report file, as the command line names it.
        traced: Whether the entries are listed.
    """

    database: str
    file: str
    traced: bool = True


def card(report: Report, name: str, place: Place) -> Iterator[str]:
    """Write a figure of a report, with every entry that it counts."""
    figure, key = report.figures[name], f"{escape(report.report)}.{escape(name)}"
    yield f'<article class="figure" id="{key}" data-figure="{escape(name)}"><div>'
    yield f"<h3>{bilingual(figure.title)}</h3>{_sum(report, name)}</div>"
    months = by_month(report, name)
    if figure.value or figure.previous:
        yield months_chart(months, f"{plain(figure.title)}: 按月 by month")
    yield '<div class="wide">'
    if figure.groups:
        yield _parts(figure.groups)
    if figure.value or figure.previous:
        yield _months(months)
    yield from _trace(report, name, place)
    yield "</div></article>"


def _sum(report: Report, name: str) -> str:
    figure, called = report.figures[name], report.file.figures[name].unit_title
    unit = "" if called is None else f" {bilingual(called)}"
    told = f'<p class="sum"><b>{number(figure.value)}</b>{unit}</p>'
    if figure.previous is None:
        unknown = both("对比期数据未知", "the number of the compared period is not known")
        return told if report.compare is None else f'{told}<p class="sum">{unknown}</p>'
    before = both("对比期", "before")
    grown = both("增长", "growth")
    return f'{told}<p class="sum">{before} {number(figure.previous)} · {grown} {percent(figure.growth)}</p>'


def _parts(groups: tuple[Group, ...]) -> str:
    top = max(max(group.value, group.previous or 0) for group in groups)
    rows = "".join(
        f'<tr data-group="{escape(group.group or "")}"><th scope="row">{_named(group)}</th>'
        f'<td class="n value">{number(group.value)}</td><td class="n">{number(group.previous)}</td>'
        f'<td class="n">{percent(group.growth)}</td>'
        f'<td class="drawn">{bars(group.value, group.previous, top)}</td></tr>'
        for group in groups
    )
    heads = heading(both("其中", "Of these"), both("图示", "Drawn"))
    return f'<table class="parts"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def heading(first: str, last: str) -> str:
    """Write the heads of a table of numbers: what, this period, the compared one, growth, bars."""
    numbers = (both("本期", "Now"), both("对比期", "Before"), both("增长", "Growth"))
    heads = "".join(f'<th scope="col" class="n">{words}</th>' for words in numbers)
    return f'<th scope="col">{first}</th>{heads}<th scope="col"><span class="speak">{last}</span></th>'


def _named(group: Group) -> str:
    if group.title is not None:
        return bilingual(group.title)
    return both("未注明", "not stated") if group.group is None else f"<code>{escape(group.group)}</code>"


def _months(months: tuple[Month, ...]) -> str:
    """Write the numbers behind the chart."""
    rows = "".join(
        f'<tr><th scope="row">{_month(month.name)}</th><td class="n">{number(month.value)}</td>'
        f'<td>{_month(month.earlier)}</td><td class="n">{number(month.previous)}</td></tr>'
        for month in months
    )
    heads = (
        f'<th scope="col">{both("月份", "Month")}</th><th scope="col" class="n">{both("本期", "Now")}</th>'
        f'<th scope="col">{both("对比月份", "Compared month")}</th>'
        f'<th scope="col" class="n">{both("对比期", "Before")}</th>'
    )
    return (
        f"<details><summary>{both('按月数字', 'By month')}</summary>"
        f'<table class="parts monthly"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>'
    )


def _month(name: Name | None) -> str:
    return "" if name is None else f"{name[0]:04}-{name[1]:02}"


def _trace(report: Report, name: str, place: Place) -> Iterator[str]:
    """List what was counted, and say how it can be counted again."""
    entries, rule = report.trace[name], report.file.figures[name]
    found = number(len(entries))
    yield f"<details><summary>{both(f'来源：{found} 条记录', f'Where it comes from: {_count(len(entries))}')}</summary>"
    yield f'<dl class="facts">{_rule(rule)}</dl>'
    yield both("逐条列出所计的记录及其指纹：", "To list these entries again, each with its fingerprint:", tag="p")
    yield f"<pre><code>{_command(report.period, name, place)}</code></pre>"
    if report.compare is not None:
        yield both("逐条列出对比期的记录：", "To list those of the compared period:", tag="p")
        yield f"<pre><code>{_command(report.compare, name, place)}</code></pre>"
    if entries and place.traced:
        yield (
            f'<table class="trace"><thead><tr><th scope="col">{both("事项", "Case")}<th scope="col" class="n">'
            f'{both("条目", "Entry")}<th scope="col">{both("日期", "Day")}<th scope="col">'
            f"{both('指纹', 'Fingerprint')}</thead><tbody>"
        )
        zone = zone_of(report.file.zone)
        for entry in entries:
            yield (
                f"<tr><td>{escape(entry.case)}<td class=n>{entry.seq}<td>{entry.at.astimezone(zone).date()}"
                f'<td title="{escape(entry.leaf)}">{escape(entry.leaf[:SHORT])}\n'
            )
        yield "</tbody></table>"
    yield "</details>"


def _command(period: Period, name: str, place: Place) -> str:
    """Write the command that lists what a figure counts in a period."""
    days = f"--from {period.since} --to {period.until}"
    return escape(f"accountability --db {quote(place.database)} report {quote(place.file)} {days} --trace {name}")


def _rule(rule: FigureRule) -> str:
    """Say in words, and as the file has it, what the figure counts."""
    told = [] if rule.description is None else [(both("口径", "What counts"), bilingual(rule.description))]
    rows = [
        *told,
        (both("流程", "Workflow"), f"{bilingual(rule.process)} <code>{escape(rule.workflow)}</code>"),
        (both("办理动作", "Act"), f"{_acts(rule.acts)} <code>{escape(rule.trigger)}</code>"),
        (both("计数方法", "Counting"), both(*_HOW[rule.count])),
    ]
    if rule.field is not None:
        rows.append((both("字段", "Field"), f"<code>{escape(rule.field)}</code>"))
    if rule.where is not None:
        words = both("只计同时符合此条件的：", "Only where this holds as well:")
        rows.append((both("条件", "Condition"), f"{words} <code>{escape(rule.where.text)}</code>"))
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)


def _acts(acts: tuple[Text, ...]) -> str:
    """Write what people call the rules of an act; one act may be done by several."""
    return "<br>".join(map(bilingual, acts))


def _count(entries: int) -> str:
    return f"{number(entries)} {'entry' if entries == 1 else 'entries'}"
