"""A program forks after its engine was used, as web servers do that load the application first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from accountability import Engine
from tests.faults.ledger import CLERK, publish

PROGRAM = """
import os, sys, threading
from accountability import Engine
from tests.faults.ledger import CLERK, VERBS, Ledger

url, case = sys.argv[1:]
engine, ledger = Engine(url), Ledger()
assert ledger.act(engine, case, "write", "before")

def act(name):
    for number in range(40):
        assert ledger.act(engine, case, VERBS[number % len(VERBS)], f"{name}, {number}") or not ledger.errors

children = []
for child in range(3):
    pid = os.fork()
    if not pid:
        act(f"child {child}")
        os._exit(bool(ledger.errors))
    children.append(pid)
act("parent")
assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0]
assert engine.case(case).seq > 1
engine.close()
"""


def test_an_engine_that_was_used_may_be_forked(database_url: str, tmp_path: Path):
    """Parent and children go on with connections of their own, and disturb nobody's."""
    with Engine(database_url) as engine:
        publish(engine, tmp_path)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", "-c", PROGRAM, database_url, case],
            env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.stderr == ""
        assert done.returncode == 0
        assert engine.verify().ok
