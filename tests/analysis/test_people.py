"""Rules about people must leave somebody who can satisfy them."""

from __future__ import annotations

from tests.analysis.examined import codes, findings, marked, the_finding

PROPOSE = "transitions:\n  propose: {from: received, by: officer}\n"


def test_the_same_and_a_different_person_is_nobody() -> None:
    """`same_as` and `not_by` of one trigger contradict each other."""
    fragment = PROPOSE + "  close: {from: received, to: closed, by: officer, same_as: propose, not_by: propose}\n"
    finding = the_finding(fragment)
    assert finding.code == "ACC410"
    assert finding.help == "remove `propose` from `same_as` or from `not_by`"


def test_one_person_cannot_give_two_signatures() -> None:
    """`same_as` leaves one person, `signatures: 2` wants two."""
    fragment = PROPOSE + "  close: {from: received, to: closed, by: officer, same_as: propose, signatures: 2}\n"
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC411", "signatures")


def test_one_signature_of_the_same_person_is_possible() -> None:
    """There is no contradiction in it."""
    assert (
        findings(PROPOSE + "  close: {from: received, to: closed, by: officer, same_as: propose, signatures: 1}\n")
        == ()
    )


def test_whoever_must_sign_must_be_allowed_to_act() -> None:
    """The cure is the complete `by`."""
    fragment = """
        roles: {officer: Officer, leader: Leader}
        transitions:
          close: {from: received, to: closed, by: officer, signatures: {officer: 1, leader: 1}}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC412", "leader")
    assert finding.help == "write `by: [officer, leader]`"


def test_whoever_may_act_must_have_something_to_sign() -> None:
    """Otherwise that role would always be refused."""
    fragment = """
        roles: {officer: Officer, leader: Leader}
        transitions:
          close: {from: received, to: closed, by: [officer, leader], signatures: {leader: 2}}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC412", "officer")
    assert "`signatures: {leader: 2, officer: 1}`" in finding.help


def test_the_engine_cannot_sign() -> None:
    """It is no person."""
    fragment = "transitions:\n  close: {from: received, to: closed, by: [officer, system], signatures: 2}\n"
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC413", "signatures")


def test_same_as_a_trigger_that_comes_later_is_nobody() -> None:
    """Nobody can have done it by then."""
    fragment = """
        transitions:
          close: {from: received, to: closed, by: officer, same_as: thank}
          thank: {from: closed, by: officer}
        """
    finding = the_finding(fragment)
    assert finding.code == "ACC414"
    assert finding.message == "nobody can have done `thank` before a case is in `received`"


def test_same_as_a_trigger_of_the_opener_is_possible() -> None:
    """It was done on the case above."""
    opener = """
        workflow: case
        transitions:
          thank: {from: received, by: officer, opens: [{workflow: demo, as: subjects}]}
          close: {from: received, to: closed, by: officer, awaits: subjects}
        """
    fragment = """
        transitions:
          close: {from: received, to: closed, by: officer, same_as: thank}
          thank: {from: closed, by: officer}
        """
    assert codes(findings(fragment, opener)) == []
