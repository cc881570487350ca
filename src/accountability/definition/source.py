"""Read a YAML file with the exact place of everything in it.

YAML 1.2 core rules over the events of a YAML 1.1 parser: nothing is constructed, so nothing in a file can run or grow.
A file that cannot be read gives findings, never an exception.
"""

from __future__ import annotations

import codecs
import re
import stat
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path as FilePath
from typing import Any

import yaml

from accountability.canonical import INTEGER_MAX
from accountability.definition.document import Document, Path, Span
from accountability.definition.faults import from_parser
from accountability.definition.finding import Finding, Severity, in_order
from accountability.definition.scalar import NORWAY, plain
from accountability.errors import InputError

__all__ = ["Document", "Path", "Span", "read", "read_file"]

SUFFIXES = (".yaml", ".yml")
"""How the names of files end that hold definitions."""

BYTES_MAX = 1024 * 1024
DEPTH_MAX = 32
NODES_MAX = 100_000
_CHARACTERS_SHOWN_MAX = 10
_BEGIN = "begin with a line such as `workflow: petition`"

# Line and paragraph separators count as line breaks for the parser and not for editors, so places would disagree.
_NOT_ALLOWED = re.compile(r"[^\t\n\x20-\x7E\xA0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\U00010000-\U0010FFFF]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _UnreadableError(Exception):
    """Reading cannot go on; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_file(path: FilePath | str, cure: str) -> bytes:
    """Read the content of a file for `read`; of one that is too large only what shows that it is.

    Args:
        path: The file.
        cure: What the error tells to give instead.

    Raises:
        InputError: It cannot be read, or is no ordinary file: a pipe or a device may never end.
    """
    try:
        if not stat.S_ISREG(FilePath(path).stat().st_mode):
            raise InputError(f"{path} is not an ordinary file", cure=cure)
        with FilePath(path).open("rb") as stream:
            return stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path} cannot be read: {reason}", cure=cure) from error


def read(text: str | bytes, file: str) -> Document:
    """Read a file's content.

    Args:
        text: The content; bytes are UTF-8, with or without a byte order mark.
        file: How findings name the file.

    Returns:
        The document. Its `data` is None when the content cannot be read as one mapping; `findings` say why.

    Raises:
        InputError: PyYAML lacks the parser whose places and messages this relies on; never because of the text.
    """
    if not yaml.__with_libyaml__:
        cure = "install its wheel: pip install --force-reinstall --only-binary PyYAML PyYAML"
        raise InputError("this PyYAML was built without libyaml", cure=cure)
    try:
        decoded = _decode(text, file)
    except _UnreadableError as error:
        return Document(file, "", findings=(error.finding,))
    strange = [_strange(match, file, decoded) for match in _NOT_ALLOWED.finditer(decoded)][:_CHARACTERS_SHOWN_MAX]
    if strange:
        return Document(file, decoded, findings=tuple(strange))
    reader = _Reader(file, decoded)
    data: Any = None
    try:
        data = reader.read()
    except _UnreadableError as error:
        reader.findings.append(error.finding)
    except yaml.YAMLError as error:
        reader.findings.append(from_parser(error, file, decoded, reader.last_quoted))
    return Document(
        file, decoded, data, in_order(reader.findings), reader.values, reader.keys, frozenset(reader.broken)
    )


def _decode(text: str | bytes, file: str) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES_MAX:
        message = f"the file holds {size:,} bytes; at most {BYTES_MAX:,} are read"
        raise _UnreadableError(_at_top("ACC002", message, file, "split it into several files"))
    if isinstance(text, bytes):
        text = _from_utf8(text, file)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _from_utf8(raw: bytes, file: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        if raw.startswith(_UTF16):
            finding = _at_top("ACC001", "the file is UTF-16, not UTF-8", file, "save the file as UTF-8")
            raise _UnreadableError(finding) from None
        before = raw[: error.start].decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        finding = Finding("ACC001", "error", message, file, line, column, line, column + 1, "save the file as UTF-8")
        raise _UnreadableError(finding) from None


def _strange(match: re.Match[str], file: str, text: str) -> Finding:
    line, column = text.count("\n", 0, match.start()) + 1, match.start() - text.rfind("\n", 0, match.start())
    message = f"the character U+{ord(match[0]):04X} is not allowed in a definition"
    return Finding("ACC003", "error", message, file, line, column, line, column + 1, "remove this invisible character")


def _at_top(code: str, message: str, file: str, cure: str) -> Finding:
    return Finding(code, "error", message, file, 1, 1, 1, 1, cure)


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is still open.

    `kept` is false inside what a finding refused: it is read on, so that further findings appear, but not stored.
    """

    path: Path
    container: dict[str, Any] | list[Any]
    start: Any
    kept: bool
    key: str | None = None
    key_kept: bool = True


@dataclass(slots=True)
class _Reader:
    """Walk the parser's events and keep content, places and findings."""

    file: str
    text: str
    values: dict[Path, Span] = field(default_factory=dict)
    keys: dict[Path, Span] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    _open: list[_Frame] = field(default_factory=list)
    last_quoted: Any = None
    _last: Any = None
    _nodes: int = 0

    def read(self) -> dict[str, Any] | None:
        documents = 0
        root: Any = None
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.NodeEvent):
                value = self._node(event)
                root = value if root is None else root
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    cure = "remove the `---`, or put the second document into a file of its own"
                    self._find("ACC007", "a second document begins here", event, cure)
                    break
        if not documents:
            raise _UnreadableError(_at_top("ACC004", "the file is empty", self.file, _BEGIN))
        return root if isinstance(root, dict) else None

    def _node(self, event: Any) -> Any:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            message, cure = f"more than {NODES_MAX:,} keys and values", "split it into several files"
            raise _UnreadableError(self._finding("ACC010", message, event, cure))
        if event.anchor is not None and not isinstance(event, yaml.AliasEvent):
            self._find("ACC012", f"the anchor `&{event.anchor}` is not allowed", event, "write the value out each time")
        frame = self._open[-1] if self._open else None
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            return self._key(frame, event)
        if frame is None and not isinstance(event, yaml.MappingStartEvent):
            raise _UnreadableError(self._not_a_mapping(event))
        return self._value(frame, event)

    def _not_a_mapping(self, event: Any) -> Finding:
        if isinstance(event, yaml.ScalarEvent) and not event.value and not event.style:
            return self._finding("ACC004", "the file is empty", event, _BEGIN)
        message, cure = (
            "the file is not a mapping of keys at its outermost level",
            f"{_BEGIN}, without a dash or bracket",
        )
        return self._finding("ACC008", message, event, cure)

    def _key(self, frame: _Frame, event: Any) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            frame.key, frame.key_kept = "", False
            if isinstance(event, yaml.AliasEvent):
                self._find("ACC013", f"the alias `*{event.anchor}` is not allowed", event, "write the key out")
                return
            cure = "write `key: value`; quote text that begins with `[` or `{`"
            self._find("ACC015", "a key must be a word", event, cure)
            container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._push(_Frame((), container, event.start_mark, kept=False))
            return
        self._last = event.end_mark
        key = event.value
        frame.key, frame.key_kept = key, frame.kept
        if event.tag is not None:
            self._find("ACC014", "a tag on a key is not allowed", event, "remove the tag")
        if not key:
            self._find("ACC015", "a key is missing before the `:`", event, "write `key: value`")
            frame.key_kept = False
        elif not frame.kept:
            return
        elif key in frame.container:
            first = self.keys[(*frame.path, key)]
            message = f"the key `{key}` is already on line {first.line}, column {first.column}"
            self._find("ACC011", message, event, "keep one of the two, or give one another name")
            frame.key_kept = False
        else:
            self.keys[(*frame.path, key)] = self._span(event)
            if not event.style:
                self._warn_of_booleans(key, event)

    def _value(self, frame: _Frame | None, event: Any) -> Any:
        path: Path = ()
        kept = True
        if frame is not None:
            into = frame.container
            path = (*frame.path, str(frame.key) if isinstance(into, dict) else len(into))
            kept = frame.kept and (frame.key_kept or isinstance(into, list))
        value = self._content(event, path, kept=kept)
        if kept and frame is not None:
            if isinstance(frame.container, dict):
                frame.container[str(frame.key)] = value
            else:
                frame.container.append(value)
            self.values[path] = self._span(event)
        if frame is not None:
            frame.key = None
        return value

    def _content(self, event: Any, path: Path, *, kept: bool) -> Any:
        if isinstance(event, yaml.AliasEvent):
            self._last = event.end_mark
            self._find("ACC013", f"the alias `*{event.anchor}` is not allowed", event, "write the value out here")
            self.broken.add(path)
            return None
        if event.tag is not None:
            self._find("ACC014", f"the tag `{_short(event.tag)}` is not allowed", event, "remove the tag")
            self.broken.add(path)
        if isinstance(event, yaml.ScalarEvent):
            self._last = event.end_mark
            return self._scalar(event, path)
        container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._push(_Frame(path, container, event.start_mark, kept))
        return container

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> str | int | bool | None:
        text: str = event.value
        if event.style:
            self.last_quoted = event if event.style in "\"'" else None
            if event.style == '"' and _NOT_ALLOWED.search(text):
                self._find("ACC003", "the text holds a control character", event, "remove the `\\` escape")
                self.broken.add(path)
            return text
        value = plain(text)
        if isinstance(value, float):
            cure = f'write a decimal in quotes: "{text}"' if len(text) < 40 else "write a decimal in quotes"
            cure += "; a whole number has no point and no exponent"
            if not isfinite(value):
                cure = "leave it out: without a bound there is no limit"
            self._find("ACC016", "a number with a fraction or exponent is not exact", event, cure)
        elif isinstance(value, int) and abs(value) > INTEGER_MAX:
            cure = "write a smaller one, or text in quotes"
            self._find("ACC017", f"whole numbers go up to {INTEGER_MAX:,}", event, cure)
        else:
            self._warn_of_booleans(text, event)
            return value
        self.broken.add(path)
        return None

    def _warn_of_booleans(self, text: str, event: yaml.ScalarEvent) -> None:
        if text in NORWAY:
            message = f"`{text}` is text here; YAML 1.1 tools read it as a boolean"
            cure = f'put it in quotes: "{text}"; for a boolean write true or false'
            self.findings.append(self._finding("ACC018", message, event, cure, "warning"))

    def _push(self, frame: _Frame) -> None:
        if len(self._open) >= DEPTH_MAX:
            span = Span(frame.start.line + 1, frame.start.column + 1, frame.start.line + 1, frame.start.column + 2)
            message, cure = f"nested more than {DEPTH_MAX} levels deep", "nest less"
            raise _UnreadableError(Finding("ACC009", "error", message, self.file, *span, cure))
        self._open.append(frame)

    def _close(self, event: Any) -> None:
        frame = self._open.pop()
        if event.end_mark.index > event.start_mark.index:
            self._last = event.end_mark
        if frame.kept:
            end = self._last or frame.start
            self.values[frame.path] = Span(frame.start.line + 1, frame.start.column + 1, end.line + 1, end.column + 1)

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if getattr(event, "style", None) in ("|", ">"):
            written = self.text[start.index : end.index].rstrip()
            line = start.line + written.count("\n")
            column = len(written) - written.rfind("\n") - 1 if "\n" in written else start.column + len(written)
            return Span(start.line + 1, start.column + 1, line + 1, column + 1)
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _finding(self, code: str, message: str, event: Any, cure: str, severity: Severity = "error") -> Finding:
        return Finding(code, severity, message, self.file, *self._span(event), cure)

    def _find(self, code: str, message: str, event: Any, cure: str) -> None:
        self.findings.append(self._finding(code, message, event, cure))


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
