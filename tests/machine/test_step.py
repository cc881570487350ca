"""The pure step: the same values give the same answer, and every answer explains itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from hypothesis import given, settings

from accountability.audit.entry import Actor
from accountability.definition.model import Workflow
from accountability.machine.attempt import OPENS_MAX
from accountability.machine.case import Facts, Firing, Opening, Refusal, Step
from accountability.machine.compiler import compile_workflow
from accountability.machine.options import options
from accountability.machine.permission import missing_signatures
from accountability.machine.standing import STANDING
from accountability.machine.step import step
from accountability.replay import fold, retrace
from tests.machine.walk import ANN, BOB, EVE, Walk, done, law, messages, opened, paper, refused
from tests.machine.worlds import ACTORS, attempts, contents, likely

CODES = {
    "state", "role", "guard", "four_eyes", "recused", "signature", "data", "document", "reason", "awaits", "conflict",
    "unknown",
}  # fmt: skip


def walked(content: dict[str, object], wishes: list[Firing | int]) -> tuple[Walk, list[Firing], list[Step | Refusal]]:
    """Walk a case through attempts, from its opening on; give them with their outcomes."""
    walk = Walk(compile_workflow(Workflow.from_content(content)))
    done(walk.start(ACTORS[2], {"word": "yes"}))
    attempts, outcomes = [], []
    for wish in wishes:
        attempts.append(wish if isinstance(wish, Firing) else likely(walk.law, walk.standing, wish))
        outcomes.append(walk.attempt(attempts[-1]))
    return walk, attempts, outcomes


WALKS = given(content=contents(), wishes=attempts())


@settings(max_examples=25)
@WALKS
def test_deciding_changes_nothing_and_answers_alike(content: dict[str, object], wishes: list[Firing | int]):
    """A step touches none of its arguments; asked again with the same values it says the same."""
    walk, tried, _ = walked(content, wishes)

    for attempt in tried:
        before = deepcopy((walk.case, attempt, content))
        first = step(walk.law, walk.standing, attempt, walk.now)
        again = step(walk.law, walk.standing, attempt, walk.now)
        assert first == again
        assert (walk.case, attempt, content) == before


@settings(max_examples=50)
@WALKS
def test_a_replay_of_what_was_recorded_gives_the_same_case(content: dict[str, object], wishes: list[Firing | int]):
    """Whatever was tried: the entries alone give the case that the walk ended with, and the law gives each of them."""
    walk, _, _ = walked(content, wishes)

    retraced = list(retrace(walk.law, walk.entries, lambda _: {}, lambda *_: Facts()))
    assert [one.differences for one in retraced] == [()] * len(walk.entries)
    assert retraced[-1].case == walk.case == fold(walk.entries)


@settings(max_examples=25)
@WALKS
def test_every_refusal_says_why(content: dict[str, object], wishes: list[Firing | int]):
    """A refusal has a reason, each reason a code of the contract and a sentence; none is said twice."""
    walk, tried, outcomes = walked(content, wishes)

    for attempt, outcome in zip(tried, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            assert outcome.trigger == attempt.trigger
            assert outcome.reasons
            assert {reason.code for reason in outcome.reasons} <= CODES
            assert all(reason.message for reason in outcome.reasons)
            assert len({(reason.code, reason.message) for reason in outcome.reasons}) == len(outcome.reasons)
            assert outcome.data.keys() <= walk.law.definition.data.keys()


@settings(max_examples=25)
@WALKS
def test_a_step_leads_where_its_rule_says(content: dict[str, object], wishes: list[Firing | int]):
    """From the state the case was in, to a leaf there is, closed exactly where that is final."""
    walk, _, outcomes = walked(content, wishes)
    state = walk.entries[0].target

    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            continue
        assert outcome.source == state
        state = outcome.target
        assert state in {"a", "b.x", "b.y", "c", "z"}
        if outcome.kind == "transition":
            assert outcome.closed is (state == "z")
        else:
            assert (outcome.closed, outcome.target) == (None, outcome.source)
        if outcome.rule is not None:
            rule = walk.law.rules[outcome.trigger][outcome.rule]
            assert outcome.data.keys() <= rule.fields.keys()
            assert rule.moves or outcome.kind != "transition"
            assert (outcome.kind == "signature") <= (rule.signatures is not None)


@settings(max_examples=50)
@WALKS
def test_options_agree_with_what_firing_does(content: dict[str, object], wishes: list[Firing | int]):
    """What is not allowed is refused whatever is given; what is allowed and asks for nothing is done."""
    walk, attempted, _ = walked(content, wishes)
    case = walk.standing

    for actor in ACTORS:
        for option in options(walk.law, case, actor, walk.now, Facts()):
            assert option.allowed is (not option.reasons)
            tried = [one for one in attempted if one.trigger == option.trigger]
            bare = Firing(trigger=option.trigger, actor=actor, reason="because")
            for attempt in (bare, *tried):
                attempt = Firing(
                    trigger=option.trigger, actor=actor, data=attempt.data, documents=attempt.documents, reason="r"
                )
                outcome = step(walk.law, case, attempt, walk.now)
                assert option.allowed or isinstance(outcome, Refusal)
            held = walk.law.rules_at.get(option.trigger, {}).get(case.state, ())
            rules = [walk.law.rules[option.trigger][index] for index in held]
            if option.allowed and len(rules) == 1 and not rules[0].fields and not rules[0].sets:
                papers = tuple(paper(name) for name in option.documents)
                given_all = Firing(trigger=option.trigger, actor=actor, documents=papers, reason="r")
                pending = [signed for signed in case.memory.signatures if signed.trigger == option.trigger]
                if not pending:
                    assert isinstance(step(walk.law, case, given_all, walk.now), Step)
            if option.allowed and option.trigger == "note":
                assert isinstance(step(walk.law, case, bare, walk.now), Step)
        assert {option.trigger for option in options(walk.law, case, actor, walk.now, Facts())} == {
            *walk.law.rules, *STANDING,
        }  # fmt: skip


NESTED = """\
start: {by: clerk}
states:
  open:
    initial: first
    states: {first: , second: , deep: {initial: low, states: {low: , high: }}}
  held: {final: true}
