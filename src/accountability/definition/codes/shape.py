"""Findings about the shape of a workflow."""

from __future__ import annotations

from accountability.definition.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "ACC100",
        "Unknown key",
        "A key that means nothing would be a rule that is written and not in force.",
        "transitions:\n  close: {from: received, to: closed, by: officer, gaurd: 'true'}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer, when: 'true'}\n",
    ),
    Code(
        "ACC101",
        "Missing key",
        "Something that every workflow, rule or declaration must say is not said.",
        "transitions:\n  close: {from: received, to: closed}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC102",
        "Wrong kind of value",
        "The value is of another type than the key asks for. Plain `2015`, `true` and `null` are not text; put text "
        "that looks like them in quotes.",
        "title: 2015\n",
        'title: "2015"\n',
    ),
    Code(
        "ACC103",
        "Value not among the possible ones",
        "The key takes one of a few words.",
        "data:\n  amount: {type: money}\n",
        "data:\n  amount: {type: decimal}\n",
    ),
    Code(
        "ACC104",
        "Not a name",
        "Names of workflows, roles, fields, states, triggers, groups, links and documents are written with small "
        "letters, digits and `_`, beginning with a letter, so that they look the same in guards, files and programs. "
        "Titles for people may be anything.",
        "roles:\n  officer: Officer\n  Deputy-Leader: Deputy\n",
        "roles:\n  officer: Officer\n  deputy_leader: Deputy\n",
    ),
    Code(
        "ACC105",
        "Reserved name",
        "The name already means something in every workflow: `any` and `system`, and the acts `start`, `recuse`, "
        "`note` and `correct`. Where deadlines are extended, also the field `extension`, and for the act that extends "
        "what time itself does: `warn`, `breach`, `lapse`, `recompute`.",
        "transitions:\n  note: {from: received, by: officer}\n  close: {from: received, to: closed, by: officer}\n",
        "transitions:\n  remark: {from: received, by: officer}\n  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC106",
        "Name taken",
        "Two things share one name, so that what refers to it could mean either: a group and a state, two acts, of "
        "which one opens a case or extends a deadline, or two calendars.",
        "groups:\n  received: [received, closed]\n",
        "groups:\n  all: [received, closed]\n",
    ),
    Code(
        "ACC107",
        "Number too small",
        "Versions and signatures count from 1, lengths from 0.",
        "transitions:\n  close: {from: received, to: closed, by: officer, signatures: 0}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer, signatures: 2}\n",
    ),
    Code(
        "ACC108",
        "Nothing where something must be",
        "An empty text, list or mapping stands where at least one word, item or key is needed.",
        "transitions:\n  close: {from: received, to: closed, by: []}\n",
        "transitions:\n  close: {from: received, to: closed, by: [officer]}\n",
    ),
    Code(
        "ACC109",
        "Inner states without a beginning",
        "A state with inner states needs an `initial`, the one that is entered first; a state without them cannot have "
        "one.",
        "states:\n  received:\n    states: {reading: }\n  closed: {final: true}\n",
        "states:\n  received:\n    states: {reading: }\n    initial: reading\n  closed: {final: true}\n",
    ),
    Code(
        "ACC110",
        "Final state with inner states",
        "A final state closes the case; nothing can happen inside it.",
        "states:\n  received:\n  closed:\n    final: true\n    states: {kept: , destroyed: }\n    initial: kept\n",
        "states:\n  received:\n  closed: {final: true}\n",
    ),
    Code(
        "ACC111",
        "Declaration that contradicts itself",
        "A field's declaration holds a key that its type has no use for, bounds that no value can meet, an object's "
        "`needs` without an inner field of that name, or protection on a part of a field where only whole fields can "
        "be protected.",
        "data:\n  ruling: {type: string, minimum: 1}\n",
        "data:\n  ruling: {type: string, min_length: 1}\n",
    ),
    Code(
        "ACC112",
        "Value not of the field's type",
        "A bound, a choice or the default is not a value that the field itself would accept.",
        "data:\n  amount: {type: integer, default: none}\n",
        "data:\n  amount: {type: integer, default: 0}\n",
    ),
    Code(
        "ACC113",
        "Not a language",
        "Text for people is one string, or a map from language codes to strings.",
        "title: {english: Petition}\n",
        "title: {en: Petition}\n",
    ),
    Code(
        "ACC114",
        "Not a period",
        "A period is a number of hours, days, working days, weeks, months or years, or ISO 8601 that says so.",
        "transitions:\n"
        "  close: {from: received, to: closed, by: officer, publishes: {channels: [tv], objection: 5 work days}}\n",
        "transitions:\n"
        "  close: {from: received, to: closed, by: officer, publishes: {channels: [tv], objection: 5 working days}}\n",
    ),
    Code(
        "ACC115",
        "Period that outlives everybody",
        "A deadline of more than a hundred years is a slip of the pen.",
        "deadlines:\n  answer: {starts: start, within: 2015 years}\n",
        "deadlines:\n  answer: {starts: start, within: 15 years}\n",
    ),
    Code(
        "ACC116",
        "File that cannot be extended",
        "`extends` names another workflow's file, as seen from this one; all that this file does not say is as it is "
        "there. That file must be there and be correct, and at most five files may follow one another, in no circle. "
        "Found between files: the example shows the key that differs.",
        "extends: ../petition.yml\nversion: 2\n",
        "extends: ../petition.yaml\nversion: 2\n",
    ),
    Code(
        "ACC190",
        "Not supported yet",
        "The language reserves this key, and this release cannot honour it. Ignoring it would let a promise stand in "
        "the file that nobody keeps.",
        "guarantees:\n  - {name: answered, response: {to: received, with: [closed]}}\n",
        "title: Petition\n",
    ),
)
