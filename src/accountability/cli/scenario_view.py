"""Results of scenarios: for people, for programs, and for build servers that read JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from accountability.cli.output import clean, count

if TYPE_CHECKING:
    from rich.console import RenderableType

    from accountability.testing.coverage import Coverage
    from accountability.testing.failure import Failure
    from accountability.testing.runner import Outcome


def draw(outcomes: Sequence[Outcome], coverage: Sequence[Coverage], shown_max: int | None) -> Iterator[RenderableType]:
    """Draw what came of scenarios.

    Args:
        outcomes: How each ended, file by file.
        coverage: How much of each workflow was covered.
        shown_max: How much of what is not covered is listed for a workflow; None: all.
    """
    from accountability.cli.page import join, say

    for file, of_file in groupby(outcomes, key=lambda outcome: outcome.scenario.origin.file):
        ended = [outcome.failure for outcome in of_file]
        failed = sum(failure is not None for failure in ended)
        passed = (f"{len(ended) - failed} passed", "green")
        yield join(say(file), ": ", passed, *((", ", (f"{failed} failed", "bold red")) if failed else ()), wrap=False)
    for outcome in outcomes:
        if outcome.failure is not None:
            yield from _failure(outcome.failure)
    yield from _coverage(coverage, shown_max)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    yield say("")
    if failed:
        yield join((f"{failed} of {count(len(outcomes), 'scenario')} failed", "bold red"), wrap=False)
    else:
        yield join(("ok", "bold green"), f": {count(len(outcomes), 'scenario')} passed", wrap=False)


def as_json(outcomes: Sequence[Outcome], coverage: Sequence[Coverage]) -> dict[str, Any]:
    """Give what came of scenarios as one object."""
    return {
        "ok": all(outcome.failure is None for outcome in outcomes),
        "scenarios": [_outcome(outcome) for outcome in outcomes],
        "coverage": [one.as_json() for one in coverage],
    }


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """Write what came of scenarios in the XML that build servers read; a file is a suite."""
    suites = []
    for file, of_file in groupby(outcomes, key=lambda outcome: outcome.scenario.origin.file):
        cases = list(of_file)
        failed = sum(outcome.failure is not None for outcome in cases)
        suites.append(f'<testsuite name="{_xml(file)}" tests="{len(cases)}" failures="{failed}" errors="0">')
        suites += [_case(outcome) for outcome in cases]
        suites.append("</testsuite>")
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' + "\n".join(suites) + "\n</testsuites>\n"


def _outcome(outcome: Outcome) -> Mapping[str, Any]:
    scenario, failure = outcome.scenario, outcome.failure
    return {
        "file": scenario.origin.file,
        "line": scenario.origin.line,
        "name": scenario.name,
        "ok": failure is None,
        "failure": None if failure is None else failure.as_json(),
    }


def _case(outcome: Outcome) -> str:
    scenario = outcome.scenario
    name, file = _xml(scenario.name), _xml(scenario.origin.file)
    opened = f'<testcase name="{name}" classname="{file}" file="{file}" line="{scenario.origin.line}"'
    if outcome.failure is None:
        return f"{opened}/>"
    first, *rest = outcome.failure.lines()
    return f'{opened}>\n<failure message="{_xml(first)}">{_xml(chr(10).join(rest))}</failure>\n</testcase>'


def _xml(text: str) -> str:
    """Write text into XML, without the characters that it cannot hold."""
    return escape(clean(text))


def _failure(failure: Failure) -> Iterator[RenderableType]:
    from accountability.cli.page import join, say

    yield say("")
    yield join(("FAILED", "bold red"), " ", say(failure.scenario.name, "bold"), wrap=False)
    for line in failure.lines():
        style = {"  expected": "green", "  actual: ": "red"}.get(line[:10], "")
        yield say(line, style, wrap=False)


def _coverage(coverage: Sequence[Coverage], shown_max: int | None) -> Iterator[RenderableType]:
    from accountability.cli.page import say, table
    from accountability.testing.coverage import KINDS

    if not coverage:
        return
    yield say("")
    rows = [
        [
            say(f"{one.workflow} v{one.version}"),
            *(say(_share(*one.counts[kind])) for kind in KINDS),
            say(*_percent(one)),
        ]
        for one in coverage
    ]
    yield table(("covered", *KINDS, "all"), rows, right=range(1, len(KINDS) + 2))
    for one in coverage:
        for missing in one.missing[:shown_max]:
            yield say(f"  {missing.file}:{missing.line}: {missing.what}", "yellow", wrap=False)
        more = 0 if shown_max is None else len(one.missing) - shown_max
        if more > 0:
            yield say(f"  and {more} more of {one.workflow}; --missing lists all", "dim", wrap=False)


def _percent(one: Coverage) -> tuple[str, str]:
    """Give the part that is covered, with its style; nothing of a workflow that takes over all that could be shown."""
    if not any(total for _, total in one.counts.values()):
        return "-", ""
    return f"{one.percent} %", "green" if one.percent == 100 else ""


def _share(covered: int, total: int) -> str:
    return f"{covered}/{total}" if total else "-"
