"""Content is files first: reading, checking, loading and writing back what experts write under `content/`.

Each room with content has a module `content.py` with `KINDS`, a list of `Kind`. A kind names its files by a
pattern, their shape by a pydantic model, and says how one document is brought into the database, what is
retired when its file is gone, and how the database is written back.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import yaml
from django.apps import apps
from django.db import transaction
from pydantic import BaseModel, ConfigDict, ValidationError

from hocvuso.base import yaml12

Location = tuple[int | str, ...]


class Shape(BaseModel):
    """A content model: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Shape):
    title: str
    site: str
    checked_on: date
    url: str | None = None


class Review(Shape):
    by: str
    on: date


class Head(Shape):
    """What every content file says of itself."""

    language: Literal["vi", "en"]
    license: str
    review: Review
    sources: list[Source] = []

    def head(self) -> dict[str, Any]:
        """The head alone, as JSON for the `head` field of a table."""
        return self.model_dump(
            mode="json", include={"language", "license", "review", "sources"}, exclude_none=True
        )


M = TypeVar("M", bound=Head)
Outcome = Literal["added", "changed", "same"]


@dataclass(frozen=True)
class Problem:
    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


@dataclass
class Document:
    """One file as read. `data` is the YAML (or the head of a Markdown file), `body` the Markdown below."""

    path: str
    text: str
    data: Any = None
    body: str = ""
    body_line: int = 1
    lines: dict[Location, int] = field(default_factory=dict)

    def line_of(self, location: Location) -> int:
        """The line of a field, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, message: str) -> Problem:
        where = self.as_written(location)
        return Problem(self.path, self.line_of(where), spell(where), message)

    def as_written(self, location: Location) -> Location:
        """Without the shape that pydantic names behind the index of a list of mixed shapes."""
        where: Location = ()
        for part in location[:-1]:
            behind_index = bool(where) and isinstance(where[-1], int) and isinstance(part, str)
            if not behind_index or (*where, part) in self.lines:
                where = (*where, part)
        return (*where, *location[-1:])


@dataclass(frozen=True)
class Parsed(Generic[M]):
    document: Document
    model: M

    @property
    def content_hash(self) -> str:
        """Same content, same hash, however the file is laid out."""
        canonical = json.dumps(self.model.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(f"{canonical}\n{self.document.body}".encode()).hexdigest()


def no_problems(parsed: Sequence[Parsed[Any]], known: "Library") -> Iterable[Problem]:
    return ()


def retire_nothing(parsed: Sequence[Parsed[Any]]) -> int:
    return 0


@dataclass(frozen=True)
class Kind(Generic[M]):
    name: str
    pattern: str
    shape: type[M]
    load: Callable[[Parsed[M]], Outcome]
    export: Callable[[], Iterable[tuple[str, str]]]
    check: Callable[[Sequence[Parsed[M]], "Library"], Iterable[Problem]] = no_problems
    retire: Callable[[Sequence[Parsed[M]]], int] = retire_nothing

    @property
    def area(self) -> str:
        return self.pattern.partition("/")[0]


class Library:
    """Everything read from one content folder: what parsed, by kind, and what did not."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.parsed: dict[str, list[Parsed[Any]]] = {}
        kinds = registered_kinds()
        for kind in kinds:
            self.parsed[kind.name] = [
                done for path in sorted(root.glob(kind.pattern)) if (done := self._parse(path, kind))
            ]
        for kind in kinds:
            self.problems += kind.check(self.parsed[kind.name], self)

    def models(self, name: str) -> list[Any]:
        return [one.model for one in self.parsed.get(name, [])]

    def _parse(self, path: Path, kind: Kind[Any]) -> Parsed[Any] | None:
        document, problem = read(path, self.root)
        if problem:
            self.problems.append(problem)
            return None
        try:
            return Parsed(document, kind.shape.model_validate(document.data))
        except ValidationError as error:
            self.problems += [document.problem(entry["loc"], entry["msg"]) for entry in error.errors()]
            return None


def registered_kinds() -> list[Kind[Any]]:
    """Kinds of all rooms, lower rooms first."""
    kinds: list[Kind[Any]] = []
    for app in apps.get_app_configs():
        if (
            app.name.startswith("hocvuso.")
            and app.name != "hocvuso.base"
            and find_spec(f"{app.name}.content")
        ):
            kinds += import_module(f"{app.name}.content").KINDS
    return kinds


def read(path: Path, root: Path) -> tuple[Document, Problem | None]:
    """Read one YAML or Markdown file; a file that cannot be read gives its problem."""
    document = Document(str(path.relative_to(root.parent)), "")
    try:
        document.text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return document, Problem(document.path, 1, "encoding", f"not UTF-8 (byte {error.start})")
    source, offset = document.text, 0
    if path.suffix == ".md":
        parts = document.text.split("---\n", 2)
        if len(parts) != 3 or parts[0]:
            return document, Problem(
                document.path, 1, "head", "the file must open with a head between two lines of ---"
            )
        source, offset, document.body = parts[1], 1, parts[2]
        document.body_line = 3 + source.count("\n")
    try:
        node = yaml12.compose(source)
        document.data = yaml12.load(source)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 + offset if error.problem_mark else 1
        return document, Problem(document.path, line, "yaml", str(error.problem))
    if node is not None:
        document.lines = {where: line + 1 + offset for where, line in walk(node)}
    return document, None


def walk(node: yaml.Node, at: Location = ()) -> Iterable[tuple[Location, int]]:
    """Every field of a YAML tree with its line, counted from 0."""
    yield at, node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*at, key.value)
            yield from walk(value, inner)
            yield inner, key.start_mark.line
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from walk(value, (*at, index))


def spell(location: Location) -> str:
    """`("items", 3, "stem")` as people read it: `items[3].stem`."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return words.lstrip(".") or "file"


@transaction.atomic
def load_content(library: Library) -> dict[str, dict[str, int]]:
    """Bring a library without problems into the database. Counts by kind: added, changed, same, retired.

    What a folder leaves out retires only in the areas it has: a folder of places alone touches no lesson.
    """
    counts: dict[str, dict[str, int]] = {}
    for kind in registered_kinds():
        parsed = library.parsed[kind.name]
        tally = {"added": 0, "changed": 0, "same": 0}
        for one in parsed:
            tally[kind.load(one)] += 1
        tally["retired"] = kind.retire(parsed) if (library.root / kind.area).is_dir() else 0
        counts[kind.name] = tally
    return counts


def export_content(target: Path) -> int:
    """Write the database's content as files below `target`; returns how many."""
    written = 0
    for kind in registered_kinds():
        for name, text in kind.export():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written += 1
    return written


def dump_yaml(data: dict[str, Any]) -> str:
    return yaml12.dump(data)


def dump_model(model: Head) -> str:
    return dump_yaml(model.model_dump(mode="json", exclude_none=True))
