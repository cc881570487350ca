"""Many writers at one case, and writers that die: nothing lost, nothing twice, everything in order."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accountability import Case, Engine, Refused
from tests.engine.conftest import CLERK, HEAD, REVIEWER

KILLS = int(os.environ.get("ACCOUNTABILITY_KILLS", "50"))

WRITER = """\
import sys
from accountability import Actor, Engine, Refused
url, case, name, count = sys.argv[1:]
engine, actor = Engine(url), Actor(name, {"reviewer"})
print("ready", flush=True)
for number in range(int(count)):
    try:
        case_now = engine.fire(case, "rate", by=actor, data={"level": number % 7})
        print("done", case_now.seq, flush=True)
    except Refused as refused:
        print("refused", refused.reasons[0].code, flush=True)
"""


def writer(url: str, case: str, name: str, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, url, case, name, str(count)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)


def test_two_processes_at_one_case_are_applied_once_and_in_order(
    engine: Engine, grant: Case, database_url: str
) -> None:
    """Every act that was acknowledged is in the chain exactly once; the rest was refused as a conflict."""
    writers = [writer(database_url, grant.id, name, 40) for name in ("wang", "zhou")]
    told = [process.communicate(timeout=120)[0].split("\n") for process in writers]
    assert [process.returncode for process in writers] == [0, 0]
    acknowledged = sorted(int(line.split()[1]) for lines in told for line in lines if line.startswith("done"))
    refused = [line for lines in told for line in lines if line.startswith("refused")]
    assert all(line == "refused conflict" for line in refused)
    assert len(acknowledged) + len(refused) == 80
    assert acknowledged == list(range(2, 2 + len(acknowledged)))
    assert engine.case(grant.id).seq == 1 + len(acknowledged)
    assert engine.verify().ok


def test_threads_share_one_engine(engine: Engine, grant: Case) -> None:
    """One engine serves many threads; the acts on one case are ordered."""

    def rate(level: int) -> int:
        return engine.fire(grant.id, "rate", by=REVIEWER, data={"level": level % 7}).seq

    with ThreadPoolExecutor(4) as pool:
        places = sorted(pool.map(rate, range(40)))
    assert places == list(range(2, 42))
    assert engine.verify().ok


def test_opposite_acts_leave_one_winner(engine: Engine, grant: Case) -> None:
    """Of two acts that exclude each other one is applied; the other is refused for the state it finds."""

    def act(trigger: str) -> str:
        try:
            return engine.fire(grant.id, trigger, by=HEAD if trigger == "deny" else REVIEWER).state
        except Refused as refused:
            return refused.reasons[0].code

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(act, ("deny", "take")))
    assert outcomes in (["denied", "review.reading"], ["denied", "state"])
    assert engine.verify().ok


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_the_whole_act_or_nothing(
    engine: Engine, grant: Case, database_url: str
) -> None:
    """SIGKILL at random moments: what was acknowledged is there, at most one act more, and the record verifies."""
    chance = random.Random(2015)
    seq = grant.seq
    for _ in range(KILLS):
        process = writer(database_url, grant.id, "wang", 100_000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        told = [line for line in process.stdout.read().splitlines() if line.startswith("done ")]
        process.stdout.close()
        process.wait()
        acknowledged = int(told[-1].split()[1]) if told and len(told[-1].split()) == 2 else seq
        found = engine.case(grant.id).seq
        assert acknowledged <= found <= acknowledged + 1 or not told
        assert found >= seq
        seq = found
    assert len(list(engine.history(grant.id))) == seq
    assert engine.verify().ok
    assert engine.fire(grant.id, "deny", by=HEAD).closed
    assert CLERK.id in engine.case(grant.id).memory.people["apply"]


def test_reading_goes_on_while_others_write(engine: Engine, grant: Case, tmp_path: Path) -> None:
    """A history that is being read is one snapshot: what is written meanwhile is not in it."""
    entries = engine.history(grant.id)
    first = next(entries)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(engine.fire, grant.id, "take", by=REVIEWER).result()
    assert [first, *entries] == [first]
    assert len(list(engine.history(grant.id))) == 2