initial: open
transitions:
  look:
    - {from: open, by: clerk}
    - {from: open.deep, by: head}
    - {from: open.deep.high, by: expert}
  dig: {from: open, to: open.deep, by: clerk}
  rise: {from: open.deep, to: open.deep.high, by: clerk}
  close: {from: any, to: held, by: clerk}
  reopen: {from: held, to: {history: open}, by: head}
  touch: {from: some, by: clerk}
groups: {some: [open.deep, held]}
"""


def test_the_innermost_rule_wins():
    """A rule of an inner state takes the place of the outer one's there, for everybody."""
    walk = opened(NESTED)
    assert done(walk.fire("look")).rule == 0

    done(walk.fire("dig"))
    assert refused(walk.fire("look")) == ["role"]
    assert done(walk.fire("look", BOB)).rule == 1

    done(walk.fire("rise"))
    assert refused(walk.fire("look", BOB)) == ["role"]
    assert done(walk.fire("look", EVE)).rule == 2


def test_going_to_a_compound_state_enters_its_initial():
    """Down to the leaf."""
    walk = opened(NESTED)

    assert done(walk.fire("dig")).target == "open.deep.low"


def test_any_and_groups_leave_final_states_alone():
    """Only a rule that names a final state itself leads out of it; history then returns into the depth."""
    walk = opened(NESTED)
    for trigger in ("dig", "rise", "close"):
        done(walk.fire(trigger))
    assert walk.standing.closed

    assert refused(walk.fire("close")) == ["state"]
    assert refused(walk.fire("touch")) == ["state"]
    reopened = done(walk.fire("reopen", BOB))
    assert (reopened.target, reopened.closed) == ("open.deep.high", False)
    assert not walk.standing.closed


def test_a_closed_case_is_named_as_the_reason():
    """The refusal says that the case is closed, and where the act would be possible."""
    walk = opened(NESTED)
    done(walk.fire("close"))

    outcome = walk.fire("dig")
    assert "the case is closed" in messages(outcome)
    assert isinstance(outcome, Refusal)
    assert outcome.reasons[0].detail["possible_in"] == ["open.deep.high", "open.deep.low", "open.first", "open.second"]


MANY = """\
data: {metres: {type: integer}, fee: {type: decimal}, kind: {type: string}}
start: {by: clerk, accepts: [metres, kind]}
states: {a: , b: , c: , d: {final: true}}
initial: a
transitions:
  go:
    - {from: a, to: b, by: head, when: 'data.metres > 9', reason: required, documents: plan}
    - {from: a, to: c, by: clerk, when: 'data.metres > 5'}
    - {from: a, to: d, by: clerk, when: 'data.metres > 3'}
"""


