"""Who works in the county: ids are of the office, so they carry no names."""

from __future__ import annotations

from accountability.audit.entry import Actor

COUNTY = "county"

OFFICER = Actor("petition-officer-1", {"petition_officer"}, COUNTY)
CASE_MANAGER = Actor("case-manager-1", {"case_manager"}, COUNTY)
DEPUTY = Actor("deputy-leader-1", {"deputy_leader"}, COUNTY)
PRINCIPAL = Actor("principal-1", {"principal"}, COUNTY)
COMMITTEE_PRINCIPAL = Actor("committee-principal-1", {"committee_principal"}, COUNTY)
COMMITTEE = Actor("committee-secretary-1", {"committee"}, COUNTY)
SERVING_OFFICER = Actor("serving-officer-1", {"officer"}, COUNTY)
SUPERIOR = Actor("county-committee-1", {"superior"}, COUNTY)
PUBLISHER = Actor("publisher-1", {"publisher"}, COUNTY)


def handler(number: int) -> Actor:
    """Name one of the four who handle clues."""
    return Actor(f"handler-{number % 4 + 1}", {"handler"}, COUNTY)


def check_team(number: int) -> tuple[Actor, Actor]:
    """Name two of the six who check clues."""
    first, second = number % 6, (number + 1) % 6
    return tuple(Actor(f"checker-{one + 1}", {"check_team"}, COUNTY) for one in (first, second))  # type: ignore[return-value]


def investigators(number: int) -> tuple[Actor, Actor]:
    """Name two of the eight who investigate."""
    first, second = number % 8, (number + 3) % 8
    return tuple(Actor(f"investigator-{one + 1}", {"investigator"}, COUNTY) for one in (first, second))  # type: ignore[return-value]


def adjudicators(number: int) -> tuple[Actor, Actor]:
    """Name two of the four who try cases; none of them investigates."""
    first, second = number % 4, (number + 1) % 4
    return tuple(Actor(f"adjudicator-{one + 1}", {"adjudicator"}, COUNTY) for one in (first, second))  # type: ignore[return-value]


def unit_of_subject(number: int) -> Actor:
    """Name who executes decisions in one of the organisations."""
    return Actor(f"unit-{number}", {"subject_unit"}, f"unit-{number}")


def holder(number: int) -> Actor:
    """Name the head of one of the organisations."""
    return Actor(f"head-{number:03d}", {"holder"}, f"organisation-{number:03d}")
