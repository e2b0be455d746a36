from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import moment_of
from hocvuso.learning.engine.deeds import is_believable
from hocvuso.learning.models import Lesson
from hocvuso.learning.queries import CITIZENS


class LessonShowForm(forms.Form):
    """`?buoc=3`: the third page of a lesson read one thing at a time."""

    buoc = forms.IntegerField(required=False)

    def page(self, total: int) -> int:
        self.full_clean()
        asked = self.cleaned_data.get("buoc") or 1
        return min(max(asked, 1), total)


class LessonCheckForm(forms.Form):
    """One choice. The rest is set by the page's script, and believed only as far as it harms nobody."""

    choice = forms.TypedChoiceField(
        coerce=int,
        error_messages={"required": _("Choose one answer."), "invalid_choice": _("Choose one answer.")},
    )
    deed = forms.CharField(required=False)
    late = forms.BooleanField(required=False)  # kept on the device until there was a signal
    owner = forms.CharField(required=False)  # for whom it was kept, see views.owner_tag

    def __init__(self, lesson: Lesson, *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["choice"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(number, option["text"]) for number, option in enumerate(lesson.options)]

    def clean_deed(self) -> UUID | None:
        """A deed whose moment cannot be true is not used: then the server's own moment holds."""
        try:
            deed = UUID(self.cleaned_data["deed"])
        except ValueError:
            return None
        return deed if is_believable(deed, timezone.now()) else None

    def moment(self) -> datetime:
        deed: UUID | None = self.cleaned_data["deed"]
        return min(moment_of(deed), timezone.now()) if deed else timezone.now()


class NextForGroupsForm(forms.Form):
    """`?nhom=0,5&khung=citizen`: skill groups of a framework, as a test's result names them."""

    nhom = forms.CharField(required=False, max_length=100)
    khung = forms.SlugField(required=False, max_length=60)

    def framework(self) -> str:
        self.full_clean()
        return self.cleaned_data.get("khung") or CITIZENS

    def codes(self) -> list[str]:
        self.full_clean()
        return [code.strip() for code in self.cleaned_data.get("nhom", "").split(",") if code.strip()]


class ProgressAdoptForm(forms.Form):
    mine = forms.ChoiceField(choices=[("yes", _("Yes, it is mine")), ("no", _("No, someone else's"))])
