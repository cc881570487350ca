"""Random small laws, and random attempts on a case that follows one."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from accountability.audit.entry import Actor
from accountability.machine.case import Case, Firing
from accountability.machine.compiler import CompiledWorkflow
from tests.machine.walk import paper

STATES = ("a", "b", "b.x", "b.y", "c", "z")
ROLES = ("clerk", "head")
TRIGGERS = ("go", "act", "sign", "turn")
FIELDS = ("number", "flag", "word")
GUARDS = (
    "data.number < 2",
    'data.flag || data.word == "no"',
    'times("act") < 2',
    'visited("b.x")',
    "10 / data.number > 3",
    'actor.id == "ann" || "head" in actor.roles',
)
SETS = (
    {"number": "data.number + 1"},
    {"flag": '!data.flag && visited("a")'},
    {"word": 'has(data.word) ? "no" : "yes"'},
)
ON_INPUT = "has(input.number) && input.number > 0"
TARGETS: tuple[Any, ...] = (None, "a", "b", "b.y", "c", "z", {"history": "b"})
SIGNATURES: tuple[Any, ...] = (None, None, None, 2, {"clerk": 1, "head": 1})

ACTORS = (
    Actor("ann", {"clerk"}),
    Actor("bob", {"head"}, "north"),
    Actor("cat", {"clerk", "head"}),
    Actor("dan", {"clerk"}),
    Actor("eve", {"expert"}),
)


def some(names: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    """Draw some of these names."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=2, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """Draw one rule; it may contradict itself, which is no concern of the machine."""
    needs, accepts = draw(some(FIELDS)), draw(some(FIELDS))
    guards = (*GUARDS, ON_INPUT) if "number" in (*needs, *accepts) else GUARDS
    rule: dict[str, Any] = {
        "from": draw(st.one_of(st.just(["any"]), some(STATES, 1))),
        "by": draw(some(ROLES, 1)),
        "needs": needs,
        "accepts": [name for name in accepts if name not in needs],
        "when": [{"check": draw(st.sampled_from(guards))}] if draw(st.booleans()) else [],
        "sets": draw(st.sampled_from(({}, {}, *SETS))),
        "documents": draw(st.sampled_from(([], [], ["plan"]))),
        "not_by": draw(st.sampled_from(([], [], ["act"], ["go", "open"]))),
        "same_as": draw(st.sampled_from(([], [], [], ["open"]))),
    }
    optional = {
        "to": draw(st.sampled_from(TARGETS)),
        "reason": draw(st.sampled_from((None, None, "required"))),
        "signatures": draw(st.sampled_from(SIGNATURES)),
    }
    return rule | {key: value for key, value in optional.items() if value is not None}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the content of a small workflow."""
    return {
        "workflow": "small",
        "version": 1,
        "roles": {"clerk": "Clerk", "head": "Head", "expert": "Expert"},
        "data": {
            "number": {"type": "integer", "minimum": 0, "maximum": 3, "default": 1},
            "flag": {"type": "boolean", "default": False},
            "word": {"type": "string", "enum": ["yes", "no"]},
        },
        "start": {"trigger": "open", "by": ["clerk", "head"], "accepts": ["number", "word"]},
        "states": {
            "a": None, "b": {"initial": "x", "states": {"x": None, "y": None}}, "c": None, "z": {"final": True},
        },
        "initial": draw(st.sampled_from(("a", "b"))),
        "transitions": {trigger: draw(st.lists(rules(), min_size=1, max_size=3)) for trigger in TRIGGERS},
    }  # fmt: skip


VALUES: dict[str, tuple[Any, ...]] = {"number": (0, 1, 2, 3), "flag": (True, False), "word": ("yes", "no")}


def likely(law: CompiledWorkflow, case: Case, seed: int) -> Firing:
    """Make an attempt that brings what some rule of the present state asks for; nobody knows whether it fits."""
    chance = Random(seed)
    held = [law.rules[name][index] for name, by in law.rules_at.items() for index in by.get(case.state, ())]
    if not held:
        return Firing(trigger="note", actor=ACTORS[0], reason="because")
    rule = chance.choice(held)
    given = {name: chance.choice(VALUES[name]) for name in rule.fields if name in rule.needs or chance.random() < 0.5}
    papers = tuple(paper(name) for name in rule.declared.documents)
    if any(signed.trigger == rule.trigger for signed in case.memory.signatures) and chance.random() < 0.5:
        given, papers = {}, ()
    able = [actor for actor in ACTORS if actor.roles & rule.roles and actor.id not in case.memory.kept_off]
    actor = chance.choice(able or ACTORS)
    return Firing(trigger=rule.trigger, actor=actor, data=given, documents=papers, reason="because")


def attempts() -> st.SearchStrategy[list[Firing | int]]:
    """Draw attempts: some at random, more as seeds of likely ones."""
    likely_ones = st.integers(0, 2**20)
    return st.lists(st.one_of(likely_ones, likely_ones, likely_ones, firings()), min_size=1, max_size=14)


def given_data() -> st.SearchStrategy[dict[str, Any]]:
    """Draw data, mostly of the declared fields and types."""
    values = {
        "number": st.one_of(st.integers(-1, 4), st.just("3")),
        "flag": st.booleans(),
        "word": st.sampled_from(("yes", "no", "maybe")),
        "wrod": st.just("yes"),
    }
    field = st.sampled_from(("number", "number", "flag", "word", "word", "wrod"))
    return st.lists(field, max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: values[name] for name in names})
    )


@st.composite
def firings(draw: st.DrawFn) -> Firing:
    """Draw an attempt: a trigger of the law or of every law, or one that there is not."""
    trigger = draw(st.sampled_from((*TRIGGERS, *TRIGGERS, *TRIGGERS, "note", "recuse", "correct", "og")))
    data = draw(given_data())
    if trigger == "recuse":
        data = {"actor": draw(st.sampled_from(("ann", "bob", "eve")))}
        data |= draw(st.sampled_from(({}, {"ruling": "admitted"}, {"ruling": "kept_off"})))
    elif trigger == "correct":
        data = {"seq": draw(st.integers(1, 4)), "data": data}
    elif trigger == "note":
        data = {}
    return Firing(
        trigger=trigger,
        actor=draw(st.sampled_from(ACTORS)),
        data=data,
        documents=draw(st.sampled_from(((), (), (paper("plan"),), (paper("plan"), paper("map"))))),
        reason=draw(st.sampled_from((None, "because"))),
    )
