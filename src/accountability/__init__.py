"""A workflow engine for public accountability, with a record that can be proved."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from accountability.audit.cloud_event import CloudEvent
from accountability.audit.entry import Actor, Document, Entry
from accountability.clock import Clock, ManualClock, SystemClock
from accountability.machine.case import Case
from accountability.machine.deadline import Deadline

# fmt: off
from accountability.errors import (  # isort: skip
    AccountabilityError, CanonicalError, DatabaseError, DatabaseUnreachableError, DatabaseVersionError, DefinitionError,
    GuardError, InputError, Reason, RecordError, Refused, UnknownCaseError, UnknownWorkflowError,
)
if TYPE_CHECKING:
    from accountability.engine.engine import Engine
    from accountability.engine.reader import Reader

__version__ = "0.1.0"
__all__ = [
    "AccountabilityError", "Actor", "CanonicalError", "Case", "Clock", "CloudEvent", "DatabaseError",
    "DatabaseUnreachableError", "DatabaseVersionError", "Deadline", "DefinitionError", "Document", "Engine", "Entry",
    "GuardError", "InputError", "ManualClock", "Reader", "Reason", "RecordError", "Refused", "SystemClock",
    "UnknownCaseError", "UnknownWorkflowError", "__version__",
]
# fmt: on


def __getattr__(name: str) -> Any:
    """Load the engine when it is first asked for (PEP 562): whoever only checks a definition loads no database."""
    if name in ("Engine", "Reader"):
        return getattr(importlib.import_module(f"accountability.engine.{name.lower()}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, those that are loaded when asked for included."""
    return __all__
