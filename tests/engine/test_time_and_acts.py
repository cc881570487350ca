"""Whatever people do and whenever somebody looks: time has done the same, and the record proves it."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability import Engine, ManualClock, Refused
from tests.engine.desk import ANN, BOB
from tests.engine.test_deadlines import LETTER

ACTS = ("take", "hold", "go_on", "answer", "reopen", "tell", "extend_reply")

EXAMPLES = settings().max_examples // 5
"""Each example is two whole engines."""

lives = st.lists(st.tuples(st.integers(1, 24 * 9), st.sampled_from(ACTS)), min_size=1, max_size=12)
"""Hours that pass, and what is tried then."""


def lived(folder: Path, life: list[tuple[int, str]], *, ticking: int | None) -> tuple[list[object], Engine]:
    """Live a case's life, ticking every so many hours; give what was recorded, without the times of what time did."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    engine = Engine("sqlite://", clock=clock)
    engine.migrate()
    engine.register(folder)
    case = engine.start("letter", by=ANN)
    for hours, trigger in life:
        for _ in range(0, hours, ticking or hours):
            clock.advance(timedelta(hours=min(ticking or hours, hours)))
            if ticking is not None:
                engine.tick()
        actor = BOB if trigger in ("reopen", "extend_reply") else ANN
        try:
            engine.fire(case.id, trigger, by=actor, reason="because")
        except Refused:
            continue
    engine.tick()
    changes = [
        (
            entry.trigger,
            entry.target,
            [(one["deadline"], one["event"], one.get("due", "")[:10]) for one in entry.deadlines],
        )
        for entry in engine.history(case.id)
    ]
    final = [(one.id, one.status, str(one.due)[:10], one.late) for one in engine.case(case.id).deadlines]
    return [*changes, final], engine


@pytest.fixture(scope="module")
def folder() -> Path:
    place = Path(tempfile.mkdtemp())
    (place / "letter.yaml").write_text(LETTER)
    return place


@settings(max_examples=EXAMPLES)
@given(life=lives)
def test_a_breach_does_not_depend_on_who_looked_and_when(folder: Path, life: list[tuple[int, str]]):
    """Ticking at every act, or every hour, or never until an act comes, gives the same history and the same dates."""
    whole_days = [(max(24, hours // 24 * 24), trigger) for hours, trigger in life]
    never, first = lived(folder, whole_days, ticking=None)
    often, second = lived(folder, whole_days, ticking=24)
    # A warning that nobody saw before its deadline was over is not given any more.
    assert without_warnings(never) == without_warnings(often)
    for engine in (first, second):
        assert engine.verify().ok
        engine.close()


def without_warnings(told: list[object]) -> list[object]:
    return [one for one in told if not (isinstance(one, tuple) and one[0] == "warn")]


@settings(max_examples=EXAMPLES)
@given(life=lives)
def test_every_deadline_that_is_over_is_breached_once(folder: Path, life: list[tuple[int, str]]):
    """Between being armed and being finished, a deadline is breached, or lapses, at most once; and a replay agrees."""
    _, engine = lived(folder, life, ticking=None)
    case = next(iter(engine.cases()))
    running: dict[str, str] = {}
    for entry in engine.history(case.id):
        for one in entry.deadlines:
            name, event = one["deadline"], one["event"]
            if event == "armed":
                assert running.get(name, "met") in ("met", "lapsed")
            if event in ("breached", "lapsed"):
                assert running[name] not in ("met", "breached", "lapsed")
            if event in ("armed", "met", "breached", "lapsed", "paused", "resumed"):
                running[name] = event
    assert engine.verify().ok
    assert engine.replay(case.id).deadlines == engine.case(case.id).deadlines
    engine.close()
