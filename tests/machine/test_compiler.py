"""What is worked out once per version, and what the library `transitions` must go on doing for it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import Machine, MachineError

from accountability.machine.case import Case, Firing, Memory, Step
from accountability.machine.step import step
from tests.machine.walk import ANN, BOB, MONDAY, done, law, opened

PERMIT = """\
data:
  metres: {type: integer}
  name: {type: string, personal: true}
  fee: {type: decimal, default: 5}
  since: {type: datetime, default: "2015-02-09T09:00+08:00"}
  form: {type: object, fields: {copies: {type: integer, default: 2}}, default: {}}
start: {by: clerk, trigger: apply, needs: metres, accepts: name}
states:
  received:
  review: {initial: reading, states: {reading: , asking: , sealed: {final: true}}}
  granted: {final: true}
initial: received
transitions:
  take: {from: received, to: review, by: clerk}
  ask: {from: review.reading, to: review.asking, by: clerk}
  seal: {from: review, to: review.sealed, by: head}
  grant:
    - {from: review, to: granted, by: head, when: 'data.metres < 20'}
    - {from: review.asking, to: granted, by: clerk}
  rest: {from: review, to: received, by: clerk}
  back: {from: received, to: {history: review}, by: clerk}
  settle: {from: received, to: granted, by: system, when: 'children("parts").size() > 0', awaits: others}
  idle: {from: received, to: granted, by: system}
  split:
    from: received
    by: clerk
    opens: [{workflow: part, as: parts, with: {size: data.metres}}, {workflow: other, as: others}]
"""


def test_a_law_says_where_a_case_begins_and_where_it_is_closed():
    """Leaves only: compound states are entered through their `initial`."""
    permit = law(PERMIT)

    assert permit.initial == "received"
    assert permit.final == {"granted", "review.sealed"}
    assert (permit.name, permit.version, permit.digest) == ("permit", 1, permit.definition.digest)


def test_rules_are_looked_up_by_trigger_and_leaf():
    """The innermost rule holds; a final leaf is in no compound state's rule."""
    permit = law(PERMIT)

    assert permit.rules_at["grant"] == {"review.reading": (0,), "review.asking": (1,)}
    assert permit.rules_at["take"] == {"received": (0,)}


def test_a_rule_knows_what_it_reads_and_which_children_it_looks_at():
    """Reads are dotted names; links come from guards, computations and `awaits` alike."""
    permit = law(PERMIT)

    (settle,) = permit.rules["settle"]
    (split,) = permit.rules["split"]
    assert settle.reads == {"children.parts"}
    assert settle.links == {"parts", "others"}
    assert split.reads == {"data.metres"}
    assert permit.rules["take"][0].links == frozenset()


def test_the_engine_goes_on_by_itself_only_where_a_rule_asks_something():
    """A rule by `system` without guard and without `awaits` would fire at once, always; it is not automatic."""
    assert law(PERMIT).automatic == {"received": ("settle",)}


def test_withheld_fields_are_hidden_under_both_their_names():
    """A guard's explanation shows neither the case's value nor the one that is given."""
    permit = law(PERMIT)

    assert permit.withheld == {"name"}
    assert permit.hidden == {"data.name", "input.name"}


def test_defaults_are_kept_in_the_form_of_every_other_value():
    """A decimal is text, a moment is in UTC, an inner field has its own default: as if somebody had given them."""
    assert law(PERMIT).defaults == {
        "fee": "5",
        "since": "2015-02-09T01:00:00.000000Z",
        "form": {"copies": 2},
    }


def test_a_compiled_law_cannot_be_changed():
    """It is shared by all threads and cases."""
    permit = law(PERMIT)

    with pytest.raises(FrozenInstanceError):
        permit.initial = "granted"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        permit.start.trigger = "x"  # type: ignore[misc]


def test_an_unknown_target_is_an_error_at_compile_time():
    """Nothing is left to fail in front of a citizen."""
    text = PERMIT.replace("{from: received, to: review, by: clerk}", "{from: received, to: nowhere, by: clerk}")

    with pytest.raises(ValueError, match="there is no state `nowhere`"):
        law(text)


