"""All that is kept about one person, for that person: whatever room keeps it."""

from typing import Any

from django.db.models import CASCADE, Model

from hocvuso.people.id_numbers import unlock_id_number
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.persons import Person
from hocvuso.people.models.rosters import Roster

SECRETS = frozenset(
    {
        "password",
        "token_hash",
        "pin_hash",
        "session_key",
        "session_data",
        "id_number_hash",
        "id_number_cipher",
        "data",
        "token",
        "token_secret",
        "left_out",  # of class lists: others' names
    }
)
OF_OTHERS = frozenset(
    {AccessLog._meta.get_field("viewer").remote_field}
)  # whom one looked at is theirs to know


def gather_data(person: Person) -> dict[str, Any]:
    """Follows every named relation to Person, so a room added later is in it from its first day."""
    own = Person.objects.filter(pk=person.pk).values().get()
    data: dict[str, Any] = {"person": without_secrets(dict(own))}
    data["person"]["id_number"] = unlock_id_number(person.id_number_cipher)
    for belonging in ("place", "household", "organization"):
        data["person"][belonging] = str(getattr(person, belonging) or "")
    for relation in Person._meta.related_objects:
        name = relation.get_accessor_name()
        if relation.hidden or relation in OF_OTHERS or name is None:
            continue
        data[name] = rows_about(person, relation.related_model, relation.field.name)
        for part in parts_of(relation.related_model):
            path = f"{part.field.name}__{relation.field.name}"
            data[str(part.get_accessor_name())] = rows_about(person, part.related_model, path)
    return data


def rows_about(person: Person, model: type[Model], path: str) -> list[dict[str, Any]]:
    return [without_secrets(row) for row in model._default_manager.filter(**{path: person}).values()]


def parts_of(model: type[Model]) -> list[Any]:
    """What has no life of its own: the answers of an attempt, the evidence and decision of a claim.

    The rows of a class list tell of others.
    """
    relations = [] if model is Roster else model._meta.related_objects
    return [one for one in relations if one.on_delete is CASCADE and not one.hidden]


def without_secrets(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in SECRETS}
