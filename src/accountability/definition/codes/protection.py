"""Findings about the protection of people."""

from __future__ import annotations

from accountability.definition.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "ACC500",
        "Publishes a protected field",
        "A field that is `personal` or has `readers` is withheld from the record; the public register would give it to "
        "everybody.",
        "data:\n  name: {type: string, personal: true}\n"
        "transitions:\n  close:\n    {from: received, to: closed, by: officer, needs: name,\n"
        "     publishes: {channels: [website], fields: [name]}}\n",
        "data:\n  name: {type: string, personal: true}\n  result: {type: string}\n"
        "transitions:\n  close:\n    {from: received, to: closed, by: officer, needs: [name, result],\n"
        "     publishes: {channels: [website], fields: [result]}}\n",
    ),
    Code(
        "ACC501",
        "Copies a protected field into the record",
        "What `sets` computes from a withheld field is as private as the field. The target must be withheld as well, "
        "otherwise its value stands in the record in clear, where nothing can be erased.",
        "data:\n  name: {type: string, personal: true}\n  about: {type: string}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name, sets: {about: data.name}}\n",
        "data:\n  name: {type: string, personal: true}\n  about: {type: string, personal: true}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name, sets: {about: data.name}}\n",
    ),
    Code(
        "ACC502",
        "Hands a protected field to a child in clear",
        "What `opens: with` gives a child case enters the child's record. Where it comes from a withheld field, the "
        "child's field must be withheld as well. Found where the child's workflow is known; here it is the same one.",
        "data:\n  name: {type: string, personal: true}\n  about: {type: string}\n"
        "start: {by: officer, accepts: [name, about]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name,\n"
        "          opens: [{workflow: demo, as: again, with: {about: data.name}}]}\n",
        "data:\n  name: {type: string, personal: true}\n  about: {type: string, personal: true}\n"
        "start: {by: officer, accepts: [name, about]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name,\n"
        "          opens: [{workflow: demo, as: again, with: {about: data.name}}]}\n",
    ),
    Code(
        "ACC503",
        "More readers than the source",
        "A field that is computed from one with `readers` must not be readable by more roles than that one, otherwise "
        "the copy gives away what the original keeps.",
        "data:\n  name: {type: string, readers: [officer]}\n  about: {type: string, personal: true}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name, sets: {about: data.name}}\n",
        "data:\n  name: {type: string, readers: [officer]}\n"
        "  about: {type: string, personal: true, readers: [officer]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name, sets: {about: data.name}}\n",
    ),
    Code(
        "ACC504",
        "Protected field in an act that waits for signatures",
        "An act with several signatures keeps what was given until the last one has signed, where everybody who signs "
        "must see the same. A withheld field must be given in an act of its own.",
        "data:\n  name: {type: string, personal: true}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: name, signatures: 2}\n",
        "data:\n  name: {type: string, personal: true}\n"
        "transitions:\n  name: {from: received, by: officer, needs: name}\n"
        "  close: {from: received, to: closed, by: officer, signatures: 2}\n",
    ),
    Code(
        "ACC505",
        "Protected field both given and computed",
        "An act that takes a withheld field and computes the same field has two values for it, and only one is kept "
        "apart: nobody could replay the act from the other.",
        "data:\n  name: {type: string, personal: true}\n"
        "transitions:\n"
        "  close: {from: received, to: closed, by: officer, needs: name, sets: {name: data.name + '.'}}\n",
        "data:\n  name: {type: string, personal: true}\n  signed: {type: string, personal: true}\n"
        "transitions:\n"
        "  close: {from: received, to: closed, by: officer, needs: name, sets: {signed: data.name + '.'}}\n",
    ),
    Code(
        "ACC506",
        "Due date that tells a protected field",
        "A due date and how it was worked out stand in the record in clear, so the day it counts from cannot be one "
        "that is withheld.",
        "data:\n  born: {type: date, personal: true}\nstart: {by: officer, needs: born}\n"
        "deadlines:\n  answer: {starts: start, anchor: data.born, within: 18 years}\n",
        "data:\n  of_age: {type: date}\nstart: {by: officer, needs: of_age}\n"
        "deadlines:\n  answer: {starts: start, anchor: data.of_age}\n",
    ),
    Code(
        "ACC507",
        "Lookup that tells a protected field",
        "An entry names the cases that were seen, and those tell in clear by which value they were found. So a value "
        "that is withheld cannot be looked for.",
        "reads: {others: {workflow: demo, where: {number: data.secret}}}\n"
        "data:\n  number: {type: string, default: none}\n  secret: {type: string, personal: true}\n"
        "start: {by: officer, needs: secret}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, when: size(reads.others) == 0}\n",
        "reads: {others: {workflow: demo, where: {number: data.number}}}\n"
        "data:\n  number: {type: string, default: none}\n  secret: {type: string, personal: true}\n"
        "start: {by: officer, needs: secret}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, when: size(reads.others) == 0}\n",
    ),
)
