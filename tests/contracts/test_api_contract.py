"""The API's description: complete, closed, always the same, and true: Schemathesis finds no failure."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from equipoise.config.api import api
from equipoise.platform.api import described

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return described(api, prefix="/api/v1/")


def ways(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, way) for path, found in schema["paths"].items() for method, way in found.items()]


class TestTheDescription:
    @pytest.mark.django_db
    def test_is_open_to_anybody_and_the_same_each_time(self, client: Client) -> None:
        first, second = (client.get("/api/v1/openapi.json") for _ in range(2))
        assert first.status_code == 200
        assert first.content == second.content
        assert first.json()["openapi"].startswith("3.1.")

    def test_names_no_schema_twice_for_different_things(self) -> None:
        seen: dict[str, Any] = {}
        for bound in api._get_bound_routers():
            for view in bound.path_operations.values():
                for each in view.operations:
                    for name, told in definitions(each):
                        assert seen.setdefault(name, told) == told, f"two things are called {name}"

    def test_closes_every_body(self, schema: dict[str, Any]) -> None:
        schemas = schema["components"]["schemas"]
        for path, method, way in ways(schema):
            for content in way.get("requestBody", {}).get("content", {}).values():
                for body in bodies(content["schema"], schemas):
                    if body.get("type") == "object" and "file" not in body["properties"]:
                        assert body["additionalProperties"] is False, f"{method} {path} takes unknown fields"

    def test_bounds_every_text_list_and_number_that_is_sent(self, schema: dict[str, Any]) -> None:
        schemas = schema["components"]["schemas"]
        wrong = []
        for path, method, way in ways(schema):
            sent = [part["schema"] for part in way["parameters"]]
            for content in way.get("requestBody", {}).get("content", {}).values():
                sent += [part for body in bodies(content["schema"], schemas) for part in body["properties"].values()]
            wrong += [f"{method} {path}: {part}" for part in sent if not bounded(part)]
        assert wrong == []

    def test_tells_every_problem_as_one(self, schema: dict[str, Any]) -> None:
        for path, method, way in ways(schema):
            for status, answer in way["responses"].items():
                if int(status) >= 400:
                    assert set(answer["content"]) == {"application/problem+json"}, f"{method} {path} {status}"
            assert {"401", "403", "422"} <= set(way["responses"])

    def test_says_what_a_token_is_and_what_each_operation_needs(self, schema: dict[str, Any]) -> None:
        assert schema["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
        for _, _, way in ways(schema):
            assert way["security"] == [{"Bearer": []}]
            assert way["x-scope"] in {"read", "write"}
            assert way["summary"]
            assert way["description"]
            assert set(way["tags"]) <= {tag["name"] for tag in schema["tags"]}

    def test_explains_every_tag(self, schema: dict[str, Any]) -> None:
        assert all(tag["description"] for tag in schema["tags"])


def definitions(made: Any) -> list[tuple[str, Any]]:
    """The named schemas an operation takes and gives; what it gives may differ from what it takes under one name."""
    found: list[tuple[str, Any]] = []
    for model in made.models:
        found += model.model_json_schema().get("$defs", {}).items()
    for model in made.response_models.values():
        if hasattr(model, "model_json_schema"):
            found += model.model_json_schema(mode="serialization").get("$defs", {}).items()
    return found


def bodies(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """All objects a body may be."""
    if "$ref" in schema:
        return bodies(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return [body for each in choices for body in bodies(each, schemas)] if choices else [schema]


def bounded(part: dict[str, Any]) -> bool:
    """Whether a value that is sent has an end."""
    kind = part.get("type")
    if kind == "string":
        pattern = part.get("pattern", "*")
        return bool({"maxLength", "format", "enum", "const"} & set(part)) or not {"*", "+"} & set(pattern)
    if kind == "integer":
        return "maximum" in part or "enum" in part or "const" in part
    if kind == "array":
        return "maxItems" in part and bounded(part["items"])
    return all(bounded(each) for each in part.get("anyOf", ()))


class TestTheWholeApi:
    def test_keeps_what_its_description_says_under_schemathesis(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tests.contracts.fuzzing", "--examples", "1", "--who", "administrator"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