def test_the_first_rule_that_fits_is_taken():
    """In the order of the file, even where a later one fits as well."""
    assert done(opened(MANY, {"metres": 6}).fire("go")).target == "c"
    assert done(opened(MANY, {"metres": 4}).fire("go")).target == "d"


def test_every_rule_of_the_state_gives_its_reasons_nearest_miss_first():
    """One reason short of fitting comes before four."""
    outcome = opened(MANY, {"metres": 1}).fire("go")

    assert refused(outcome) == ["guard", "guard", "role", "document", "reason", "guard"]
    assert "data.metres > 5: false (data.metres is 1)" in messages(outcome)


def test_a_reason_that_two_rules_share_is_said_once():
    """Nobody has to read the same sentence twice."""
    outcome = opened(MANY, {"metres": 1}).fire("go", EVE, {"kidn": "x"})

    assert isinstance(outcome, Refusal)
    assert len({reason.message for reason in outcome.reasons}) == len(outcome.reasons)


def test_a_guard_that_cannot_be_decided_is_a_refusal():
    """An error while deciding is never a pass, and it is told beside the wrong role."""
    outcome = opened(MANY).fire("go")
    assert set(refused(outcome)) == {"guard", "role", "reason", "document"}
    assert "cannot be decided" in messages(outcome)

    walk = opened(MANY.replace("to: d, by: clerk", "to: d, by: expert"))
    assert "data.metres > 3` cannot be decided" in messages(walk.fire("go"))


def test_wrong_input_is_not_told_a_second_time_by_the_guard_that_reads_it():
    """What is missing is said as `data`; that the guard cannot be decided then says nothing new."""
    text = MANY.replace("by: clerk, when: 'data.metres > 5'", "by: clerk, needs: metres, when: 'input.metres > 5'")
    outcome = opened(text, {"metres": 1}).fire("go", EVE)

    assert isinstance(outcome, Refusal)
    assert "the field `metres` is needed" in messages(outcome)
    assert "input.metres > 5` cannot" not in messages(outcome)


def test_a_trigger_that_means_nothing_is_met_with_the_nearest_one():
    """`unknown` names what was probably meant, also among the acts every workflow has."""
    walk = opened(SETS)

    assert refused(walk.fire("divdie")) == ["unknown"]
    assert "did you mean `divide`" in messages(walk.fire("divdie"))
    assert "did you mean `recuse`" in messages(walk.fire("recus"))
    assert refused(walk.fire("start")) == ["unknown"]


def test_only_declared_clear_and_well_typed_data_of_a_refusal_is_recorded():
    """What may not be recorded does not slip in through a refused attempt."""
    walk = opened(
        """\
data: {metres: {type: integer}, name: {type: string, personal: true}, hint: {type: string, readers: [head]}}
start: {by: clerk}
states: {a: , z: {final: true}}
initial: a
transitions: {go: {from: a, to: z, by: head, needs: [metres, name], accepts: hint}}
"""
    )
    outcome = walk.fire("go", data={"metres": 3, "name": "Zhao", "hint": "ask", "nmae": "Zhao"})
    wrong = walk.fire("go", data={"metres": "Zhao", "name": 5})
    elsewhere = walk.fire("gone", data={"metres": 3, "name": "Zhao"})

    assert isinstance(outcome, Refusal)
    assert isinstance(wrong, Refusal)
    assert isinstance(elsewhere, Refusal)
    assert (outcome.data, wrong.data, elsewhere.data) == ({"metres": 3}, {}, {"metres": 3})
    assert "Zhao" not in repr(outcome.reasons)


HIDDEN = """\
data:
  name: {type: string, personal: true}
  births: {type: list, items: {type: date}, personal: true}
  score: {type: integer, readers: [head]}
  open: {type: integer}
start: {by: clerk, accepts: [name, births, score, open]}
states: {a: , z: {final: true}}
initial: a
transitions:
  go: {from: a, to: z, by: clerk, accepts: [name, score], when: 'GUARD'}
"""


