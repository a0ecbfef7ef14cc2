"""The letter of SCIM 2.0, and the dialects of the directories in use."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from scim2_models import ScimFilter
from tests.cast import NOW, Cast
from tests.scim_client import ENTERPRISE, PATCH, USER, Directory, person_of

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.provisioning.models import DirectoryUser
from equipoise.apps.provisioning.scim.dialects import patch_in_the_letter
from equipoise.apps.provisioning.scim.mapping import function_of
from equipoise.apps.provisioning.scim.resources import FullUser
from equipoise.platform.access import Audience, access_table
from equipoise.platform.api import Scope

WORK = [{"value": "kim@agency.example", "type": "work", "primary": True}]


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


def names(found: Any) -> list[str]:
    return [each["userName"] for each in found["Resources"]]


class TestTheDoor:
    def test_opens_to_no_one_without_a_token(self, client: Client, db: None) -> None:
        rows = [row for row in access_table() if row.access.audience is Audience.DIRECTORY]
        assert len(rows) > 10
        for row in rows:
            path = row.route.replace("<str:key>", "x").replace("<path:rest>", "x")
            for method in row.access.methods:
                answer = client.generic(method, path)
                assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Equipoise"'), path
                assert answer["Content-Type"] == "application/scim+json"
        assert not Session.objects.exists()

    @pytest.mark.parametrize("header", ["Bearer eqp_guessed", "Basic eqp_x", "Bearer", "Bearer  ", "eqp_x"])
    def test_opens_to_no_other_token(self, client: Client, db: None, header: str) -> None:
        assert client.get("/scim/v2/Users", headers={"Authorization": header}).status_code == 401

    def test_opens_to_no_scope_but_scim(self, db: None) -> None:
        assert Directory(scopes=frozenset({Scope.READ, Scope.WRITE})).ask("GET", "/Users").status_code == 403

    def test_opens_to_no_persons_token(self, cast: Cast) -> None:
        assert Directory(scopes=frozenset({Scope.READ}), person=cast.ada).ask("GET", "/Users").status_code == 403

    def test_opens_to_no_session(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.ada)
        assert client.get("/scim/v2/Users").status_code == 401

    def test_does_not_open_to_the_owner_of_the_machine(self, client: Client, db: None, settings: Any) -> None:
        settings.OPENED = False
        make_token(actor=None, person=None, name="x", scopes={Scope.SCIM}, expires_at=None, now=NOW)
        assert client.get("/scim/v2/Users").status_code == 401

    def test_needs_no_cookie_and_no_form_token(self, directory: Directory) -> None:
        directory.client = Client(enforce_csrf_checks=True)
        assert directory.ask("POST", "/Users", {"userName": "kim"}).status_code == 201
        assert not directory.client.cookies


class TestErrors:
    @pytest.mark.parametrize(
        ("method", "path", "told", "fault"),
        [
            ("GET", "/Nothing", None, (404, None)),
            ("GET", "/Users/no-such-id", None, (404, None)),
            ("GET", "/Users/2819C223-7F76-453A-919D-413861904646", None, (404, None)),
            ("DELETE", "/Groups/2819c223-7f76-453a-919d-413861904646", None, (404, None)),
            ("DELETE", "/Users", None, (405, None)),
            ("POST", "/Users", [], (400, "invalidSyntax")),
            ("POST", "/Users", {}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "x" * 256}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "x", "active": "perhaps"}, (400, "invalidValue")),
            ("POST", "/Groups", {"displayName": "x", "members": [{"value": "no-one"}]}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": " "}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "a\0b"}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "a\ud800b"}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "x", "externalId": "x" * 256}, (400, "invalidValue")),
            ("POST", "/Users", {"userName": "x", ENTERPRISE: {"manager": "x" * 256}}, (400, "invalidValue")),
            ("POST", "/Groups", {"displayName": ""}, (400, "invalidValue")),
            ("GET", "/Users?filter=userName+eq", None, (400, "invalidFilter")),
            ("GET", "/Users?filter=nothing+eq+%22x%22", None, (400, "invalidFilter")),
            ("GET", "/Users?count=many", None, (400, "invalidValue")),
            ("GET", "/Schemas?filter=id+pr", None, (403, None)),
            ("GET", "/Me", None, (501, None)),
            ("POST", "/Bulk", {}, (400, "invalidSyntax")),
        ],
    )
    def test_are_told_in_scims_words(
        self, directory: Directory, method: str, path: str, told: object, *, fault: tuple[int, str | None]
    ) -> None:
        answer = directory.ask(method, path, told)
        found = json.loads(answer.content)
        assert (answer.status_code, found.get("scimType")) == fault
        assert found["status"] == str(answer.status_code)
        assert found["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert found["detail"]

    def test_of_broken_json_say_so(self, directory: Directory) -> None:
        answer = directory.client.post(
            "/scim/v2/Users", b"{", "application/scim+json", headers={"Authorization": f"Bearer {directory.secret}"}
        )
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")

    @pytest.mark.parametrize("asked", ['userName eq "\0"', "(" * 2000, 'id eq "' + "x" * 5000 + '"'])
    def test_of_filters_that_cannot_be_leave_no_traceback(self, directory: Directory, asked: str) -> None:
        answer = directory.ask("GET", f"/Users?{urlencode({'filter': asked})}")
        assert answer.status_code in (200, 400)

    def test_of_too_much_at_once_say_so(self, directory: Directory) -> None:
        answer = directory.ask("POST", "/Users", {"userName": "x", "title": "x" * 5_000_001})
        assert (answer.status_code, json.loads(answer.content)["status"]) == (413, "413")


class TestFinding:
    @pytest.fixture
    def three(self, directory: Directory) -> Directory:
        directory.add(
            userName="Anna", externalId="E1", title="Lead", emails=[{"value": "anna@a.example", "type": "work"}]
        )
        directory.add(userName="ben", externalId="e1", displayName="Ben", active=False)
        directory.add(userName="Cleo", title="lead", **{ENTERPRISE: {"department": "Finance"}})
        return directory

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ('userName eq "ANNA"', ["Anna"]),
            ('userName ne "anna"', ["ben", "Cleo"]),
            ('externalId eq "E1"', ["Anna"]),
            ('userName co "E"', ["ben", "Cleo"]),
            ('userName sw "b" or title eq "LEAD"', ["Anna", "ben", "Cleo"]),
            ('userName ew "o"', ["Cleo"]),
            ('userName gt "anna" and userName le "ben"', ["ben"]),
            ("active eq false", ["ben"]),
            ("title pr", ["Anna", "Cleo"]),
            ('not (title pr) or userName eq "anna"', ["Anna", "ben"]),
            ('emails[type eq "work" and value ew "a.example"]', ["Anna"]),
            ('emails.value eq "ANNA@a.example"', ["Anna"]),
            (f'{ENTERPRISE}:department eq "finance"', ["Cleo"]),
            (f'{USER}:userName eq "cleo"', ["Cleo"]),
            ('meta.lastModified gt "2001-01-01T00:00:00Z"', ["Anna", "ben", "Cleo"]),
            ('meta.lastModified lt "2001-01-01T00:00:00Z"', []),
            ('userName eq "nobody"', []),
        ],
    )
    def test_answers_every_operator(self, three: Directory, asked: str, found: list[str]) -> None:
        answer = three.get("/Users", filter=asked)
        assert (names(answer), answer["totalResults"], answer["itemsPerPage"]) == (found, len(found), len(found))

    def test_pages_from_one(self, three: Directory) -> None:
        page = three.get("/Users", startIndex="2", count="1")
        assert (names(page), page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (["ben"], 3, 2, 1)
        assert three.get("/Users", startIndex="-5", count="-1")["Resources"] == []
        assert names(three.get("/Users", startIndex="3", filter="userName pr", count="9")) == ["Cleo"]
        assert three.get("/Users", startIndex="4")["totalResults"] == 3
        assert three.get("/Users", startIndex=str(10**30))["Resources"] == []

    def test_sorts(self, three: Directory) -> None:
        assert names(three.get("/Users", sortBy="userName", sortOrder="descending")) == ["Cleo", "ben", "Anna"]
        assert names(three.get("/Users", sortBy="title")) == ["Anna", "Cleo", "ben"]

    def test_shows_what_is_asked_for(self, three: Directory) -> None:
        found = three.get("/Users", attributes="userName", filter='userName eq "anna"')["Resources"][0]
        assert found.keys() == {"schemas", "id", "userName"}
        without = three.get("/Users", excludedAttributes="emails,meta", filter='userName eq "anna"')["Resources"][0]
        assert not {"emails", "meta"} & without.keys()

    def test_finds_by_what_is_in_the_body(self, three: Directory) -> None:
        asked = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'userName eq "anna"'}
        assert names(json.loads(three.ask("POST", "/Users/.search", asked).content)) == ["Anna"]
        three.add_group("All")
        both = json.loads(three.ask("POST", "/.search", {"count": 2, "startIndex": 3}).content)
        assert (both["totalResults"], [each["meta"]["resourceType"] for each in both["Resources"]]) == (
            4,
            ["User", "Group"],
        )


class TestNarrowing(TestCase):
    """Whatever the database leaves out for a filter, the filter would have left out, too."""

    NAMES = ("Ärger", "kim", "KIM@a.example", 'q"o', "ß")

    def setUp(self) -> None:
        self.directory = Directory()
        for number, name in enumerate(self.NAMES):
            self.directory.add(userName=f"{name}{number}", externalId=name, active=bool(number % 2))

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def test_changes_no_answer(self, data: st.DataObject) -> None:
        operators = st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "le"])
        attributes = st.sampled_from(["userName", "externalId", "id", "displayName", "emails.value"])
        values = st.sampled_from([*self.NAMES, "ärger0", "kim1", "x"])
        one = st.builds(lambda a, o, v: f"{a} {o} {ScimFilter.quote(v)}", attributes, operators, values)
        asked = data.draw(st.recursive(one, lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("not ({})".format, inner),
        ), max_leaves=4))  # fmt: skip
        everybody = self.directory.get("/Users")["Resources"]
        right = [each["id"] for each in everybody if ScimFilter[FullUser](asked).match(FullUser.model_validate(each))]
        assert [each["id"] for each in self.directory.get("/Users", filter=asked)["Resources"]] == right


class TestVersions:
    def test_tell_whether_anything_changed(self, directory: Directory) -> None:
        kim = directory.add(userName="kim")
        path = f"/Users/{kim['id']}"
        answer = directory.ask("GET", path, If_None_Match=kim["meta"]["version"])
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", kim["meta"]["version"])
        directory.add_group("All", kim)
        assert directory.ask("GET", path, If_None_Match=kim["meta"]["version"]).status_code == 200

    def test_refuse_a_change_of_what_is_not_so_any_more(self, directory: Directory) -> None:
        kim = directory.add(userName="kim")
        directory.patch(kim, {"op": "add", "path": "title", "value": "Lead"})
        path, told = f"/Users/{kim['id']}", {"userName": "kim", "title": "Other"}
        old = kim["meta"]["version"]
        assert directory.ask("PUT", path, told, If_Match=old).status_code == 412
        assert directory.ask("DELETE", path, If_Match=old).status_code == 412
        new = directory.ask("GET", path)["ETag"]
        answer = directory.ask("PUT", path, told, If_Match=f'"other", {new}')
        assert (answer.status_code, json.loads(answer.content)["title"]) == (200, "Other")
        assert answer["ETag"] != new

    def test_stand_in_the_head_with_the_address(self, directory: Directory) -> None:
        answer = directory.ask("POST", "/Users", {"userName": "kim"})
        told = json.loads(answer.content)["meta"]
        assert (answer["Location"], answer["ETag"]) == (told["location"], told["version"])
        assert told["location"].startswith("http://testserver/scim/v2/Users/")


class TestDialects:
    """What Microsoft Entra ID and Okta send, as their documentation shows it."""

    def changed(self, directory: Directory, *operations: dict[str, object]) -> Any:
        kim = directory.add(userName="kim", displayName="Kim", emails=WORK)
        answer = directory.patch(kim, *operations)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def test_of_booleans_as_text(self, directory: Directory) -> None:
        assert self.changed(directory, {"op": "Replace", "path": "active", "value": "False"})["active"] is False

    def test_of_a_value_without_a_path(self, directory: Directory) -> None:
        value = {"displayName": "Kimmy", "name.givenName": "K", 'emails[type eq "work"].value': "k@a.example"}
        found = self.changed(directory, {"op": "Replace", "value": value})
        assert (found["displayName"], found["name"]["givenName"]) == ("Kimmy", "K")
        assert found["emails"][0]["value"] == "k@a.example"

    def test_of_an_extension_in_the_keys(self, directory: Directory) -> None:
        found = self.changed(directory, {"op": "Add", "value": {f"{ENTERPRISE}:department": "Legal"}})
        assert found[ENTERPRISE] == {"department": "Legal"}

    @pytest.mark.parametrize("shape", ["{id}", {"value": "{id}"}, [{"value": "{id}"}]])
    def test_of_a_manager_as_text_or_in_a_list(self, directory: Directory, shape: Any) -> None:
        lena = directory.add(userName="lena")
        value = json.loads(json.dumps(shape).replace("{id}", lena["id"]))
        found = self.changed(directory, {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": value})
        assert found[ENTERPRISE]["manager"]["value"] == lena["id"]
        answer = directory.patch(found, {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""})
        assert ENTERPRISE not in json.loads(answer.content)

    def test_of_an_entry_that_is_not_there_yet(self, directory: Directory) -> None:
        found = self.changed(directory, {"op": "Add", "path": 'emails[type eq "home"].value', "value": "h@a.example"})
        assert {each["type"]: each["value"] for each in found["emails"]} == {
            "work": "kim@agency.example", "home": "h@a.example",
        }  # fmt: skip

    def test_of_attributes_unknown_here(self, directory: Directory) -> None:
        found = self.changed(
            directory,
            {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
            {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "Street"},
            {"op": "Add", "path": "roles", "value": [{"value": "x", "primary": "True"}]},
            {"op": "Replace", "path": "title", "value": "Lead"},
        )
        assert found["title"] == "Lead"
        assert "phoneNumbers" not in found

    def test_of_a_read_only_id_told_again(self, directory: Directory) -> None:
        group = directory.add_group("Old")
        answer = directory.patch(group, {"op": "replace", "value": {"id": group["id"], "displayName": "New"}})
        assert (answer.status_code, json.loads(answer.content)["displayName"]) == (200, "New")

    def test_never_break_on_anything(self) -> None:
        nothing: list[object] = [None, [], {}, {"Operations": None}, {"Operations": [1, {}, {"value": 3}, {"path": 3}]}]
        for told in nothing:
            patch_in_the_letter(told)


class TestBulk:
    def test_does_one_after_the_other_and_joins_what_it_makes(self, directory: Directory) -> None:
        def new(name: str, path: str, **data: object) -> dict[str, object]:
            return {"method": "POST", "path": path, "bulkId": name, "data": data}

        title = {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": "Lead"}]}
        operations = [
            new("g", "/Groups", displayName="All", members=[{"value": "bulkId:t"}]),
            new("t", "/Users", userName="tom", **{ENTERPRISE: {"manager": {"value": "bulkId:l"}}}),
            new("l", "/Users", userName="lena"),
            new("x", "/Users", userName="LENA"),
            {"method": "PATCH", "path": "/Users/bulkId:l", "data": title},
            new("n", "/Groups", displayName="N", members=[{"value": "bulkId:nobody"}]),
        ]
        answer = directory.ask("POST", "/Bulk", {"Operations": operations})
        told = json.loads(answer.content)["Operations"]
        assert [each["status"] for each in told] == ["201", "201", "201", "409", "200", "409"]
        assert told[3]["response"]["scimType"] == "uniqueness"
        tom = directory.get("/Users", filter='userName eq "tom"')["Resources"][0]
        lena = directory.get("/Users", filter='title eq "lead"')["Resources"][0]
        assert (tom[ENTERPRISE]["manager"]["value"], tom["groups"][0]["display"]) == (lena["id"], "All")
        assert told[2]["location"] == lena["meta"]["location"]

    def test_stops_after_as_many_failures_as_wanted(self, directory: Directory) -> None:
        broken = {"method": "DELETE", "path": "/Users/none"}
        fine = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a"}}
        answer = directory.ask("POST", "/Bulk", {"failOnErrors": 1, "Operations": [broken, fine]})
        assert [each["status"] for each in json.loads(answer.content)["Operations"]] == ["404"]
        assert not DirectoryUser.objects.exists()

    def test_refuses_too_many(self, directory: Directory) -> None:
        operations = [{"method": "DELETE", "path": "/Users/x"}] * 1001
        assert directory.ask("POST", "/Bulk", {"Operations": operations}).status_code == 413


class TestTheFunctionOfADepartment:
    @pytest.mark.parametrize(
        ("department", "function"),
        [
            ("Finance & Controlling", "finance"),
            ("IT", "it"),
            ("Committee", ""),
            ("Vertrieb Süd", "mkting"),
            ("Legal/Compliance", "legal"),
            ("", ""),
        ],
    )
    def test_is_told_by_whole_words(self, department: str, function: str) -> None:
        assert function_of(department) == function

    def test_reaches_the_person(self, directory: Directory) -> None:
        kim = directory.add(userName="kim", **{ENTERPRISE: {"department": "Legal"}})
        position = person_of(kim).positions.get()
        assert position.function == "legal"
