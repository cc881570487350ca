"""A verdict: which outcome wins, what is listed, and that anything can be printed."""

import json

import pytest

from accountability.audit.verdict import PROBLEMS_MAX, Check, Problem, Tally, Verdict, case_name, shown


def test_nothing_found_is_ok():
    """A check that found nothing says so, with what it looked at."""
    tally = Tally("bytes")
    tally.count += 2
    assert tally.check() == Check("bytes", "ok", 2, ())


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (("erased",), "erased"),
        (("erased", "unverifiable"), "unverifiable"),
        (("erased", "violated", "unverifiable"), "violated"),
    ],
)
def test_the_worst_outcome_is_the_verdict_and_lists_its_own_problems(found, verdict):
    """An erasure never hides a violation among its lines."""
    tally = Tally("openings")
    for outcome in found:
        tally.add(outcome, "a", 1, outcome)
    assert tally.check() == Check("openings", verdict, 0, (Problem("a", 1, verdict),))


def test_a_flood_of_problems_is_counted_and_not_kept():
    """A record that was rewritten as a whole does not fill the memory with complaints."""
    tally = Tally("bytes")
    for seq in range(PROBLEMS_MAX + 5):
        tally.violated("a", seq, "wrong")
    problems = tally.check().problems
    assert len(problems) == PROBLEMS_MAX + 1
    assert problems[-1].message == "and 5 more"


def test_a_verdict_has_the_documented_shape():
    """Other programs read this JSON."""
    verdict = Verdict(False, 3, (Check("bytes", "violated", 3, (Problem("a", None, "wrong"),)),))
    assert verdict.as_json() == {
        "ok": False,
        "entries": 3,
        "checks": [
            {
                "name": "bytes",
                "verdict": "violated",
                "count": 3,
                "problems": [{"case": "a", "seq": None, "message": "wrong"}],
            }
        ],
    }


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "a\0b",
        "\ud800",
        "\x1b[31m",
        b"\xff" * 900,
        "x" * 10**6,
        pytest.param(10**6000, id="huge"),
        -1,
        1.5,
        {"a": "\ud800"},
    ],
)
def test_whatever_a_cell_holds_can_be_named_quoted_and_printed(cell):
    """No cell breaks a terminal, a JSON reader, or the verifier that complains about it."""
    tally = Tally("bytes")
    tally.violated(cell, cell, f"it says {shown(cell)}")
    printed = json.dumps(tally.check().as_json(), ensure_ascii=False)
    assert printed.isprintable()
    assert printed.encode()
    assert len(printed) < 1000
    assert len(case_name(cell)) < 400
