"""What is withheld stays withheld."""

from __future__ import annotations

import pytest

from tests.analysis.examined import codes, findings, marked, the_finding


def act(data: str, rule: str) -> str:
    """Write a workflow with these fields and one rule."""
    return f"""
        roles: {{officer: Officer, leader: Leader}}
        data: {{name: {{type: string, personal: true}}, secret: {{type: string, readers: [leader]}}, {data}}}
        start: {{by: [officer, leader]}}
        transitions:
          close: {{from: received, to: closed, by: officer, {rule}}}
        """


@pytest.mark.parametrize("field", ["name", "secret"])
def test_a_protected_field_is_never_published(field: str) -> None:
    """Neither a personal one nor one with readers."""
    fragment = act("result: {type: string}", f"needs: {field}, publishes: {{channels: web, fields: [{field}]}}")
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC500", field)


@pytest.mark.parametrize(
    "expression",
    ["data.name", "input.name", "data.name + '!'", "data.name == 'x' ? 'a' : 'b'"],
)
def test_an_expression_that_reads_a_protected_field_needs_a_protected_target(expression: str) -> None:
    """Whatever it makes of the value."""
    finding = the_finding(act("about: {type: string}", f'needs: name, sets: {{about: "{expression}"}}'))
    assert finding.code == "ACC501"
    assert finding.message == "`about` stands in the record in clear, but is computed from `name` (personal)"
    assert finding.help == "declare `about` so too: `about: {type: string, personal: true}`"


def test_a_protected_target_may_receive_it() -> None:
    """Personal into personal, readers into the same or fewer readers."""
    assert findings(act("about: {type: string, personal: true}", "needs: name, sets: {about: data.name}")) == ()
    assert findings(act("about: {type: string, readers: leader}", "needs: secret, sets: {about: data.secret}")) == ()


def test_a_computed_field_must_not_have_more_readers_than_its_source() -> None:
    """The copy keeps what the original keeps."""
    wide = act("about: {type: string, readers: [officer, leader]}", "needs: secret, sets: {about: data.secret}")
    finding = the_finding(wide)
    assert finding.code == "ACC503"
    assert finding.help == "write `readers: [leader]` for `about`"
    everybody = act("about: {type: string, personal: true}", "needs: secret, sets: {about: data.secret}")
    assert the_finding(everybody).message.startswith("everybody may read `about`")


CHILD = """
workflow: subject
data: {person: {type: string}}
start: {by: officer, accepts: person}
"""


@pytest.mark.parametrize(
    ("data", "opens"),
    [
        ("x: {type: string}", "with: {person: data.name}"),
        ("people: {type: list, items: {type: string}, personal: true}", "each: data.people, with: {person: item}"),
    ],
)
def test_a_child_must_not_receive_a_protected_field_in_clear(data: str, opens: str) -> None:
    """Also where it is an item of a protected list."""
    needed = "needs: [name, people]" if "people" in data else "needs: name"
    rule = f"{needed}, opens: [{{workflow: subject, as: next, {opens}}}]"
    found = findings(act(data, rule), CHILD)
    assert codes(found) == ["ACC502"]
    assert findings(act(data, rule), CHILD.replace("type: string", "type: string, personal: true")) == ()


def test_a_protected_field_is_not_given_with_an_act_that_waits_for_signatures() -> None:
    """It would have to wait in clear."""
    fragment = act("x: {type: string}", "accepts: name, signatures: 2")
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC504", "name")
    assert findings(act("x: {type: string}", "accepts: name, signatures: 1")) == ()


@pytest.mark.parametrize("key", ["needs", "accepts"])
def test_a_protected_field_is_given_or_computed_and_never_both(key: str) -> None:
    """Only one value of a field can be kept apart; a clear field shows both in its entry."""
    fragment = act("x: {type: string}", f"{key}: name, sets: {{name: \"'Wang'\"}}")
    finding = the_finding(fragment)
    assert finding.code == "ACC505"
    assert finding.message == "`name` is personal, and is both given and computed here"
    assert findings(act("x: {type: string}", f"{key}: x, sets: {{x: \"'Wang'\"}}")) == ()


def test_a_child_has_readers_of_its_own_but_must_have_some() -> None:
    """Who investigates may read what the office before could; not everybody may."""
    rule = "needs: secret, opens: [{workflow: subject, as: next, with: {person: data.secret}}]"
    own = CHILD.replace("type: string", "type: string, readers: officer") + "roles: {officer: A}\n"
    assert findings(act("x: {type: string}", rule), own) == ()
    everybody = CHILD.replace("type: string", "type: string, personal: true")
    assert codes(findings(act("x: {type: string}", rule), everybody)) == ["ACC503"]
