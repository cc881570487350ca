"""Findings about scenario files."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_FILE = """\
workflow: {workflow}
at: {at}
actors:
  wang: {{roles: {role}}}
preludes:
  submitted:
    - submit: {{by: wang, data: {{source: petition}}}}
scenarios:
  - name: a report is registered
    steps:
{steps}"""

_SUBMIT = "submit: {by: wang, data: {source: petition}}"
_REGISTER = 'register: {by: wang, data: {number: "2015-017"}}'


def _scenario(
    *steps: str, workflow: str = "petition", at: str = "2015-02-09T09:00+08:00", role: str = "petition_officer"
) -> str:
    written = "".join(f"      - {step}\n" for step in steps or (_SUBMIT,))
    return _FILE.format(workflow=workflow, at=at, role=role, steps=written)


_LOOKED = "  looked_1_times: [expect: {state: received}]\n" + "".join(
    f"  looked_{2 * times}_times: [prelude: looked_{times}_times, prelude: looked_{times}_times]\n"
    for times in (2**power for power in range(10))
)
"""Preludes of which each does the one before it twice."""

CODES: tuple[Code, ...] = (
    Code(
        "ACC620",
        "Scenario about an unknown workflow",
        "The workflow stands neither in the folder above the scenario's, nor is it shipped.",
        _scenario(workflow="petitions"),
        _scenario(),
    ),
    Code(
        "ACC621",
        "Step of several keys",
        "A step is one key: the trigger, or what kind of step it is. What belongs to it stands behind that key.",
        _scenario("submit: {by: wang, data: {source: petition}}\n        after: 2 days"),
        _scenario("submit: {by: wang, data: {source: petition}, after: 2 days}"),
    ),
    Code(
        "ACC622",
        "Step that nobody can do",
        "A step begins with a trigger of the case's workflow, or with a word that says what kind of step it is. "
        "Neither has this name.",
        _scenario(_SUBMIT, 'registr: {by: wang, data: {number: "2015-017"}}'),
        _scenario(_SUBMIT, _REGISTER),
    ),
    Code(
        "ACC623",
        "Unknown actor",
        "Who acts in a scenario is declared under `actors`, with the roles they have. The engine acts for nobody.",
        _scenario("submit: {by: wagn, data: {source: petition}}"),
        _scenario("submit: {by: wang, data: {source: petition}}"),
    ),
    Code(
        "ACC624",
        "Role that nobody has",
        "An actor has a role that no workflow knows, or acts in one that the actor does not have; every act in it "
        "would be refused.",
        _scenario(role="petition_oficer"),
        _scenario(role="petition_officer"),
    ),
    Code(
        "ACC625",
        "Not a time",
        "A moment is written with its offset, so that it means the same everywhere; a day is written as a date. A "
        "scenario has to say when it begins, and a step says once when it happens.",
        _scenario(at="2015-02-09T09:00"),
        _scenario(at="2015-02-09T09:00+08:00"),
    ),
    Code(
        "ACC626",
        "Time that runs backwards",
        "A step happens at a time that has passed already when the scenario comes to it.",
        _scenario(_SUBMIT, "wait_until: 2015-02-01"),
        _scenario(_SUBMIT, "wait_until: 2015-03-01"),
    ),
    Code(
        "ACC627",
        "Unknown deadline in a scenario",
        "The workflow of the case has no deadline of this name.",
        _scenario(_SUBMIT, "expect: {running: [acceptence]}"),
        _scenario(_SUBMIT, "expect: {running: []}"),
    ),
    Code(
        "ACC628",
        "Unknown state in a scenario",
        "The workflow of the case has no state of this name; an inner state is named with those around it.",
        _scenario(_SUBMIT, "expect: {state: recieved}"),
        _scenario(_SUBMIT, "expect: {state: received}"),
    ),
    Code(
        "ACC629",
        "Unknown field in a scenario",
        "The act takes no such field, so it would be refused; or the case has none that could be compared.",
        _scenario("submit: {by: wang, data: {sourse: petition}}"),
        _scenario("submit: {by: wang, data: {source: petition}}"),
    ),
    Code(
        "ACC630",
        "Value that its field does not take",
        "The field would never hold this value: it is of another type, or outside what the workflow allows.",
        _scenario("submit: {by: wang, data: {source: letter}}"),
        _scenario("submit: {by: wang, data: {source: petition}}"),
    ),
    Code(
        "ACC631",
        "Unknown link in a scenario",
        "A step is about a case that no case on the way there opens under this link.",
        _scenario(_SUBMIT, "expect: {children: {cases: 0}}"),
        _scenario(_SUBMIT, "expect: {children: {case: 0}}"),
    ),
    Code(
        "ACC632",
        "Unknown prelude",
        "There is no prelude of this name. One that stands in another must be declared before it, so that none can "
        "hold itself.",
        _scenario("prelude: submited"),
        _scenario("prelude: submitted"),
    ),
    Code(
        "ACC633",
        "No case to act on",
        "A step needs a case before any is open; or a second case is opened without a name, so that no step can be "
        "about it.",
        _scenario(_REGISTER),
        _scenario(_SUBMIT, _REGISTER),
    ),
    Code(
        "ACC634",
        "Name taken in a scenario file",
        "Two scenarios, two cases, or two actors or preludes of files that are used together share a name, so that it "
        "could mean either.",
        _scenario(_SUBMIT, "start: {by: wang, as: case, data: {source: petition}}"),
        _scenario(_SUBMIT, "start: {by: wang, as: second, data: {source: petition}}"),
    ),
    Code(
        "ACC635",
        "File that cannot be used",
        "A file named under `uses` is not there, or cannot be read. It is looked for beside the file that names it.",
        "uses: nowhere.yaml\n" + _scenario(),
        _scenario(),
    ),
    Code(
        "ACC636",
        "Scenario that is too long",
        "A scenario has at most a thousand steps, those of its preludes included; and at most 32 preludes lie in each "
        "other.",
        _scenario(_SUBMIT, "prelude: looked_1024_times").replace("scenarios:", f"{_LOOKED}scenarios:"),
        _scenario(_SUBMIT, "expect: {state: received}"),
    ),
    Code(
        "ACC637",
        "Workflow instead of scenarios",
        "The file that was given to be tested holds a workflow, or a calendar. Scenarios stand in files of their own, "
        "in the folder `tests` beside the workflows.",
        "workflow: petition\nversion: 2\nextends: ../petition.yaml\n",
        _scenario(),
    ),
)
