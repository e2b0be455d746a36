"""A lesson one thing at a time, for readers who chose "ít bước": each step beside the screen it speaks of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORDS_TOGETHER = 45  # short paragraphs share a page


@dataclass(frozen=True)
class Block:
    """A part of a lesson. `says`: the marks its text points to; `shows`: the marks drawn on a screen."""

    kind: str
    html: str
    says: frozenset[str] = frozenset()
    shows: frozenset[str] = frozenset()
    items: tuple["Block", ...] = ()
    words: int = 0


def paginate(blocks: Sequence[Block]) -> list[str]:
    """Nothing is lost: every block is on at least one page, a screen on each page that points to it."""
    pages: list[list[Block]] = []
    screens: list[tuple[Block, int]] = []
    for block in flatten(blocks):
        if block.kind == "screen":
            screens.append((block, max(len(pages) - 1, 0)))
        elif pages and belongs(block, pages[-1]):
            pages[-1].append(block)
        else:
            pages.append([block])
    drawn = [["".join(block.html for block in page)] for page in pages]
    for screen, before in screens:
        for number in pages_for(screen, pages) or [before]:
            drawn[number].append(screen.html)
    return ["".join(parts) for parts in drawn]


def flatten(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield from block.items or (block,)


def belongs(block: Block, page: Sequence[Block]) -> bool:
    """Words after their heading, a list after the words that announce it, a short paragraph after another,
    and whom to ask after the question."""
    last = page[-1].kind
    if announces(page[-1]):
        return block.kind in ("text", "step")
    if block.kind == "text" and last == "text":
        together = sum(one.words for one in page) + block.words
        return together <= WORDS_TOGETHER and not announces(block)
    return last == "heading" or (block.kind, last) == ("ask", "check")


def announces(block: Block) -> bool:
    """“Cần có bốn thứ:” says nothing without what follows."""
    return block.kind == "text" and block.html.rstrip().endswith(":</p>")


def pages_for(screen: Block, pages: Sequence[Sequence[Block]]) -> list[int]:
    return [number for number, page in enumerate(pages) if any(block.says & screen.shows for block in page)]
