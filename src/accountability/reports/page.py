"""One page for readers: what was counted, in words, numbers and pictures, and every entry behind every number.

The page stands alone: it fetches nothing, runs no script, and may be kept, printed or sent as one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accountability.calendars.zones import zone_of
from accountability.definition.model import Text
from accountability.reports.charts import bars
from accountability.reports.figure_card import Place, card
from accountability.reports.figures import Law, Reading, Report
from accountability.reports.guide import guide
from accountability.reports.markup import bilingual, both, escape, number, percent, plain
from accountability.reports.repeats import Spot, repeats
from accountability.reports.style import STYLE

MANY: Text = {"zh": "统计报告", "en": "Figures counted from the record"}
"""The title of a page of several reports."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a page says of itself, beside its reports.

    Attributes:
        database: The database of the record, as the commands on the page name it.
        files: The report files, in the order of the reports.
        title: What the page is called; without one, as its only report, or in general words.
        note: What its readers should know before they read a number: who publishes it, and what was left out.
        traced: Whether the page lists the entries behind each number; a page for everybody does not.
    """

    database: str
    files: Sequence[str]
    title: Text | None = None
    note: Text | None = None
    traced: bool = True


def page(reports: Sequence[Report], source: Source) -> Iterator[str]:
    """Write reports of one period as one HTML page.

    Args:
        reports: At least one; all counted in one walk.
        source: What the page says of itself.

    Yields:
        Pieces of the page, in order.
    """
    title = source.title or (reports[0].title if len(reports) == 1 else MANY)
    bilingual_page = any(isinstance(report.title, dict) and "zh" in report.title for report in reports)
    yield _head(title, "zh" if bilingual_page else "en")
    yield f"<header><h1>{bilingual(title)}</h1>{_tongue(bilingual_page)}"
    if source.note is not None:
        yield f'<div class="note">{bilingual(source.note, tag="p")}</div>'
    yield _facts(reports)
    yield guide(source.database, compared=reports[0].compare is not None, traced=source.traced)
    if len(reports) > 1:
        yield _contents(reports)
    yield "</header><main>"
    again = repeats(reports)
    for report, file in zip(reports, source.files, strict=True):
        yield from _section(report, Place(source.database, file, source.traced), again, reports)
    yield "</main>"
    yield _foot(reports, source)


def _head(title: Text, language: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{plain(title)}</title><style>{STYLE}</style></head><body>"
    )


def _tongue(bilingual_page: bool) -> str:
    """Let the reader choose a language; a page without Chinese titles begins in English."""
    choices = (("both", both("双语", "Both languages")), ("only-zh", "中文"), ("only-en", "English"))
    chosen = "both" if bilingual_page else "only-en"
    return (
        f'<fieldset class="tongue"><legend class="speak">{both("语言", "Language")}</legend>'
        + "".join(
            f'<label><input type="radio" name="tongue" id="{name}"{checked}>{words}</label>'
            for name, words in choices
            for checked in (" checked" if name == chosen else "",)
        )
        + "</fieldset>"
    )


def _facts(reports: Sequence[Report]) -> str:
    """Say which record, which days, what of it."""
    first = reports[0]
    laws = len(_laws(reports))
    zones = ", ".join(sorted({report.file.zone for report in reports}))
    compared = both("不作比较", "nothing") if first.compare is None else _span(first.compare.as_json())
    counted = {(entry.case, entry.seq) for report in reports for trace in report.trace.values() for entry in trace}
    rows = (
        (both("统计期间", "Period"), f"{_span(first.period.as_json())} ({escape(zones)})"),
        (both("对比期间", "Compared with"), compared),
        (both("截至", "As of"), first.as_of.astimezone(zone_of(first.file.zone)).isoformat(" ", "seconds")),
        (both("数据来源", "Record"), f"<code>{escape(first.reading.log)}</code>"),
        (
            both("条目", "Entries"),
            _entries(first.reading, len(counted)),
        ),
        (
            both("流程版本", "Workflow versions"),
            f'<a href="#workflow-versions">{both(f"{laws} 个，列于页末", f"{laws}, listed at the end")}</a>',
        ),
    )
    return f'<dl class="facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)}</dl>'


def _entries(reading: Reading, counted: int) -> str:
    """Say how many entries there are, as `verify` counts them, and how many of them stand behind the page."""
    done, refused = number(reading.entries), number(reading.refusals)
    return both(
        f"共 {number(reading.entries + reading.refusals)} 条：办理记录 {done} 条，被拒绝的办理尝试 {refused} 条；"
        f"计入本页 {number(counted)} 条",
        f"{number(reading.entries + reading.refusals)} in the record: {done} of what was done and {refused} of refused "
        f"attempts; {number(counted)} are counted on this page",
        tag="div",
    )


def _laws(reports: Sequence[Report]) -> list[Law]:
    return sorted({law for report in reports for law in report.reading.laws})


def _contents(reports: Sequence[Report]) -> str:
    links = "".join(f'<li><a href="#{escape(report.report)}">{bilingual(report.title)}</a></li>' for report in reports)
    return f'<nav class="card" aria-label="目录 Contents"><h3>{both("目录", "Contents")}</h3><ul>{links}</ul></nav>'


def _section(report: Report, place: Place, again: Mapping[Spot, Spot], reports: Sequence[Report]) -> Iterator[str]:
    yield f'<section id="{escape(report.report)}"><h2>{bilingual(report.title)}</h2>'
    if report.file.description is not None:
        yield bilingual(report.file.description, tag="p")
    yield _overview(report, again)
    drawn = [name for name in report.figures if (report.report, name) not in again]
    if len(drawn) < len(report.figures):
        yield _elsewhere({again[report.report, name][0] for name in report.figures if name not in drawn}, reports)
    for name in drawn:
        yield from card(report, name, place)
    yield "</section>"


def _elsewhere(names: set[str], reports: Sequence[Report]) -> str:
    """Say that figures of a report are drawn where they stand first."""
    titles = [_texts(report.title) for report in reports if report.report in names]
    zh, en = ("".join(f"“{title[place]}”" for title in titles) for place in (0, 1))
    return both(
        f"本表中与{zh}相同的指标，统计口径和来源见该部分，点击指标名称即可查看。",
        f"Figures of this table that {en} has too are drawn and traced there; their names lead to them.",
        tag="p",
    )


def _overview(report: Report, again: Mapping[Spot, Spot]) -> str:
    """Draw the table of a report's figures; bars of one unit share their scale."""
    tops: dict[str | None, int] = {}
    for figure in report.figures.values():
        tops[figure.unit] = max(tops.get(figure.unit, 0), figure.value, figure.previous or 0)
    rows = []
    for name, figure in report.figures.items():
        said = "" if figure.description is None else bilingual(figure.description, tag="span")
        where, called = again.get((report.report, name), (report.report, name)), report.file.figures[name].unit_title
        rows.append(
            f'<tr><th scope="row"><a href="#{escape(".".join(where))}">{bilingual(figure.title)}</a>'
            f'<div class="said">{said}</div></th><td class="unit">{"" if called is None else bilingual(called)}</td>'
            f'<td class="n value">{number(figure.value)}</td><td class="n">{number(figure.previous)}</td>'
            f'<td class="n">{percent(figure.growth)}</td>'
            f'<td class="drawn">{bars(figure.value, figure.previous, tops[figure.unit])}</td></tr>'
        )
    scale = both("计量单位相同的，按同一比例绘制", "Bars of one unit share a scale")
    heads = "".join(
        f'<th scope="col"{more}>{words}</th>'
        for words, more in (
            (both("指标", "Figure"), ""),
            (both("单位", "Unit"), ""),
            (both("本期", "Now"), ' class="n"'),
            (both("对比期", "Before"), ' class="n"'),
            (both("增长", "Growth"), ' class="n"'),
            (scale, ""),
        )
    )
    return (
        f'<div class="card scroll" tabindex="0" role="region" aria-label="{plain(report.title)}">'
        f'<table class="overview" data-report="{escape(report.report)}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _foot(reports: Sequence[Report], source: Source) -> str:
    """List the versions of the law behind the numbers, and say how to read on."""
    history = f"accountability --db {escape(source.database)} history CASE"
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(law.workflow)}</code></th><td class="n">{law.version}</td>'
        f"<td><code>{escape(law.definition)}</code></td></tr>"
        for law in _laws(reports)
    )
    heads = (
        f'<th scope="col">{both("流程", "Workflow")}</th><th scope="col" class="n">{both("版本", "Version")}</th>'
        f'<th scope="col">{both("定义文本指纹", "Fingerprint of its text")}</th>'
    )
    table = f'<table class="parts laws"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return (
        f'<footer><section id="workflow-versions"><h2>{both("流程版本", "Workflow versions")}</h2>'
        + both(
            "计入本页的记录均依下列流程版本办理；流程文本若有改动，指纹即不相符。",
            "What is counted here was done under these versions; a text that was changed has another fingerprint.",
            tag="p",
        )
        + f'<div class="card">{table}</div>'
        + both("查看任一事项的全部记录：", "To read everything that was recorded of one case:", tag="p")
        + f"<pre><code>{history}</code></pre></section></footer></body></html>\n"
    )


def _texts(text: Text) -> tuple[str, str]:
    """Give the Chinese and the English wording of a text; each stands in for the other where there is none."""
    if isinstance(text, str):
        return text, text
    other = next(iter(text.values()))
    return text.get("zh", other), text.get("en", other)


def _span(period: dict[str, str]) -> str:
    return f"{escape(period['from'])} \N{EN DASH} {escape(period['to'])}"
