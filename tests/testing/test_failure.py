"""A failed scenario shows the step, what was expected, what came, and the history so far."""

from __future__ import annotations

from tests.testing.conftest import Play
from tests.testing.town import ACCEPT, FIRST_STEP, HEAD, SUBMIT

WHAT = len("      1  2015-02-09 09:00+08:00  ")
"""Where in a line of the history it says what was done."""


def shown(*steps: str, play: Play, head: str = HEAD) -> list[str]:
    """Give the lines that a failed scenario shows, without the folder of its file."""
    outcome = play(*steps, head=head)
    assert outcome.failure is not None
    folder = outcome.failure.origin.file.rpartition("/")[0]
    name = outcome.failure.origin.file.rpartition("/")[2]
    return [line.replace(f"{folder}/{name}", "it.yaml") for line in outcome.failure.lines()]


def test_a_refusal_shows_its_reasons_and_the_history(play: Play):
    """Line, step, expected, actual, and one line for each entry, in the offset that the author writes."""
    assert shown(SUBMIT, "accept: {by: ben, after: 1 working day}", play=play) == [
        f"it.yaml:{FIRST_STEP + 1}: accept",
        "    - accept: {by: ben, after: 1 working day}",
        "  expected: it is done",
        "  actual:   ben is refused",
        "              role: `accept` needs the role clerk; ben has head",
        "  so far:",
        "      1  2015-02-09 09:00+08:00  submit by ann (clerk) → received",
        "         acceptance armed, due 2015-03-05",
        "      1  2015-02-10 09:00+08:00  accept refused (role) by ben (head)",
    ]


def test_cases_of_a_history_are_told_apart(play: Play):
    """Children by the path that leads to them, further cases by their name."""
    lines = shown(
        SUBMIT,
        "start: {by: ann, as: second, data: {what: a bush}}",
        ACCEPT,
        "split: {case: parts.2, by: ann}",
        "finish: {case: parts.2/pieces, by: ann}",
        "expect: {case: second, state: answered}",
        play=play,
    )
    told = [line[WHAT:] for line in lines[lines.index("  so far:") + 1 :] if "2015-02-09 09:00" in line]
    assert told == [
        "submit by ann (clerk) → received",
        "[second] submit by ann (clerk) → received",
        "accept by ann (clerk) → examining.reading",
        "[parts.1] start by ann (clerk) → open",
        "[parts.2] start by ann (clerk) → open",
        "[parts.2] split by ann (clerk)",
        "[parts.2/pieces.1] start by ann (clerk) → open",
        "[parts.2/pieces.1] finish by ann (clerk) → done",
    ]


def test_what_time_and_signatures_do_is_told(play: Play):
    """A warning, a breach with what follows, a signature, a pause."""
    steps = [SUBMIT, "wait_until: 2015-03-06", ACCEPT, "fire: {trigger: wait, by: ann}", "go_on: {by: ann}"]
    steps += ["finish: {by: ann, case: parts.1}", "finish: {by: ann, case: parts.2}"]
    lines = shown(*steps, "answer: {by: ann, documents: letter}", "expect: {closed: true}", play=play)
    first = next(index for index, line in enumerate(lines) if "warn by system" in line)
    told = [line[WHAT:] or line.strip() for line in lines[first : first + 5]]
    assert told == [
        "warn by system",
        "acceptance warned",
        "breach by system",
        "acceptance breached",
        "remind by system",
    ]
    waits = next(index for index, line in enumerate(lines) if line.endswith("wait by ann (clerk) → waiting"))
    assert "         answering paused" in lines[waits + 1 : waits + 3]
    assert any("answer signed by ann (clerk)" in line for line in lines)


def test_times_are_told_in_the_zone_of_the_author_on_lines_that_fit(play: Play):
    """To the minute; to the second where somebody wrote seconds; a date stays a date."""
    long = f"start: {{by: ann, as: {'a_long_name_' * 8}, data: {{what: a bush}}, at: 2015-02-09T09:00:30+08:00}}"
    lines = shown(SUBMIT, ACCEPT, "hear: {by: ben}", long, "expect: {closed: true}", play=play)
    history = lines[lines.index("  so far:") + 1 :]
    assert "         call_back armed, due 2015-02-10 21:00+08:00" in history
    assert "         acceptance armed, due 2015-03-05" in history
    assert any(line.startswith("      1  2015-02-09 09:00:30+08:00") for line in history)
    assert any(line.strip() == "submit by ann (clerk) → received" for line in history)
    assert max(len(line) for line in history if "a_long_name" not in line) <= 100


def test_a_step_of_a_prelude_shows_who_asked_for_it(play: Play):
    """The step where it stands, and each place on the way."""
    head = HEAD.replace(
        "scenarios:",
        "preludes:\n  one:\n    - accept: {by: ben}\n  two:\n    - prelude: one\nscenarios:",
    )
    assert shown(SUBMIT, "prelude: two", play=play, head=head)[:5] == [
        "it.yaml:6: accept",
        "    - accept: {by: ben}",
        "  in the prelude asked for at it.yaml:8",
        "  in the prelude asked for at it.yaml:13",
        "  expected: it is done",
    ]


def test_a_long_step_is_shown_as_it_is_written(play: Play):
    """Its lines keep their indentation; very many are cut off."""
    lines = "".join(f"\n            - part {number}" for number in range(12))
    step = f"submit:\n          by: ben\n          data:\n            what: a tree\n            parts:{lines}"
    assert shown(step.replace("            - part", "              - part"), play=play)[1:11] == [
        "    - submit:",
        "        by: ben",
        "        data:",
        "          what: a tree",
        "          parts:",
        "            - part 0",
        "            - part 1",
        "            - part 2",
        "        …",
        "  expected: it is done",
    ]