WORLDLY = """\
start: {by: clerk}
states:
  os: {initial: getcwd, states: {getcwd: , _exit: , remove: }}
  antigravity: {initial: fly, states: {fly: , geohash: }}
  sys: {initial: exit, states: {exit: {final: true}}}
initial: os
transitions:
  os: {from: os, to: antigravity, by: clerk}
  exit: {from: antigravity, to: sys.exit, by: clerk}
  trigger: {from: os.getcwd, to: os.remove, by: clerk}
  state: {from: os, to: os._exit, by: clerk}
  is_os: {from: os, by: clerk}
  on_enter_antigravity: {from: antigravity, to: {history: os}, by: clerk}
  to_sys: {from: any, to: antigravity.geohash, by: clerk}
"""


def test_names_that_look_like_python_are_only_names(monkeypatch: pytest.MonkeyPatch):
    """A state `os._exit` is a state: nothing is imported or called for any name in a file.

    The library imports and calls a callback that is text with dots; it never gets one.
    """
    monkeypatch.delitem(sys.modules, "antigravity", raising=False)
    walk = opened(WORLDLY)

    seen = [done(walk.fire(trigger)).target for trigger in ("trigger", "state", "is_os", "os", "on_enter_antigravity")]
    seen += [done(walk.fire(trigger)).target for trigger in ("to_sys", "exit")]

    assert seen == [
        "os.remove", "os._exit", "os._exit", "antigravity.fly", "os._exit", "antigravity.geohash", "sys.exit",
    ]  # fmt: skip
    assert "antigravity" not in sys.modules


def test_the_table_gets_callables_and_never_text():
    """Every condition of every arrow is a function of ours; there are no other callbacks at all."""
    table = law(WORLDLY)._table

    arrows = [arrow for event in table.events.values() for held in event.transitions.values() for arrow in held]
    assert arrows
    assert all(callable(condition.func) for arrow in arrows for condition in arrow.conditions)
    assert not any((*arrow.prepare, *arrow.before, *arrow.after) for arrow in arrows)
    assert not any((*state.on_enter, *state.on_exit) for state in table.states.values())
    assert table.models == []


@dataclass
class Token:
    """Something with a state, as the library moves it."""

    state: str
    asked: list[str] = field(default_factory=list)


def asks(name: str, answer: bool):
    """Make a condition that notes that it was asked."""

    def condition(event) -> bool:
        event.model.asked.append(name)
        return answer

    return condition


@pytest.fixture
def table() -> Machine:
    """Give a table as the compiler builds one: no model, no automatic transitions, the event handed on."""
    table = Machine(model=None, states=["a", "b.c", "d"], initial="a", auto_transitions=False, send_event=True)
    table.add_transition("go", "a", "b.c", conditions=[asks("first", False)])
    table.add_transition("go", "a", "d", conditions=[asks("second", True)])
    table.add_transition("go", "a", "a", conditions=[asks("third", True)])
    table.add_transition("stay", "a", None, conditions=[asks("stay", True)])
    return table


def test_the_library_takes_the_first_arrow_that_fits(table: Machine):
    """Conditions are asked in the order in which arrows were added, and none after the first that holds."""
    token = Token("a")

    assert table.events["go"].trigger(token) is True
    assert token == Token("d", ["first", "second"])


def test_the_library_keeps_the_state_where_there_is_no_target(table: Machine):
    """An arrow to nowhere is taken, and the token stays where it is."""
    token = Token("a")

    assert table.events["stay"].trigger(token) is True
    assert token == Token("a", ["stay"])


def test_the_library_leaves_a_token_that_fits_nothing(table: Machine):
    """No arrow taken gives False; no arrow at all from this state is an error, which the machine asks about first."""
    table.add_transition("try", "a", "d", conditions=[asks("try", False)])
    token = Token("a")

    assert table.events["try"].trigger(token) is False
    assert token.state == "a"
    with pytest.raises(MachineError):
        table.events["go"].trigger(Token("d"))


