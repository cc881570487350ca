"""What a page tells a reader who knows nothing of the program: how to read it, how to doubt it, who may have it."""

from __future__ import annotations

from accountability.reports.markup import both, escape


def guide(database: str, *, compared: bool, traced: bool) -> str:
    """Write how to read a page.

    Args:
        database: The database, as commands name it.
        compared: Whether the page compares two periods.
        traced: Whether the page lists the entries behind its numbers.
    """
    grown = both(
        "增长率为与对比期相比的百分比；没有对比数字或者对比数字为零的，记 n/a。",
        "Growth is in per cent of the compared figure; n/a where there is none, or where it was 0.",
        tag="p",
    )
    now, before = both("本期", "this period"), both("对比期", "the compared one")
    earlier = f'<i class="key before"></i>{before}' if compared else ""
    return (
        f'<div class="card">{_listed() if traced else _unlisted()}{both("核验全部记录：", "To check it all:", tag="p")}'
        f"<pre><code>accountability --db {escape(database)} verify</code></pre>{grown if compared else ''}{_paper()}"
        f'<p class="legend"><i class="key"></i>{now} {earlier}</p></div>'
    )


def _listed() -> str:
    return both(
        "本页数字均非填报，而是由办理记录逐条计数得出。每项数字下方的“来源”列出所计的每一条记录；"
        "条目号是该记录在事项中的序号，指纹是该记录内容的密码校验值，记录若有改动，指纹即不相符。",
        "No number on this page was filled in by hand: each was counted from the record of what was done. Below every "
        "number, “Where it comes from” lists each entry that was counted: the case, the entry's place in that case, "
        "the day it was recorded, and its fingerprint, which no longer fits when anything in the entry is changed.",
        tag="p",
    ) + both(
        "所列命令须在存有办理记录的数据库上运行，仅供有权限的工作人员使用。事项编号和日期可能指向特定的人，"
        "列有逐条来源的页面不宜公开；公开发布时，用 --no-trace 生成不列逐条来源的页面。",
        "The commands need the database of the record and are for staff who may read it. Case numbers and days can "
        "point to a person: a page that lists them is not for the public; one made with --no-trace leaves them out.",
        tag="p",
    )


def _unlisted() -> str:
    return both(
        "本页数字均非填报，而是由办理记录逐条计数得出。每项数字下方的“来源”写明统计口径，以及逐条列出所计记录的命令。",
        "No number on this page was filled in by hand: each was counted from the record of what was done. Below every "
        "number, “Where it comes from” says what exactly was counted, and by which command the entries are listed.",
        tag="p",
    ) + both(
        "所列命令须在存有办理记录的数据库上运行，仅供有权限的工作人员使用。事项编号和日期可能指向特定的人，本页不予列出。",
        "The commands need the database of the record and are for staff who may read it. Case numbers and days can "
        "point to a person, so this page does not list them.",
        tag="p",
    )


def _paper() -> str:
    """Say, on paper, what is only in the file."""
    said = both(
        "纸质版不含按月数字表和“来源”栏，均载于本页电子版。",
        "On paper the tables by month and “Where it comes from” are left out; they are in the electronic version.",
        tag="p",
    )
    return f'<div class="paper">{said}</div>'
