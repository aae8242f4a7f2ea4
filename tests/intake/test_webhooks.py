"""Webhooks of an organisation: who keeps them, where they may go, what they are told of and what they are not."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from intake.actions import sharing, webhooks
from intake.addresses import fault_of, is_public, may_go_to
from intake.lifecycle import ENQUIRY
from intake.models import Event, User, Webhook, WebhookDelivery
from intake.models.sealed import unseal
from referrals.actions import oversight
from tests.conftest import Caller, bearer
from tests.factories import World, fresh

PATH = "/api/v1/webhooks/"
URL = "https://hooks.oldham.example/referrals"


@pytest.fixture
def keeper(world: World, api: Callable[[User], Caller]) -> Caller:
    """Oldham's case system."""
    return api(world.case_system)


def subscribe(world: World, by: User | None = None, url: str = URL, **more: Any) -> Webhook:
    by = by or world.authority_manager
    hook = webhooks.subscribe(by=by, url=url, **more)[0]
    by.organisation.refresh_from_db()
    return hook


def told(hook: Webhook) -> list[tuple[str, str]]:
    rows = WebhookDelivery.objects.filter(webhook=hook).order_by("id")
    return list(rows.values_list("kind", "subject"))


# --- Kept through the API ------------------------------------------------------------------------------------


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(keeper: Caller) -> None:
    made = keeper.post(PATH, {"url": URL, "kinds": ["enquiry.*"], "purpose": "Live"}, format="json")
    assert made.status_code == 201, made.data
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made.data["secret"])
    shown = keeper.get(made["Location"])
    assert (shown.data["url"], shown.data["on"], shown.data["kinds"]) == (URL, True, ["enquiry.*"])
    for answer in (shown, keeper.get(PATH)):
        assert "secret" not in answer.content.decode().replace("old_secret_signs_until", "")


def test_the_secret_is_encrypted_where_it_is_kept(keeper: Caller) -> None:
    secret = keeper.post(PATH, {"url": URL}, format="json").data["secret"]
    hook = Webhook.objects.get()
    assert secret[6:] not in hook.sealed_secret
    assert unseal(hook.sealed_secret) == secret


def test_a_new_key_seals_from_now_on_and_the_old_still_opens(world: World, settings: Any) -> None:
    hook = subscribe(world)
    settings.WEBHOOKS_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert unseal(hook.sealed_secret).startswith("whsec_")
    hook, secret = webhooks.rotate(webhook=hook, by=world.authority_manager)
    settings.SECRET_KEY = "another-one"
    assert hook.signing_secrets(timezone.now()) == [secret]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": 7}, "/url"),
        ({"url": "http://hooks.oldham.example/"}, "/url"),
        ({"url": URL, "kinds": "enquiry.accept"}, "/kinds"),
        ({"url": URL, "kinds": ["enquiry.accept", "enquiry.acept"]}, "/kinds/1"),
        ({"url": URL, "kinds": ["*"]}, "/kinds/0"),
        ({"url": URL, "kinds": ["person.read"]}, "/kinds/0"),
        ({"url": URL, "kinds": ["referral.Offer!"]}, "/kinds/0"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret"),
    ],
)
def test_a_body_is_refused_at_its_place(keeper: Caller, body: dict[str, Any], pointer: str) -> None:
    answer = keeper.post(PATH, body, format="json")
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.data["errors"]] == [pointer]
    assert not Webhook.objects.exists()


def test_every_type_of_the_lifecycle_can_be_chosen() -> None:
    assert all(webhooks.is_kind(f"enquiry.{name}") for name in ENQUIRY)


def test_the_same_address_twice_is_answered_with_the_first(keeper: Caller) -> None:
    first = keeper.post(PATH, {"url": URL}, format="json").data["id"]
    again = keeper.post(PATH, {"url": URL}, format="json")
    assert (again.status_code, again.data["reference"]) == (409, first)


def test_an_organisation_has_at_most_ten(keeper: Caller) -> None:
    for n in range(10):
        assert keeper.post(PATH, {"url": f"{URL}/{n}"}, format="json").status_code == 201
    assert keeper.post(PATH, {"url": URL}, format="json").status_code == 409
    first = Webhook.objects.first()
    assert first is not None
    assert keeper.delete(f"{PATH}{first.pk}/").status_code == 204
    assert keeper.post(PATH, {"url": URL}, format="json").status_code == 201


