"""Content balancing: which skill group is due next, so that the blueprint holds whenever the test stops."""

from collections.abc import Sequence
from math import ceil

ROUNDING = 1e-9


def groups_due(shares: Sequence[float], counts: Sequence[int], first: int = 0) -> list[int]:
    """The groups with a share, the one to ask from first; the others stand in if that one has run out.

    This is Tijdeman's (1980) rule for the chairman assignment problem. With k groups no count is ever
    further from its share of the items asked than 1 - 1 / (2k - 2), however the test goes and whenever it
    ends, which the usual rule, the group furthest behind, does not promise. Among groups due equally soon the
    numbering from `first` on decides, so that not every test begins with the same group.
    """
    wanted = [group for group, share in enumerate(shares) if share > 0]
    if len(wanted) < 2:
        return wanted
    asked = sum(counts)
    slack = 1 / (2 * len(wanted) - 2)

    def urgency(group: int) -> tuple[bool, float, int]:
        share = shares[group]
        behind = share * asked - counts[group]
        early = behind + share < slack - ROUNDING
        due = -(behind + share) if early else ceil((1 - slack - behind) / share - ROUNDING)
        return early, due, (group - first) % len(shares)

    return sorted(wanted, key=urgency)
