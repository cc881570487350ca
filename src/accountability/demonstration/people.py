"""Who works in the county: ids are of the office, so they carry no names."""

from __future__ import annotations

from typing import NamedTuple

from accountability.audit.entry import Actor

COMMISSION = "county-commission"
"""The county's discipline commission."""
COUNTY = "county-committee"
"""The county's party committee, and its office."""


def of(unit: str, name: str, *roles: str) -> Actor:
    """Name who holds an office."""
    return Actor(name, frozenset(roles), unit)


# The discipline commission. Each office has its own people: who distributes does not handle, who investigates does not
# try, who tried does not review.
OFFICER = of(COMMISSION, "petition-officer-1", "petition_officer")
CASE_MANAGER = of(COMMISSION, "case-manager-1", "case_manager")
DEPUTY = of(COMMISSION, "deputy-leader-1", "deputy_leader")
PRINCIPAL = of(COMMISSION, "principal-1", "principal")
COMMITTEE = of(COMMISSION, "committee-secretary-1", "committee")
SERVING_OFFICER = of(COMMISSION, "serving-officer-1", "officer")
CUSTODIAN = of(COMMISSION, "custodian-1", "custodian")
PROTECTION_ASSESSOR = of(COMMISSION, "protection-assessor-1", "assessor")
CIRCULAR_PUBLISHER = of(COMMISSION, "circular-publisher-1", "publisher")
ISSUER = of(COMMISSION, "issuer-1", "issuer")
SECOND_PUBLISHER = of(COMMISSION, "circular-publisher-2", "publisher")
INTERVIEWER = of(COMMISSION, "interviewer-1", "interviewer")

# The party committee, its office and its departments.
COMMITTEE_PRINCIPAL = of(COUNTY, "committee-principal-1", "committee_principal")
SUPERIOR = of(COUNTY, "county-committee-1", "superior")
COUNTY_COMMITTEE = of(COUNTY, "county-committee-2", "committee")
PUBLISHER = of(COUNTY, "publisher-1", "publisher")
OFFICE = of(COUNTY, "committee-office-1", "committee_office")
REGISTRAR = of(COUNTY, "registrar-1", "registrar")
CONVENOR = of(COUNTY, "convenor-1", "convenor")
COMMITTEE_HEAD = of(COUNTY, "committee-head-1", "committee_head")
NOMINATOR = of(COUNTY, "nominator-1", "nominator")
ORGANISATION_DEPARTMENT = of(COUNTY, "organisation-department-1", "organisation_department")

# The city's commission, above the county's.
CITY = of("city-commission", "city-superior-1", "superior")
CITY_ACCEPTS = of("city-commission", "city-superior-2", "superior")
STRANGER = Actor("stranger", {"visitor"})


class Pair(NamedTuple):
    """Two who act together."""

    first: Actor
    second: Actor


def handler(number: int) -> Actor:
    """Name one of the four who handle clues."""
    return _one_of("handler", "handler", number, 4)


def check_team(number: int) -> Pair:
    """Name two of the six who check clues."""
    return _pair("checker", "check_team", number, 6, 1)


def investigators(number: int) -> Pair:
    """Name two of the eight who investigate."""
    return _pair("investigator", "investigator", number, 8, 3)


def inspectors_of_leaders(number: int) -> Pair:
    """Name two of the four who look into what leaders are answerable for."""
    return _pair("second-office", "investigator", number, 4, 1)


def adjudicators(number: int) -> Pair:
    """Name two of the four who try cases; none of them investigates."""
    return _pair("adjudicator", "adjudicator", number, 4, 1)


def reviewers(number: int) -> Pair:
    """Name two of the four who review decisions; none of them investigates or tries."""
    return _pair("reviewer", "reviewer", number, 4, 1)


def discipline(number: int) -> Actor:
    """Name one of the three who vet officials and lay vetoes."""
    return _one_of("discipline", "discipline", number, 3)


def assessor(number: int) -> Actor:
    """Name one of the four who assess how a year's duty was done."""
    return of(COUNTY, f"assessor-{number % 4 + 1}", "assessor")


def verifier(number: int) -> Actor:
    """Name one of the three who see whether a problem was put right."""
    return _one_of("verifier", "verifier", number, 3)


def inspection_team(number: int) -> Pair:
    """Name who leads an inspection, and an inspector."""
    return Pair(
        _one_of("inspector-lead", "inspector_lead", number, 3),
        _one_of("inspector", "inspector", number, 5),
    )


def standing_member(number: int) -> Actor:
    """Name one of the eleven members of the county's standing committee."""
    return of(COUNTY, f"standing-member-{number % 11 + 1}", "standing_member")


def appraiser(number: int, role: str = "appraiser") -> Actor:
    """Name one of many from all over the county who appraise: members of the public, delegates, invited supervisors."""
    return Actor(f"appraiser-{number % 40 + 1}", {role})


def subject_unit(number: int) -> Actor:
    """Name who executes decisions in one of the organisations."""
    return of(f"unit-{number}", f"unit-{number}-personnel", "subject_unit")


def _one_of(name: str, role: str, number: int, many: int) -> Actor:
    return of(COMMISSION, f"{name}-{number % many + 1}", role)


def _pair(name: str, role: str, number: int, many: int, apart: int) -> Pair:
    return Pair(_one_of(name, role, number, many), _one_of(name, role, number + apart, many))
