"""Keeping, putting in force and throwing away calibrations."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.calibrating import Draft, describe_fit, who_changes_sides
from hocvuso.assessment.models.items import Calibration, ItemCalibration
from hocvuso.people.models.persons import Person
from hocvuso.skills.models import Framework


@transaction.atomic
def keep_draft(framework: Framework, draft: Draft) -> Calibration:
    """The draft with all its items; drafts before it that nobody decided on are thrown away."""
    Calibration.objects.filter(framework=framework, status=Calibration.Status.DRAFT).update(
        status=Calibration.Status.DISCARDED
    )
    kept = Calibration.objects.create(
        framework=framework,
        model=draft.fitted.model,
        people=draft.fitted.people,
        answers=int(draft.fitted.answered.sum()),
        report={**draft.report, "sides": who_changes_sides(framework, draft)},
    )
    drift = draft.linking.drift if draft.linking else None
    changes = dict(zip(drift.items.tolist(), drift.change.tolist(), strict=True)) if drift else {}
    fits = {int(item): place for place, item in enumerate(draft.fit.items)}
    ItemCalibration.objects.bulk_create(
        ItemCalibration(
            calibration=kept,
            item_id=int(item),
            a=float(draft.fitted.a[place]),
            b=float(draft.fitted.b[place]),
            c=float(draft.fitted.c[place]),
            error_a=float(draft.fitted.se_a[place]),
            error_b=float(draft.fitted.se_b[place]),
            answers=int(draft.fitted.answered[place]),
            fit=describe_fit(draft, fits[int(item)], int(item), changes.get(int(item))),
        )
        for place, item in enumerate(draft.fitted.items)
    )
    return kept


@transaction.atomic
def activate_calibration(calibration: Calibration, *, by: Person) -> None:
    """From now on tests begin with these numbers; what is under way ends with those it began with.

    Raises ValidationError for what is no draft any more.
    """
    decide(calibration, Calibration.Status.ACTIVE, by, retire_others=True)


@transaction.atomic
def discard_calibration(calibration: Calibration, *, by: Person) -> None:
    decide(calibration, Calibration.Status.DISCARDED, by)


def decide(
    calibration: Calibration, status: Calibration.Status, by: Person, *, retire_others: bool = False
) -> None:
    found = Calibration.objects.select_for_update().get(pk=calibration.pk)
    if found.status != Calibration.Status.DRAFT:
        raise ValidationError(_("Somebody has decided on this calibration already."), code="decided")
    if retire_others:
        Calibration.objects.filter(framework=found.framework_id, status=Calibration.Status.ACTIVE).update(
            status=Calibration.Status.RETIRED
        )
    found.status, found.decided_at, found.decided_by = status, timezone.now(), by
    found.save(update_fields=["status", "decided_at", "decided_by"])
