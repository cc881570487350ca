"""Who works in the county: ids are of the office, so they carry no names."""

from __future__ import annotations

from typing import NamedTuple

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
REGISTRAR = Actor("registrar-1", {"registrar"}, COUNTY)
PUBLISHER = Actor("publisher-1", {"publisher"}, COUNTY)


class Pair(NamedTuple):
    """Two who act together."""

    first: Actor
    second: Actor


def handler(number: int) -> Actor:
    """Name one of the four who handle clues."""
    return Actor(f"handler-{number % 4 + 1}", {"handler"}, COUNTY)


def check_team(number: int) -> Pair:
    """Name two of the six who check clues."""
    return _pair("checker", "check_team", number % 6, (number + 1) % 6)


def investigators(number: int) -> Pair:
    """Name two of the eight who investigate."""
    return _pair("investigator", "investigator", number % 8, (number + 3) % 8)


def adjudicators(number: int) -> Pair:
    """Name two of the four who try cases; none of them investigates."""
    return _pair("adjudicator", "adjudicator", number % 4, (number + 1) % 4)


def unit_of_subject(number: int) -> Actor:
    """Name who executes decisions in one of the organisations."""
    return Actor(f"unit-{number}", {"subject_unit"}, f"unit-{number}")


def holder(number: int) -> Actor:
    """Name the head of one of the organisations."""
    return Actor(f"head-{number:03d}", {"holder"}, f"organisation-{number:03d}")


def _pair(name: str, role: str, first: int, second: int) -> Pair:
    return Pair(Actor(f"{name}-{first + 1}", {role}, COUNTY), Actor(f"{name}-{second + 1}", {role}, COUNTY))
