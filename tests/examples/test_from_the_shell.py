"""The workflows of the examples, as a stranger meets them: on the command line, from the check to the proof."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accountability.cli.main import run

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKFLOWS = sorted(file for file in EXAMPLES.rglob("*.yaml") if file.parent.name != "tests")
FOLDERS = sorted({file.parent for file in WORKFLOWS})
"""Where workflows lie: those of the examples, and of other laws inside them."""

Office = Callable[..., str]


def shell(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    command = [sys.executable, "-m", "accountability", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_every_example_is_clean() -> None:
    """`accountability check` has nothing to say: examples are copied, so they are as clean as what is shipped."""
    done = shell("check", *FOLDERS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("no findings\n")


def test_every_example_is_played_through_whole() -> None:
    """Scenarios pass, and cover every state, rule, role and deadline of every workflow; none is without."""
    done = shell("test", EXAMPLES, "--fail-under", 100)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.partition("\ncovered")[2]
    workflows = [re.search(r"(?m)^workflow: (\w+)", file.read_text(encoding="utf-8")) for file in WORKFLOWS]
    assert [name[1] for name in workflows if name and f"\n{name[1]} v" not in told] == []


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """Run commands on a database of its own in this process, and give what they print."""
    paper = tmp_path / "paper.txt"
    paper.write_text("A paper.", encoding="utf-8")

    def call(*arguments: object, code: int = 0) -> str:
        capsys.readouterr()
        given = (str(one).replace("PAPER", str(paper)) for one in arguments)
        assert run(["--db", str(tmp_path / "office.db"), *given]) == code
        told = capsys.readouterr()
        return told.out + told.err

    call("migrate")
    return call


def by(person: str, role: str) -> tuple[str, ...]:
    """Say who acts, and as what."""
    return "--by", person, "--role", role


def opened(office: Office, workflow: str, *arguments: object) -> str:
    """Open a case and give its id."""
    return office("start", workflow, *arguments).splitlines()[0]


def verified(office: Office) -> bool:
    """Let happen what is due, which is nothing yet, and check the record."""
    office("tick")
    return "nothing contradicts itself" in office("verify")


def test_a_disclosure_is_taken_up_and_referred(office: Office) -> None:
    """Both laws are registered, today's holds for what is new, and the agency's papers do not name who disclosed."""
    folder = EXAMPLES / "us_osc_disclosure"
    office("register", folder, folder / "law_1989")
    data = '{"agency": "Harbor Agency", "kind": "gross_waste", "made_by": "employee", "discloser": "Dana Doe"}'
    case = opened(office, "disclosure", *by("d4711", "discloser"), "--data", data)
    office("fire", case, "take_up", *by("avery", "attorney"))
    assert "four_eyes" in office("fire", case, "refer", *by("avery", "special_counsel"), code=1)
    office("fire", case, "refer", *by("sasha", "special_counsel"), "--document", "transmittal=PAPER")

    told = office("show", case, *by("ira", "inspector_general"))
    assert "disclosure v2" in told
    assert "The rule gives 60 days." in told
    assert "Dana Doe" not in told
    assert "Dana Doe" in office("show", case, *by("avery", "attorney"))
    assert "investigate" in office("options", case, *by("ira", "inspector_general"))
    assert verified(office)


def test_a_report_is_acknowledged_and_assessed(office: Office) -> None:
    """The feedback is due from the seventh day until an acknowledgement gives it its real start."""
    office("register", EXAMPLES / "eu_reporting")
    case = opened(office, "internal_report", *by("r17", "reporting_person"), "--data", '{"area": "procurement"}')
    assert "It starts 7 days after" in office("show", case)
    told = office("options", case, *by("ivo", "designated_person"))
    assert "Only an authority may leave a report unacknowledged." in told
    office("fire", case, "acknowledge", *by("ivo", "designated_person"), "--document", "acknowledgement=PAPER")
    assert "It starts 7 days after" not in office("show", case)
    office("fire", case, "assess", *by("ivo", "designated_person"))
    assert "in_hand.assessed" in office("list")
    assert verified(office)


def test_a_permit_is_breached_and_its_penalty_paid(office: Office) -> None:
    """The penalty is a case of its own that the breach opens, and that the permit waits for."""
    office("register", EXAMPLES / "permit_and_penalty")
    case = opened(office, "conditional_permit", *by("eve", "applicant"), "--data", '{"activity": "A terrace"}')
    office("fire", case, "grant", *by("ben", "officer"), "--data", '{"conditions": ["twelve tables"]}')
    breach: tuple[Any, ...] = ("--data", '{"condition": "twelve tables", "amount": "100.00"}')
    office("fire", case, "find_breach", *by("ina", "inspector"), *breach, "--document", "inspection_report=PAPER")
    assert "still open" in office("fire", case, "surrender", *by("eve", "applicant"), code=1)

    penalty = office("list", "--workflow", "penalty", "-o", "csv").splitlines()[1].split(",")[0]
    told = office("show", penalty)
    assert "The rule gives 90 days." in told
    assert "The rule gives 5 years." in told
    office("fire", penalty, "pay", *by("eve", "holder"), "--data", '{"payment": "100.00"}')
    office("fire", case, "surrender", *by("eve", "applicant"))
    assert "surrendered" in office("show", case)
    assert verified(office)
