"""Two workflows with everything that a scenario can be about, and scenarios for them."""

from __future__ import annotations

from pathlib import Path

REQUEST = """\
workflow: request
version: 1
calendar: cn
roles: {clerk: Clerk, head: Head}
data:
  what: {type: string, min_length: 1}
  fee: {type: decimal}
  decided_at: {type: datetime}
  name: {type: string, personal: true, readers: [clerk]}
  parts: {type: list, items: {type: string}, default: []}
start: {trigger: submit, by: clerk, needs: what, accepts: [fee, name, parts]}
initial: received
states:
  received:
  examining:
    initial: reading
    states: {reading: , hearing: }
  waiting:
  answered: {final: true}
transitions:
  accept:
    from: received
    to: examining
    by: clerk
    opens: {workflow: part, as: parts, each: data.parts, with: {what: item}}
  hear: {from: examining.reading, to: examining.hearing, by: [clerk, head]}
  wait: {from: examining, to: waiting, by: clerk}
  go_on: {from: waiting, to: {history: examining}, by: clerk}
  answer:
    from: examining
    to: answered
    by: [clerk, head]
    signatures: {clerk: 1, head: 1}
    accepts: decided_at
    documents: letter
    awaits: parts
    when: [{check: '!has(data.fee) || data.fee < 100', else: {en: The fee is too high., zh: 费用过高。}}]
  remind: {from: any, by: system}
  object: {from: answered, by: clerk, reason: required}
deadlines:
  acceptance: {starts: submit, within: 15 working days, ends: accept, warn: 3 working days, on_breach: remind}
  answering:
    starts: accept
    within: 2 months
    ends: answer
    paused_in: waiting
    extend: {trigger: extend_answering, by: head, up_to: 1 month, reason: required}
  call_back: {starts: hear, within: 36 hours, ends: [wait, answer]}
  objection: {starts: answer, within: 10 days, window: true, ends: object}
"""

PART = """\
workflow: part
version: 1
roles: {clerk: Clerk}
data: {what: {type: string}}
start: {by: clerk, needs: what}
initial: open
states: {open: , done: {final: true}}
transitions:
  split: {from: open, by: clerk, opens: {workflow: part, as: pieces, with: {what: data.what}}}
  finish: {from: open, to: done, by: clerk, awaits: pieces}
"""

HEAD = """\
workflow: request
at: 2015-02-09T09:00+08:00
actors: {ann: {roles: clerk}, ben: {roles: head, unit: town hall}, both: {roles: [clerk, head]}, eve: {}}
scenarios:
  - name: it
    steps:
"""

SUBMIT = "submit: {by: ann, data: {what: a tree, parts: [oak, elm]}}"
ACCEPT = "accept: {by: ann}"
FIRST_STEP = HEAD.count("\n") + 1
"""The line of the first step."""


def scenario(*steps: str, head: str = HEAD) -> str:
    """Write a file with one scenario of these steps."""
    return head + "".join(f"      - {step}\n" for step in steps)


def write_town(folder: Path) -> Path:
    """Write the two workflows into a new folder, and make its folder `tests`."""
    (folder / "tests").mkdir(parents=True)
    (folder / "request.yaml").write_text(REQUEST, encoding="utf-8")
    (folder / "part.yaml").write_text(PART, encoding="utf-8")
    return folder
