"""The catalogue: every code that a finding may carry, for `accountability explain`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from accountability.definition.codes import (
    calendars,
    deadlines,
    guards,
    logic,
    names,
    protection,
    reports,
    scenarios,
    shape,
    yaml,
)
from accountability.definition.codes.code import Code

__all__ = ["CODES", "Code"]

_SECTIONS = (yaml, shape, names, guards, logic, deadlines, protection, reports, calendars, scenarios)

CODES: Mapping[str, Code] = MappingProxyType(
    {code.code: code for section in _SECTIONS for code in sorted(section.CODES, key=lambda code: code.code)}
)
"""Code -> its explanation, in numerical order."""
