"""Webhooks called: signed, on schedule, safely; what a bad receiver does is its own trouble only."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from intake.actions import webhooks
from intake.models import Event, Notification, User, Webhook, WebhookDelivery
from intake.models.webhook import LEASE, OLD_SECRET_SIGNS_FOR
from intake.models.webhook_delivery import KEPT_FOR, WAITS
from reports.actions.hook_runner import HookRunner
from reports.actions.hooks import NOTICE_AGAIN_AFTER, settle, take_next, tell_of_those_off
from reports.webhooks import Answer, Limits, Resolve, send, signed
from tests.factories import World
from tests.faults import receivers
from tests.faults.receivers import Behaviour, Receiver

# The limit that a call meets in a test of it, and one that a busy machine does not meet.
QUICK, PATIENT = Limits(seconds=0.4, loopback=True), Limits(seconds=20, loopback=True)
SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOKS_ALLOW_LOOPBACK = True
    settings.WEBHOOKS_SECONDS = 5.0


@pytest.fixture
def serve() -> Iterator[Callable[..., Receiver]]:
    """Receivers that end with the test."""
    with ExitStack() as stack:
        yield lambda behave, **more: stack.enter_context(Receiver(behave, **more))


def subscribe(world: World, url: str, **more: Any) -> tuple[Webhook, str]:
    made = webhooks.subscribe(by=world.authority_manager, url=url, **more)
    world.oldham.refresh_from_db()
    return made


def deliver(now: datetime | None = None, limits: Limits = PATIENT, **more: Any) -> None:
    moment = now or timezone.now()
    HookRunner(limits, clock=lambda: moment, **more).drain()


def the_one() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("webhook").get()


# --- What a good receiver gets -------------------------------------------------------------------------------


def test_the_official_package_verifies_a_call(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    _, secret = subscribe(world, receiver.url)
    enquiry = world.enquiry()
    deliver()
    (call,) = receiver.calls
    event = Event.objects.get(enquiry=enquiry)
    assert call.line == "POST /hooks?of=desk HTTP/1.1"
    assert call.headers["content-type"] == "application/json"
    assert Verifier(secret).verify(call.body, call.headers) == {
        "type": "enquiry.submit",
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "data": {"reference": enquiry.reference, "subject": enquiry.reference},
    }
    assert (the_one().state, the_one().status_code, the_one().attempts) == ("delivered", 200, 1)


def test_an_altered_call_is_not_verified(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    _, secret = subscribe(world, receiver.url)
    world.enquiry()
    deliver()
    call = receiver.calls[0]
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(call.body.replace("submit", "accept"), call.headers)


def test_for_a_day_a_rotated_webhook_is_signed_with_both_secrets(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    hook, old = subscribe(world, receiver.url)
    _, new = webhooks.rotate(webhook=hook, by=world.authority_manager)
    world.enquiry()
    deliver()
    call = receiver.calls[0]
    assert Verifier(new).verify(call.body, call.headers)
    assert Verifier(old).verify(call.body, call.headers)
    hook.refresh_from_db()
    assert hook.former_secret_until is not None
    assert len(hook.signing_secrets(hook.former_secret_until)) == 1
    assert len(hook.signing_secrets(hook.former_secret_until - SOON)) == 2
    assert hook.former_secret_until - timezone.now() <= OLD_SECRET_SIGNS_FOR


def test_events_arrive_in_their_order_one_after_the_other(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    _, secret = subscribe(world, receiver.url)
    world.enquiry("accepted")
    deliver()
    kinds = [Verifier(secret).verify(call.body, call.headers)["type"] for call in receiver.calls]
    assert kinds == ["enquiry.submit", "enquiry.claim", "enquiry.accept"]


def test_two_workers_never_call_one_webhook_at_once(world: World, serve: Any) -> None:
    subscribe(world, serve(receivers.good).url)
    world.enquiry("in_triage")
    now = timezone.now()
    job = take_next(now)
    assert job is not None
    assert take_next(now) is None
    settle(job, Answer(200), now)
    assert take_next(now) is not None


def test_once_sends_what_is_due_and_ends(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    subscribe(world, receiver.url)
    world.enquiry()
    Notification.objects.all().delete()
    call_command("work", "--once")
    assert len(receiver.calls) == 1
    assert the_one().state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_a_runner_beside_the_worker_calls_and_ends_when_told(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    subscribe(world, receiver.url)
    world.enquiry()
    runner = HookRunner(PATIENT)
    runner.start()
    try:
        assert receiver.called.wait(20)
    finally:
        runner.stop()
    assert the_one().state == "delivered"


# --- The schedule, by a clock of the test's own --------------------------------------------------------------


def test_the_whole_schedule_then_it_is_given_up_and_switched_off(world: World, serve: Any) -> None:
    receiver = serve(receivers.answers(500))
    hook, _ = subscribe(world, receiver.url)
    world.enquiry()
    first = now = timezone.now()
    waits = []
    while the_one().state == "waiting":
        deliver(now)
        row = the_one()
        deliver(row.next_at - SOON)
        waits.append(row.next_at - now)
        now = row.next_at
    tries = len(WAITS) + 1
    assert len(receiver.calls) == the_one().attempts == tries
    for planned, waited in zip(WAITS, waits[: len(WAITS)], strict=True):
        assert planned * 0.8 <= waited <= planned * 1.2
    assert timedelta(hours=75 * 0.8) < now - first < timedelta(hours=76 * 1.2)
    assert {call.headers["webhook-id"] for call in receiver.calls} == {the_one().message_id}
    assert len({call.headers["webhook-timestamp"] for call in receiver.calls}) == tries
    hook.refresh_from_db()
    assert (the_one().state, hook.off_because) == ("failed", "failing")
    world.oldham.refresh_from_db()
    assert not world.oldham.webhooks_on


def test_the_published_schedule_is_that_of_standard_webhooks() -> None:
    hours = [wait.total_seconds() / 3600 for wait in WAITS]
    assert [round(hour * 3600) for hour in hours[:3]] == [5, 300, 1800]
    assert hours[3:] == [2, 5, 10, 14, 20, 24]


def test_a_receiver_that_is_gone_is_switched_off_at_once_and_its_managers_are_told(
    world: World, serve: Any
) -> None:
    hook, _ = subscribe(world, serve(receivers.answers(410)).url)
    enquiry = world.enquiry()
    deliver()
    hook.refresh_from_db()
    assert (the_one().state, hook.off_because) == ("failed", "gone")
    now = timezone.now()
    assert (tell_of_those_off(now), tell_of_those_off(now)) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == [world.authority_manager.email]
    assert f"/organisation/webhooks/{hook.pk}/" in sent.body
    assert not any(word in sent.body for word in (hook.url, enquiry.reference, "Ada", "Doyle"))


def test_a_notice_that_could_not_be_sent_is_tried_again(world: World, serve: Any, settings: Any) -> None:
    subscribe(world, serve(receivers.answers(410)).url)
    world.enquiry()
    deliver()
    now = timezone.now()
    settings.EMAIL_BACKEND = "tests.reports.test_delivery.Broken"
    assert tell_of_those_off(now) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_of_those_off(now) == 0
    assert tell_of_those_off(now + NOTICE_AGAIN_AFTER) == 1


@pytest.mark.parametrize(
    ("status", "asked", "least", "most"),
    [
        (429, "7200", timedelta(hours=2), timedelta(hours=2)),
        (503, "7200", timedelta(hours=2), timedelta(hours=2)),
        (503, "9999999", timedelta(hours=24), timedelta(hours=24)),
        (429, "1", timedelta(seconds=4), timedelta(seconds=6)),
        (429, "soon", timedelta(seconds=4), timedelta(seconds=6)),
        (500, "7200", timedelta(seconds=4), timedelta(seconds=6)),
    ],
)
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks_within_a_day(
    world: World, serve: Any, status: int, asked: str, least: timedelta, most: timedelta
) -> None:
    hook, _ = subscribe(world, serve(receivers.answers(status, Retry_After=asked)).url)
    world.enquiry()
    now = timezone.now()
    deliver(now)
    hook.refresh_from_db()
    assert least <= the_one().next_at - now <= most
    assert hook.not_before == the_one().next_at


def test_retry_after_may_be_a_date(serve: Any) -> None:
    then = datetime.now(UTC) + timedelta(hours=3)
    receiver = serve(receivers.answers(503, Retry_After=then.strftime("%a, %d %b %Y %H:%M:%S GMT")))
    asked = call_once(receiver.url).retry_after
    assert asked is not None
    assert 10_000 < asked <= 10_800


def test_while_a_receiver_fails_what_else_waits_for_it_is_not_tried(world: World, serve: Any) -> None:
    receiver = serve(receivers.answers(500))
    hook, _ = subscribe(world, receiver.url)
    world.enquiry("accepted")
    now = timezone.now()
    deliver(now)
    assert len(receiver.calls) == 1
    hook.refresh_from_db()
    deliver(hook.not_before)
    assert len(receiver.calls) == 2
    receiver.behave = receivers.good
    hook.refresh_from_db()
    deliver(hook.not_before)
    deliver(hook.not_before + timedelta(minutes=10))
    assert {row.state for row in WebhookDelivery.objects.all()} == {"delivered"}
    hook.refresh_from_db()
    assert hook.failures == 0


def test_one_event_that_a_receiver_refuses_does_not_hold_up_the_others(world: World, serve: Any) -> None:
    def picky(handler: Any, call: Any) -> None:
        handler.answer(422 if "enquiry.submit" in call.body else 204)

    hook, _ = subscribe(world, serve(picky).url)
    enquiry = world.enquiry()
    refused, now = the_one(), timezone.now()
    while refused.state == "waiting":
        Event.objects.record(enquiry, verb="enquiry.amend", by=world.referrer)
        deliver(now)
        deliver(now + timedelta(seconds=10))
        refused.refresh_from_db()
        now = refused.next_at + timedelta(seconds=10)
    hook.refresh_from_db()
    assert (refused.attempts, hook.is_live) == (len(WAITS) + 1, True)
    others = WebhookDelivery.objects.exclude(pk=refused.pk)
    assert {row.state for row in others} == {"delivered"}
    assert others.count() > 3


def test_what_a_killed_worker_held_is_sent_again_under_its_own_number(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    subscribe(world, receiver.url)
    world.enquiry()
    now = timezone.now()
    killed = take_next(now)
    assert killed is not None
    deliver(now)
    assert receiver.calls == []
    deliver(now + LEASE + SOON)
    assert [call.headers["webhook-id"] for call in receiver.calls] == [killed.delivery.message_id]
    settle(killed, Answer(500), now)
    assert (the_one().state, the_one().attempts) == ("delivered", 1)


def test_a_replay_goes_out_at_once_under_its_old_number(world: World, serve: Any) -> None:
    receiver = serve(receivers.good)
    subscribe(world, receiver.url)
    world.enquiry()
    deliver()
    webhooks.replay(delivery=the_one(), by=world.authority_manager)
    deliver()
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    assert len(receiver.calls) == 2


def test_switched_on_again_what_waited_is_sent_and_what_happened_meanwhile_is_not(
    world: World, serve: Any
) -> None:
    receiver = serve(receivers.good)
    hook, secret = subscribe(world, receiver.url)
    enquiry = world.enquiry()
    webhooks.switch_off(webhook=hook, by=world.authority_manager)
    world.bring(enquiry, "in_triage")
    deliver()
    assert receiver.calls == []
    webhooks.switch_on(webhook=hook, by=world.authority_manager)
    deliver()
    kinds = [Verifier(secret).verify(call.body, call.headers)["type"] for call in receiver.calls]
    assert kinds == ["enquiry.submit"]


def test_without_the_key_of_its_secret_nothing_is_sent_unsigned(
    world: World, serve: Any, settings: Any
) -> None:
    receiver = serve(receivers.good)
    subscribe(world, receiver.url)
    world.enquiry()
    settings.SECRET_KEY = "another-key-than-the-one-it-was-sealed-under"
    deliver()
    assert receiver.calls == []
    assert the_one().error == "secret not readable"


def test_deliveries_are_forgotten_after_thirty_days_and_removed_webhooks_after_one(
    world: World, serve: Any
) -> None:
    hook, _ = subscribe(world, serve(receivers.good).url)
    world.enquiry()
    now = timezone.now()
    webhooks.tidy(now + KEPT_FOR - SOON)
    assert WebhookDelivery.objects.count() == 1
    webhooks.tidy(now + KEPT_FOR + SOON)
    assert WebhookDelivery.objects.count() == 0
    webhooks.remove(webhook=hook, by=world.authority_manager)
    webhooks.tidy(now + timedelta(hours=23))
    assert Webhook.objects.get().sealed_secret == ""
    webhooks.tidy(now + timedelta(hours=25))
    assert not Webhook.objects.exists()


# --- Bad receivers -------------------------------------------------------------------------------------------


def call_once(url: str, limits: Limits = PATIENT) -> Answer:
    body: dict[str, object] = {"type": "enquiry.accept"}
    call = signed(url, message_id="msg_1", body=body, secrets=["whsec_c2VjcmV0"], at=timezone.now())
    return send(call, limits)


BAD: dict[str, tuple[Behaviour, Answer]] = {
    "hangs": (receivers.hangs, Answer(None, "no answer in time")),
    "sends a byte now and then": (receivers.drips, Answer(None, "no answer in time")),
    "never ends its head": (receivers.never_ends_its_head, Answer(None, "no HTTP")),
    "says continue for ever": (receivers.says_continue_for_ever, Answer(None, "no HTTP")),
    "talks garbage": (receivers.talks_garbage, Answer(None, "no HTTP")),
    "hangs up": (receivers.hangs_up, Answer(None, "no connection")),
    "is broken": (receivers.answers(500), Answer(500)),
    "is gone": (receivers.answers(410), Answer(410)),
    "wants something else": (receivers.answers(400), Answer(400)),
    "never ends its body": (receivers.never_ends_its_body, Answer(200)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_receiver_is_left_with_the_reason_and_in_time(serve: Any, name: str) -> None:
    """Those that would go on for ever end here too: at the time limit, or when it has been enough."""
    behave, expected = BAD[name]
    limits = QUICK if expected.error == "no answer in time" else PATIENT
    assert call_once(serve(behave).url, limits) == expected


def test_a_port_where_nobody_listens_is_no_connection() -> None:
    with Receiver(receivers.good) as receiver:
        closed = receiver.url
    assert call_once(closed) == Answer(None, "no connection")


def test_a_plain_answer_where_tls_is_spoken_is_no_tls(serve: Any) -> None:
    receiver = serve(receivers.good, greeting="HTTP/1.1 200 OK\r\n\r\n")
    assert call_once(f"https://127.0.0.1:{receiver.port}/").error == "no TLS"


def test_a_redirect_is_not_followed(world: World, serve: Any) -> None:
    target = serve(receivers.good)
    subscribe(world, serve(receivers.answers(302, Location=target.url)).url)
    world.enquiry()
    deliver()
    assert target.calls == []
    assert (the_one().state, the_one().status_code) == ("waiting", 302)


def test_a_proxy_of_the_environment_is_not_used(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, receiver = serve(receivers.answers(500)), serve(receivers.good)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert call_once(receiver.url).status == 200
    assert proxy.calls == []


def test_a_good_receiver_is_called_while_another_hangs(world: World, serve: Any) -> None:
    """The one that hangs lets go only when the good one was called: one after the other it would never be."""
    fine = serve(receivers.good)
    stuck = serve(receivers.waits_for(fine.called))
    subscribe(world, stuck.url)
    subscribe(world, fine.url)
    world.enquiry()
    deliver(limits=PATIENT)
    assert {row.state for row in WebhookDelivery.objects.all()} == {"delivered"}


def test_failing_receivers_get_no_more_than_half_of_the_calls(world: World, serve: Any) -> None:
    """Four that failed before hang until the good one is called, with room for two calls at once."""
    fine = serve(receivers.good)
    stuck = [serve(receivers.waits_for(fine.called)) for _ in range(4)]
    for receiver in stuck:
        subscribe(world, receiver.url)
    Webhook.objects.update(failures=1)
    subscribe(world, fine.url)
    world.enquiry()
    deliver(limits=PATIENT, at_once=2)
    assert {row.state for row in WebhookDelivery.objects.all()} == {"delivered"}


# --- Where a call may go -------------------------------------------------------------------------------------


def names(*answers: list[str]) -> tuple[Resolve, list[str]]:
    """A name server of the test's: each time it is asked, the next answer; and who was asked for."""
    asked: list[str] = []

    def answer(host: str, port: int) -> list[tuple[int, str]]:
        asked.append(host)
        return [(10 if ":" in each else 2, each) for each in answers[len(asked) - 1]]

    return answer, asked


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["1.1.1.1", "10.0.0.1"], ["fd00::1"], []],
)
def test_a_name_that_leads_to_where_we_do_not_call_is_not_called(serve: Any, found: list[str]) -> None:
    receiver = serve(receivers.good)
    resolve, asked = names(found)
    limits = Limits(seconds=5, resolve=resolve)
    url = f"https://hooks.oldham.example:{receiver.port}/"
    assert call_once(url, limits) == Answer(None, "address not allowed")
    assert (asked, receiver.calls) == (["hooks.oldham.example"], [])


