"""Those who ask: signing in, a referrer's first enquiry and what becomes of it, somebody from outside."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from playwright.sync_api import Page, expect

from intake import bodies
from intake.lifecycle import Status
from intake.models import Enquiry
from tests.browser import paths
from tests.browser.hands import Mouse
from tests.factories import PDF, World, fresh

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]
scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@scripts
def test_a_second_factor_is_asked_for_and_a_recovery_code_opens_when_it_is_lost(
    scripts: bool, window: Window, world: World
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(world.coordinator, secret)
    codes = RecoveryCodes.activate(world.coordinator).get_unused_codes()
    page = window(java_script_enabled=scripts)
    page.goto("/accounts/login/")
    hands = Mouse(page)
    for shown in (
        lambda: f"{hotp_value(secret, list(yield_hotp_counters_from_time())[1]):06}",
        lambda: codes[0],
    ):
        paths.sign_in(hands, world.coordinator)
        hands.fill("Code", shown())
        hands.press("Sign in")
        expect(page.get_by_role("heading", name="Desk")).to_be_visible()
        hands.press("Sign out")
        page.goto("/accounts/login/")
    kept = Authenticator.objects.get(user=world.coordinator, type="recovery_codes").wrap()
    assert codes[0] not in kept.get_unused_codes()


@scripts
def test_a_forgotten_password_is_set_anew_from_the_letter(
    scripts: bool, window: Window, world: World
) -> None:
    page = window(java_script_enabled=scripts)
    assert world.referrer
    page.goto("/accounts/login/")
    hands = Mouse(page)
    hands.follow("Forgot your password?")
    hands.fill("E-mail address", world.referrer.email)
    hands.press("Send me the link")
    link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link
    page.goto(link[0])
    for label in ("New password", "The new password once more"):
        hands.fill(label, "a long new passphrase")
    hands.press("Set the password")
    page.goto("/accounts/login/")
    hands.fill("E-mail address", world.referrer.email)
    hands.fill("Password", "a long new passphrase")
    hands.press("Sign in")
    expect(page.get_by_role("heading", name="Your enquiries")).to_be_visible()


@scripts
def test_a_referrer_sends_the_first_enquiry_follows_it_answers_writes_and_withdraws_another(
    scripts: bool, window: Window, world: World, tmp_path: Path
) -> None:
    letter = tmp_path / "order.pdf"
    letter.write_bytes(PDF)
    other = world.enquiry()
    page = window(java_script_enabled=scripts)
    page.goto("/accounts/login/")
    hands = Mouse(page)
    paths.sign_in(hands, world.referrer)
    paths.write_special_guardianship(hands, letter)
    enquiry = Enquiry.objects.exclude(pk=other.pk).get()
    expect(page.locator(".big-reference")).to_have_text(enquiry.reference)
    assert [(row["role"], row["state"]) for row in bodies.read(enquiry)["documents"]] == [("order", "have")]
    with page.expect_download() as paper:
        page.get_by_role("link", name="Save the acknowledgement (PDF)").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    hands.follow("Go to your start page")
    expect(page.get_by_role("heading", name="Nothing needs you")).to_be_visible()
    expect(page.get_by_role("link", name=enquiry.reference)).to_be_visible()

    world.ask(world.bring(enquiry, Status.IN_TRIAGE))
    page.reload()
    expect(page.get_by_role("heading", name="One thing needs you")).to_be_visible()
    hands.follow(enquiry.reference)
    hands.fill("Is the filing date fixed?", "There is none yet.")
    hands.fill("Pets?", "A dog, friendly.")
    hands.press("Send all answers")
    assert fresh(enquiry).status == Status.IN_TRIAGE

    hands.follow("Messages")
    hands.fill("Message", "She can be rung in the mornings.")
    hands.press("Send to the triage team")
    hands.told("Sent.")
    page.goto("/")
    hands.follow(other.reference)
    hands.follow("Withdraw")
    hands.choose("Why is it withdrawn?", "No longer needed")
    hands.press("Withdraw")
    assert fresh(other).status == Status.WITHDRAWN
    expect(page.locator(".standing")).to_contain_text("Withdrawn")


@scripts
def test_somebody_from_outside_is_told_to_ring_or_asks(scripts: bool, window: Window, world: World) -> None:
    page = window(java_script_enabled=scripts)
    hands = Mouse(page)
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC)) as clock:
        page.goto("/make-an-enquiry/")
        hands.tick("Yes")
        hands.press("Continue")
        expect(page.get_by_role("main")).to_contain_text("999")
        page.goto("/make-an-enquiry/")
        hands.tick("No")
        hands.press("Continue")
        hands.fill("Your name", "Daniel Okafor")
        hands.tick("I work for a local authority")
        hands.fill("Telephone number", "01483 496 011")
        hands.tick("Something else")
        hands.fill("What would you like to ask?", "How soon could you begin?")
        clock.shift(60)
        hands.press("Send the enquiry")
    expect(page.locator(".big-reference")).to_have_text(Enquiry.objects.get().reference)
