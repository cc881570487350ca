"""One page for readers: what was counted, in words, numbers and pictures, and every entry behind every number.

The page stands alone: it fetches nothing, runs no script, and may be kept, printed or sent as one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accountability.calendars.zones import zone_of
from accountability.definition.model import Text
from accountability.reports.charts import bars
from accountability.reports.figure_card import Place, card
from accountability.reports.figures import Law, Report
from accountability.reports.markup import bilingual, both, escape, number, percent, plain
from accountability.reports.style import STYLE

MANY: Text = {"zh": "统计报告", "en": "Figures counted from the record"}
"""The title of a page of several reports."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the commands on the page name.

    Attributes:
        database: The database of the record.
        files: The report files, in the order of the reports.
    """

    database: str
    files: Sequence[str]


def page(reports: Sequence[Report], source: Source) -> Iterator[str]:
    """Write reports of one period as one HTML page.

    Args:
        reports: At least one; all counted in one walk.
        source: What the commands on the page name.

    Yields:
        Pieces of the page, in order.
    """
    title = reports[0].title if len(reports) == 1 else MANY
    bilingual_page = any(isinstance(report.title, dict) and "zh" in report.title for report in reports)
    yield _head(title, "zh" if bilingual_page else "en")
    yield f"<header><h1>{bilingual(title)}</h1>{_tongue(bilingual_page)}"
    yield _facts(reports)
    yield _reading(reports, source)
    if len(reports) > 1:
        yield _contents(reports)
    yield "</header><main>"
    for report, file in zip(reports, source.files, strict=True):
        yield from _section(report, Place(source.database, file))
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
            both(
                f"全部 {number(first.reading.entries)} 条，其中 {number(len(counted))} 条计入本页",
                f"{number(first.reading.entries)} in the record, {number(len(counted))} of them counted on this page",
            ),
        ),
        (
            both("流程版本", "Workflow versions"),
            f'<a href="#workflow-versions">{both(f"{laws} 个，列于页末", f"{laws}, listed at the end")}</a>',
        ),
    )
    return f'<dl class="facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)}</dl>'


def _laws(reports: Sequence[Report]) -> list[Law]:
    return sorted({law for report in reports for law in report.reading.laws})


def _reading(reports: Sequence[Report], source: Source) -> str:
    """Tell a reader who knows nothing of the program how to read the page, and how to doubt it."""
    verify = f"accountability --db {escape(source.database)} verify"
    now, before = both("本期", "this period"), both("对比期", "the compared one")
    compared = "" if reports[0].compare is None else f'<i class="key before"></i>{before}'
    return (
        '<div class="card">'
        + both(
            "本页数字均非填报，而是由办理记录逐条计数得出。每项数字下方的“来源”列出所计的每一条记录；"
            "条目号是该记录在事项中的序号，指纹是该记录内容的密码校验值，记录若有改动，指纹即不相符。",
            "No number on this page was filled in by hand: each was counted from the record of what was done. Below "
            "every number, “Where it comes from” lists each entry that was counted: the case, the entry's place in "
            "that case, the day it was recorded, and its fingerprint, which no longer fits when anything in the entry "
            "is changed.",
            tag="p",
        )
        + both("核验全部记录：", "To check the whole record:", tag="p")
        + f"<pre><code>{verify}</code></pre>"
        + both(
            "增长率为与对比期相比的百分比；没有对比数字或者对比数字为零的，记 n/a。",
            "Growth is in per cent of the compared figure; n/a where there is none, or where it was 0.",
            tag="p",
        )
        + '<div class="paper">'
        + both("逐条来源载于本页电子文件。", "The entries behind each number stand in the file of this page.", tag="p")
        + f'</div><p class="legend"><i class="key"></i>{now} {compared}</p></div>'
    )


def _contents(reports: Sequence[Report]) -> str:
    links = "".join(f'<li><a href="#{escape(report.report)}">{bilingual(report.title)}</a></li>' for report in reports)
    return f'<nav class="card" aria-label="目录 Contents"><h3>{both("目录", "Contents")}</h3><ol>{links}</ol></nav>'


def _section(report: Report, place: Place) -> Iterator[str]:
    yield f'<section id="{escape(report.report)}"><h2>{bilingual(report.title)}</h2>'
    if report.file.description is not None:
        yield bilingual(report.file.description, tag="p")
    yield _overview(report)
    for name in report.figures:
        yield from card(report, name, place)
    yield "</section>"


def _overview(report: Report) -> str:
    """Draw the table of a report's figures; bars of one unit share their scale."""
    tops: dict[str | None, int] = {}
    for figure in report.figures.values():
        tops[figure.unit] = max(tops.get(figure.unit, 0), figure.value, figure.previous or 0)
    rows = []
    for name, figure in report.figures.items():
        said = "" if figure.description is None else bilingual(figure.description, tag="span")
        rows.append(
            f'<tr><th scope="row"><a href="#{escape(report.report)}.{escape(name)}">{bilingual(figure.title)}</a>'
            f'<div class="said">{said}</div></th><td class="unit">{escape(figure.unit or "")}</td>'
            f'<td class="n value">{number(figure.value)}</td><td class="n">{number(figure.previous)}</td>'
            f'<td class="n">{percent(figure.growth)}</td>'
            f'<td class="drawn">{bars(figure.value, figure.previous, tops[figure.unit])}</td></tr>'
        )
    scale = both("同一单位同一比例", "one scale for each unit")
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


def _span(period: dict[str, str]) -> str:
    return f"{escape(period['from'])} \N{EN DASH} {escape(period['to'])}"
