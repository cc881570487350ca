"""Findings about names that mean nothing."""

from __future__ import annotations

from accountability.definition.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "ACC200",
        "Unknown state",
        "A rule, a group, `initial` or `paused_in` names a state or group that the workflow does not have. An inner "
        "state is written with its whole path, such as `investigating.interviews`.",
        "transitions:\n  close: {from: recieved, to: closed, by: officer}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC201",
        "Unknown role",
        "Only roles declared under `roles` can act or read, besides `system`, the engine itself. A misspelt role would "
        "give a right to nobody.",
        "transitions:\n  close: {from: received, to: closed, by: oficer}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC202",
        "Unknown field",
        "A rule needs, accepts, sets or publishes a field that is not declared under `data`.",
        "data:\n  ruling: {type: string}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: rulling}\n",
        "data:\n  ruling: {type: string}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: ruling}\n",
    ),
    Code(
        "ACC203",
        "Unknown link",
        "`awaits` names a link under which no rule opens a child case, so there would be nothing to wait for.",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: parts}]}\n"
        "  close: {from: received, to: closed, by: officer, awaits: [part]}\n",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: parts}]}\n"
        "  close: {from: received, to: closed, by: officer, awaits: [parts]}\n",
    ),
    Code(
        "ACC204",
        "Unknown trigger",
        "`not_by` or `same_as` names a trigger that neither this workflow nor a workflow that opens it has, so the "
        "separation of functions it promises would never hold anybody back. `on_breach` names a trigger of this "
        "workflow, which the engine is to do.",
        "transitions:\n  review: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, not_by: [reveiw]}\n",
        "transitions:\n  review: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, not_by: [review]}\n",
    ),
    Code(
        "ACC205",
        "Unknown workflow",
        "A rule opens a child case under a workflow that is not beside this file.",
        "transitions:\n"
        "  close: {from: received, to: closed, by: officer, opens: [{workflow: subjekt, as: subjects}]}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC206",
        "No history to return to",
        "`to: {history: STATE}` returns to the inner state that was left last, so STATE must be a state with inner "
        "states.",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n"
        "  reopen: {from: closed, to: {history: received}, by: officer}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n"
        "  reopen: {from: closed, to: received, by: officer}\n",
    ),
    Code(
        "ACC207",
        "Version given twice",
        "Two files that are checked together hold the same version of the same workflow, or count by the same version "
        "of a calendar that is not the same. A version must mean one thing, since cases are pinned to it. Found "
        "between files: the example shows the key that differs.",
        "version: 1\n",
        "version: 2\n",
    ),
    Code(
        "ACC208",
        "Unknown value",
        "A guard compares a state, a role or a field with an `enum` with a text that it can never be. The comparison "
        "would have the same outcome for every case.",
        "data:\n  about: {type: string, enum: [delay, conduct]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: about, "
        "when: 'data.about != \"dely\"'}\n",
        "data:\n  about: {type: string, enum: [delay, conduct]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: about, "
        "when: 'data.about != \"delay\"'}\n",
    ),
    Code(
        "ACC209",
        "Unknown calendar",
        "A workflow counts by `cn`, `weekdays`, `every_day`, or by a calendar of its folder: `calendars/NAME.yaml`.",
        "calendar: weekday\n",
        "calendar: weekdays\n",
    ),
    Code(
        "ACC210",
        "Unknown time zone",
        "Days begin and end in a time zone, named as the time zone database names it.",
        "zone: Beijing\n",
        "zone: Asia/Shanghai\n",
    ),
    Code(
        "ACC211",
        "Unknown start or end of a deadline",
        "A deadline starts and ends with an act of the workflow, or when a case comes to a state. An inner state is "
        "written with its whole path. The acts that every case allows, such as `note`, start and end nothing.",
        "deadlines:\n  answer: {starts: recieved, within: 15 days}\n",
        "deadlines:\n  answer: {starts: received, within: 15 days}\n",
    ),
    Code(
        "ACC212",
        "Trigger and state of one name",
        "A deadline starts or ends with a name that is a trigger and a state, or a group. The trigger is meant. Here "
        "that makes a difference, since the act does not always lead to the state, or another act leads there too.",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  held: {from: received, by: officer}\n  hold: {from: received, to: held, by: officer}\n"
        "  close: {from: [received, held], to: closed, by: officer}\n"
        "deadlines:\n  review: {starts: held, within: 6 months}\n",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  hold_off: {from: received, by: officer}\n  hold: {from: received, to: held, by: officer}\n"
        "  close: {from: [received, held], to: closed, by: officer}\n"
        "deadlines:\n  review: {starts: held, within: 6 months}\n",
    ),
    Code(
        "ACC213",
        "Field by which no case is found",
        "Under `where` stand fields of the other workflow: of type string, integer, boolean or date, kept in clear, "
        "since what is withheld is no part of its record.",
        "reads: {others: {workflow: demo, where: {numbr: data.number}}}\n"
        "data:\n  number: {type: string}\nstart: {by: officer, needs: number}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, when: size(reads.others) == 0}\n",
        "reads: {others: {workflow: demo, where: {number: data.number}}}\n"
        "data:\n  number: {type: string}\nstart: {by: officer, needs: number}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, when: size(reads.others) == 0}\n",
    ),
)
