"""The law: workflows as frozen values, read from YAML with the place of every mistake."""

from accountability.definition.finding import Finding
from accountability.definition.loader import Loaded, load, load_path
from accountability.definition.model import Workflow

__all__ = ["Finding", "Loaded", "Workflow", "load", "load_path"]
