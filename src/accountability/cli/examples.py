"""Examples below the help of each command."""

from __future__ import annotations


def example(*lines: str) -> str:
    """Write examples for the end of a command's help, kept line by line (the mark says so to the help's formatter)."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)