@pytest.mark.parametrize(
    "guard",
    [
        'data.name == "Wang"',
        'data.name.startsWith("Wang") || data.open > 5',
        "size(data.name) > 40",
        'data.name + "!" == "Wang!"',
        'data.births.exists(day, day > date("2100-01-01"))',
        'data.births[0] > date("2100-01-01")',
        'data.births[7] > date("2100-01-01")',
        "data.score > 7000",
        "data.score / 0 > 1",
        "data.score + data.open > 90000",
        'has(input.name) && input.name == "Wang"',
        "has(input.score) ? input.score > 7000 : data.score > 7000",
        '[data.name, "x"].exists(one, one == "Wang")',
        "data.births.map(day, day).size() > 99",
    ],
)
def test_a_refusal_never_shows_a_withheld_value(guard: str):
    """However a guard reads it: neither the case's value nor the one that is given stands in a reason."""
    data = {"name": "Zhao Liu", "births": ["1969-07-20"], "score": 6174, "open": 1}
    walk = opened(HIDDEN.replace("'GUARD'", repr(guard) if "'" not in guard else f'"{guard}"'), data)

    for given_now in ({}, {"name": "Qian Qi", "score": 3435}):
        outcome = walk.fire("go", data=given_now)
        assert isinstance(outcome, Refusal)
        shown = repr(outcome)
        assert not [value for value in ("Zhao", "Qian", "1969", "6174", "3435", "6175") if value in shown]


SETS = """\
data:
  first: {type: integer, default: 1}
  second: {type: integer, default: 2}
  total: {type: decimal, maximum: "100"}
  days: {type: list, items: {type: date}}
start: {by: clerk, accepts: [first, second]}
states: {a: , z: {final: true}}
initial: a
transitions:
  swap: {from: a, by: clerk, sets: {first: data.second, second: data.first}}
  add: {from: a, by: clerk, accepts: first, sets: {total: data.first * 1.50}}
  divide: {from: a, by: clerk, accepts: first, sets: {total: 10 / data.first}}
  list: {from: a, by: clerk, sets: {days: '[date("2015-02-09")]'}}
"""


def test_computations_see_the_case_as_it_was_with_the_input_merged():
    """All of them see the same values, so their order means nothing: two fields can change places."""
    walk = opened(SETS)

    done(walk.fire("swap"))
    assert (walk.standing.data["first"], walk.standing.data["second"]) == (2, 1)
    assert done(walk.fire("add", data={"first": 4})).sets == {"total": "6.00"}


def test_a_computed_value_that_does_not_fit_its_field_is_a_refusal():
    """It breaks a bound, or cannot be worked out: nothing is bent, nothing is half done."""
    walk = opened(SETS)

    assert refused(walk.fire("add", data={"first": 900})) == ["data"]
    assert refused(walk.fire("divide", data={"first": 0})) == ["guard"]
    assert "total" not in walk.standing.data


def test_computed_values_are_kept_in_their_json_form():
    """Dates and decimals as text, like values that were given."""
    walk = opened(SETS)

    assert done(walk.fire("list")).sets == {"days": ["2015-02-09"]}


def test_a_case_starts_with_defaults_where_nothing_was_given():
    """Defaults count as computed: they are not what the actor gave."""
    walk = Walk(law(SETS))
    started = done(walk.start(data={"first": 7}))

    assert (started.data, started.sets) == ({"first": 7}, {"second": 2})


DOCUMENTS = """\
start: {by: clerk}
states: {a: , z: {final: true}}
initial: a
transitions:
  file: {from: a, by: clerk, documents: [plan, map]}
  note_down: {from: a, by: clerk}
"""


def test_documents_that_are_missing_are_named():
    """All of them at once; that another came along does not help."""
    walk = opened(DOCUMENTS)
    outcome = walk.fire("file", documents=(paper("mop"),))

    assert refused(outcome) == ["document", "document"]
    assert "`map` must come" in messages(outcome)
    assert "`plan` must come" in messages(outcome)


def test_documents_that_are_not_asked_for_may_come_along():
    """Papers may always be added to the record."""
    assert done(opened(DOCUMENTS).fire("note_down", documents=(paper("letter"),))).documents == (paper("letter"),)


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_a_reason_that_is_required_has_words(reason: str | None):
    """Blanks are no reason."""
    walk = opened(
        "start: {by: clerk}\nstates: {a: }\ninitial: a\ntransitions: {go: {from: a, by: clerk, reason: required}}"
    )

    assert refused(walk.fire("go", reason=reason)) == ["reason"]
    assert done(walk.fire("go", reason="because"))


PUBLISHED = """\
data: {street: {type: string}, metres: {type: integer}, channel: {type: string}}
start: {by: clerk, accepts: [street, metres]}
states: {a: , z: {final: true}}
initial: a
transitions:
  publish:
    from: a
    to: z
    by: [clerk, head]
    signatures: 2
    accepts: [channel, metres]
    sets: {channel: '"board"'}
    publishes: {channels: [board, paper], fields: [street, metres, channel], objection: 5 working days}
"""