def test_a_name_that_changes_its_mind_is_asked_once_a_call_and_believed_once(serve: Any) -> None:
    """Rebinding: checked and connected to is one and the same answer; the next call asks and checks anew."""
    receiver = serve(receivers.good)
    resolve, asked = names(["127.0.0.1"], ["10.0.0.1"])
    limits = Limits(seconds=5, loopback=True, resolve=resolve)
    url = f"http://hooks.oldham.example:{receiver.port}/in"
    assert call_once(url, limits).status == 200
    assert len(asked) == 1
    assert receiver.calls[0].headers["host"] == f"hooks.oldham.example:{receiver.port}"
    assert call_once(url, limits) == Answer(None, "address not allowed")
    assert len(receiver.calls) == 1


def test_plain_http_is_spoken_to_this_machine_only(serve: Any) -> None:
    resolve, _ = names(["1.1.1.1"])
    limits = Limits(seconds=5, loopback=True, resolve=resolve)
    assert call_once("http://hooks.oldham.example/", limits) == Answer(None, "address not allowed")


def test_the_next_address_is_tried_when_one_does_not_answer(serve: Any) -> None:
    receiver = serve(receivers.good)
    resolve, _ = names(["127.0.0.2", "127.0.0.1"])
    limits = Limits(seconds=5, loopback=True, resolve=resolve)
    assert call_once(f"http://hooks.oldham.example:{receiver.port}/", limits).status == 200


