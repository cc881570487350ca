"""Drawing for people: a console that is plain when it is not a terminal, and one style of table for every list."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import TaskID
from rich.table import Table
from rich.text import Text

from accountability.cli.output import clean, write

Progress = Callable[[int], None]
"""Told how much has been done so far."""

UNBOUNDED = 100_000
"""Width of a page that goes to a file or a pipe: a line is a line there, whatever its length."""

GAP = 2
"""Spaces between two columns."""


def console(*, stderr: bool = False) -> Console:
    """Open the terminal, or a plain page as wide as its content (or `COLUMNS`) where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    wide = not stream.isatty() and not os.environ.get("COLUMNS")
    return Console(
        file=stream, width=UNBOUNDED if wide else None, highlight=False, markup=False, emoji=False, legacy_windows=False
    )


def show(parts: Iterable[RenderableType], *, stderr: bool = False) -> None:
    """Print parts below each other, each as soon as it is there."""
    target = console(stderr=stderr)
    for part in parts:
        with target.capture() as captured:
            target.print(part, soft_wrap=isinstance(part, Text) and part.no_wrap is True)
        drawn = "".join(row.rstrip(" ") + "\n" for row in captured.get().splitlines())
        if stderr:
            sys.stderr.write(drawn)
        else:
            write(drawn)


def page_width() -> int:
    """Say how many columns there are: a list does with fewer where the page is narrow."""
    return console().width


def say(value: object, style: str = "", *, wrap: bool = True) -> Text:
    """Write a value as text that cannot steer the terminal."""
    return Text(clean(value), style=style, no_wrap=None if wrap else True)


def join(*pieces: Text | str | tuple[str, str], wrap: bool = True) -> Text:
    """Put pieces beside each other: text, or our own words with their style."""
    return Text.assemble(*pieces, no_wrap=None if wrap else True)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[Text]], *, tight: Sequence[int] = (), right: Sequence[int] = ()
) -> Table:
    """Draw a list.

    Args:
        headers: One word a column; a column without a header and without any text is left out.
        rows: The cells; text from outside must come through `say`.
        tight: Numbers of columns that are never broken into two lines.
        right: Numbers of columns that are aligned to the right.
    """
    cells = [tuple(row) for row in rows]
    drawn = Table(
        box=None, show_header=any(headers), pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim", expand=False
    )
    used = [number for number, header in enumerate(headers) if header or any(row[number] for row in cells)]
    for number in used:
        drawn.add_column(headers[number], no_wrap=number in tight, overflow="fold")
        if number in right:
            drawn.columns[-1].justify = "right"
    for row in cells:
        drawn.add_row(*(row[number] for number in used))
    return drawn


def indented(part: RenderableType) -> Padding:
    """Move a part two columns to the right, as below a heading."""
    return Padding(part, (0, 0, 0, 2), expand=False)


def heading(title: str) -> Text:
    """Draw the title of a section, with an empty line before it."""
    return Text(f"\n{title}", style="bold")


def when(moment: datetime) -> str:
    """Write a moment for people: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def in_language(text: str | dict[str, str] | None, language: str, default: str = "") -> str:
    """Choose the wording of a text for people: the language asked for, else English, else the first there is."""
    if isinstance(text, str):
        return text
    if not text:
        return default
    return text.get(language) or text.get("en") or next(iter(text.values()))


Stages = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@contextmanager
def stages() -> Iterator[Stages]:
    """Show one progress bar after the other on stderr while the block runs; nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda title, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def told(title: str, done: int, total: int) -> None:
            if title not in tasks:
                tasks[title] = bars.add_task(title, total=total)
            bars.update(tasks[title], completed=done, total=total)

        yield told


@contextmanager
def progress(title: str) -> Iterator[Progress | None]:
    """Show a progress bar on stderr while the block runs; give None where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=None)
        yield lambda done: bars.update(task, completed=done)
