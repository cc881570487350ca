"""The explanation of a finding's code, for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType

from accountability.cli.page import heading, indented, join, say

if TYPE_CHECKING:
    from accountability.definition.codes import Code


def draw_code(code: Code) -> Iterator[RenderableType]:
    """Draw what a code means, an example that is wrong, and the same put right."""
    yield join(say(code.code, "bold cyan"), say(f"  {code.title}", "bold"), wrap=False)
    yield say(f"\n{code.meaning}")
    for title, example, style in (("Wrong", code.wrong, "red"), ("Right", code.right, "green")):
        yield heading(title)
        yield indented(say(example.rstrip(), style, wrap=False))
