"""Guards: a typed, total subset of CEL, checked before a case exists and decided without side effects."""

from __future__ import annotations

from accountability.errors import EvaluationError, GuardError, Problem
from accountability.guards.explain import Explanation
from accountability.guards.guard import Guard, check_guard, compile_guard
from accountability.guards.types import (
    BOOL,
    DATE,
    DECIMAL,
    DURATION,
    DYN,
    INT,
    NULL,
    OBJECT,
    STRING,
    TIMESTAMP,
    Scope,
    Slot,
    Type,
    list_of,
)
from accountability.guards.values import json_value

__all__ = [
    "BOOL",
    "DATE",
    "DECIMAL",
    "DURATION",
    "DYN",
    "INT",
    "NULL",
    "OBJECT",
    "STRING",
    "TIMESTAMP",
    "EvaluationError",
    "Explanation",
    "Guard",
    "GuardError",
    "Problem",
    "Scope",
    "Slot",
    "Type",
    "check_guard",
    "compile_guard",
    "json_value",
    "list_of",
]
