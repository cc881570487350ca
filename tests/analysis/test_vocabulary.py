"""A text in a guard is one that can occur."""

from __future__ import annotations

import pytest

from tests.analysis.examined import codes, findings, marked, the_finding

CHILD = """
workflow: subject
states: {named: , heard: , done: {final: true}}
initial: named
data: {outcome: {type: string, enum: [guilty, free]}}
transitions:
  hear: {from: named, to: heard, by: officer, accepts: outcome}
  end: {from: heard, to: done, by: officer}
"""


def asking(guard: str) -> str:
    """Write a workflow whose last rule has a guard."""
    return f"""
        data:
          about: {{type: string, enum: [delay, conduct]}}
          tags: {{type: list, items: {{type: string, enum: [red, blue]}}}}
          name: {{type: string}}
        start: {{by: officer, needs: [about, tags, name]}}
        transitions:
          open: {{from: received, by: officer, opens: [{{workflow: subject, as: subjects}}]}}
          close:
            from: received
            to: closed
            by: officer
            awaits: subjects
            when: '{guard}'
        """


@pytest.mark.parametrize(
    ("guard", "place", "message"),
    [
        ('data.about != "dely"', '"dely"', "`about` is never `dely`"),
        ('data.about in ["delay", "conduc"]', '"conduc"', "`about` is never `conduc`"),
        ('"rde" in data.tags', '"rde"', "`tags` is never `rde`"),
        ('"oficer" in actor.roles', '"oficer"', "a role is never `oficer`"),
        ('case.state == "recieved"', '"recieved"', "the state is never `recieved`"),
        ('children("subjects").all(c, c.state == "hard")', '"hard"', "the state of a `subject` is never `hard`"),
        (
            'children("subjects").filter(c, c.closed).exists(c, c.state in ["done", "named", "dnoe"])',
            '"dnoe"',
            "the state of a `subject` is never `dnoe`",
        ),
        (
            'children("subjects").all(c, has(c.data.outcome) && c.data.outcome == "fre")',
            '"fre"',
            "`outcome` is never `fre`",
        ),
    ],
)
def test_a_text_that_never_occurs_is_found_at_its_place(guard: str, place: str, message: str) -> None:
    """Whatever the operator, and however deep it stands."""
    finding = the_finding(asking(guard), CHILD)
    assert (finding.code, finding.message) == ("ACC208", message)
    assert marked(asking(guard), finding) == place
    assert finding.help.startswith("did you mean")


def test_texts_that_can_occur_or_are_free_are_fine() -> None:
    """A field without `enum`, an actor's id, a child of which nothing is known may be anything."""
    for guard in (
        'data.about != "delay"',
        'data.name == "anything"',
        'actor.id == "ann"',
        '"system" in actor.roles || "officer" in actor.roles',
        'children("subjects").all(c, c.state != "named")',
    ):
        assert findings(asking(guard), CHILD) == ()
    assert codes(findings(asking('children("subjects").all(c, c.state == "x")'))) == ["ACC205"]
