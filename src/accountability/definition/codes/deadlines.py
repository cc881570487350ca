"""Findings about deadlines."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_ANSWERED = (
    "states: {received: , closed: {final: true}}\n"
    "transitions:\n  answer: {from: received, by: officer}\n"
    "  close: {from: received, to: closed, by: officer}\n"
)
_SUSPENDED = (
    "states: {received: , suspended: , closed: {final: true}}\n"
    "transitions:\n  suspend: {from: received, to: suspended, by: officer}\n"
    "  resume: {from: suspended, to: received, by: officer}\n"
    "  close: {from: received, to: closed, by: officer}\n"
)
_TWO_ROLES = (
    "roles: {officer: Officer, leader: Leader}\n"
    "states: {received: , examined: , closed: {final: true}}\n"
    "transitions:\n  examine: {from: received, to: examined, by: officer}\n"
    "  close: {from: examined, to: closed, by: leader}\n"
)
_ESCALATED = (
    "states: {received: , escalated: , closed: {final: true}}\n"
    "transitions:\n  escalate: {from: received, to: escalated, by: system}\n"
    "  close: {from: [received, escalated], to: closed, by: officer}\n"
)

CODES: tuple[Code, ...] = (
    Code(
        "ACC430",
        "Deadline that can never start",
        "Nothing that starts it, or its fallback, can ever come about: the trigger is possible in no state, no case "
        "comes to the state, or it extends a deadline that never runs. Whoever relies on the deadline waits for ever.",
        "deadlines:\n  answer: {starts: prolong, within: 15 days, "
        "extend: {trigger: prolong, by: officer, up_to: 10 days}}\n",
        "deadlines:\n  answer: {starts: start, within: 15 days, "
        "extend: {trigger: prolong, by: officer, up_to: 10 days}}\n",
    ),
    Code(
        "ACC431",
        "Deadline that can never end",
        "Once it has started, nothing that ends it can happen any more, so it would always be breached. Without `ends` "
        "a deadline ends when the case is closed; one that starts then needs `ends`. A `window` ends by itself.",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n  notify: {from: closed, by: officer}\n"
        "deadlines:\n  notice: {starts: close, within: 15 days}\n",
        "transitions:\n  close: {from: received, to: closed, by: officer}\n  notify: {from: closed, by: officer}\n"
        "deadlines:\n  notice: {starts: close, within: 15 days, ends: notify}\n",
    ),
    Code(
        "ACC432",
        "End that can never happen",
        "Something else can end the deadline; what stands here cannot happen while it runs.",
        _ANSWERED + "deadlines:\n  opinion: {starts: answer, within: 15 days, ends: [closed, start]}\n",
        _ANSWERED + "deadlines:\n  opinion: {starts: answer, within: 15 days, ends: closed}\n",
    ),
    Code(
        "ACC433",
        "Warning before the start",
        "A warning is given so long before the end of a deadline. This one is no shorter than the deadline.",
        "deadlines:\n  answer: {starts: start, within: 15 days, warn: 3 weeks}\n",
        "deadlines:\n  answer: {starts: start, within: 15 days, warn: 3 days}\n",
    ),
    Code(
        "ACC434",
        "Pause that never happens",
        "The deadline is said to stand still in a state in which it never runs.",
        _SUSPENDED + "deadlines:\n  reading: {starts: start, ends: [suspend, close], within: 5 days, "
        "paused_in: suspended}\n",
        _SUSPENDED + "deadlines:\n  reading: {starts: start, ends: close, within: 5 days, paused_in: suspended}\n",
    ),
    Code(
        "ACC435",
        "Breach that the engine may not act on",
        "What `on_breach` names is done by the engine. A rule of the trigger must allow that: `by: system`.",
        _ESCALATED.replace("by: system", "by: officer")
        + "deadlines:\n  answer: {starts: start, within: 15 days, on_breach: escalate}\n",
        _ESCALATED + "deadlines:\n  answer: {starts: start, within: 15 days, on_breach: escalate}\n",
    ),
    Code(
        "ACC436",
        "Breach that the engine cannot act on",
        "The engine does what `on_breach` names in the state in which the case is when the time is over. No rule "
        "`by: system` of the trigger holds in any of these states.",
        _ESCALATED + "deadlines:\n  decision: {starts: escalated, within: 15 days, on_breach: escalate}\n",
        _ESCALATED + "deadlines:\n  decision: {starts: start, within: 15 days, on_breach: escalate}\n",
    ),
    Code(
        "ACC437",
        "Days extended by hours",
        "A deadline of days, weeks, months or years ends with a day, and hours cannot be added to that.",
        "deadlines:\n  answer: {starts: start, within: 15 days, "
        "extend: {trigger: prolong, by: officer, up_to: 12 hours}}\n",
        "deadlines:\n  answer: {starts: start, within: 15 days, "
        "extend: {trigger: prolong, by: officer, up_to: 1 day}}\n",
    ),
    Code(
        "ACC438",
        "Clock that always stands still",
        "The deadline stands still in every state in which it runs, so its time is never over.",
        _SUSPENDED + "deadlines:\n  reading: {starts: suspend, ends: resume, within: 5 days, paused_in: suspended}\n",
        _SUSPENDED + "deadlines:\n  reading: {starts: suspend, ends: resume, within: 5 days}\n",
    ),
    Code(
        "ACC439",
        "Working days without days off",
        "Without a `calendar` every day is worked, so working days would be plain days, and no day off could move a "
        "deadline to the next working day.",
        "deadlines:\n  answer: {starts: start, within: 15 working days}\n",
        "calendar: weekdays\ndeadlines:\n  answer: {starts: start, within: 15 working days}\n",
    ),
    Code(
        "ACC440",
        "Deadline that outlives its case",
        "The case can be closed while the deadline runs, and nothing that would end it can happen then: it is breached "
        "although there is nothing left to do. If that is meant, since something was really left undone, leave it.",
        _ANSWERED + "deadlines:\n  answer: {starts: start, within: 15 days, ends: answer}\n",
        _ANSWERED + "deadlines:\n  answer: {starts: start, within: 15 days, ends: [answer, closed]}\n",
    ),
    Code(
        "ACC441",
        "State that lies with one role and no deadline",
        "One role alone can lead a case out of this state, and no deadline runs there, so that nobody notices when "
        "nothing happens. A window presses nobody, unless it has an `on_breach`. Asked of workflows that have "
        "deadlines, and more than one role.",
        _TWO_ROLES + "deadlines:\n  examination: {starts: start, within: 15 days, ends: examine}\n",
        _TWO_ROLES + "deadlines:\n  examination: {starts: start, within: 15 days, ends: examine}\n"
        "  decision: {starts: examine, within: 1 month}\n",
    ),
    Code(
        "ACC442",
        "Fallback without effect",
        "A fallback starts the deadline where what `starts` names may never happen. What this one waits for starts the "
        "deadline itself.",
        _ANSWERED + "deadlines:\n  decision: {starts: [start, answer], within: 1 month, "
        "fallback: {starts: start, plus: 7 days}}\n",
        _ANSWERED + "deadlines:\n  decision: {starts: answer, within: 1 month, "
        "fallback: {starts: start, plus: 7 days}}\n",
    ),
    Code(
        "ACC443",
        "Breach that the engine can act on in some states only",
        "The engine does what `on_breach` names in the state in which the case is when the time is over. In these "
        "states no rule `by: system` of the trigger holds, so that nothing but the breach itself is recorded there.",
        _SUSPENDED.replace("transitions:", "transitions:\n  alarm: {from: received, by: system}")
        + "deadlines:\n  answer: {starts: start, within: 15 days, on_breach: alarm}\n",
        _SUSPENDED.replace("transitions:", "transitions:\n  alarm: {from: [received, suspended], by: system}")
        + "deadlines:\n  answer: {starts: start, within: 15 days, on_breach: alarm}\n",
    ),
    Code(
        "ACC444",
        "Anchor that gives no day",
        "What `anchor` gives is the day from which a deadline counts: a date, or a moment where hours are counted. A "
        "day that is given needs no `fallback`.",
        "data:\n  until: {type: string}\nstart: {by: officer, needs: until}\n"
        "deadlines:\n  answer: {starts: start, anchor: data.until}\n",
        "data:\n  until: {type: date}\nstart: {by: officer, needs: until}\n"
        "deadlines:\n  answer: {starts: start, anchor: data.until}\n",
    ),
)
