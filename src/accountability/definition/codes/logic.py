"""Findings about what can and cannot happen under the rules."""

from __future__ import annotations

from accountability.definition.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "ACC400",
        "Unreachable state",
        "No rule, or no rule that can be used, leads to this state, so no case will ever be in it.",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  close: {from: [received, held], to: closed, by: officer}\n",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  hold: {from: received, to: held, by: officer}\n"
        "  close: {from: [received, held], to: closed, by: officer}\n",
    ),
    Code(
        "ACC401",
        "Case that cannot be closed",
        "From this state no rule leads, in however many steps, to a final state: a case would be caught in it.",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  hold: {from: received, to: held, by: officer}\n"
        "  close: {from: received, to: closed, by: officer}\n",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  hold: {from: received, to: held, by: officer}\n"
        "  close: {from: [received, held], to: closed, by: officer}\n",
    ),
    Code(
        "ACC402",
        "Trigger that can never be done",
        "No case can come to a state in which a rule of this trigger holds. A final state counts only where `from` "
        "names it itself, not through a group, a compound state or `any`.",
        "states:\n  received:\n  closed: {final: true}\n  done: {initial: filed, states: {filed: {final: true}}}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer}\n"
        "  file: {from: received, to: done, by: officer}\n  reopen: {from: done, to: received, by: officer}\n",
        "states:\n  received:\n  closed: {final: true}\n  done: {initial: filed, states: {filed: {final: true}}}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer}\n"
        "  file: {from: received, to: done, by: officer}\n  reopen: {from: done.filed, to: received, by: officer}\n",
    ),
    Code(
        "ACC403",
        "Rule that can never be used",
        "Another rule of the trigger can be used, this one cannot: no case comes to its states, or in each of them a "
        "rule of an inner state takes its place.",
        "states:\n  received: {initial: new, states: {new: }}\n  closed: {final: true}\n"
        "transitions:\n  close:\n    - {from: received, to: closed, by: officer}\n"
        "    - {from: received.new, to: closed, by: officer}\n",
        "states:\n  received: {initial: new, states: {new: }}\n  closed: {final: true}\n"
        "transitions:\n  close: {from: received.new, to: closed, by: officer}\n",
    ),
    Code(
        "ACC404",
        "Role without a part",
        "The role may do nothing and read nothing, and no guard asks for it.",
        "roles: {officer: Officer, auditor: Auditor}\n",
        "roles: {officer: Officer}\n",
    ),
    Code(
        "ACC405",
        "Two rules fit the same firing",
        "Both rules allow the same person to do the same thing in the same state, as the example shows. The first in "
        "the file is taken; if that is meant, say so with guards that exclude each other.",
        "data:\n  amount: {type: integer}\nstates: {received: , big: , closed: {final: true}}\n"
        "transitions:\n  decide:\n    - {from: received, to: big, by: officer, needs: amount, when: data.amount > 9}\n"
        "    - {from: received, to: closed, by: officer, needs: amount}\n"
        "  close: {from: big, to: closed, by: officer}\n",
        "data:\n  amount: {type: integer}\nstates: {received: , big: , closed: {final: true}}\n"
        "transitions:\n  decide:\n    - {from: received, to: big, by: officer, needs: amount, when: data.amount > 9}\n"
        "    - {from: received, to: closed, by: officer, needs: amount, when: data.amount <= 9}\n"
        "  close: {from: big, to: closed, by: officer}\n",
    ),
    Code(
        "ACC406",
        "Rule behind one that always fits first",
        "An earlier rule of the trigger fits every firing that this one fits, so this one is never used.",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  decide:\n    - {from: received, to: closed, by: officer}\n"
        "    - {from: received, to: held, by: officer, reason: required}\n"
        "  close: {from: held, to: closed, by: officer}\n",
        "states: {received: , held: , closed: {final: true}}\n"
        "transitions:\n  decide: {from: received, to: closed, by: officer}\n"
        "  hold: {from: received, to: held, by: officer, reason: required}\n"
        "  close: {from: held, to: closed, by: officer}\n",
    ),
    Code(
        "ACC407",
        "Guard that never holds",
        "All values that matter were tried, and the guard holds for none of them.",
        "data:\n  urgent: {type: boolean}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: urgent,\n"
        "          when: data.urgent && !data.urgent}\n",
        "data:\n  urgent: {type: boolean}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: urgent, when: data.urgent}\n",
    ),
    Code(
        "ACC408",
        "Final state in a group",
        "A final state is left only by a rule that names it in `from` itself; a group never contains it. Listing it in "
        "a group that stands in a `from` promises something that does not hold.",
        "groups: {open: [received, closed]}\ntransitions:\n  close: {from: open, to: closed, by: officer}\n",
        "groups: {open: [received]}\ntransitions:\n  close: {from: open, to: closed, by: officer}\n",
    ),
    Code(
        "ACC409",
        "Nothing for the engine to wait for",
        "A rule `by: system` is done by the engine when its `awaits` or `when` comes true. Without either it never is.",
        "transitions:\n  close: {from: received, to: closed, by: system}\n",
        'transitions:\n  close: {from: received, to: closed, by: system, when: times("note") >= 1}\n',
    ),
    Code(
        "ACC410",
        "The same and a different person",
        "`same_as` and `not_by` name the same trigger: whoever did it must, and must not, do this.",
        "transitions:\n  propose: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, same_as: [propose], not_by: [propose]}\n",
        "transitions:\n  propose: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, not_by: [propose]}\n",
    ),
    Code(
        "ACC411",
        "Several signatures from one person",
        "`signatures` asks for different people, `same_as` leaves only one.",
        "transitions:\n  propose: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, same_as: [propose], signatures: 2}\n",
        "transitions:\n  propose: {from: received, by: officer}\n"
        "  close: {from: received, to: closed, by: officer, signatures: 2}\n",
    ),
    Code(
        "ACC412",
        "Signatures and roles disagree",
        "Every role in `signatures` must be in `by`, and every role in `by` must have something to sign.",
        "roles: {officer: Officer, leader: Leader}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, signatures: {officer: 1, leader: 1}}\n",
        "roles: {officer: Officer, leader: Leader}\n"
        "transitions:\n"
        "  close: {from: received, to: closed, by: [officer, leader], signatures: {officer: 1, leader: 1}}\n",
    ),
    Code(
        "ACC413",
        "The engine as a person",
        "The engine cannot sign, is never the person who did something, and brings neither data nor documents nor a "
        "reason.",
        "transitions:\n  close: {from: received, to: closed, by: [officer, system], signatures: 2}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer, signatures: 2}\n",
    ),
    Code(
        "ACC414",
        "The same person as nobody",
        "`same_as` names a trigger that cannot have been done by the time the rule is used, so nobody may use it.",
        "transitions:\n  close: {from: received, to: closed, by: officer, same_as: [thank]}\n"
        "  thank: {from: closed, by: officer}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n"
        "  thank: {from: closed, by: officer, same_as: [close]}\n",
    ),
    Code(
        "ACC415",
        "Engine that never comes to rest",
        "The engine does a rule `by: system` whenever its guard and `awaits` hold. Nothing that it does here changes "
        "what it asks, so it would do so for ever; every act that leads there is refused.",
        "transitions:\n  count: {from: received, by: system, when: 'times(\"start\") == 1'}\n"
        "  close: {from: received, to: closed, by: officer}\n",
        "transitions:\n  count: {from: received, by: system, when: 'times(\"count\") == 0'}\n"
        "  close: {from: received, to: closed, by: officer}\n",
    ),
    Code(
        "ACC416",
        "Value that the field refuses",
        "`sets` or `with` always gives this value, and the field's declaration does not allow it, or it can never be "
        "computed. The act would always be refused.",
        "data:\n  level: {type: integer, maximum: 6}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, sets: {level: '7'}}\n",
        "data:\n  level: {type: integer, maximum: 6}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, sets: {level: '6'}}\n",
    ),
    Code(
        "ACC420",
        "Role that may not start the child",
        "A child case is opened in the role that `opens: by` names, otherwise in the roles of the person who acts. One "
        "of these may not start the child's workflow, so the act would be refused.",
        "roles: {officer: Officer, leader: Leader}\nstart: {by: officer}\n"
        "transitions:\n  close: {from: received, to: closed, by: leader, opens: [{workflow: demo, as: next}]}\n",
        "roles: {officer: Officer, leader: Leader}\nstart: {by: [officer, leader]}\n"
        "transitions:\n  close: {from: received, to: closed, by: leader, opens: [{workflow: demo, as: next}]}\n",
    ),
    Code(
        "ACC421",
        "Field that the child does not take",
        "`with` gives a field that is neither in the `needs` nor in the `accepts` of the child's start.",
        "data:\n  ruling: {type: string}\n"
        "start: {by: officer, accepts: ruling}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: ruling,\n"
        "          opens: [{workflow: demo, as: next, with: {rulling: data.ruling}}]}\n",
        "data:\n  ruling: {type: string}\n"
        "start: {by: officer, accepts: ruling}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, needs: ruling,\n"
        "          opens: [{workflow: demo, as: next, with: {ruling: data.ruling}}]}\n",
    ),
    Code(
        "ACC422",
        "Child without what it needs",
        "The start of the child's workflow needs a field that `with` does not give.",
        "data:\n  ruling: {type: string}\n"
        "start: {by: officer, needs: ruling}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, opens: [{workflow: demo, as: next}]}\n",
        "data:\n  ruling: {type: string}\n"
        "start: {by: officer, needs: ruling}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer,\n"
        "          opens: [{workflow: demo, as: next, with: {ruling: data.ruling}}]}\n",
    ),
    Code(
        "ACC423",
        "Child that an opening cannot start",
        "The start of the child's workflow asks for documents or a written reason. An opening gives data only.",
        "start: {by: officer, documents: [letter]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, opens: [{workflow: demo, as: next}]}\n",
        "start: {by: officer}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, documents: [letter],\n"
        "          opens: [{workflow: demo, as: next}]}\n",
    ),
    Code(
        "ACC424",
        "Openings without end",
        "Starting a case opens another one, and so on, back to this workflow, with no condition on the way.",
        "start: {by: officer, opens: [{workflow: demo, as: next}]}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, awaits: [next]}\n",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: next}]}\n"
        "  close: {from: received, to: closed, by: officer, awaits: [next]}\n",
    ),
    Code(
        "ACC425",
        "Child nobody waits for",
        "The case stays open after opening this child, but no rule awaits it and no guard looks at it: the case can be "
        "closed while the child is forgotten. An act that opens the child and closes the case hands the matter over; "
        "that is not reported.",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: next}]}\n"
        "  close: {from: received, to: closed, by: officer}\n",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: next}]}\n"
        "  close: {from: received, to: closed, by: officer, awaits: [next]}\n",
    ),
    Code(
        "ACC426",
        "Role that not everybody holds",
        "A child case is recorded as opened in the role that `opens: by` names. Whoever does the act must hold this "
        "role, otherwise the record would say of a person what is not true, and the act is refused.",
        "roles: {officer: Officer, leader: Leader}\nstart: {by: [officer, leader]}\n"
        "transitions:\n  close: {from: received, to: closed, by: [officer, leader],\n"
        "          opens: [{workflow: demo, as: next, by: leader}]}\n",
        "roles: {officer: Officer, leader: Leader}\nstart: {by: [officer, leader]}\n"
        "transitions:\n  close: {from: received, to: closed, by: [officer, leader],\n"
        "          opens: [{workflow: demo, as: next}]}\n",
    ),
    Code(
        "ACC427",
        "Cases that nobody looks at",
        "`reads` names cases of another workflow, and no guard and no expression asks for them.",
        "reads: {others: {workflow: demo, where: {number: data.number}}}\n"
        "data:\n  number: {type: string}\nstart: {by: officer, needs: number}\n",
        "reads: {others: {workflow: demo, where: {number: data.number}}}\n"
        "data:\n  number: {type: string}\nstart: {by: officer, needs: number}\n"
        "transitions:\n  close: {from: received, to: closed, by: officer, when: size(reads.others) == 0}\n",
    ),
)
