"""`hocvuso items neutralise SLUG --by NAME --reason WORDS`: a bad item counts for nobody any more."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.assessment.actions.neutralising import neutralise_item
from hocvuso.assessment.models.items import Item
from hocvuso.people.models.persons import Person


class Command(BaseCommand):
    help = "Take a bad item out of the count and look again at everyone who met it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--by", required=True, help="user name of whoever decides")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        item = Item.objects.current().filter(slug=options["slug"]).first()
        person = Person.objects.filter(username=options["by"]).first()
        if item is None or person is None:
            raise CommandError(f"There is no {'item' if item is None else 'person'} of that name.")
        try:
            made = neutralise_item(item, reason=options["reason"], by=person)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            f"{made.changed['touched']} attempts looked at again: {made.changed['gained']} pass now, "
            f"{made.changed['kept']} passed only thanks to the item and keep it."
        )
