"""kill -9 of the server in the middle of submissions: nothing acknowledged is lost, nothing is there twice."""

from io import StringIO

from django.core.management import call_command

from intake.models import Enquiry, Event, IdempotencyKey, Notification
from tests.factories import World, example
from tests.faults.server import Server, bearer
from tests.faults.soak import lost_and_doubled, submit_while_killing

SUBMISSIONS, KILLS = 60, 6


def test_a_killed_server_loses_nothing_acknowledged_and_doubles_nothing(
    server: Server, committed: World
) -> None:
    token = bearer(committed.client)
    record = submit_while_killing(server, token, example(), submissions=SUBMISSIONS, kills=KILLS)
    assert record.kills == KILLS
    assert len(record.told) >= SUBMISSIONS
    assert lost_and_doubled(record) == ([], [])
    assert record.changed == []
    counts = [model.objects.count() for model in (Enquiry, IdempotencyKey, Event, Notification)]
    assert counts == [len(record.told)] * 4
    call_command("verify_history", stdout=StringIO())
