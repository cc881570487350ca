"""Guards are checked at their place with what is known there."""

from __future__ import annotations

import pytest

from tests.analysis.examined import findings, marked, the_finding


def test_a_mistake_in_a_guard_is_found_inside_its_text() -> None:
    """The finding stands on the word, not on the rule."""
    fragment = """
        data: {amount: {type: integer}}
        transitions:
          close: {from: received, to: closed, by: officer, needs: amount, when: data.amuont >= 1000}
        """
    finding = the_finding(fragment)
    assert finding.code.startswith("ACC3")
    assert "amuont" in marked(fragment, finding)


def test_a_guard_must_be_true_or_false() -> None:
    """A number decides nothing."""
    fragment = """
        data: {amount: {type: integer}}
        transitions:
          close: {from: received, to: closed, by: officer, needs: amount, when: data.amount + 1}
        """
    assert the_finding(fragment).code.startswith("ACC3")


STEPS = """
data: {{amount: {{type: integer}}, other: {{type: integer}}}}
states: {{received: , ready: , closed: {{final: true}}}}
transitions:
  prepare: {{from: received, to: ready, by: officer{prepare}}}
  close: {{from: {source}, to: closed, by: officer{close}}}
"""


@pytest.mark.parametrize(
    ("prepare", "source", "close"),
    [
        (", needs: amount", "ready", ", when: data.amount > 1"),
        (', sets: {amount: "1"}', "ready", ", when: data.amount > 1"),
        ("", "ready", ", needs: amount, when: data.amount > 1"),
        ("", "ready", ", needs: amount, when: input.amount > 1"),
        ("", "ready", ", accepts: amount, when: has(data.amount) && data.amount > 1"),
        ("", "ready", ', needs: amount, sets: {other: "data.amount + 1"}'),
    ],
)
def test_a_field_that_surely_has_a_value_is_read_without_has(prepare: str, source: str, close: str) -> None:
    """By a rule before, by the rule itself, or behind `has()`."""
    assert findings(STEPS.format(prepare=prepare, source=source, close=close)) == ()


@pytest.mark.parametrize(
    ("prepare", "source", "close"),
    [
        ("", "ready", ", when: data.amount > 1"),
        (", accepts: amount", "ready", ", when: data.amount > 1"),
        (", needs: amount", "[received, ready]", ", when: data.amount > 1"),
        ("", "ready", ", accepts: amount, when: input.amount > 1"),
        (", needs: amount", "ready", ", when: input.amount > 1"),
        ("", "ready", ', sets: {other: "data.amount + 1"}'),
    ],
)
def test_a_field_that_may_be_missing_must_be_asked_for_first(prepare: str, source: str, close: str) -> None:
    """Also where only one of several ways leaves it out."""
    found = findings(STEPS.format(prepare=prepare, source=source, close=close))
    assert [finding.code[:4] for finding in found] == ["ACC3"]


def test_a_default_is_a_value() -> None:
    """A field with a default can be read from the first guard on."""
    fragment = """
        data: {urgent: {type: boolean, default: false}}
        start: {by: officer, when: "!data.urgent"}
        """
    assert findings(fragment) == ()


def test_a_computed_value_must_have_the_type_of_its_field() -> None:
    """The declaration of the field decides."""
    fragment = """
        data: {amount: {type: integer}}
        transitions:
          close: {from: received, to: closed, by: officer, sets: {amount: "'many'"}}
        """
    assert the_finding(fragment).code.startswith("ACC3")


def test_what_is_set_is_there_when_children_are_opened() -> None:
    """`opens` is worked out after `sets`."""
    child = "workflow: subject\ndata: {n: {type: integer}}\nstart: {by: officer, needs: n}\n"
    fragment = """
        data: {amount: {type: integer}}
        transitions:
          close:
            {from: received, to: closed, by: officer, sets: {amount: "1"},
             opens: [{workflow: subject, as: s, when: data.amount > 0, with: {n: data.amount}}]}
        """
    assert findings(fragment, child) == ()


def test_each_must_be_a_list_and_item_has_the_type_of_its_items() -> None:
    """A child is opened for each item."""
    child = "workflow: subject\ndata: {n: {type: integer}}\nstart: {by: officer, needs: n}\n"

    def opens(each: str) -> str:
        return f"""
        data: {{names: {{type: list, items: {{type: string}}}}, numbers: {{type: list, items: {{type: integer}}}}}}
        transitions:
          close:
            {{from: received, to: closed, by: officer, needs: [names, numbers],
             opens: [{{workflow: subject, as: s, each: {each}, with: {{n: item}}}}]}}
        """

    assert findings(opens("data.numbers"), child) == ()
    assert the_finding(opens("data.names"), child).code.startswith("ACC3")
    assert [found.code[:4] for found in findings(opens("size(data.names)"), child)] == ["ACC3"]


def test_children_have_the_fields_of_their_workflow() -> None:
    """A misspelt field of a child is found before a case exists; withheld ones are not to be seen."""
    child = """
        workflow: subject
        data: {level: {type: integer}, name: {type: string, personal: true}}
        start: {by: officer, needs: [level, name]}
        """

    def asks(field: str) -> str:
        return f"""
        transitions:
          open:
            {{from: received, by: officer, opens: [{{workflow: subject, as: s, with: {{level: "1", name: "'x'"}}}}]}}
          close: {{from: received, to: closed, by: officer, when: 'children("s").all(c, {field})'}}
        """

    assert findings(asks("c.data.level > 0"), child) == ()
    assert the_finding(asks("c.data.lvel > 0"), child).code.startswith("ACC3")
    assert the_finding(asks('c.data.name == "x"'), child).code.startswith("ACC3")


def test_a_guard_in_a_block_scalar_is_placed_on_its_line() -> None:
    """Long guards are written over several lines."""
    fragment = """
        data: {amount: {type: integer}}
        transitions:
          close:
            from: received
            to: closed
            by: officer
            needs: amount
            when:
              - check: |
                  data.amount > 1
                  && data.amonut < 9
                else: Too much
        """
    finding = the_finding(fragment)
    assert "amonut" in marked(fragment, finding)


def test_what_a_guard_has_asked_for_is_there_afterwards() -> None:
    """`sets` and `opens` are computed where the guards hold, so a `has()` there counts."""
    fragment = """
        data: {x: {type: integer}, y: {type: integer}, l: {type: list, items: {type: string}}}
        start: {by: officer, accepts: [x, l]}
        transitions:
          count: {from: received, by: officer, when: has(data.x) && data.x > 0, sets: {y: data.x + 1}}
          add: {from: received, by: officer, accepts: x, when: has(input.x), sets: {y: data.x + input.x}}
          close:
            from: received
            to: closed
            by: officer
            when: has(data.l)
            opens: [{workflow: demo, as: parts, each: data.l}]
        """
    assert findings(fragment) == ()
    finding = the_finding(fragment.replace("when: has(data.x) && data.x > 0, ", ""))
    assert (finding.code, finding.help) == (
        "ACC307",
        "ask for it in the rule's `when`: `has(data.x)`; or write `has(data.x) ? data.x : OTHERWISE`",
    )


def test_a_misspelt_field_is_told_once() -> None:
    """Not again wherever the right one has no value for it."""
    fragment = """
        data: {about: {type: string}}
        start: {by: officer, needs: abut}
        transitions:
          close: {from: received, to: closed, by: officer, when: 'data.about == "x"'}
        """
    assert the_finding(fragment).code == "ACC202"