def test_what_is_published_stands_in_the_step_that_publishes_it():
    """With the last signature: the channels, the time to object, and the fields as they are after the act."""
    walk = opened(PUBLISHED, {"street": "Mill Lane"})

    assert done(walk.fire("publish")).published is None
    assert done(walk.fire("publish", BOB)).published == {
        "channels": ["board", "paper"],
        "data": {"street": "Mill Lane", "channel": "board"},
        "objection": "5 working days",
    }


OPENS = """\
data: {names: {type: list, items: {type: string}}, big: {type: boolean, default: false}, at: {type: date}}
start: {by: clerk, accepts: [names, big, at]}
states: {a: , z: {final: true}}
initial: a
transitions:
  spread:
    - from: a
      to: z
      by: clerk
      when: data.big
      opens: {workflow: part, as: parts, each: data.names, with: {name: item}}
    - from: a
      by: clerk
      sets: {at: 'date("2015-02-10")'}
      opens:
        - {workflow: part, as: parts, each: data.names, with: {name: item, count: size(data.names)}, by: head}
        - {workflow: log, as: logs, when: data.big, by: system}
        - {workflow: log, as: logs, with: {day: data.at}}
  plain: {from: a, by: clerk}
"""


BOTH = Actor("ann", {"clerk", "head"})


def test_nobody_opens_a_case_in_a_role_they_do_not_hold():
    """The role that `opens.by` names must be held by whoever does the act."""
    assert "role" in refused(opened(OPENS, {"names": ["x"]}).fire("spread"))


def test_an_opening_says_what_who_and_with_which_data():
    """`each` opens one for each item, `by` gives the role, `when` decides; computed fields are seen already."""
    step_ = done(opened(OPENS, {"names": ["x", "y"]}).fire("spread", BOTH))

    assert step_.opens == (
        Opening("part", "parts", Actor("ann", {"head"}), {"name": "x", "count": 2}),
        Opening("part", "parts", Actor("ann", {"head"}), {"name": "y", "count": 2}),
        Opening("log", "logs", BOTH, {"day": "2015-02-10"}),
    )


def test_an_empty_list_opens_nothing():
    """The act itself is done."""
    step_ = done(opened(OPENS, {"names": []}).fire("spread"))

    assert [opening.link for opening in step_.opens] == ["logs"]


def test_one_act_opens_so_many_cases_at_most():
    """More is a refusal, before anything is opened."""
    many = {"names": ["x"] * (OPENS_MAX + 1), "big": True}
    walk = opened(
        OPENS.replace(
            "- {workflow: part, as: parts, each: data.names, with: {name: item, count: size(data.names)}, by: head}",
            "- {workflow: part, as: parts}",
        ),
        many,
    )
    fits = opened(OPENS, {"names": ["x"] * OPENS_MAX, "big": True})

    assert done(fits.fire("spread")).rule == 0
    assert done(walk.fire("spread")).rule == 1


def test_what_a_rule_that_did_not_fit_would_have_opened_is_forgotten():
    """The next rule that fits opens its own children alone."""
    text = OPENS[: OPENS.index("    - from: a\n      by: clerk\n      sets")] + "    - {from: a, by: clerk}\n"
    walk = opened(text, {"names": ["x"] * (OPENS_MAX + 1), "big": True})

    step_ = done(walk.fire("spread"))
    assert (step_.rule, step_.opens) == (1, ())


def test_signatures_still_needed_are_counted_by_role():
    """So many of each role, or so many of any."""
    rules = law(
        "start: {by: clerk}\nstates: {a: }\ninitial: a\ntransitions:\n"
        "  one: {from: a, by: [clerk, head], signatures: {clerk: 2, head: 1}}\n"
        "  any: {from: a, by: [clerk, head], signatures: 2}\n"
    ).rules

    assert missing_signatures(rules["one"][0], ()) == {"clerk": 2, "head": 1}
    assert missing_signatures(rules["any"][0], ()) == {"any": 2}


def test_time_is_an_argument():
    """The same attempt is refused at one moment and allowed at another; no clock is read."""
    walk = opened(
        "data: {until: {type: datetime}}\nstart: {by: clerk, needs: until}\nstates: {a: }\ninitial: a\n"
        "transitions: {go: {from: a, by: clerk, when: now > data.until}}\n",
        {"until": "2015-02-09T01:05:00Z"},
    )
    firing = Firing(trigger="go", actor=ANN)

    assert isinstance(step(walk.law, walk.standing, firing, walk.now), Refusal)
    assert isinstance(step(walk.law, walk.standing, firing, walk.now + timedelta(minutes=5)), Step)
