"""Time on the command line: what is due is done by `tick` and `worker`, and `show` and `list` say what is left."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from accountability import Actor, Engine, ManualClock
from tests.cli.conftest import Invoke

LETTER = """\
workflow: letter
version: 1
calendar: cn
roles: {clerk: Clerk}
start: {by: clerk}
initial: received
states: {received: , answered: {final: true}}
transitions:
  answer: {from: received, to: answered, by: clerk}
  tell: {from: answered, by: clerk}
deadlines:
  reply: {title: {en: Reply, zh: 答复期限}, starts: received, within: 15 working days, basis: default}
  telling: {starts: answer, ends: tell, within: 36 hours, basis: default}
"""
CLERK = Actor("zhang", {"clerk"})


@pytest.fixture
def case(tmp_path: Path) -> str:
    """Open a letter on the 9th of February 2015, in `accountability.db` of the folder."""
    (tmp_path / "letter.yaml").write_text(LETTER, encoding="utf-8")
    with Engine(tmp_path / "accountability.db", clock=ManualClock("2015-02-09T09:00+08:00")) as engine:
        engine.migrate()
        engine.register(tmp_path / "letter.yaml")
        return engine.start("letter", by=CLERK).id


def test_a_tick_says_what_it_did(invoke: Invoke, case: str) -> None:
    """What was due is recorded once; the second time nothing is left."""
    assert invoke("tick").out.startswith("1 entry about deadlines")
    assert invoke("tick", "-o", "json").json["deadlines"] == 0
    assert [entry["trigger"] for entry in invoke("history", case, "-o", "jsonl").lines] == ["start", "breach"]


def test_a_page_explains_each_date_as_a_clerk_would(invoke: Invoke, case: str) -> None:
    """The date, how much it is over, and every step that led to it, in either language."""
    page = invoke("show", case)
    assert "reply" in page.out
    assert "2015-03-05" in page.out
    assert "over" in page.out
    assert "Spring Festival" in page.out
    chinese = invoke("show", case, "--lang", "zh").out
    assert "答复期限" in chinese
    assert "春节" in chinese
    assert invoke("show", case, "-o", "json").json["deadlines"][0] | {"derivation": {}} == {
        "id": "reply",
        "due": "2015-03-05",
        "status": "running",
        "provisional": False,
        "until": "2015-03-05T16:00:00.000000Z",
        "zone": "Asia/Shanghai",
        "late": False,
        "derivation": {},
    }


def test_overdue_cases_are_listed(invoke: Invoke, case: str, tmp_path: Path) -> None:
    """A deadline that is over counts, whether or not anybody has recorded the breach; one that was met does not."""
    assert case in invoke("list", "--overdue").out
    invoke("tick")
    assert [one["id"] for one in invoke("list", "--overdue", "-o", "jsonl").lines] == [case]
    with Engine(tmp_path / "accountability.db", clock=ManualClock("2015-03-09T09:00+08:00")) as engine:
        engine.fire(case, "answer", by=CLERK)
        engine.fire(case, "tell", by=CLERK)
    assert invoke("list", "--overdue", "-o", "jsonl").lines == []


def test_a_history_tells_what_became_of_deadlines(invoke: Invoke, case: str) -> None:
    """Below each act stand the deadlines it armed, met or let stand still."""
    assert "reply armed, until 2015-03-05" in invoke("history", case).out


def test_a_worker_works_until_it_is_told_to_stop(case: str, tmp_path: Path) -> None:
    """It does what is due, goes on, and ends with 0 at a SIGTERM."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "accountability", "worker", "--every", "0.05"]
    started = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    with started as worker, Engine(tmp_path / "accountability.db") as engine:
        while engine.case(case).deadlines[0].status == "running" and worker.poll() is None:
            time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        assert engine.case(case).deadlines[0].status == "breached"


def test_a_worker_without_a_database_says_so(invoke: Invoke) -> None:
    """A missing database is told at once, not waited for."""
    outcome = invoke("worker", "--every", "1")
    assert outcome.code == 3
    assert "migrate" in outcome.err


def test_cases_that_cannot_be_read_are_told_and_hinder_no_other(invoke: Invoke, case: str, tmp_path: Path) -> None:
    """A deadline that nobody watches is no success: the code is 1, and stderr says how many and what to do."""
    with closing(sqlite3.connect(tmp_path / "accountability.db")) as database:
        database.execute("UPDATE acc_case SET deadlines = 'xyz'")
        database.commit()
    outcome = invoke("tick")
    assert outcome.code == 1
    assert "1 case could not be brought up to date" in outcome.err
    assert "accountability verify" in outcome.err
    assert invoke("tick", "-o", "json").json["failed"] == 1


@pytest.mark.parametrize(
    "wrong", [("--every", "0"), ("--every", "nan"), ("--nats", ""), ("--nats", "http://localhost")]
)
def test_a_worker_refuses_what_makes_no_sense(invoke: Invoke, case: str, wrong: tuple[str, str]) -> None:
    """Before it begins, and with what to write instead."""
    outcome = invoke("worker", *wrong)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 2


def test_a_deadline_of_hours_is_told_in_the_zone_also_once_it_is_met(invoke: Invoke, case: str, tmp_path: Path) -> None:
    """The moment with its offset, the same on every page."""
    with Engine(tmp_path / "accountability.db", clock=ManualClock("2015-02-10T14:00+08:00")) as engine:
        engine.fire(case, "answer", by=CLERK)
        engine.fire(case, "tell", by=CLERK)
    assert "2015-02-12 02:00+08:00  met" in invoke("show", case).out
    assert "telling armed, until 2015-02-12 02:00+08:00" in invoke("history", case).out
