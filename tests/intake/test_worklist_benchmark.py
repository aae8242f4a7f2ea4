"""The benchmark of the worklist stays runnable, and its rows are what the product itself would have written."""

import pytest
from django.db import connection

from intake import worklists
from intake.models import Enquiry, Tally
from tests.benchmarks import _worklist_rows, worklist
from tests.factories import World


@pytest.mark.django_db
def test_every_query_of_the_benchmark_runs_and_its_counts_are_true(world: World) -> None:
    assert world.oldham
    user = worklist.people()
    _worklist_rows.build(2_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows are read faster than any index: whether there is one is what is asked here.
            cursor.execute("SET LOCAL enable_seqscan = off")
    costs = {name: worklist.cost(rows, 1) for name, rows in worklist.queries(user)}
    assert len(costs) > 60
    assert worklist.without_index(costs) == []
    assert Enquiry.objects.filter(is_open=True).exists()
    assert Tally.objects.wrong_by() == {}
    for name, count in worklists.counts(user).items():
        assert count.number == worklists.rows_of(name, user).count(), name
