"""Everything that `check` asks of a workflow, as one table: one function a rule, one code a rule.

A rule is a function from an `Examination` to flaws; the table gives it its code and says how bad its flaws are. Rules
about what can happen are asked only once all names mean something, since an unknown name would explain their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountability.analysis import (
    anchors,
    automatic,
    constants,
    deadlines,
    links,
    logic,
    lookups,
    names,
    overlap,
    people,
    protection,
    vocabulary,
)
from accountability.analysis.examination import Examination, Flaw
from accountability.analysis.guarding import ABSENT, problems
from accountability.definition.finding import Finding, Severity, in_order
from accountability.definition.loader import Loaded
from accountability.definition.model import Workflow
from accountability.definition.source import Document


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of `check`: its code, the function that looks, and how bad what it finds is."""

    code: str
    find: Callable[[Examination], Iterator[Flaw]]
    severity: Severity = "error"


NAMES: tuple[Check, ...] = (
    Check("ACC200", names.unknown_states),
    Check("ACC201", names.unknown_roles),
    Check("ACC202", names.unknown_fields),
    Check("ACC203", names.unknown_links),
    Check("ACC204", names.unknown_triggers),
    Check("ACC205", names.unknown_workflows),
    Check("ACC206", names.no_history),
    Check("ACC208", vocabulary.unknown_words),
    Check("ACC213", lookups.unfindable_fields),
    Check("ACC210", deadlines.unknown_zone),
    Check("ACC211", deadlines.unknown_occasions),
    Check("ACC212", deadlines.ambiguous_occasions, "warning"),
)
"""Every name means something."""

PROTECTION: tuple[Check, ...] = (
    Check("ACC500", protection.published),
    Check("ACC501", protection.copied_here),
    Check("ACC502", protection.copied_to_child),
    Check("ACC503", protection.widened_readers),
    Check("ACC504", protection.signed_in_clear),
    Check("ACC505", protection.given_and_computed),
    Check("ACC506", anchors.withheld_anchors),
    Check("ACC507", lookups.withheld_values),
)
"""What is withheld stays withheld."""

LOGIC: tuple[Check, ...] = (
    Check("ACC400", logic.unreachable_states),
    Check("ACC401", logic.dead_ends),
    Check("ACC402", logic.dead_triggers),
    Check("ACC403", logic.dead_rules),
    Check("ACC404", logic.unused_roles, "warning"),
    Check("ACC405", overlap.overlapping_rules, "warning"),
    Check("ACC406", overlap.shadowed_rules),
    Check("ACC407", overlap.never_true),
    Check("ACC408", logic.silent_finals),
    Check("ACC409", logic.idle_system),
    Check("ACC410", people.same_and_other),
    Check("ACC411", people.one_person_signs_twice),
    Check("ACC412", people.signing_roles),
    Check("ACC413", people.engine_signs),
    Check("ACC414", people.same_as_nobody),
    Check("ACC415", automatic.endless_engine),
    Check("ACC416", constants.unfit_constants),
    Check("ACC420", links.opening_roles),
    Check("ACC421", links.unknown_child_fields),
    Check("ACC422", links.missing_child_fields),
    Check("ACC423", links.unopenable_children),
    Check("ACC424", links.endless_openings),
    Check("ACC425", links.forgotten_children, "warning"),
    Check("ACC426", links.borrowed_roles),
    Check("ACC427", lookups.idle_reads, "warning"),
    Check("ACC430", deadlines.never_start),
    Check("ACC431", deadlines.never_end),
    Check("ACC432", deadlines.ends_that_never_happen),
    Check("ACC433", deadlines.early_warnings),
    Check("ACC434", deadlines.idle_pauses, "warning"),
    Check("ACC435", deadlines.breaches_for_people),
    Check("ACC436", deadlines.breaches_that_never_fit),
    Check("ACC437", deadlines.extensions_by_hours),
    Check("ACC438", deadlines.standing_clocks),
    Check("ACC439", deadlines.days_that_are_all_worked),
    Check("ACC440", deadlines.deadlines_that_run_on, "warning"),
    Check("ACC441", deadlines.states_without_pressure, "warning"),
    Check("ACC442", deadlines.fallbacks_without_effect),
    Check("ACC443", deadlines.breaches_that_fit_in_part, "warning"),
    Check("ACC444", anchors.unfit_anchors),
)
"""What the rules allow makes sense."""

UNKNOWN_FIELD = "ACC202"

RULES: tuple[Check, ...] = (*NAMES, *LOGIC, *PROTECTION)
"""Every rule of `check` besides those of the guards, whose codes come from the language of guards itself."""


def examine(loaded: Loaded, others: Mapping[str, Workflow]) -> tuple[Finding, ...]:
    """Find what is wrong with the meaning of a workflow.

    Args:
        loaded: A file as it was loaded. What its loading found already is not repeated.
        others: Workflows known beside it, by name; they tell what its links open.

    Returns:
        The findings in the order of the file; none where the file holds no workflow.
    """
    if loaded.workflow is None:
        return ()
    document, examination = loaded.document, Examination(loaded.workflow, others)
    unknown = list(_found(NAMES, document, examination))
    found = [*unknown, *_found(PROTECTION, document, examination)]
    if not any(finding.is_error for finding in unknown):
        found += _found(LOGIC, document, examination)
    misspelt = any(finding.code == UNKNOWN_FIELD for finding in unknown)
    for code, flaw in (*problems(examination), *anchors.problems(examination), *lookups.problems(examination)):
        if misspelt and code == ABSENT:
            continue  # A rule that gives a misspelt field explains why the right one has no value elsewhere.
        found.append(_place(document, code, "error", flaw))
    return in_order(found)


def _found(checks: Iterable[Check], document: Document, examination: Examination) -> Iterator[Finding]:
    for check in checks:
        for flaw in check.find(examination):
            yield _place(document, check.code, check.severity, flaw)


def _place(document: Document, code: str, severity: Severity, flaw: Flaw) -> Finding:
    """Give a flaw its code and its line."""
    return document.finding(
        code,
        flaw.message,
        flaw.path,
        help=flaw.help,
        key=flaw.key,
        within=flaw.within,
        severity=severity,
        steps=[f"{text} ({document.where(place)})" for text, place in flaw.steps],
    )
