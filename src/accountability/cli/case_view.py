"""Cases for people: one case on one page, a list of cases, what may be done, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from accountability.cli.deadline_view import draw_deadlines, next_due
from accountability.cli.entry_view import draw_history
from accountability.cli.output import line
from accountability.cli.page import heading, in_language, indented, join, page_width, say, table, when
from accountability.definition.states import rules_at, states

if TYPE_CHECKING:
    from accountability.audit.entry import Entry
    from accountability.definition.model import Workflow
    from accountability.errors import Reason, Refused
    from accountability.machine.case import Case, Signed
    from accountability.machine.options import Option

DAY = len("2015-02-09")

MIDDLE, WIDE, ROOMY = 96, 120, 170
"""Columns from which on a list has room for one time, for both, and for titles and the time of day."""

CURES = {
    "unknown": "accountability options CASE --by ID --role R lists the triggers there are",
    "state": "accountability options CASE --by ID --role R shows what is possible now",
    "role": "act in a role that the rule names: --role R",
    "four_eyes": "let a different person do it",
    "recused": "let a different person act, or rule on it: accountability fire CASE recuse",
    "signature": "accountability history CASE shows who has signed; let somebody else sign",
    "awaits": "close the child cases first: accountability show CASE lists them",
    "data": "give the fields with --data",
    "document": "give the documents with --document NAME=PATH",
    "reason": 'give it with --reason "…"',
    "conflict": "look at the case again with accountability show CASE, then decide again",
}
"""What to do next, by the code of a reason, where the same thing always helps; a refused start has no CASE."""


ERASURE_CURES = {
    "role": "name the roles of both, who may read the fields: --role R --approved-role R",
    "four_eyes": "let a different person approve: --approved-by ID",
}


def draw_case(
    case: Case, law: Workflow, now: datetime, history: Sequence[Entry] = (), language: str = "en"
) -> Iterator[RenderableType]:
    """Draw a case on one page: its state, its deadlines, its data, who is next, its children, its history.

    Args:
        case: The case, with its children.
        law: The workflow it follows.
        now: Until when it is counted what is left of a deadline.
        history: Its entries, oldest first; left out of the page when empty.
        language: Language of titles.
    """
    yield say(case.id, "bold", wrap=False)
    yield table(("", ""), [(Text(name, style="dim"), value) for name, value in _facts(case, law, history, language)])
    yield from draw_deadlines(case, law, now, language)
    yield from _data(case.data, law, language)
    yield from _next(case, law, language)
    yield from _children(case)
    if history:
        yield heading("History")
        for part in draw_history(history, cases=False):
            # A line that is never broken is not padded either: padding would cut it at the edge of the page.
            yield join("  ", part, wrap=False) if isinstance(part, Text) and part.no_wrap else indented(part)


def draw_cases(
    cases: Sequence[Case], laws: Mapping[str, Workflow], now: datetime, language: str = "en"
) -> Iterator[RenderableType]:
    """Draw a list of cases.

    Args:
        cases: The cases, in the order to show.
        laws: Digest -> the workflow; a case whose workflow is not there shows its state without a title.
        now: Until when an open case is counted as getting older.
        language: Language of titles.
    """
    if not cases:
        yield Text("no cases", style="dim")
        return
    width = page_width()
    rows = []
    for case in cases:
        workflow = say(f"{case.workflow} v{case.version}")
        title = _state_title(laws.get(case.definition), case.state, language) if width >= ROOMY else ""
        state = join(_state_style(case), " ", say(title, "dim"))
        times = [say(when(moment)[: None if width >= ROOMY else DAY]) for moment in (case.opened_at, case.updated_at)]
        what = [workflow, state] if width >= ROOMY else [join(workflow, "\n", state)]
        age = say("" if case.closed else max(0, (now - case.opened_at).days))
        rows.append((say(case.id), *what, *times[: _times_shown(width)], age, next_due(case)))
    due = "due" if any(row[-1] for row in rows) else ""
    headers = ["case", *(["workflow", "state"] if width >= ROOMY else ["state"])]
    headers += [*["opened", "updated"][: _times_shown(width)], "days", due]
    last = len(headers) - 1
    yield table(headers, rows, tight=(0, *range(last - 1 - _times_shown(width), last + 1)), right=(last - 1,))


def _times_shown(width: int) -> int:
    """How many of the times there is room for: when a case was opened, and when it last changed."""
    return 2 if width >= WIDE else 1 if width >= MIDDLE else 0


def draw_options(options: Sequence[Option], language: str = "en") -> Iterator[RenderableType]:
    """Draw every trigger with the answer: possible, or why not."""
    allowed = [option for option in options if option.allowed]
    refused = [option for option in options if not option.allowed]
    yield Text("Possible now", style="bold")
    rows = [
        (say(option.trigger, "green"), say(_title(option.title, option.trigger, language)), _asked(option))
        for option in allowed
    ]
    yield indented(table(("", "", ""), rows, tight=(0,)) if rows else Text("nothing", style="dim"))
    if refused:
        yield heading("Not possible now")
        reasons = [(say(option.trigger), _reasons(option, language)) for option in refused]
        yield indented(table(("", ""), reasons, tight=(0,)))


def draw_refusal(error: Refused, language: str = "en") -> Iterator[RenderableType]:
    """Draw a refusal: what was refused, every reason, nearest miss first, and what would help."""
    yield join(("refused", "bold red"), say(f": {error.trigger} on {error.case}"), wrap=False)
    rows = [(say(reason.code, "yellow"), _reason(reason, language)) for reason in error.reasons]
    yield indented(table(("", ""), rows, tight=(0,)))
    known = CURES | ERASURE_CURES if error.trigger == "erase" else CURES
    cures = dict.fromkeys(known[reason.code] for reason in error.reasons if reason.code in known)
    for cure in cures:
        if "CASE" in cure and error.case.startswith("workflow:"):
            continue
        yield join(("help", "cyan"), say(f": {cure.replace('CASE', error.case)}"), wrap=False)


def _facts(case: Case, law: Workflow, history: Sequence[Entry], language: str) -> Iterator[tuple[str, Text]]:
    title = in_language(law.title, language)
    yield "workflow", join(say(f"{case.workflow} v{case.version}"), say(f"  {title}", "dim"))
    yield "state", join(_state_style(case), say(f"  {_state_title(law, case.state, language)}", "dim"))
    since = next((entry for entry in reversed(history) if entry.target != entry.source), None)
    if since is not None:
        yield "since", say(f"{when(since.at)}, by {since.actor.id}: {since.trigger}")
    yield "opened", say(when(case.opened_at))
    yield "updated", say(f"{when(case.updated_at)}, entry {case.seq}")
    if case.parent:
        yield "opened by", say(f"{case.parent} as {case.link}")
    yield from (("signed", text) for text in _signed(case, law))
    if case.memory.kept_off:
        yield "kept off", say(", ".join(sorted(case.memory.kept_off)))


def _signed(case: Case, law: Workflow) -> Iterator[Text]:
    """Say of each act that waits for signatures who has signed, and how many of whom are missing."""
    waiting: dict[tuple[str, int], list[Signed]] = {}
    for signed in case.memory.signatures:
        waiting.setdefault((signed.trigger, signed.rule), []).append(signed)
    for (trigger, index), given in waiting.items():
        rule = law.transitions[trigger][index]
        if isinstance(rule.signatures, dict):
            count = Counter(signed.role for signed in given)
            missing = {role: number - count[role] for role, number in rule.signatures.items()}
        else:
            missing = {" or ".join(rule.by): (rule.signatures or 0) - len(given)}
        names = ", ".join(f"{signed.person} ({signed.role})" for signed in given)
        wanted = ", ".join(f"{number} {role}" for role, number in missing.items() if number > 0)
        yield join(say(f"{trigger}, by {names}"), say(f"  missing: {wanted}", "yellow"))


def _state_style(case: Case) -> Text:
    known = not case.closed or case.state == "closed"
    return join(say(case.state, "blue" if case.closed else "green"), ("" if known else "  closed", "dim"))


def _state_title(law: Workflow | None, state: str, language: str) -> str:
    declared = states(law).get(state) if law else None
    return _title(declared.title, state, language) if declared else ""


def _title(title: str | dict[str, str] | None, name: str, language: str) -> str:
    """Write the title of something whose name stands beside it; nothing when it says the same."""
    chosen = in_language(title, language)
    return "" if chosen.lower() == name.replace("_", " ") else chosen


def _data(data: Mapping[str, Any], law: Workflow, language: str) -> Iterator[RenderableType]:
    if not data:
        return
    yield heading("Data")
    rows = []
    for name, value in sorted(data.items()):
        declared = law.data.get(name)
        title = _title(declared.title, name, language) if declared else ""
        rows.append((say(name), say(value if isinstance(value, str) else line(value)), say(title, "dim")))
    yield indented(table(("", "", ""), rows, tight=(0,)))


def _next(case: Case, law: Workflow, language: str) -> Iterator[RenderableType]:
    """Draw who can do what from this state, as far as the rules' roles say."""
    rows = []
    for trigger, by_leaf in rules_at(law).items():
        rules = [law.transitions[trigger][index] for index in by_leaf.get(case.state, ())]
        if rules:
            roles = dict.fromkeys(role for rule in rules for role in rule.by)
            title = next((_title(rule.title, trigger, language) for rule in rules if rule.title), "")
            rows.append((say(trigger), say(", ".join(roles)), say(title, "dim")))
    if rows:
        yield heading("Next")
        yield indented(table(("", "", ""), rows, tight=(0,)))


def _children(case: Case) -> Iterator[RenderableType]:
    if not case.children:
        return
    yield heading("Children")
    rows = [
        (
            say(child.link),
            say(child.id),
            say(child.workflow),
            say(child.state),
            Text("closed" if child.closed else "open"),
        )
        for child in case.children
    ]
    yield indented(table(("", "", "", "", ""), rows, tight=(0,)))


def _asked(option: Option) -> Text:
    """Say what must and may come with an act."""
    parts = []
    for label, names in (("needs", option.needs), ("accepts", option.accepts), ("documents", option.documents)):
        if names:
            parts.append(f"{label} {', '.join(names)}")
    if option.reason_required:
        parts.append("a written reason")
    return say("; ".join(parts), "dim")


def _reasons(option: Option, language: str) -> Text:
    return Text("\n").join(_reason(reason, language) for reason in option.reasons)


def _reason(reason: Reason, language: str) -> Text:
    """Write a reason in the language asked for, and below the author's words the values that decided."""
    words = reason.detail.get("else")
    if words is None:
        return say(reason.message)
    return join(say(in_language(words, language, reason.message)), say(f"\n{reason.detail['because']}", "dim"))
