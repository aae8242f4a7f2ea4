"""What docs/ draws from the code is as the code is, and the API's description is what the API does."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.conftest import bearer
from tests.factories import World, example

TOP = Path(__file__).resolve().parents[2]
API = yaml.safe_load((TOP / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def test_the_drawings_are_as_drawn_from_the_code() -> None:
    call_command("draw_docs", "--check", stdout=StringIO())


def test_a_drawing_that_was_changed_by_hand_is_found(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    call_command("draw_docs", stdout=StringIO())
    call_command("draw_docs", "--check", stdout=StringIO())
    drawing = tmp_path / "docs" / "access.md"
    drawing.write_text(drawing.read_text(encoding="utf-8") + "and everybody\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"access\.md"):
        call_command("draw_docs", "--check", stdout=StringIO())


def test_the_description_is_drawn_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "drf-spectacular had to guess."


def test_the_description_is_valid_openapi_3_1() -> None:
    assert API["openapi"].startswith("3.1")
    validate(API)


def test_every_operation_says_that_it_may_answer_with_a_problem() -> None:
    for path, operations in API["paths"].items():
        for method, operation in operations.items():
            if path != "/api/v1/schema/":
                assert "404" in operation["responses"], (method, path)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [one["operationId"] for path in API["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


# --- What is answered is what is described ------------------------------------------------------------------


def conforms(path: str, method: str, answer: Any) -> None:
    described = API["paths"][path][method]["responses"][str(answer.status_code)]
    schema = described["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": API["components"]}).validate(answer.json())


@pytest.fixture
def caller(world: World, client: Any) -> Any:
    client.defaults["HTTP_AUTHORIZATION"] = bearer(*world.client)
    return client


E = "/api/v1/enquiries/"
R = "/api/v1/referrals/"


def test_a_created_enquiry_is_answered_as_described(caller: Any) -> None:
    answer = caller.post(E, example(), content_type="application/json")
    assert answer.status_code == 201
    conforms(E, "post", answer)


@pytest.mark.parametrize("part", ["", "events/", "information-requests/", "attachments/"])
def test_what_is_read_of_an_enquiry_is_as_described(world: World, caller: Any, part: str) -> None:
    enquiry = world.enquiry("information_requested")
    conforms(E + "{reference}/" + part, "get", caller.get(f"{E}{enquiry.reference}/{part}"))


@pytest.mark.parametrize("part", ["", "attachments/", "evidence/"])
def test_what_is_read_of_a_referral_is_as_described(world: World, caller: Any, part: str) -> None:
    referral = world.referral("delivered")
    conforms(R + "{reference}/" + part, "get", caller.get(f"{R}{referral.reference}/{part}"))


@pytest.mark.parametrize(
    "path",
    [
        E,
        R,
        "/api/v1/me/",
        "/api/v1/assessment-types/",
        "/api/v1/authorities/",
        "/api/v1/assessment-services/",
    ],
)
def test_a_list_is_as_described(world: World, caller: Any, path: str) -> None:
    world.referral()
    conforms(path, "get", caller.get(path))


def test_a_code_list_is_as_described(caller: Any) -> None:
    conforms("/api/v1/codes/{name}/", "get", caller.get("/api/v1/codes/decline/"))


def test_a_problem_is_as_described(world: World, caller: Any) -> None:
    answers = [
        caller.get(f"{E}ENQ-2222-2222-2/"),
        caller.post(E, {}, content_type="application/json"),
        caller.get(E, {"nonsense": "1"}),
        caller.post(f"{E}{world.enquiry().reference}/withdraw/"),
    ]
    problem = {"$ref": "#/components/schemas/Problem", "components": API["components"]}
    for answer in answers:
        assert answer["Content-Type"] == "application/problem+json"
        Draft202012Validator(problem).validate(answer.json())
