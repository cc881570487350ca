"""A scenario file is checked before anything runs: each mistake has its place and its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.analysis.folder import newest, yaml_in
from accountability.definition import shipped
from accountability.definition.codes import scenarios
from accountability.definition.codes.code import Code
from accountability.definition.loader import load as load_workflow
from accountability.definition.loader import load_path as load_workflow_path
from accountability.testing.scenario import Act
from accountability.testing.scenario_file import load, load_path
from tests.testing.town import ACCEPT, FIRST_STEP, HEAD, PART, REQUEST, SUBMIT, scenario

WORKFLOWS = newest(load_workflow(text, "w.yaml").workflow for text in (REQUEST, PART))
ACTORS = "actors: {ann: {roles: clerk}, ben: {roles: head, unit: town hall}, both: {roles: [clerk, head]}, eve: {}}\n"


def findings(text: str) -> list[tuple[str, int, int]]:
    """Load scenarios; give code, line and column of what is wrong, each with a cure."""
    loaded = load(text, "tests/it.yaml", WORKFLOWS)
    assert (loaded.content is None) == bool(loaded.findings)
    assert all(finding.help for finding in loaded.findings)
    return [(finding.code, finding.line, finding.column) for finding in loaded.findings]


def told(text: str) -> str:
    """Give the only finding in words, with its cure."""
    [finding] = load(text, "tests/it.yaml", WORKFLOWS).findings
    return f"{finding.message}; {finding.help}"


def test_a_workflow_is_no_file_of_scenarios():
    """One finding says where its scenarios are, instead of one for each of its keys."""
    assert [code for code, _, _ in findings(REQUEST)] == ["ACC637"]
    assert "this is a workflow; scenarios are files in `tests/` beside it" in told(REQUEST)
    assert findings("extends: ../petition.yaml\nversion: 2\n") == [("ACC637", 1, 1)]
    assert "this is a calendar" in told("calendar: town\nversion: 1\nbase: cn\n")


def test_a_yes_for_true_is_told_once():
    """With the cure that makes it right."""
    assert findings(scenario(SUBMIT, "expect: {closed: yes}")) == [("ACC102", FIRST_STEP + 1, 26)]


@pytest.mark.parametrize("step", ["wait_until: 2015-02-09", "wait_until: 2015-02-10", "wait_until: 2015-02-11"])
def test_a_day_that_may_still_begin_is_no_time_that_runs_backwards(step: str):
    """Whatever the zone; the run tells whether it has begun."""
    assert findings(scenario(SUBMIT, step)) == []


def test_a_right_file_has_no_findings():
    """With every key that there is."""
    text = HEAD.replace("actors:", "title: Requests\ndescription: {en: All, zh: 全部}\nactors:")
    start = (
        "start: {by: ann, as: first, workflow: request, data: {what: a tree, parts: [oak]}, documents: paper, "
        "reason: why not, occurred: 2015-02-08T09:00+08:00, roles: clerk, after: 1 hour}"
    )
    expect = (
        "expect: {case: /, state: examining.reading, closed: false, data: {what: a tree, fee: null}, due: {answering: "
        "2015-04-09}, running: answering, paused: [], met: acceptance, breached: [], lapsed: [], late: [], children: "
        "{parts: 1}}"
    )
    refused = (
        "refused: {trigger: answer, by: [ann, eve], because: [role, data], says: needs, case: first, roles: [], "
        "data: {x: 1}, documents: {letter: dear Eve}, at: 2015-02-10T09:00Z, workflow: part}"
    )
    steps = [
        start,
        "wait: P1D",
        "wait_until: 2015-02-11",
        "wait_until: 2015-02-11T09:00Z",
        "case: first",
        ACCEPT,
        expect,
    ]
    assert findings(scenario(*steps, refused.replace("2015-02-10", "2015-02-12"), head=text)) == []


def test_steps_become_values():
    """What is written short stands for what is written long."""
    loaded = load(scenario(SUBMIT, "answer: {by: [ann, ben], documents: letter, roles: head}"), "it.yaml", WORKFLOWS)
    assert [finding.code for finding in loaded.findings] == ["ACC624"]
    loaded = load(scenario(SUBMIT, "answer: {by: [ann, ben], documents: letter}"), "it.yaml", WORKFLOWS)
    assert loaded.content is not None
    [one] = loaded.content.scenarios
    _, second = one.steps
    act = second.step
    assert isinstance(act, Act)
    assert (act.trigger, act.by, act.documents, act.because) == ("answer", ("ann", "ben"), {"letter": b"letter"}, ())
    assert (act.origin.place, one.origin.line) == (f"it.yaml:{FIRST_STEP + 1}", FIRST_STEP - 2)


@pytest.mark.parametrize(
    ("step", "code", "column"),
    [
        ("accept: {by: ann, afer: 2 days}", "ACC100", 27),
        ("accept: {data: {}}", "ACC101", 9),
        ("accept: ann", "ACC102", 17),
        ("accept: {by: 3}", "ACC102", 22),
        ("refused: {trigger: accept, by: ben}", "ACC101", 9),
        ("refused: {trigger: accept, by: ben, because: rol}", "ACC103", 54),
        ("refused: {trigger: accept, by: ben, because: []}", "ACC108", 54),
        ("expect: {}", "ACC108", 17),
        ("expect: {staet: received}", "ACC100", 18),
        ("expect: {children: {parts: -1}}", "ACC107", 36),
        ("wait: 3 business days", "ACC114", 15),
        ("wait: {by: ann}", "ACC102", 15),
        ("{}", "ACC108", 9),
        ("accept: {by: ann}\n        reason: x", "ACC621", 9),
        ("acept: {by: ann}", "ACC622", 9),
        ("wiat: 3 days", "ACC622", 9),
        ("finish: {by: ann}", "ACC622", 9),
        ("refused: {trigger: acept, by: ann, because: role}", "ACC622", 28),
        ("accept: {by: [ann, anne]}", "ACC623", 28),
        ("remind: {by: system}", "ACC623", 22),
        ("accept: {by: both, roles: [leader]}", "ACC624", 35),
        ("accept: {by: ann, at: 2015-02-10T09:00}", "ACC625", 31),
        ("accept: {by: ann, at: tomorrow}", "ACC625", 31),
        ("accept: {by: ann, after: 1 day, at: 2015-02-10T09:00Z}", "ACC625", 41),
        ("wait_until: 2015-02-30", "ACC625", 21),
        ("expect: {due: {acceptance: 2015-02-30}}", "ACC625", 36),
        ("accept: {by: ann, at: 2015-02-08T09:00Z}", "ACC626", 31),
        ("wait_until: 2015-02-07", "ACC626", 21),
        ("wait_until: 2015-02-08", "ACC626", 21),
        ("expect: {met: acceptence}", "ACC627", 23),
        ("expect: {due: {acceptence: null}}", "ACC627", 24),
        ("expect: {state: reading}", "ACC628", 25),
        ("accept: {by: ann, data: {what: x}}", "ACC629", 34),
        ("refused: {trigger: accept, by: ben, because: role, data: {what: x}}", "ACC629", 67),
        ("refused: {trigger: start, by: ben, because: role, data: {waht: x}}", "ACC629", 66),
        ("expect: {data: {waht: x}}", "ACC629", 25),
        ("expect: {data: {fee: 12 yuan}}", "ACC630", 30),
        ("expect: {data: {parts: oak}}", "ACC630", 32),
        ("case: pieces", "ACC631", 15),
        ("finish: {by: ann, case: parts.0}", "ACC631", 33),
        ("finish: {by: ann, case: parts/part}", "ACC631", 33),
        ("expect: {children: {part: 2}}", "ACC631", 29),
        ("prelude: accepted", "ACC632", 18),
        ("start: {by: ann, data: {what: x}}", "ACC633", 9),
        ("start: {by: ann, as: parts, data: {what: x}}", "ACC634", 30),
        ("start: {by: ann, as: other, workflow: parts, data: {what: x}}", "ACC620", 47),
    ],
)
def test_each_mistake_in_a_step_is_named_at_its_place(step: str, code: str, column: int):
    """One mistake, one finding."""
    line = FIRST_STEP + 1 + step.count("\n")
    assert findings(scenario(SUBMIT, step)) == [(code, line, column)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("workflow: request", "workflow: requests", ("ACC620", 1, 11)),
        ("workflow: request\n", "", ("ACC101", 1, 1)),
        ("scenarios:", "scenario:", ("ACC100", 4, 1)),
        ("at: 2015-02-09T09:00+08:00", "at: 2015-02-09", ("ACC625", 2, 5)),
        ("at: 2015-02-09T09:00+08:00\n", "", ("ACC625", 4, 5)),
        ("name: it", "nam: it", ("ACC100", 5, 5)),
        ("{roles: clerk}", "{roles: clark}", ("ACC624", 3, 23)),
        ("eve: {}", "system: {}", ("ACC623", 3, 98)),
        ("eve: {}", '" eve": {}', ("ACC623", 3, 98)),
        ("eve: {}", "eve: {roles: system}", ("ACC623", 3, 98)),
    ],
)
def test_each_mistake_around_the_steps_is_named_at_its_place(old: str, new: str, expected: tuple[str, int, int]):
    """One mistake, one finding."""
    assert findings(scenario(SUBMIT).replace(old, new, 1)) == [expected]


def test_a_misspelt_name_comes_with_the_nearest_right_one():
    """A cure can be taken over as it stands."""
    assert told(scenario(SUBMIT, "acept: {by: ann}")) == "`request` has no trigger `acept`; did you mean `accept`?"
    assert told(scenario(SUBMIT, "expect: {state: reading}")) == (
        "`request` has no state `reading`; did you mean `examining.reading`?"
    )
    assert told(scenario(SUBMIT, "accept: {by: anne}")) == "there is no actor `anne`; did you mean `ann`?"
    assert told(scenario(SUBMIT, "finish: {by: ann}")) == (
        "`request` has no trigger `finish`; `part` has it: say which case is meant, such as `case: LINK`"
    )
    assert told(scenario(SUBMIT, "accept: {by: ann}\n        after: 2 days")) == (
        "a step is one key; this one has 2: `accept`, `after`; put `after` behind `accept:`, into its braces"
    )


def test_the_name_of_a_scenario_is_given_once():
    """What failed would be unclear otherwise."""
    second = "  - name: it\n    steps:\n      - submit: {by: ann, data: {what: x}}\n"
    assert findings(scenario(SUBMIT) + second) == [("ACC634", FIRST_STEP + 1, 11)]


def test_a_scenario_that_only_tries_to_start_needs_no_case():
    """Who may not open a case is a promise of its own."""
    assert findings(scenario("refused: {trigger: submit, by: ben, because: role, data: {what: x}}")) == []
    assert findings(scenario("expect: {state: received}")) == [("ACC633", FIRST_STEP, 9)]


PRELUDES = """\
preludes:
  submitted:
    - submit: {by: ann, data: {what: a tree}}
  accepted:
    - prelude: submitted
    - accept: {by: ann}
