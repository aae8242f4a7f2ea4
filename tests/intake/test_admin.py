"""The admin: reference data for administrators, closed to everybody else."""

from typing import Any

import pytest
from django.contrib import admin

from intake.models import Code, book
from tests.factories import World


def test_an_administrator_sees_every_list_of_reference_data(world: World, signed_in: Any) -> None:
    browser = signed_in(world.administrator)
    pages = [f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry]
    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_an_edited_code_holds_at_once(world: World, signed_in: Any) -> None:
    code = Code.objects.get(list="risk_level", code="high")
    form = {
        name: getattr(code, name) or ""
        for name in ("list", "code", "hint", "group", "order", "source", "nation")
    }
    form |= {"label": "Very high", "verified": code.verified, "selectable": "on"}
    book()
    assert (
        signed_in(world.administrator).post(f"/admin/intake/code/{code.pk}/change/", form).status_code == 302
    )
    assert book().codes.label("risk_level", "high") == "Very high"


@pytest.mark.parametrize("who", ["coordinator", "manager", "referrer", "auditor"])
def test_nobody_else_gets_in(world: World, signed_in: Any, who: str) -> None:
    assert signed_in(getattr(world, who)).get("/admin/intake/code/").status_code == 302


def test_no_case_is_in_the_admin() -> None:
    held = {model._meta.model_name for model in admin.site._registry}
    assert held.isdisjoint(
        {"enquiry", "person", "referral", "event", "attachment", "document", "notification"}
    )