def test_a_removed_one_is_gone_for_its_organisation_and_told_of_nothing(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    assert keeper.delete(f"{PATH}{hook.pk}/").status_code == 204
    assert keeper.get(f"{PATH}{hook.pk}/").status_code == 404
    assert keeper.get(PATH).data["results"] == []
    world.enquiry()
    assert told(hook) == []
    assert keeper.post(PATH, {"url": URL}, format="json").status_code == 201


def test_a_rotated_secret_is_new_and_the_old_one_signs_for_a_day(world: World, keeper: Caller) -> None:
    first = keeper.post(PATH, {"url": URL}, format="json").data
    answer = keeper.post(f"{PATH}{first['id']}/rotate/")
    assert answer.data["secret"] != first["secret"]
    assert answer.data["old_secret_signs_until"] - timezone.now() > timedelta(hours=23)


def test_off_and_on_each_only_from_the_other(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    assert keeper.post(f"{PATH}{hook.pk}/enable/").status_code == 409
    off = keeper.post(f"{PATH}{hook.pk}/disable/")
    assert (off.status_code, off.data["on"], off.data["off_because"]) == (200, False, "by_hand")
    assert keeper.post(f"{PATH}{hook.pk}/disable/").status_code == 409
    assert keeper.post(f"{PATH}{hook.pk}/enable/").data["on"] is True


def test_the_log_says_what_was_sent_and_nothing_of_the_answers_text(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    enquiry = world.enquiry("in_triage")
    rows = keeper.get(f"{PATH}{hook.pk}/deliveries/").data["results"]
    assert [(row["type"], row["reference"], row["state"]) for row in rows] == [
        ("enquiry.claim", enquiry.reference, "waiting"),
        ("enquiry.submit", enquiry.reference, "waiting"),
    ]
    assert set(rows[0]) == {
        "id", "type", "reference", "subject", "happened_at", "state", "attempts", "tried_at", "status_code",
        "error", "next_at",
    }  # fmt: skip


def test_the_log_comes_in_pages(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    world.enquiry("accepted")
    first = keeper.get(f"{PATH}{hook.pk}/deliveries/?page_size=2").data
    second = keeper.get(first["next"]).data
    kinds = [row["type"] for row in first["results"] + second["results"]]
    assert kinds == ["enquiry.accept", "enquiry.claim", "enquiry.submit"]
    assert second["next"] is None


def test_a_replay_is_due_at_once_and_not_while_it_is_off(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    world.enquiry()
    row = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(failed_at=timezone.now(), attempts=10)
    path = f"{PATH}{hook.pk}/deliveries/{row.message_id}/replay/"
    answer = keeper.post(path)
    assert (answer.status_code, answer.data["id"], answer.data["state"]) == (202, row.message_id, "waiting")
    assert fresh(row).attempts == 0
    webhooks.switch_off(webhook=hook, by=world.authority_manager)
    assert keeper.post(path).status_code == 409


def test_a_replay_waits_while_a_call_is_under_way(world: World, keeper: Caller) -> None:
    hook = subscribe(world)
    world.enquiry()
    assert Webhook.objects.claim(timezone.now()) is not None
    row = WebhookDelivery.objects.get()
    assert keeper.post(f"{PATH}{hook.pk}/deliveries/{row.message_id}/replay/").status_code == 409


# --- Who -----------------------------------------------------------------------------------------------------

WAYS = [
    ("get", ""), ("delete", ""), ("post", "rotate/"), ("post", "enable/"), ("post", "disable/"),
    ("get", "deliveries/"), ("post", "deliveries/{message}/replay/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "rest"), WAYS)
@pytest.mark.parametrize("who", ["stranger", "lead"])
def test_another_organisations_webhook_and_none_are_the_same(
    world: World, api: Any, who: str, method: str, rest: str
) -> None:
    hook = subscribe(world)
    world.enquiry()
    rest = rest.format(message=WebhookDelivery.objects.get().message_id)
    none = "00000000-0000-4000-8000-000000000000"
    answers = [getattr(api(getattr(world, who)), method)(f"{PATH}{pk}/{rest}") for pk in (str(hook.pk), none)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {**answers[0].data, "trace_id": ""} == {**answers[1].data, "trace_id": ""}
    assert fresh(hook).is_live


@pytest.mark.parametrize("who", ["referrer", "coordinator", "reviewer", "assessor"])
def test_other_roles_are_refused_before_anything_is_looked_up(world: World, api: Any, who: str) -> None:
    hook, caller = subscribe(world), api(getattr(world, who))
    for path in (PATH, f"{PATH}{hook.pk}/", f"{PATH}{hook.pk}/deliveries/"):
        assert caller.get(path).status_code == 403
    assert caller.post(PATH, {"url": URL}, format="json").status_code == 403


def test_a_message_of_another_webhook_is_not_replayed_through_ones_own(world: World, api: Any) -> None:
    subscribe(world)
    world.enquiry()
    own = subscribe(world, world.stranger, "https://hooks.surrey.example/")
    message = WebhookDelivery.objects.get().message_id
    answer = api(world.stranger).post(f"{PATH}{own.pk}/deliveries/{message}/replay/")
    assert answer.status_code == 404


def test_a_case_system_needs_the_scope(world: World) -> None:
    caller = Caller()
    caller.credentials(HTTP_AUTHORIZATION=bearer(*world.client, scope="enquiries:read enquiries:write"))
    assert caller.get(PATH).status_code == 403
    assert caller.post(PATH, {"url": URL}, format="json").status_code == 403


def test_the_hubs_managers_see_the_host_and_may_only_switch_off(world: World, api: Any) -> None:
    hook = subscribe(world, url=f"{URL}?key=of-ours")
    caller = api(world.manager)
    assert caller.get(PATH).data["results"][0]["url"] == "https://hooks.oldham.example/"
    for rest in ("rotate/", "enable/"):
        assert caller.post(f"{PATH}{hook.pk}/{rest}").status_code == 403
    assert caller.delete(f"{PATH}{hook.pk}/").status_code == 403
    assert caller.post(f"{PATH}{hook.pk}/disable/").status_code == 200


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_who_looks_after_the_house_sees_that_there_is_one_and_no_reference(
    world: World, api: Any, who: str
) -> None:
    hook = subscribe(world)
    world.enquiry()
    caller = api(getattr(world, who))
    assert len(caller.get(PATH).data["results"]) == 1
    assert caller.get(f"{PATH}{hook.pk}/deliveries/").status_code == 403
    assert caller.post(f"{PATH}{hook.pk}/disable/").status_code == 403


# --- What they are told of -----------------------------------------------------------------------------------


def busy_case(world: World) -> Any:
    """A case with words of the hub, a challenge, a disclosure, an auditor's reading and a report in it."""
    referral = world.referral("in_review")
    oversight.challenge(referral=referral, by=world.manager, text="Why so late?")
    sharing.disclose(enquiry=referral.enquiry, by=world.coordinator, reason="A visit.")
    sharing.open_with_reason(reference=referral.enquiry.reference, by=world.auditor, reason="A complaint.")
    return referral


def test_an_authority_is_told_of_the_lines_that_its_case_system_sees_and_no_others(world: World) -> None:
    hook = subscribe(world)
    busy_case(world)
    visible = Event.objects.visible_to(world.case_system).order_by("sequence")
    assert told(hook) == list(visible.values_list("verb", "subject"))
    assert Event.objects.count() > visible.count() > 5


def test_a_service_is_told_of_its_referrals_from_the_offer_on(world: World) -> None:
    hook = subscribe(world, world.lead, "https://hooks.north.example/")
    world.north.refresh_from_db()
    referral = busy_case(world)
    kinds = told(hook)
    assert kinds[0] == ("referral.offer", referral.reference)
    visible = Event.objects.visible_to(world.lead).order_by("sequence")
    assert kinds == list(visible.filter(sequence__gte=first_line(referral)).values_list("verb", "subject"))
    assert len(kinds) > 3


def first_line(referral: Any) -> int:
    return Event.objects.get(verb="referral.offer", subject=referral.reference).sequence


def test_another_service_and_another_authority_are_told_of_nothing(world: World) -> None:
    hooks = [
        subscribe(world, world.stranger, "https://hooks.surrey.example/"),
        subscribe(world, world.other_lead, "https://hooks.south.example/"),
    ]
    busy_case(world)
    assert [told(hook) for hook in hooks] == [[], []]


def test_a_service_that_gave_an_offer_back_is_told_that_and_nothing_more(world: World, api: Any) -> None:
    hook = subscribe(world, world.lead, "https://hooks.north.example/")
    world.north.refresh_from_db()
    referral = world.referral("offered")
    facts = {"reason_code": "SKILL", "text": "Nobody is free."}
    assert api(world.lead).make(referral, "decline_offer", facts).status_code in (200, 404)
    assert (
        api(world.coordinator).make(fresh(referral), "cancel", {"reason_code": "FUNDING"}).status_code == 200
    )
    assert [kind for kind, _ in told(hook)] == ["referral.offer", "referral.decline_offer"]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], ["enquiry.submit", "enquiry.claim", "enquiry.accept"]),
        (["enquiry.accept"], ["enquiry.accept"]),
        (["enquiry.*"], ["enquiry.submit", "enquiry.claim", "enquiry.accept"]),
        (["referral.*"], []),
    ],
)
def test_a_webhook_is_told_of_the_types_it_chose(world: World, kinds: list[str], expected: list[str]) -> None:
    hook = subscribe(world, kinds=kinds)
    world.enquiry("accepted")
    assert [kind for kind, _ in told(hook)] == expected


def test_a_delivery_holds_nobodys_name(world: World) -> None:
    hook = subscribe(world)
    enquiry = world.enquiry()
    row = WebhookDelivery.objects.get(webhook=hook)
    assert row.body()["data"] == {"reference": enquiry.reference, "subject": enquiry.reference}
    assert set(row.body()) == {"type", "timestamp", "data"}


def test_what_is_undone_is_not_told(world: World) -> None:
    """A delivery is a row of the transaction of the change."""
    hook, enquiry = subscribe(world), world.enquiry()
    with transaction.atomic():
        Event.objects.record(enquiry, verb="enquiry.amend", by=world.referrer)
        assert len(told(hook)) == 2
        transaction.set_rollback(True)
    assert len(told(hook)) == 1


def test_without_a_webhook_an_event_asks_no_further_statement(
    world: World, django_assert_num_queries: Any
) -> None:
    enquiry = world.enquiry()

    def note() -> Event:
        return Event.objects.record(enquiry, verb="enquiry.amend", by=world.referrer)

    with django_assert_num_queries(2):
        note()
    hook = subscribe(world)
    enquiry.authority.refresh_from_db()
    with django_assert_num_queries(4):
        note()
    webhooks.switch_off(webhook=hook, by=world.authority_manager)
    enquiry.authority.refresh_from_db()
    with django_assert_num_queries(2):
        note()


# --- Where they may go ---------------------------------------------------------------------------------------

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "51.140.0.1", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1",
    "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
    "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
    "127.1.2.3", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "localhost", "", "1.1.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_may_be_called(address: str) -> None:
    assert is_public(address)
    assert may_go_to(address, scheme="https", loopback=False)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_internet_is_never_called(address: str) -> None:
    assert not is_public(address)
    assert not may_go_to(address, scheme="https", loopback=False)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"])
def test_trying_it_out_opens_this_machine_and_nothing_else(address: str) -> None:
    assert may_go_to("127.0.0.1", scheme="http", loopback=True)
    assert not may_go_to(address, scheme="https", loopback=True)
    assert not may_go_to("1.1.1.1", scheme="http", loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        URL, "https://hooks.oldham.example", "https://hooks.oldham.example:443/", "https://hooks.oldham.example:8443/",
        "https://1.1.1.1/", "https://[2606:4700::1111]/in", "https://xn--bcher-kva.example/", f"{URL}?key=a%20b",
    ],
)  # fmt: skip
def test_an_address_that_is_taken(url: str) -> None:
    assert fault_of(url, loopback=False) == ""


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.oldham.example", "//hooks.oldham.example/", "http://hooks.oldham.example/", "ftp://a.example/",
        "file:///etc/passwd", "https://", "https:///in", "https://localhost/", "https://127.0.0.1/", "https://[::1]/",
        "http://127.0.0.1:8000/", "https://10.0.0.1/", "https://169.254.169.254/latest/", "https://[::ffff:7f00:1]/",
        "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://intranet/",
        "https://db.internal/", "https://printer.local/", "https://me:pass@hooks.oldham.example/",
        "https://me@hooks.oldham.example/", "https://hooks.oldham.example#in", "https://hooks.oldham.example:22/",
        "https://hooks.oldham.example:0/", "https://hooks.oldham.example:99999/", "https://hooks.oldham.example:x/",
        "https://hooks.oldham.example/a b", "https://hooks.oldham.example/\r\nX: y", "https://hooks.oldham.example\\@a",
        "https://bücher.example/", "https://-a.example/", "https://a..example/", "https://hooks.oldham.example./",
        "https://[fe80::1%25eth0]/", "https://[1.1.1.1/", f"https://{'a.' * 130}example/", f"{URL}/{'a' * 500}",
    ],
)  # fmt: skip
def test_an_address_that_is_not_taken_is_refused_with_a_sentence(url: str) -> None:
    assert fault_of(url, loopback=False).endswith(".")


# --- Pages ---------------------------------------------------------------------------------------------------

PAGE = "/organisation/webhooks/"


def test_a_manager_adds_one_and_sees_its_secret_once(world: World, signed_in: Any) -> None:
    browser = signed_in(world.authority_manager)
    made = browser.post(f"{PAGE}add/", {"url": URL, "purpose": "Case system", "kinds": ["enquiry.*"]})
    hook = Webhook.objects.get()
    secret = unseal(hook.sealed_secret)
    assert made.status_code == 200
    assert secret in html.unescape(made.content.decode())
    for path in (PAGE, f"{PAGE}{hook.pk}/"):
        page = browser.get(path).content.decode()
        assert "Case system" in page
        assert "whsec_" not in page


def test_a_wrong_address_is_said_beside_the_field_and_what_was_typed_is_kept(
    world: World, signed_in: Any
) -> None:
    answer = signed_in(world.authority_manager).post(
        f"{PAGE}add/", {"url": "http://a.example/", "purpose": "Mine"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The address must begin with https://." in page
    assert 'value="Mine"' in page


def test_a_manager_rotates_switches_replays_and_removes(world: World, signed_in: Any) -> None:
    hook = subscribe(world)
    world.enquiry()
    row = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(delivered_at=timezone.now())
    browser, here = signed_in(world.authority_manager), f"{PAGE}{hook.pk}/"
    assert "whsec_" in browser.post(f"{here}rotate/").content.decode()
    assert browser.post(f"{here}replay/{row.message}/", follow=True).status_code == 200
    assert fresh(row).state == "waiting"
    browser.post(f"{here}off/")
    assert not fresh(hook).is_live
    assert browser.post(f"{here}replay/{row.message}/").status_code == 409
    browser.post(f"{here}on/")
    assert fresh(hook).is_live
    assert "The webhook is removed." in browser.post(f"{here}remove/", follow=True).content.decode()
    assert browser.get(here).status_code == 404


@pytest.mark.parametrize("rest", ["", "rotate/", "off/", "on/", "remove/"])
def test_a_stranger_s_page_is_not_there(world: World, signed_in: Any, rest: str) -> None:
    hook = subscribe(world)
    assert signed_in(world.stranger).get(f"{PAGE}{hook.pk}/{rest}").status_code == 404


def test_looking_at_a_page_of_a_step_changes_nothing(world: World, signed_in: Any) -> None:
    hook = subscribe(world)
    before = fresh(hook).__dict__ | {"_state": None}
    browser = signed_in(world.authority_manager)
    for rest in ("rotate/", "off/", "on/", "remove/"):
        assert browser.get(f"{PAGE}{hook.pk}/{rest}").status_code == 200
    assert fresh(hook).__dict__ | {"_state": None} == before


def test_a_referrer_may_not_look(world: World, signed_in: Any) -> None:
    assert signed_in(world.referrer).get(PAGE).status_code == 403
