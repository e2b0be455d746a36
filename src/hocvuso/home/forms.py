from django import forms

from hocvuso.home.demo.logins import LOGINS

GUEST = "khach"


class DemoSwitchForm(forms.Form):
    """Whom the visitor of the demo world wants to be."""

    who = forms.ChoiceField(choices=[(GUEST, GUEST), *((login.username, login.username) for login in LOGINS)])
