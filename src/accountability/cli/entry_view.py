"""Entries for people: who did what and when, one below the other, and what came with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from accountability.cli.deadline_view import told
from accountability.cli.output import line
from accountability.cli.page import join, say, when

if TYPE_CHECKING:
    from accountability.audit.entry import Actor, Entry

STYLES = {"refusal": "red", "deadline": "yellow", "erasure": "magenta", "correction": "magenta", "recusal": "magenta"}
"""Kinds of entries that should catch the eye."""

PLAIN = ("transition", "act")
"""Kinds that go without saying."""

SHORT = 12
"""Digits of a fingerprint that are shown; `-o json` has the whole `leaf`."""

WHAT = 26
"""Columns for what was done; longer names push the actor to the right."""


def draw_history(entries: Iterable[Entry], *, cases: bool) -> Iterator[RenderableType]:
    """Draw entries, in their order.

    Args:
        entries: The entries.
        cases: Whether to say which case they belong to, wherever it changes.
    """
    case = None
    for entry in entries:
        if cases and entry.case != case:
            case = entry.case
            yield say(case, "bold", wrap=False)
        before = f"{entry.seq:>3}  {when(entry.at)}  "
        what = _what(entry)
        gap = " " * max(2, WHAT - cell_len(what.plain))
        yield join((before, "dim"), what, gap, _who(entry.actor), (f"  {entry.leaf[:SHORT]}", "dim"), wrap=False)
        for more in _more(entry):
            yield Padding(more, (0, 0, 0, len(before)), expand=False)


def _what(entry: Entry) -> Text:
    """Write the trigger, its kind where it is not an ordinary act, and where it led."""
    kind = "" if entry.kind in PLAIN else f" ({entry.kind})"
    moved = "" if entry.target == entry.source or entry.target is None else f" → {entry.target}"
    return join(say(f"{entry.trigger}{kind}", STYLES.get(entry.kind, "")), say(moved, "green"))


def _who(actor: Actor) -> Text:
    roles = ", ".join(sorted(actor.roles))
    return join(say(actor.id), say(f" ({roles})" if roles and roles != actor.id else "", "dim"))


def _more(entry: Entry) -> Iterator[Text]:
    """Write what came with the act: why it was refused, its reason, its data, its documents, its children."""
    yield from (say(reason["message"], "red") for reason in entry.reasons)
    if entry.occurred is not None and entry.occurred != entry.at:
        yield say(f"occurred {when(entry.occurred)}")
    if entry.reason:
        yield say(f"“{entry.reason}”")
    yield from (_value(name, value) for name, value in (*entry.data.items(), *entry.sets.items()))
    yield from (say(f"{name} (withheld)", "dim") for name in entry.withheld)
    for document in entry.documents:
        yield say(f"{document.name}: {document.size:,} bytes, sha256 {document.sha256[:12]}…")
    yield from (told(change) for change in entry.deadlines)
    yield from (say(f"opened {child['case']} as {child['link']}") for child in entry.children)


def _value(name: str, value: object) -> Text:
    return join(say(f"{name}: ", "dim"), say(value if isinstance(value, str) else line(value)))
