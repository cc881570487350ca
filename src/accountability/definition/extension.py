"""A file that is another one but for the outermost keys it gives: `extends: ../petition.yaml`.

The keys given replace those of the other file whole. What was taken over keeps its place in the file it comes from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accountability.definition import source
from accountability.definition.document import Document
from accountability.definition.finding import Finding
from accountability.definition.nearest import nearest
from accountability.errors import InputError

EXTENDS = "extends"
FILES_MAX = 5
"""How many files may follow one another, each extending the next."""

_FOLLOWED_MAX = 50
"""How many files are read to find with which of them there are too many."""

_CODE = "ACC116"
_PLACE = (EXTENDS,)


@dataclass(frozen=True, slots=True)
class Extended:
    """What a file says together with those it extends.

    Attributes:
        document: Both in one; the file alone where it extends none, or where that cannot be had.
        folders: Where the files lie, the file's own folder first.
        files: How the files are named, the file itself first, then as each extends the next.
    """

    document: Document
    folders: tuple[Path, ...]
    files: tuple[str, ...] = ()


def extended(document: Document, path: Path | None) -> Extended:
    """Lay a file over the one that it extends.

    Args:
        document: What the file says.
        path: Where it lies; None when only its text is known.

    Returns:
        Both in one. What hinders that is among the findings of the document, and so are those of the other file.
    """
    return _Chain({}).extended(document, path)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The files on the way here, the first one first, each with what it says."""

    files: Mapping[Path, Document]

    def extended(self, document: Document, path: Path | None) -> Extended:
        folders, files = () if path is None else (path.parent,), (document.file,)
        given = document.data.get(EXTENDS) if document.data is not None else None
        if not isinstance(given, str) or not given:
            return Extended(document, folders, files)  # Of another kind of value the check of shape says what is wrong.
        if path is None:
            message = "a workflow that is given as text has no file beside it that it could extend"
            return Extended(_refused(document, message, "give a file instead of its text"), folders)
        if Path(given).is_absolute():
            cure = "name it as seen from this file, such as `../petition.yaml`"
            return Extended(_refused(document, f"`{given}` is a place on one computer alone", cure), folders)
        return self._over(document, path, path.parent / given, folders)

    def _over(self, document: Document, path: Path, base: Path, folders: tuple[Path, ...]) -> Extended:
        given = document.data[EXTENDS]
        chain = _Chain({**self.files, path.resolve(): document})
        if base.resolve() in chain.files:
            return Extended(_hindered(document, _circle(chain.files, base.resolve())), folders)
        if len(chain.files) > _FOLLOWED_MAX:
            return Extended(_hindered(document, _too_long(document, ())), folders)
        try:
            content = source.read_file(base, cure=_near(given, base))
        except InputError as error:
            message = str(error).replace(str(base), f"`{given}`")
            return Extended(_refused(document, message, error.cure or ""), folders)
        shown = _shown(document.file, given, base)
        below = chain.extended(source.read(content, str(shown)), shown)
        files, folders = (document.file, *below.files), tuple(dict.fromkeys((*folders, *below.folders)))
        if len(files) > FILES_MAX + 1 and not _is_hindered(below.document):
            return Extended(_hindered(document, _too_long(document, files)), folders, files)
        return Extended(_laid_over(document, below.document), folders, files)


def _laid_over(document: Document, base: Document) -> Document:
    """Put two documents together: the keys of the first, and what only the second one has."""
    given = document.data[EXTENDS]
    if _is_hindered(base):
        return _hindered(document, *base.findings)  # What is wrong lies further on, and is told there once.
    if base.data is None or EXTENDS in base.data:
        return _refused(document, f"`{given}` cannot be extended", f"correct {base.file} first", *base.findings)
    if "workflow" not in base.data:
        return _refused(document, f"`{given}` is not a workflow", "name the file of a workflow", *base.findings)
    own = {key: value for key, value in document.data.items() if key != EXTENDS}
    taken = {key: value for key, value in base.data.items() if key not in own}
    return replace(
        document,
        data={**{key: own.get(key, value) for key, value in base.data.items()}, **own},
        findings=(*document.findings, *base.findings),
        broken=document.broken | {path for path in base.broken if not path or path[0] in taken},
        inherited={key: base.owner((key,)) for key in taken},
    )


def _refused(document: Document, message: str, cure: str, *others: Finding) -> Document:
    return _hindered(document, document.finding(_CODE, message, _PLACE, help=cure), *others)


def _hindered(document: Document, *findings: Finding) -> Document:
    return replace(document, findings=(*document.findings, *findings))


def _is_hindered(document: Document) -> bool:
    """Whether a file could not be laid over the one that it extends."""
    return any(finding.code == _CODE for finding in document.findings)


def _circle(files: Mapping[Path, Document], first: Path) -> Finding:
    """Find that files extend one another in a circle: at the same place, and in the same words, for each of them."""
    paths = list(files)
    paths = paths[paths.index(first) :]
    begin = paths.index(min(paths))
    circle = [files[path] for path in (*paths[begin:], *paths[:begin])]
    message = f"`{circle[0].data[EXTENDS]}` leads back to this file, so there is nothing to begin with"
    if len(circle) > 1:
        message += f": {_named([one.file for one in (*circle, circle[0])])}"
    return circle[0].finding(_CODE, message, _PLACE, help="let one of the files stand alone")


def _too_long(document: Document, files: Sequence[str]) -> Finding:
    """Find that too many files follow one another, at the one with which they become too many."""
    message = f"more than {FILES_MAX} files follow one another" + (f": {_named(files)}" if files else "")
    return document.finding(_CODE, message, _PLACE, help="extend one of the files further on directly")


def _named(files: Iterable[str]) -> str:
    return " -> ".join(files)


def _shown(file: str, given: str, base: Path) -> Path:
    """Name a file as the caller would, from how the caller named the file that extends it."""
    short = Path(os.path.normpath(Path(file).parent / given))
    # Behind a link `..` leads elsewhere than the name says.
    return short if short.exists() and short.samefile(base) else base


def _near(given: str, base: Path) -> str:
    """Say which file may have been meant."""
    try:
        beside = {file.stem: file.name for file in sorted(base.parent.iterdir()) if file.suffix in source.SUFFIXES}
    except OSError:
        beside = {}
    meant = nearest(base.stem, beside)
    if meant is None:
        return "name the file as seen from this one, such as `../petition.yaml`"
    return f"did you mean `{Path(given).parent / beside[meant]}`?"
