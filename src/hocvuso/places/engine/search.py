"""Finding a unit by any name people use, as they type: no diacritics needed, old names lead to today's unit.

All names are held in memory, ordered by how likely they are meant, so that a number is also a rank. A search
looks up candidates in three ways (the whole name, its beginning, its words), grades each by how well it fits,
and keeps the best name of every place.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from hocvuso.places.engine.naming import ENGLISH_TYPES
from hocvuso.places.engine.words import accent, plain, split_words

LONGEST = 100  # letters of a query that are looked at
MOST_WORDS = 10
CANDIDATES = 400  # graded at most for each way of looking; the likelier names come first
KIND_ORDER = ("province", "commune", "village", "country")
TYPE_PHRASES = {tuple(map(plain, split_words(name))) for name in ENGLISH_TYPES}  # villages are not in here
SHORT_FORMS = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "q": "quan",
    "h": "huyen",
    "p": "phuong",
    "f": "phuong",
    "x": "xa",
    "tphcm": "thanh pho ho chi minh",
}
NUMBERED = re.compile(r"^([qpf])0*(\d{1,2})$")

EXACT, ADDRESS, WORDS_FIRST, LETTERS_FIRST, LATER_HEIR, SPACING, IN_NAME, AROUND, LOOSE, MISSPELT = range(10)
NOT_AT_ALL = 99
Grade = tuple[int, int, int, int, bool, bool, int]


@dataclass(frozen=True, slots=True)
class Name:
    """A name as stored: `text` is "Huyện Thọ Xuân", `around` where it lies or lay ("Thanh Hóa")."""

    place_id: int
    kind: str
    text: str
    around: str = ""
    former: bool = False
    main: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    place_id: int
    name: Name


@dataclass(frozen=True, slots=True)
class Question:
    """One reading of what was typed: its words, and the type of unit if one was named."""

    words: tuple[str, ...]
    type_words: tuple[str, ...]
    accents: tuple[str, ...]
    left_out: int = 0

    @property
    def joined(self) -> str:
        return "".join(self.words)


class Entry:
    """A name prepared for grading."""

    __slots__ = ("accents", "around", "core", "joined", "name", "type_words", "words")

    def __init__(self, name: Name) -> None:
        words, around = split_words(name.text), split_words(name.around)
        self.name = name
        self.type_words, self.core = part_type(tuple(plain(word) for word in words))
        self.around = frozenset(plain(word) for word in around)
        self.words = frozenset(self.core) | self.around
        self.joined = "".join(self.core)
        self.accents = frozenset(accent(word) for word in (*words, *around))

    def rank(self) -> tuple[bool, int, bool, int, str]:
        """How likely it is meant, whatever was typed."""
        name = self.name
        return (
            name.former,
            KIND_ORDER.index(name.kind),
            not name.main,
            len(self.core),
            f"{name.text} {name.around}",
        )


class SearchIndex:
    def __init__(self, names: Iterable[Name]) -> None:
        self.entries = sorted(map(Entry, names), key=Entry.rank)
        self.by_core: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self.entries):
            self.by_core[entry.core].append(number)
            for word in entry.words:
                self.by_word[word].add(number)
        self.vocabulary = sorted(self.by_word)
        self.starts = sorted((entry.joined, number) for number, entry in enumerate(self.entries))
        self.near: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            for form in shortened(word):
                self.near[form].append(word)

    def search(self, text: str, *, kinds: Collection[str] = (), limit: int = 8) -> list[Hit]:
        questions = read_question(text)
        graded: dict[int, tuple[Grade, int]] = {}
        for question in questions:
            self._grade(question, self._candidates(question), grade, kinds, graded)
        if not graded:
            for question in questions:
                self._grade(question, self._misspelt(question), grade_misspelt, kinds, graded)
        best = drop_noise(sorted(graded.values()))[:limit]
        return [Hit(self.entries[number].name.place_id, self.entries[number].name) for _, number in best]

    def _grade(
        self,
        question: Question,
        candidates: Iterable[int],
        judge: "Callable[[Question, Entry], Grade | None]",
        kinds: Collection[str],
        graded: dict[int, tuple[Grade, int]],
    ) -> None:
        """Keeps for each place its best name."""
        for number in candidates:
            entry = self.entries[number]
            if kinds and entry.name.kind not in kinds:
                continue
            found = judge(question, entry)
            if found is not None:
                place_id = entry.name.place_id
                graded[place_id] = min(graded.get(place_id, (found, number)), (found, number))

    def _candidates(self, question: Question) -> set[int]:
        found = set(self.by_core.get(question.words, ()))
        found.update(likeliest(self._beginning_with(question.joined)))
        if len(question.words) > 1 or len(found) < CANDIDATES:
            found.update(likeliest(self._with_words(question.words, self._meant)))
        return found

    def _misspelt(self, question: Question) -> Iterable[int]:
        return likeliest(self._with_words(question.words, self._near))

    def _beginning_with(self, letters: str) -> list[int]:
        start = bisect_left(self.starts, (letters, -1))
        end = bisect_left(self.starts, (f"{letters}\uffff", -1))
        return [number for _, number in self.starts[start:end]]

    def _with_words(
        self, words: Sequence[str], spellings: "Callable[[str, bool], Iterable[str]]"
    ) -> set[int]:
        """Names that hold every word, in any order and anywhere."""
        sets = []
        for position, word in enumerate(words):
            last = position == len(words) - 1
            sets.append(set().union(*(self.by_word[spelling] for spelling in spellings(word, last))))
        sets.sort(key=len)
        return sets[0].intersection(*sets[1:])

    def _meant(self, word: str, last: bool) -> list[str]:
        """The word itself; the last one, or one that is no word yet, also stands for longer ones."""
        if word in self.by_word and not last:
            return [word]
        return self._longer(word)

    def _near(self, word: str, last: bool) -> set[str]:
        """Also words one letter away."""
        close = {other for form in shortened(word) for other in self.near.get(form, ())}
        return {other for other in close if one_letter_apart(word, other)} | set(self._longer(word))

    def _longer(self, word: str) -> list[str]:
        start = bisect_left(self.vocabulary, word)
        end = bisect_left(self.vocabulary, f"{word}\uffff")
        return self.vocabulary[start:end]


# -- reading what was typed


def read_question(text: str) -> list[Question]:
    """As typed; less the type it opens with; less every type: "phường Quan Hóa" and "phường 1 quận 3"."""
    words = split_words(text[:LONGEST])[:MOST_WORDS]
    accents = tuple(map(accent, words)) if any(not word.isascii() for word in words) else ()
    typed = tuple(folded for word in words if (folded := plain(word)))
    if not typed:
        return []
    spelt = spell_out(typed)
    type_words, rest = part_type(spelt)
    bare = without_types(rest)
    readings = {typed: ((), 0), rest: (type_words, 0), bare: (type_words, len(rest) - len(bare))}
    return [Question(words, kind, accents, left_out) for words, (kind, left_out) in readings.items() if words]


def spell_out(words: Sequence[str]) -> tuple[str, ...]:
    """`q1`, `tp`, `tx` as people write them on envelopes."""
    spelt: list[str] = []
    for position, word in enumerate(words):
        numbered = NUMBERED.match(word)
        if numbered:
            spelt += [SHORT_FORMS[numbered[1]], numbered[2]]
        else:
            spelt += SHORT_FORMS[word].split() if is_short_form(words, position) else [word]
    return tuple(spelt)


def is_short_form(words: Sequence[str], position: int) -> bool:
    """Not the last word, which may still be growing; a lone letter only first or before a number."""
    word, after = words[position], words[position + 1 : position + 2]
    if word not in SHORT_FORMS or (not after and len(word) <= 2):
        return False
    return len(word) > 1 or position == 0 or after[0].isdigit()


def without_types(words: tuple[str, ...]) -> tuple[str, ...]:
    kept: list[str] = []
    while words:
        type_words, rest = part_type(words)
        if not type_words:
            kept.append(words[0])
        words = rest if type_words else words[1:]
    return tuple(kept)


def part_type(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for length in (3, 2, 1):
        if words[:length] in TYPE_PHRASES and len(words) > length:
            return words[:length], words[length:]
    return (), words


# -- grading


def grade(question: Question, entry: Entry) -> Grade | None:
    """How well a name fits, the smaller the better; None when it does not."""
    fit, detail = find_fit(question, entry)
    if fit == NOT_AT_ALL:
        return None
    wrong_type = bool(question.type_words) and question.type_words != entry.type_words
    named = question.type_words and not wrong_type
    if entry.name.former and not entry.name.main and not named:
        fit = max(fit, LATER_HEIR)
    size = -len(entry.core) if fit == ADDRESS else len(entry.core)
    wrong_accents = count_wrong_accents(question, entry)
    return fit, question.left_out, detail, wrong_accents, wrong_type, entry.name.former, size


def grade_misspelt(question: Question, entry: Entry) -> Grade | None:
    """Word for word a letter apart at most, or else by the words that are missing."""
    words, core = question.words, entry.core
    pairs = list(zip(words, core, strict=False))
    near = sum(one_letter_apart(word, other) for word, other in pairs)
    other_words = max(len(words), len(core)) - near
    wrong_letters = sum(word != other for word, other in pairs)
    wrong_type = bool(question.type_words) and question.type_words != entry.type_words
    return MISSPELT + other_words, question.left_out, 0, wrong_letters, wrong_type, entry.name.former, 0


def find_fit(question: Question, entry: Entry) -> tuple[int, int]:
    """The way in which a name fits, and within an address how far from the usual order it was typed."""
    words, core = question.words, entry.core
    if words == core:
        return EXACT, 0
    address = find_in_address(words, entry)
    if address is not None:
        return ADDRESS, address
    return find_beginning(question, entry), 0


def find_beginning(question: Question, entry: Entry) -> int:
    words, core = question.words, entry.core
    length = len(words)
    if length <= len(core) and words[:-1] == core[: length - 1] and core[length - 1].startswith(words[-1]):
        return WORDS_FIRST if core[length - 1] == words[-1] else LETTERS_FIRST
    if entry.joined.startswith(question.joined) and question.joined.isalpha():
        return SPACING
    if holds(words, core):
        return IN_NAME
    if holds(words, entry.words):
        return AROUND
    return LOOSE if all(begins_one(word, core) for word in words) else NOT_AT_ALL


def find_in_address(words: tuple[str, ...], entry: Entry) -> int | None:
    """The whole name, and the rest is where it lies: "tho xuan thanh hoa", either way round; best is 0."""
    length = len(entry.core)
    for at in range(len(words) - length + 1):
        rest = words[:at] + words[at + length :]
        if words[at : at + length] == entry.core and holds(rest, entry.around):
            left = len(entry.around.difference(rest))
            return 100 * left + 2 * at + (rest[-1] not in entry.around)
    return None


def holds(words: Sequence[str], among: Collection[str]) -> bool:
    """Every word is there; the last may still be growing."""
    return all(word in among for word in words[:-1]) and begins_one(words[-1], among)


def begins_one(word: str, among: Collection[str]) -> bool:
    return word in among or any(other.startswith(word) for other in among)


def drop_noise(graded: list[tuple[Grade, int]]) -> list[tuple[Grade, int]]:
    """Where something fits by its name, what fits only by where it lies would confuse."""
    clear = bool(graded) and graded[0][0][0] <= IN_NAME
    return [one for one in graded if one[0][0] <= IN_NAME] if clear else graded


def count_wrong_accents(question: Question, entry: Entry) -> int:
    """Typed words that the name has otherwise; who types no diacritics is not held to any."""
    return sum(
        typed not in entry.accents and not any(word.startswith(typed) for word in entry.accents)
        for typed in question.accents
    )


# -- small tools


def likeliest(numbers: Collection[int]) -> Collection[int]:
    """A number is a rank, so the smallest are the likeliest."""
    return numbers if len(numbers) <= CANDIDATES else list(islice(sorted(numbers), CANDIDATES))


def shortened(word: str) -> set[str]:
    """The word, and the word less any one letter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)) if len(word) > 1)}


def one_letter_apart(one: str, other: str) -> bool:
    """The same, or a letter more, less, other, or two that changed places."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )
