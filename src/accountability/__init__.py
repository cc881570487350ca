"""A workflow engine for public accountability, with a record that can be proved.

`Engine` is handed on when it is first asked for: whoever only reads a definition or an error does not load a database.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from accountability.audit.entry import Actor, Document, Entry
from accountability.clock import Clock, ManualClock, SystemClock
from accountability.errors import (
    AccountabilityError,
    CanonicalError,
    DatabaseError,
    DatabaseUnreachableError,
    DatabaseVersionError,
    DefinitionError,
    InputError,
    Reason,
    RecordError,
    Refused,
    UnknownCaseError,
    UnknownWorkflowError,
)
from accountability.machine.case import Case

if TYPE_CHECKING:
    from accountability.engine.engine import Engine

__version__ = "0.1.0"

__all__ = [
    "AccountabilityError",
    "Actor",
    "CanonicalError",
    "Case",
    "Clock",
    "DatabaseError",
    "DatabaseUnreachableError",
    "DatabaseVersionError",
    "DefinitionError",
    "Document",
    "Engine",
    "Entry",
    "InputError",
    "ManualClock",
    "Reason",
    "RecordError",
    "Refused",
    "SystemClock",
    "UnknownCaseError",
    "UnknownWorkflowError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load the engine when it is first asked for (PEP 562)."""
    if name == "Engine":
        return importlib.import_module("accountability.engine.engine").Engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, `Engine` included."""
    return __all__
