"""Which calendar a workflow means: one of its folder, one that comes with accountability, or one that is built in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from accountability.calendars.calendar import BUILT_IN, EVERY_DAY, Calendar
from accountability.definition.calendar_file import SHIPPED, LoadedCalendar, known_calendar, load_folder
from accountability.definition.document import Document
from accountability.definition.finding import Finding
from accountability.definition.nearest import did_you_mean, listed


def found_for(document: Document, folders: Iterable[Path]) -> tuple[Calendar | None, tuple[Finding, ...]]:
    """Find the calendar that a workflow names.

    A calendar of a folder comes before a shipped one of its name, since it may hold a notice that is newer than the
    program. Those that are built in cannot be replaced.

    Args:
        document: What the workflow's file says; its shape need not be right.
        folders: Folders of workflows whose calendars it may name, the nearest first.

    Returns:
        The calendar, or the findings that say why there is none: about the name, or about the calendar's file.

    Raises:
        InputError: A calendar file cannot be read.
    """
    name = document.data.get("calendar", EVERY_DAY.name) if document.data is not None else None
    if not isinstance(name, str) or not name or document.is_broken(("calendar",)):
        return None, ()
    if name in BUILT_IN:
        return BUILT_IN[name], ()
    beside = [loaded for folder in folders for loaded in load_folder(folder)]
    for loaded in beside:
        if _name(loaded) == name:
            return loaded.calendar, () if loaded.calendar is not None else loaded.findings
    if (calendar := known_calendar(name)) is not None:
        return calendar, ()
    known = list(dict.fromkeys((*BUILT_IN, *SHIPPED, *(_name(loaded) for loaded in beside))))
    message = f"there is no calendar `{name}`"
    cure = did_you_mean(
        name, known, f"write one of {listed(known)}, or put it into `calendars/{name}.yaml` beside this"
    )
    called = next((loaded for loaded in beside if Path(loaded.document.file).stem == name), None)
    if called is not None:
        other = _name(called)
        message += f": the calendar in {called.document.file} is called `{other}`"
        cure = f"write `calendar: {other}` here, or `calendar: {name}` there"
    return None, (document.finding("ACC209", message, ("calendar",), help=cure),)


def _name(loaded: LoadedCalendar) -> str:
    """Give a calendar's name, also of one that is wrong: what it says, else how its file is called."""
    named = loaded.document.data.get("calendar") if loaded.document.data is not None else None
    return named if isinstance(named, str) else Path(loaded.document.file).stem
