"""What is said about a problem of a person's row, by its code."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "name_missing": _("The name is missing."),
    "name_long": _("The name is longer than 120 letters."),
    "name_odd": _("Is this name complete?"),
    "birth_missing": _("No year of birth."),
    "birth_unreadable": _("This is no date and no year. Write 1958 or 15/3/1958."),
    "birth_future": _("This day has not come yet."),
    "birth_too_long_ago": _("More than 120 years ago."),
    "birth_guessed": _("Understood so; please look whether it is right."),
    "sex_unreadable": _("Is it “Nam” or “Nữ”?"),
    "phone_unreadable": _("This is no mobile number; it is left out."),
    "phone_shared": _("Another row has this number; it stays with the first."),
    "phone_taken": _("Somebody else is registered with this number; it is left out here."),
    "audience_unreadable": _("This group is not known; “citizen” is taken."),
    "id_number_unreadable": _("An ID number has 12 digits and begins with 0; it is left out."),
    "id_number_taken": _("Somebody else is registered with this ID number."),
    "village_unknown": _(
        "No village of this name in the commune; choose one, or leave the person with the commune."
    ),
    "twice_in_list": _("The same person stands higher up in this list."),
    "known": _("This person is already registered."),
    "maybe_known": _("Somebody of this name is already registered. Is it the same person?"),
}

# said of the person or of a locked number: what was typed would add nothing, or too much
OF_PERSON = frozenset({"twice_in_list", "known", "maybe_known", "id_number_unreadable", "id_number_taken"})

REFUSALS = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than 5 MB. Save only the list, without pictures, and choose it again."),
    "encrypted": _(
        "The file is locked with a password. Open it, take the password away, save, and choose it again."
    ),
    "swollen": _(
        "The file grows far too large when opened. Copy only the list into a new file and choose that."
    ),
    "not_a_sheet": _("This is no spreadsheet. Choose an .xlsx, .xls, .ods or .csv file."),
    "too_many_rows": _("The list has more than 5,000 people. Please split it by village."),
}

COLUMNS = {
    "index": _("number"),
    "name": _("full name"),
    "family": _("full name"),
    "given": _("full name"),
    "birth": _("birth"),
    "birth_day": _("birth"),
    "birth_month": _("birth"),
    "birth_year": _("birth"),
    "age": _("age"),
    "sex": _("sex"),
    "male": _("sex"),
    "female": _("sex"),
    "phone": _("mobile phone"),
    "village": _("village"),
    "household": _("household"),
    "audience": _("group"),
    "id_number": _("personal ID number"),
    "note": _("not kept"),
    "ignored": _("not kept"),
    "": _("not understood, not kept"),
}

LOOKS = {
    "person_show": _("looked at the page"),
    "person_edit": _("corrected something"),
    "consent withdrawn": _("noted a withdrawn consent"),
    "card ended": _("ended the card"),
    "cards printed": _("printed cards"),
    "password set": _("set a new password"),
    "role given": _("gave a role"),
    "role ended": _("ended a role"),
    "erased": _("erased the data"),
}
