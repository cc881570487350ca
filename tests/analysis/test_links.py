"""Child cases can begin, and somebody looks after them."""

from __future__ import annotations

import pytest

from tests.analysis.examined import codes, findings, marked, the_finding

CHILD = """
workflow: subject
roles: {officer: Officer, clerk: Clerk}
data: {name: {type: string}, level: {type: integer}}
start: {by: [officer, system], needs: name, accepts: level}
transitions:
  close: {from: received, to: closed, by: [officer, clerk]}
"""


def parent(opens: str, close: str = "awaits: subjects") -> str:
    """Write a workflow that opens a child case and closes later."""
    return f"""
        roles: {{officer: Officer, clerk: Clerk}}
        data: {{person: {{type: string}}, people: {{type: list, items: {{type: string}}}}}}
        start: {{by: [officer, clerk], needs: [person, people]}}
        transitions:
          open: {{from: received, by: officer, opens: [{{workflow: subject, as: subjects, {opens}}}]}}
          close: {{from: received, to: closed, by: officer, {close}}}
        """


BOTH = "from: received, by: [officer, clerk]"


def test_a_well_opened_child_is_fine() -> None:
    """Every need is given with the right type, in a role that may start it."""
    assert findings(parent("with: {name: data.person}"), CHILD) == ()
    assert findings(parent("each: data.people, with: {name: item, level: '3'}"), CHILD) == ()
    assert findings(parent("by: system, with: {name: data.person}"), CHILD) == ()


@pytest.mark.parametrize(
    ("opens", "code", "place", "message"),
    [
        ("by: clerk, with: {name: data.person}", "ACC420", "clerk", "`clerk` may not start a `subject`"),
        (
            "with: {name: data.person, levl: '3'}",
            "ACC421",
            "levl",
            "the start of `subject` takes no field `levl`",
        ),
        ("with: {level: '3'}", "ACC422", "with", "a `subject` cannot start without `name`"),
    ],
)
def test_a_child_that_cannot_begin_is_found(opens: str, code: str, place: str, message: str) -> None:
    """Role, unknown field, missing field: each at its place."""
    fragment = parent(opens)
    finding = the_finding(fragment, CHILD)
    assert (finding.code, marked(fragment, finding), finding.message) == (code, place, message)


def test_a_misspelt_field_of_the_child_is_recognised() -> None:
    """Among the fields that are not given already."""
    assert the_finding(parent("with: {name: data.person, levl: '3'}"), CHILD).help == "did you mean `level`?"


def test_what_is_missing_can_be_pasted() -> None:
    """The cure is the `with` that is needed."""
    assert the_finding(parent("by: officer"), CHILD).help == "add to `with`: `{name: EXPRESSION}`"


def test_a_value_of_the_wrong_type_is_found_in_the_expression() -> None:
    """The child's declaration says what fits."""
    finding = the_finding(parent("with: {name: '3'}"), CHILD)
    assert finding.code.startswith("ACC3")


def test_the_actors_own_roles_must_all_be_able_to_start_the_child() -> None:
    """Without `by` a child is opened in the roles of the person who acts."""
    fragment = """
        roles: {officer: Officer, clerk: Clerk}
        start: {by: [officer, clerk]}
        transitions:
          open: {from: received, by: [officer, clerk], opens: [{workflow: subject, as: s, with: {name: '"x"'}}]}
          close: {from: received, to: closed, by: officer, awaits: s}
        """
    finding = the_finding(fragment, CHILD)
    assert finding.code == "ACC420"
    assert finding.message == "`clerk` may do this, but may not start the `subject` that it opens"
    assert finding.help.startswith("write `by: system` in this `opens`")


def test_a_child_is_not_opened_in_a_role_that_not_everybody_holds() -> None:
    """The record would say that somebody acted in a role which they do not have."""
    shared = parent("by: officer, with: {name: data.person}").replace("from: received, by: officer", BOTH, 1)
    finding = the_finding(shared, CHILD.replace("[officer, system]", "[officer, clerk]"))
    assert (finding.code, finding.message) == ("ACC426", "`clerk` may do this, and would be recorded as `officer`")
    assert finding.help == "leave `by` out, so that each acts in the own role, or write `by: system`"
    assert findings(parent("by: officer, with: {name: data.person}"), CHILD) == ()


def test_a_child_whose_start_wants_papers_cannot_be_opened() -> None:
    """An opening brings data only."""
    child = CHILD.replace("needs: name", "needs: name, documents: [letter], reason: required")
    finding = the_finding(parent("with: {name: data.person}"), child)
    assert finding.code == "ACC423"
    assert finding.message == (
        "the start of `subject` wants the document `letter` and a written reason, which an opening cannot bring"
    )


def test_starts_that_open_each_other_without_end_are_found() -> None:
    """Through any number of workflows, unless a condition stops it."""
    other = "workflow: other\nstart: {by: officer, opens: [{workflow: demo, as: back}]}\n"
    here = (
        "start: {by: officer, opens: [{workflow: other, as: there}]}\ntransitions:\n"
        "  close: {from: received, to: closed, by: officer, awaits: there}\n"
    )
    finding = the_finding(here, other)
    assert (finding.code, finding.message) == (
        "ACC424",
        "starting a `demo` would open cases without end: demo -> other -> demo",
    )
    stopped = other.replace("as: back", "as: back, when: 'false'")
    assert "ACC424" not in codes(findings(here, stopped))


def test_a_child_nobody_waits_for_is_a_warning() -> None:
    """Unless a rule awaits it or a guard looks at it."""
    opens = "with: {name: data.person}"
    finding = the_finding(parent(opens, "reason: required"), CHILD)
    assert (finding.code, finding.severity) == ("ACC425", "warning")
    assert finding.help.startswith("add `awaits: [subjects]` to the rule that closes the case")
    assert findings(parent(opens, "when: 'size(children(\"subjects\")) > 0'"), CHILD) == ()


def test_an_act_that_opens_a_child_and_closes_the_case_hands_over() -> None:
    """Nothing is forgotten there."""
    fragment = """
        transitions:
          close: {from: received, to: closed, by: officer, opens: [{workflow: demo, as: next}]}
        """
    assert findings(fragment) == ()