def test_a_table_without_a_model_holds_no_state(table: Machine):
    """Each token carries its own state, so one table serves every case."""
    one, other = Token("a"), Token("a")
    table.events["go"].trigger(one)

    assert (one.state, other.state) == ("d", "a")
    assert not hasattr(table, "state")


BUSY = """\
data: {metres: {type: integer}, fee: {type: integer}}
start: {by: clerk, needs: metres}
states: {a: , b: {initial: x, states: {x: , y: }}, c: , d: {final: true}}
initial: a
transitions:
  go:
    - {from: a, to: b, by: clerk, when: 'data.metres < 3', sets: {fee: data.metres * 2}}
    - {from: a, to: c, by: [clerk, head], when: 'data.metres < 6', sets: {fee: data.metres * 3}}
    - {from: a, to: d, by: head}
  back: {from: c, to: {history: b}, by: clerk}
"""


def case_at(state: str, metres: int, left: str | None = None) -> Case:
    """Make a case of the busy law."""
    memory = Memory(left={"b": left} if left else {})
    return Case(
        id="c", workflow="permit", version=1, definition="d", state=state, seq=1, head="h", closed=False,
        data={"metres": metres}, memory=memory, opened_at=MONDAY, updated_at=MONDAY,
    )  # fmt: skip


def outcome(busy, number: int) -> tuple[object, ...]:
    """Fire one of many different attempts."""
    if number % 5 == 4:
        case, firing = case_at("c", 1, (None, "b.x", "b.y")[number % 3]), Firing(trigger="back", actor=ANN)
    else:
        case, firing = case_at("a", number % 8), Firing(trigger="go", actor=(ANN, BOB)[number % 2])
    found = step(busy, case, firing, MONDAY)
    return (found.target, found.rule, dict(found.sets)) if isinstance(found, Step) else tuple(map(str, found.reasons))


def test_one_law_serves_many_threads():
    """Eight threads fire thousands of times through one table, and each gets what it would get alone."""
    busy = law(BUSY)
    alone = [outcome(busy, number) for number in range(120)]

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda turn: [outcome(busy, (turn + n) % 120) for n in range(300)], range(24)):
            assert all(one in alone for one in found)
        together = list(pool.map(lambda number: outcome(busy, number % 120), range(4000)))

    assert together == [alone[number % 120] for number in range(4000)]


@settings(max_examples=50)
@given(visits=st.lists(st.sampled_from(["one", "two", "deep.low", "deep.high"]), max_size=6))
def test_history_returns_to_where_the_state_was_left(visits: list[str]):
    """However a case moved about inside a compound state: it comes back to the inner state it left last."""
    walk = opened(
        """\
start: {by: clerk}
states:
  out:
  home: {initial: one, states: {one: , two: , deep: {initial: low, states: {low: , high: }}}}
initial: out
transitions:
  enter: {from: out, to: home, by: clerk}
  to_one: {from: home, to: home.one, by: clerk}
  to_two: {from: home, to: home.two, by: clerk}
  to_low: {from: home, to: home.deep, by: clerk}
  to_high: {from: home, to: home.deep.high, by: clerk}
  leave: {from: home, to: out, by: clerk}
  return: {from: out, to: {history: home}, by: clerk}
  sink: {from: out, to: {history: home.deep}, by: clerk}
"""
    )
    done(walk.fire("enter"))
    for visit in visits:
        done(walk.fire(f"to_{visit.rpartition('.')[2]}"))
    done(walk.fire("leave"))

    assert done(walk.fire("return")).target == f"home.{visits[-1] if visits else 'one'}"


def test_a_state_that_was_never_left_is_entered_at_its_initial():
    """There is nothing to return to yet."""
    walk = opened(PERMIT, {"metres": 3})

    assert done(walk.fire("back")).target == "review.reading"
