"""The shipped review of decisions, where the law of another place lets the execution wait for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from accountability import Engine, ManualClock
from accountability.definition import shipped
from tests.workflows.office import Office, person

VARIANT = """\
extends: ../appeal.yaml
version: 3
description: {en: Where the execution waits for the review, zh: 复审期间停止执行的法域}
data:
"""
NEVER = "  suspends_execution:\n    type: boolean\n    default: false\n"
ALWAYS = NEVER.replace("false", "true")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Office:
    """Open an office whose profile sets one field: there, a review suspends the execution."""
    base = shipped.folder()
    content = (base / "appeal.yaml").read_text(encoding="utf-8")
    fields = content.split("\ndata:\n")[1].split("\nstart:\n")[0]
    assert NEVER in fields
    folder = tmp_path / "workflows" / "elsewhere"
    folder.mkdir(parents=True)
    for file in base.glob("*.yaml"):
        shutil.copy(file, folder.parent / file.name)
        (folder / file.name).write_text(f"extends: ../{file.name}\nversion: 3\n", encoding="utf-8")
    variant = VARIANT + fields.replace(NEVER, ALWAYS)
    (folder / "appeal.yaml").write_text(variant, encoding="utf-8")
    clock = ManualClock("2026-03-02T09:00+08:00")
    engine = Engine(tmp_path / "office.db", clock=clock)
    engine.migrate()
    engine.register(folder)
    return Office(engine, clock)


def in_force(office: Office) -> str:
    """A decision on one person that was served and announced."""
    subject = office.child(office.decided(), "subjects")
    office.do(subject, "serve", "off", "service_receipt", served_on="2026-03-02")
    return office.do(subject, "announce_decision", "off", "announcement_record").id


def test_a_profile_lets_the_execution_wait_for_the_review(elsewhere: Office):
    """One field of the profile decides it; when the review is over, the decision is executed."""
    subject = in_force(elsewhere)
    elsewhere.do(subject, "ask_review", "ren", "review_application")
    words = elsewhere.words(subject, "execute", "dan", "proof_of_execution")
    assert words == "The review that is pending suspends the execution."

    appeal = elsewhere.child(subject, "appeal")
    elsewhere.do(appeal, "accept", "guan")
    elsewhere.do(appeal, "appoint", "guan", reviewers=["rev1", "rev2"])
    reviewers = [person("rev1", "reviewer"), person("rev2", "reviewer")]
    elsewhere.do(appeal, "propose", reviewers, "review_report")
    papers = ("review_decision", "minutes")
    elsewhere.do(appeal, "uphold", "hui", *papers, reason="the facts are clear", legal_basis="art. 59")

    assert elsewhere.do(subject, "execute", "dan", "proof_of_execution").state == "executed"


def test_by_chinese_law_the_execution_does_not_wait(office: Office):
    """Neither today's nor that of 2015."""
    subject = in_force(office)
    office.do(subject, "ask_review", "ren", "review_application")
    assert office.now(office.child(subject, "appeal")).data["suspends_execution"] is False
    assert office.do(subject, "execute", "dan", "proof_of_execution").state == "executed"