scenarios:
"""


def test_a_prelude_is_written_out_where_it_is_asked_for():
    """One may hold those before it; a step remembers the way to it."""
    text = scenario("prelude: accepted", "expect: {state: examining}").replace("scenarios:\n", PRELUDES)
    loaded = load(text, "it.yaml", WORKFLOWS)
    assert loaded.findings == ()
    assert loaded.content is not None
    steps = loaded.content.scenarios[0].steps
    assert [taken.step.origin.word for taken in steps] == ["submit", "accept", "expect"]
    assert [[origin.line for origin in taken.through] for taken in steps] == [[13, 8], [13], []]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("prelude: submitted", "prelude: accepted", ("ACC632", 8, 16)),
        ("prelude: submitted", "prelude: later", ("ACC632", 8, 16)),
        ("accept: {by: ann}", "accept: {by: anne}", ("ACC623", 9, 20)),
        ("accept: {by: ann}", "acept: {by: ann}", ("ACC622", 9, 7)),
    ],
)
def test_a_mistake_in_a_prelude_is_found_once(old: str, new: str, expected: tuple[str, int, int]):
    """However often it is asked for, and also where nobody asks for it."""
    right = scenario("prelude: accepted").replace("scenarios:\n", PRELUDES)
    again = "  - name: again\n    steps: [prelude: accepted]\n"
    unused = scenario(SUBMIT).replace("scenarios:\n", PRELUDES)
    for text in (right, right + again, unused):
        assert findings(text.replace(old, new, 1)) == [expected]


def test_preludes_cannot_grow_without_bounds():
    """Twenty that each hold the one before twice would be a million steps."""
    grown = "preludes:\n  p0: [expect: {state: received}]\n" + "".join(
        f"  p{number}: [prelude: p{number - 1}, prelude: p{number - 1}]\n" for number in range(1, 21)
    )
    nested = "preludes:\n  p0: [expect: {state: received}]\n" + "".join(
        f"  p{number}: [prelude: p{number - 1}]\n" for number in range(1, 2000)
    )
    for text, last in ((grown, "p20"), (nested, "p1999")):
        whole = scenario(SUBMIT, f"prelude: {last}").replace("scenarios:\n", f"{text}scenarios:\n")
        assert {code for code, _, _ in findings(whole)} == {"ACC636"}


def test_files_share_actors_and_preludes(tmp_path: Path):
    """What stands in another file is used as if it stood here; its mistakes are named in it."""
    office = tmp_path / "office.yaml"
    office.write_text(ACTORS + PRELUDES.removesuffix("scenarios:\n"), encoding="utf-8")
    file = tmp_path / "it.yaml"
    file.write_text(scenario("prelude: accepted").replace(ACTORS, "uses: office.yaml\n"), encoding="utf-8")
    assert load_path(file, WORKFLOWS).findings == ()
    file.write_text(scenario("prelude: accepted").replace(ACTORS, f"uses: office.yaml\n{ACTORS}"), encoding="utf-8")
    assert {finding.code for finding in load_path(file, WORKFLOWS).findings} == {"ACC634"}
    office.write_text(office.read_text().replace("accept: {by: ann}", "accept: {bye: ann}"), encoding="utf-8")
    file.write_text(scenario("prelude: accepted").replace(ACTORS, "uses: [office.yaml]\n"), encoding="utf-8")
    assert [(found.file, found.code) for found in load_path(file, WORKFLOWS).findings] == [(str(office), "ACC100")]
    file.write_text(scenario(SUBMIT).replace(ACTORS, "uses: [offices.yaml]\n"), encoding="utf-8")
    assert [(found.line, found.code) for found in load_path(file, WORKFLOWS).findings] == [(3, "ACC635")]


@pytest.mark.parametrize(
    "text",
    ["", "scenarios: 3\n", "workflow: request\nscenarios: [1]\n", "a: &b 1\n", "\xff", "scenarios: [{steps: [x]}]"],
)
def test_nonsense_is_found_and_never_raises(text: str):
    """Whatever the file holds."""
    assert findings(text)


@pytest.mark.parametrize("code", scenarios.CODES, ids=lambda code: code.code)
def test_each_code_is_shown_by_its_example_and_cured_by_its_cure(code: Code):
    """What `explain` prints is true of the shipped petition."""
    known = newest(load_workflow_path(file).workflow for file in yaml_in(shipped.folder()))
    assert [finding.code for finding in load(code.wrong, "wrong.yaml", known).findings] == [code.code]
    assert load(code.right, "right.yaml", known).findings == ()
