"""An organisation looks after itself: people invited and retired, case systems issued and rotated, all on record."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from intake.actions import members
from intake.lifecycle import Role
from intake.models import AccountEvent, ApiClient, User
from intake.refusals import Forbidden, NotPossible
from reports.actions.invitations import send_invitations
from tests.conftest import bearer
from tests.factories import World, fresh

PEOPLE, CLIENTS = "/organisation/people/", "/organisation/api-clients/"


@pytest.fixture
def manager(signed_in: Any, world: World) -> Any:
    return signed_in(world.authority_manager)


def invited(manager: Any, **changes: Any) -> Any:
    form = {"name": "New Person", "email": "new.person@oldham.gov.uk", "roles": ["referrer"], "team": "Court"}
    return manager.post(PEOPLE + "invite/", {**form, **changes})


def test_who_is_invited_sets_a_password_by_a_link_and_signs_in(manager: Any) -> None:
    assert invited(manager).status_code == 302
    assert send_invitations(timezone.now()) == 1
    letter = mail.outbox[0]
    assert letter.to == ["new.person@oldham.gov.uk"]
    assert "New Person" not in letter.body
    link = re.search(r"/accounts/password/reset/key/\S+", letter.body)[0]  # type: ignore[index]
    browser = Client()
    form = browser.get(link, follow=True)
    path = form.redirect_chain[-1][0]
    browser.post(path, {"password1": "a long new passphrase", "password2": "a long new passphrase"})
    login = {"login": "new.person@oldham.gov.uk", "password": "a long new passphrase"}
    assert browser.post("/accounts/login/", login).status_code == 302
    assert browser.get("/enquiries/").status_code == 200


def test_the_invitation_goes_once_and_again_when_asked_for(manager: Any) -> None:
    invited(manager)
    assert [send_invitations(timezone.now()), send_invitations(timezone.now())] == [1, 0]
    person = User.objects.get(email="new.person@oldham.gov.uk")
    manager.post(f"{PEOPLE}{person.pk}/invite/")
    assert send_invitations(timezone.now()) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "new@council.gsi.gov.uk"}, "is closed and reaches nobody"),
        ({"roles": ["coordinator"]}, "Select a valid choice"),
        ({"roles": []}, "What may they do?"),
        ({"email": "not an address"}, "Enter an e-mail address"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(manager: Any, changes: Any, sentence: str) -> None:
    answer = invited(manager, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_somebody_of_another_organisation_is_refused_without_saying_where_they_are(
    manager: Any, world: World
) -> None:
    page = invited(manager, email=world.stranger.email).content.decode()
    assert "This address cannot be invited." in page
    assert "Surrey" not in page


def test_who_is_retired_can_do_nothing_from_the_next_request_on(manager: Any, world: World) -> None:
    theirs = Client()
    theirs.force_login(world.referrer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert theirs.get("/enquiries/").status_code == 200
    manager.post(f"{PEOPLE}{world.referrer.pk}/retire/")
    assert theirs.get("/enquiries/").status_code == 302
    manager.post(f"{PEOPLE}{world.referrer.pk}/back/")
    assert theirs.get("/enquiries/").status_code == 200


def test_a_role_taken_away_is_gone_at_the_next_request(manager: Any, world: World) -> None:
    both = world.person(world.oldham, "Una Both", Role.REFERRER, Role.AUTHORITY_MANAGER)
    theirs = Client()
    theirs.force_login(both, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert theirs.get(PEOPLE).status_code == 200
    manager.post(f"{PEOPLE}{both.pk}/", {"roles": ["referrer"], "team": "Court"})
    assert theirs.get(PEOPLE).status_code == 403
    assert fresh(both).team == "Court"


def test_nobody_retires_themselves_or_changes_their_own_roles(world: World) -> None:
    first = world.authority_manager
    world.person(world.oldham, "Ben Second", Role.AUTHORITY_MANAGER)
    with pytest.raises(Forbidden):
        members.retire(user=first, by=first)
    with pytest.raises(Forbidden):
        members.change(user=first, by=first, roles={Role.REFERRER})


def test_the_last_manager_stays(world: World) -> None:
    """Two who retire each other at once would leave nobody: the second finds the first gone."""
    first, second = world.authority_manager, world.person(world.oldham, "Ben Second", Role.AUTHORITY_MANAGER)
    members.retire(user=first, by=second)
    for last_step in (
        lambda: members.retire(user=second, by=first),
        lambda: members.change(user=second, by=first, roles={Role.REFERRER}),
    ):
        with pytest.raises(NotPossible):
            last_step()


def test_another_organisations_people_do_not_exist_here(manager: Any, world: World) -> None:
    world.client  # noqa: B018 - Oldham has one of its own
    theirs = world.other_client[0]
    for path in (f"{PEOPLE}{world.stranger.pk}/", f"{PEOPLE}999999/", f"{CLIENTS}{theirs.pk}/rotate/"):
        assert manager.get(path).status_code == 404
        assert manager.post(path).status_code == 404


def test_a_case_system_is_issued_with_a_secret_shown_once_and_works(manager: Any) -> None:
    made = manager.post(CLIENTS + "issue/", {"name": "Liquid", "scopes": ["enquiries:read"]})
    client = ApiClient.objects.get()
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in manager.get(CLIENTS).content.decode()
    assert bearer(client, secret)
    assert client.allowed_scopes == "enquiries:read"
    assert (
        manager.post(CLIENTS + "issue/", {"name": "Liquid", "scopes": ["enquiries:read"]}).status_code == 422
    )


def test_a_new_secret_ends_the_old_one_and_its_tokens_at_once(manager: Any, world: World) -> None:
    client, old = world.client
    token = bearer(client, old)
    caller = Client(headers={"Authorization": token})
    assert caller.get("/api/v1/enquiries/").status_code == 200
    new = manager.post(f"{CLIENTS}{client.pk}/rotate/").context["secret"]
    assert caller.get("/api/v1/enquiries/").status_code == 401
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": old}
    assert Client().post("/oauth/token/", asked).status_code == 401
    assert bearer(client, new)


def test_a_retired_case_system_gets_in_no_more(manager: Any, world: World) -> None:
    client, secret = world.client
    caller = Client(headers={"Authorization": bearer(client, secret)})
    manager.post(f"{CLIENTS}{client.pk}/retire/")
    assert caller.get("/api/v1/enquiries/").status_code == 401
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    assert Client().post("/oauth/token/", asked).status_code == 401


def test_every_change_is_on_record_without_a_secret(manager: Any, world: World) -> None:
    invited(manager)
    person = User.objects.get(email="new.person@oldham.gov.uk")
    manager.post(f"{PEOPLE}{person.pk}/", {"roles": ["referrer", "authority_manager"], "team": ""})
    manager.post(f"{PEOPLE}{person.pk}/retire/")
    secret = manager.post(CLIENTS + "issue/", {"name": "Liquid", "scopes": ["enquiries:read"]}).context[
        "secret"
    ]
    page = manager.get("/organisation/access/").content.decode()
    for words in ("Invited", "Roles or team changed", "Retired", "Case system issued", "Ada Authority"):
        assert words in page
    assert secret not in str(list(AccountEvent.objects.values()))


def test_the_record_cannot_be_altered_and_is_seen_by_its_own_organisation_only(
    manager: Any, world: World
) -> None:
    invited(manager)
    line = AccountEvent.objects.get(verb="invited", about="New Person")
    for alter in (lambda: AccountEvent.objects.filter(pk=line.pk).update(about="x"), line.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            alter()
    assert AccountEvent.objects.visible_to(world.authority_manager).filter(pk=line.pk).exists()
    for stranger in (world.stranger, world.lead, world.coordinator, world.referrer):
        assert not AccountEvent.objects.visible_to(stranger).filter(pk=line.pk).exists()


def test_a_service_lead_keeps_the_people_of_their_service(signed_in: Any, world: World) -> None:
    lead = signed_in(world.lead)
    form = {"name": "New Assessor", "email": "new@north.example", "roles": ["assessor"], "team": ""}
    assert lead.post(PEOPLE + "invite/", form).status_code == 302
    assert User.objects.get(email="new@north.example").organisation == world.north
    assert lead.get(CLIENTS).status_code == 403
