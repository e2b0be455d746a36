"""Taking a bad item out of the count, and looking again at everyone who met it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.actions import SCORED, record_result, score_attempt
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.items import Item, Neutralised
from hocvuso.people.models.persons import Person

ENDED = (Attempt.Status.PASSED, Attempt.Status.FAILED, Attempt.Status.EXPIRED)


@transaction.atomic
def neutralise_item(item: Item, *, reason: str, by: Person) -> Neutralised:
    """From now on the item counts for nobody. Whoever passes without it has passed; whoever passed only
    thanks to it keeps the pass, since the mistake was ours.

    Raises ValidationError without a reason, or if somebody did so before.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the item is taken out."), code="reason")
    if Neutralised.objects.filter(item=item).exists():
        raise ValidationError(_("This item has been taken out already."), code="done")
    made = Neutralised.objects.create(item=item, reason=reason.strip(), by=by)
    attempts = Attempt.objects.filter(
        responses__item=item, responses__answered_at__isnull=False, status__in=ENDED
    ).select_related("test", "person")
    outcomes = [rescore(attempt) for attempt in attempts.order_by("finished_at").iterator(500)]
    made.changed = {
        "touched": len(outcomes),
        "gained": outcomes.count("gained"),
        "kept": outcomes.count("kept"),
    }
    made.save(update_fields=["changed"])
    return made


def rescore(attempt: Attempt) -> str:
    """gained: passes now; kept: passed only thanks to the item, and keeps it; otherwise nothing."""
    before = attempt.status == Attempt.Status.PASSED
    passed = score_attempt(attempt)
    fields = list(SCORED)
    if passed and not before:
        attempt.status = Attempt.Status.PASSED
        fields.append("status")
    attempt.save(update_fields=fields)
    if passed and not before:
        record_result(attempt, passed=True)
        return "gained"
    return "kept" if before and not passed else ""
