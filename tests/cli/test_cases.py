"""Cases are opened, moved, listed and shown from the shell."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.conftest import LEADER, OFFICER, PETITION, SUBJECT, Invoke

CASE_KEYS = {
    "id",
    "workflow",
    "version",
    "definition",
    "state",
    "seq",
    "closed",
    "data",
    "opened_at",
    "updated_at",
    "parent",
    "link",
    "deadlines",
    "children",
}


def test_a_case_is_an_object_with_the_keys_of_the_contract(county: Invoke) -> None:
    """Other programs hold on to these names."""
    started = county("start", "petition", *OFFICER, "--data", '{"source": "audit"}', "-o", "json")
    assert started.code == 0
    case = started.json
    assert set(case) == CASE_KEYS
    assert (case["workflow"], case["version"], case["state"], case["seq"]) == ("petition", 1, "received", 1)
    assert case["data"]["source"] == "audit"
    assert case["opened_at"].endswith("Z")
    assert started.err == ""


def test_the_first_line_of_a_start_is_the_id(county: Invoke) -> None:
    """`id=$(accountability start … | head -1)` works."""
    started = county("start", "subject", *OFFICER)
    case = started.out.splitlines()[0]
    assert county("show", case, "-o", "json").json["id"] == case


def test_a_firing_moves_the_case(county: Invoke, opened: str) -> None:
    """The case after it is shown: its state, and who is next."""
    fired = county("fire", opened, "register", *OFFICER, "--expect", 1, "--occurred", "2015-02-09T09:00+08:00")
    assert fired.code == 0
    assert fired.out.splitlines()[0] == opened
    assert "registered" in fired.out
    assert "close" in fired.out


def test_a_refusal_is_an_object_on_stdout(county: Invoke, opened: str) -> None:
    """The shape of the contract, exit code 1, nothing on stderr."""
    refused = county("fire", opened, "close", *OFFICER, "-o", "json")
    assert (refused.code, refused.err) == (1, "")
    assert set(refused.json) == {"refused", "case", "trigger", "reasons"}
    assert refused.json["refused"] is True
    assert all(set(reason) == {"code", "message", "detail"} for reason in refused.json["reasons"])


def test_a_refusal_in_text_says_why_and_what_would_help(county: Invoke, opened: str) -> None:
    """All reasons at once, with the values that decided; stdout stays empty for scripts."""
    county("fire", opened, "register", *OFFICER)
    refused = county("fire", opened, "close", *OFFICER)
    assert (refused.code, refused.out) == (1, "")
    for words in ("role", "the amount is too small", "400.5", "filing_report", "reason", "--role", "--document"):
        assert words in refused.err


def test_documents_and_reasons_come_with_an_act(county: Invoke, tmp_path: Path) -> None:
    """The record keeps the digest of the file, not its path."""
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.4")
    data = '{"source": "petition", "amount": "1000"}'
    case = county("start", "petition", *OFFICER, "--data", data, "-o", "json").json["id"]
    county("fire", case, "register", *OFFICER)
    given = ("--document", "filing_report=report.pdf", "--reason", "settled")
    closed = county("fire", case, "close", *LEADER, *given, "-o", "json")
    assert closed.code == 0, closed.out + closed.err
    assert closed.json["closed"] is True
    entry = county("history", case, "-o", "jsonl").lines[-1]
    assert entry["documents"][0] | {"sha256": ""} == {
        "name": "filing_report",
        "sha256": "",
        "size": 8,
        "media_type": "application/pdf",
    }
    assert entry["reason"] == "settled"


def test_a_stale_expectation_and_a_reused_key_are_conflicts(county: Invoke, opened: str) -> None:
    """A repeated call with the same key is harmless; with another content it is refused."""
    start = ("start", "petition", *OFFICER, "--key", "k1", "-o", "json")
    first = county(*start, "--data", '{"source": "audit"}')
    assert county(*start, "--data", '{"source": "audit"}').json["id"] == first.json["id"]
    assert county(*start, "--data", '{"source": "petition"}').json["reasons"][0]["code"] == "conflict"
    stale = county("fire", opened, "register", *OFFICER, "--expect", 7, "-o", "json")
    assert (stale.code, stale.json["reasons"][0]["code"]) == (1, "conflict")


def test_unknown_names_are_wrong_use(county: Invoke, opened: str) -> None:
    """An unknown case or workflow is exit code 2 with the one that was meant; an unknown trigger is refused."""
    meant = county("start", "petiton", *OFFICER)
    assert (meant.code, meant.out) == (2, "")
    assert "petition" in meant.err
    assert county("show", "nobody").code == 2
    assert county("history", "nobody", "-o", "json").code == 2
    assert county("fire", opened, "regster", *OFFICER, "-o", "json").json["reasons"][0]["code"] == "unknown"
    assert f"options {opened}" in county("fire", opened, "regster", *OFFICER).err
    refused_start = county("start", "subject", *LEADER)
    assert refused_start.code == 1
    assert "CASE" not in refused_start.err
    assert "options workflow" not in refused_start.err


def test_protected_values_are_shown_to_those_who_may_read_them(county: Invoke, opened: str) -> None:
    """Without a viewer none; a leader reads what is reserved for leaders, an officer only the personal name."""
    assert not {"reporter", "lead"} & set(county("show", opened, "-o", "json").json["data"])
    assert county("show", opened, *LEADER, "-o", "json").json["data"]["lead"] == "call him"
    officer = county("show", opened, *OFFICER, "-o", "json").json["data"]
    assert officer["reporter"] == "王五"
    assert "lead" not in officer
    for command in (("list", "-o", "csv"), ("history", opened), ("export",), ("show", opened)):
        out = county(*command).out
        assert "王五" not in out
        assert "call him" not in out


def test_one_case_fits_on_one_page(county: Invoke, opened: str) -> None:
    """State with its title, since when, who is next, children, history: in the language asked for."""
    county("fire", opened, "register", *OFFICER)
    county("fire", opened, "examine", *OFFICER)
    page = county("show", opened, "--lang", "zh").out
    for words in (
        opened,
        "信访举报",
        "已登记",
        "by zhang: register",
        "Next",
        "leader",
        "subjects",
        "History",
        "400.50",
    ):
        assert words in page
    assert "Petition" in county("show", opened).out


def test_a_page_says_who_has_signed_and_who_is_missing(invoke: Invoke, tmp_path: Path) -> None:
    """Nothing has moved after the first signature, so it must be said that it counted."""
    text = PETITION.replace("    not_by: [register]\n", "").replace(
        "by: leader\n    when", "by: [leader, officer]\n    signatures: {leader: 1, officer: 2}\n    when"
    )
    (tmp_path / "petition.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "subject.yaml").write_text(SUBJECT, encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.4")
    invoke("migrate")
    assert invoke("register", tmp_path).code == 0
    case = invoke("start", "petition", *OFFICER, "--data", '{"source": "audit", "amount": "1000"}', "-o", "json").json
    invoke("fire", case["id"], "register", *OFFICER)
    given = ("--document", "filing_report=report.pdf", "--reason", "settled")
    signed = invoke("fire", case["id"], "close", *LEADER, *given)
    assert signed.code == 0, signed.err
    assert "close, by li (leader)  missing: 2 officer" in signed.out


def test_options_say_what_is_possible_and_why_the_rest_is_not(county: Invoke, opened: str) -> None:
    """Every trigger of the workflow is there, and the acts every workflow has."""
    listed = county("options", opened, *OFFICER, "-o", "json")
    options = {option["trigger"]: option for option in listed.json}
    assert {"register", "examine", "close", "note", "recuse", "correct"} <= set(options)
    assert options["register"]["allowed"] is True
    assert options["close"]["allowed"] is False
    assert options["close"]["reasons"][0]["code"] == "state"
    text = county("options", opened, *OFFICER, "--lang", "zh").out
    assert text.index("登记") < text.index("Not possible now") < text.index("close")
    assert len(county("options", opened, *OFFICER, "-o", "jsonl").lines) == len(options)


def test_cases_are_listed_by_workflow_and_state(county: Invoke, opened: str) -> None:
    """Filters narrow the list; every form has the same cases."""
    county("start", "subject", *OFFICER)
    assert [case["id"] for case in county("list", "--workflow", "petition", "-o", "json").json] == [opened]
    assert [case["workflow"] for case in county("list", "--state", "open", "-o", "jsonl").lines] == ["subject"]
    assert county("list", "--closed", "-o", "json").json == []
    assert len(county("list", "--open", "--limit", 1, "-o", "jsonl").lines) == 1
    rows = list(csv.DictReader(io.StringIO(county("list", "-o", "csv").out)))
    assert {row["workflow"] for row in rows} == {"petition", "subject"}
    assert json.loads(rows[0]["data"])["source"] == "petition"
    text = county("list", "--lang", "zh").out
    assert opened in text
    assert "已收到" in text
    assert county("list", "--closed").out == "no cases\n"


def test_an_empty_list_is_an_answer_only_to_names_that_exist(county: Invoke, opened: str) -> None:
    """A misspelt workflow or state is exit code 2 with the one that was meant, in every form, and prints nothing."""
    for form in ("text", "json", "jsonl", "csv"):
        for wrong, meant in (
            (("--workflow", "petiton"), "`petition`"),
            (("--state", "registred"), "`registered`"),
            (("--workflow", "petition", "--state", "opn"), "known here: `closed`, `received`"),
        ):
            done = county("list", *wrong, "-o", form)
            assert (done.code, done.out) == (2, "")
            assert meant in done.err
    assert county("list", "--state", "registered", "-o", "json").json == []
    assert county("list", "--workflow", "subject").out == "no cases\n"


def test_an_open_case_grows_older_in_the_list(county: Invoke, opened: str) -> None:
    """Its days since it was opened stand in the last column; a closed case has none."""
    case = county("start", "subject", *OFFICER, "-o", "json").json["id"]
    county("fire", case, "finish", *OFFICER)
    header, first, second = county("list").out.splitlines()
    assert header.split() == ["case", "workflow", "state", "opened", "updated", "days"]
    assert first.split()[-1] == "0"
    assert second.endswith("Z")


def test_personal_values_can_be_erased_by_two_people(county: Invoke, opened: str) -> None:
    """The value is gone for everybody, and the record still verifies."""
    erase = ("erase", opened, "reporter", *OFFICER, "--approved-role", "leader", "--reason", "request of the person")
    assert county(*erase, "--approved-by", "zhang").code == 1
    nobody = county("erase", opened, "reporter", "--by", "zhang", "--approved-by", "li", "--reason", "asked for")
    assert "--approved-role" in nobody.err
    erased = county(*erase, "--approved-by", "li", "-o", "json")
    assert erased.code == 0, erased.err
    assert "reporter" not in county("show", opened, *OFFICER, "-o", "json").json["data"]
    assert county("verify").code == 0


def test_wrong_input_writes_nothing(county: Invoke, opened: str) -> None:
    """Exit code 2, and no entry."""
    for wrong in (("--data", "{"), ("--data", "@gone.json"), ("--document", "a=gone.pdf"), ("--occurred", "soon")):
        done = county("fire", opened, "register", *OFFICER, *wrong)
        assert (done.code, done.out) == (2, "")
        assert "help:" in done.err
    assert len(county("history", opened, "--refused", "-o", "jsonl").lines) == 1
