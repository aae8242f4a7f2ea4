"""How many enquiries are open, by status and owner: lines that triggers append (intake/tallies.py)."""

from collections import Counter
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Sum

from intake.models.enquiry import Enquiry

Key = tuple[str, int | None]


class TallyQuerySet(models.QuerySet["Tally"]):
    def numbers(self) -> Any:
        """(status, owner, how many), of all lines."""
        return self.values_list("status", "owner").annotate(how_many=Sum("number")).order_by()

    @transaction.atomic
    def fold(self) -> int:
        """One line in the place of several. What is written meanwhile is not touched; who comes second finds none."""
        lines = list(self.select_for_update(skip_locked=True).values_list("pk", "status", "owner", "number"))
        sums: Counter[Key] = Counter()
        for _, status, owner, number in lines:
            sums[status, owner] += number
        kept = {key: number for key, number in sums.items() if number}
        if len(lines) > len(kept):
            self.filter(pk__in=[pk for pk, *_ in lines]).delete()
            self.bulk_create(Tally(status=key[0], owner=key[1], number=kept[key]) for key in kept)
        return len(lines) - len(kept)

    def wrong_by(self) -> dict[Key, int]:
        """How many each sum is short of the truth, both as one statement sees them. Counts every open enquiry."""
        truth = Enquiry.objects.open().filter(restricted=False).values_list("status", "owner")
        rows = (
            self.numbers()
            .annotate(of=models.Value("lines"))
            .union(
                truth.annotate(how_many=Count("pk")).order_by().annotate(of=models.Value("truth")), all=True
            )
        )
        short: Counter[Key] = Counter()
        for status, owner, how_many, of in rows:
            short[status, owner] += how_many if of == "truth" else -how_many
        return {key: number for key, number in short.items() if number}

    def mend(self, wrong: dict[Key, int]) -> None:
        """A line more for each wrong sum: right also when others count meanwhile."""
        self.bulk_create(Tally(status=key[0], owner=key[1], number=number) for key, number in wrong.items())


class Tally(models.Model):
    """So many more, or fewer, of this status and owner."""

    status = models.CharField(max_length=30)
    # A number and no reference: a line is written by a trigger, and asks nothing of another table.
    owner = models.BigIntegerField(null=True)
    number = models.IntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.status}: {self.number}"
