"""Signing in: people by password and second factor, case systems by client credentials, nobody else."""

import base64
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from oauth2_provider.models import get_access_token_model

from intake.actions import members
from intake.models import RoleGrant
from tests.factories import PASSWORD, World, example

SIGN_IN = "/accounts/login/"


def sign_in(client: Any, email: str, password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password})


def is_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_signs_in_with_their_password(world: World, client: Any) -> None:
    assert sign_in(client, world.coordinator.email).status_code == 302
    assert is_in(client)


def test_ten_wrong_passwords_lock_the_name_out_and_nobody_else(world: World, client: Any) -> None:
    for _ in range(10):
        sign_in(client, world.coordinator.email, "wrong")
    locked = sign_in(client, world.coordinator.email)
    assert (locked.status_code, is_in(client)) == (429, False)
    sign_in(client, world.colleague.email)
    assert is_in(client)


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(world: World, client: Any) -> None:
    known, unknown = world.coordinator.email, "nobody@hub.example"
    assert said(client, known) == said(client, unknown)


def said(client: Any, email: str) -> list[str]:
    """The page after a wrong password, without what differs at every request."""
    page = sign_in(client, email, "wrong").content.decode().replace(email, "")
    return [line for line in page.splitlines() if "csrf" not in line]


def test_a_case_systems_account_and_a_retired_person_cannot_sign_in(world: World, client: Any) -> None:
    account = world.case_system
    account.set_password(PASSWORD)
    account.save()
    sign_in(client, account.email)
    members.retire(user=world.coordinator, by=world.manager)
    sign_in(client, world.coordinator.email)
    assert not is_in(client)


def test_nobody_signs_up_by_themselves(client: Any, db: None) -> None:
    assert client.get("/accounts/signup/").status_code == 302


def test_who_is_retired_is_out_at_the_next_request(world: World, signed_in: Any) -> None:
    browser = signed_in(world.coordinator)
    assert browser.get("/enquiries/").status_code == 200
    members.retire(user=world.coordinator, by=world.manager)
    assert browser.get("/enquiries/").status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(world: World, signed_in: Any) -> None:
    reference = world.enquiry().reference
    browser = signed_in(world.coordinator)
    assert browser.get(f"/enquiries/{reference}/").status_code == 200
    RoleGrant.objects.filter(user=world.coordinator).delete()
    assert browser.get(f"/enquiries/{reference}/").status_code == 404


def test_without_a_second_factor_there_is_only_the_page_to_set_one_up(
    world: World, signed_in: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    answer = signed_in(world.coordinator).get("/enquiries/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


@pytest.mark.parametrize("path", ["totp/activate/", "webauthn/", "webauthn/add/"])
def test_whoever_has_been_at_their_password_can_still_set_up_a_second_factor(
    world: World, signed_in: Any, path: str
) -> None:
    client = signed_in(world.referrer)
    client.get("/accounts/password/change/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(f"/accounts/2fa/{path}").status_code == 200


def test_with_a_second_factor_the_password_alone_is_not_enough(world: World, client: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(world.coordinator, secret)
    challenged = sign_in(client, world.coordinator.email)
    assert (challenged["Location"], is_in(client)) == ("/accounts/2fa/authenticate/", False)
    code = hotp_value(secret, list(yield_hotp_counters_from_time())[1])
    client.post("/accounts/2fa/authenticate/", {"code": f"{code:06}"})
    assert is_in(client)


# --- Case systems -------------------------------------------------------------------------------------------


def ask_token(client: Any, name: str, secret: str, **more: str) -> Any:
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    form = {"grant_type": "client_credentials", **more}
    return client.post("/oauth/token/", form, headers={"Authorization": f"Basic {basic}"})


def test_a_token_lives_an_hour_and_is_kept_as_a_hash_only(world: World, client: Any) -> None:
    issued, secret = world.client
    answer = ask_token(client, issued.client_id, secret).json()
    kept = get_access_token_model().objects.get()
    assert answer["expires_in"] <= 3600
    assert answer["access_token"] not in {
        str(getattr(kept, field.attname)) for field in kept._meta.concrete_fields
    }
    issued.refresh_from_db()
    assert secret not in issued.client_secret


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "implicit"])
def test_no_other_grant_gives_a_token(world: World, client: Any, grant: str) -> None:
    issued, secret = world.client
    more = {"username": world.referrer.email, "password": PASSWORD, "code": "x", "refresh_token": "x"}
    assert ask_token(client, issued.client_id, secret, grant_type=grant, **more).status_code in (400, 401)


def test_a_wrong_secret_gives_none(world: World, client: Any) -> None:
    assert ask_token(client, world.client[0].client_id, "wrong").status_code == 401


def test_a_scope_that_was_not_asked_for_does_not_work(world: World, client: Any) -> None:
    issued, secret = world.client
    token = ask_token(client, issued.client_id, secret, scope="enquiries:read").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/enquiries/", headers=headers).status_code == 200
    sent = client.post("/api/v1/enquiries/", example(), content_type="application/json", headers=headers)
    assert sent.status_code == 403


def test_a_scope_that_is_not_allowed_is_not_given(world: World, client: Any) -> None:
    issued, secret = members.issue_client(authority=world.oldham, name="Reader", scopes="enquiries:read")
    assert ask_token(client, issued.client_id, secret, scope="enquiries:write").status_code == 400


def test_a_retired_clients_token_dies_at_once(world: World, client: Any) -> None:
    issued, secret = world.client
    headers = {
        "Authorization": f"Bearer {ask_token(client, issued.client_id, secret).json()['access_token']}"
    }
    members.retire_client(client=issued, by=world.authority_manager)
    assert client.get("/api/v1/enquiries/", headers=headers).status_code == 401
