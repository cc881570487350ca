"""The catalogue's examples as whole files."""

from __future__ import annotations

import re

SCAFFOLD = {
    "workflow": "workflow: demo\n",
    "version": "version: 1\n",
    "roles": "roles:\n  officer: Officer\n",
    "start": "start:\n  by: officer\n",
    "states": "states:\n  received:\n  closed: {final: true}\n",
    "initial": "initial: received\n",
    "transitions": "transitions:\n  close: {from: received, to: closed, by: officer}\n",
}

TOP_LEVEL_KEY = re.compile(r"^([a-z_]+):", re.MULTILINE)


def complete(example: str) -> str:
    """Write an example of the catalogue as a file: what a fragment does not write is taken from a correct workflow.

    The example comes first, so a place in the file is a place in the example.
    """
    written = set(TOP_LEVEL_KEY.findall(example))
    if "workflow" in written or not written:
        return example
    return example + "".join(text for key, text in SCAFFOLD.items() if key not in written)