def test_a_name_server_that_does_not_answer_costs_the_time_limit_at_most() -> None:
    held = Flag()

    def resolve(host: str, port: int) -> list[tuple[int, str]]:
        held.wait(20)
        return []

    try:
        limits = Limits(seconds=0.2, resolve=resolve)
        assert call_once("https://hooks.oldham.example/", limits).error == "no answer in time"
    finally:
        held.set()


def test_a_name_that_nobody_knows_is_said_to_be_so() -> None:
    assert call_once("https://no-such-name.invalid/", PATIENT).error in (
        "name not known",
        "no connection",
        "no answer in time",
    )


# --- TLS -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for hooks.oldham.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.oldham.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.oldham.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secured(serve: Any, certificate: Path) -> Receiver:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver: Receiver = serve(receivers.good, tls=context)
    return receiver


def over_tls(receiver: Receiver, host: str, trusted: Path | None) -> Answer:
    resolve, _ = names(["127.0.0.1"])
    context = ssl.create_default_context(cafile=trusted) if trusted else None
    limits = Limits(seconds=5, loopback=True, resolve=resolve, tls=context)
    return call_once(f"https://{host}:{receiver.port}/", limits)


def test_a_certificate_is_checked_against_the_name_not_the_address(
    secured: Receiver, certificate: Path
) -> None:
    assert over_tls(secured, "hooks.oldham.example", certificate) == Answer(200)
    other = over_tls(secured, "hooks.surrey.example", certificate)
    assert other == Answer(None, "certificate not trusted")


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secured: Receiver) -> None:
    assert over_tls(secured, "hooks.oldham.example", None) == Answer(None, "certificate not trusted")
    assert secured.calls == []


def test_a_manager_who_left_is_not_told(world: World, serve: Any) -> None:
    world.oldham.email = "team@oldham.example.gov.uk"
    world.oldham.save(update_fields=("email",))
    subscribe(world, serve(receivers.answers(410)).url)
    world.enquiry()
    deliver()
    User.objects.filter(pk=world.authority_manager.pk).update(is_active=False)
    assert tell_of_those_off(timezone.now()) == 1
    assert mail.outbox[0].to == ["team@oldham.example.gov.uk"]
