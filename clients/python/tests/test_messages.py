# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Messages and words: what is written, what is read, what is passed over."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import unittest
from typing import Any

from support.repository import PROTOCOL

import amnesty
from amnesty import (
    JSON,
    BadRequest,
    CaseRecord,
    Code,
    FieldViolation,
    ImportCaseResponse,
    Offence,
    Outcome,
    Person,
    ShapeError,
    Stage,
    Status,
    methods,
)


class Words(unittest.TestCase):
    """Enumerations."""

    def test_a_known_word_is_its_member(self) -> None:
        self.assertIs(Outcome.from_json("eligible"), Outcome.ELIGIBLE)
        self.assertTrue(Outcome.ELIGIBLE.is_known)

    def test_an_unknown_word_is_kept(self) -> None:
        word = Outcome.from_json("resting")
        self.assertIsInstance(word, Outcome)
        self.assertEqual((word, word.value, str(word), word.is_known), ("resting", "resting", "resting", False))
        self.assertEqual(json.dumps(word), '"resting"')
        self.assertNotIn("resting", list(Outcome))
        self.assertEqual(Outcome("resting"), word)
        self.assertRaises(ShapeError, Outcome.from_json, 5)


class Messages(unittest.TestCase):
    """Dataclasses."""

    record = CaseRecord(
        reference="SYN-M-1",
        person=Person(family_name="Үлгі"),
        stage=Stage.SENTENCED,
        offences=[Offence(id="1", part=2, classes=[])],
        facts={"a": ["x"], "b": 1.5},
        detained=False,
    )

    def test_none_is_absent_and_empty_is_there(self) -> None:
        self.assertEqual(
            self.record.to_json(),
            {
                "reference": "SYN-M-1",
                "person": {"familyName": "Үлгі"},
                "stage": "sentenced",
                "offences": [{"id": "1", "part": 2, "classes": []}],
                "detained": False,
                "facts": {"a": ["x"], "b": 1.5},
            },
        )

    def test_what_was_written_is_read(self) -> None:
        again = CaseRecord.from_json(self.record.to_json())
        self.assertEqual(again.to_json(), self.record.to_json())
        self.assertEqual(again.offences, (Offence(id="1", part=2, classes=()),))

    def test_messages_do_not_change(self) -> None:
        with self.assertRaises(dataclasses.FrozenInstanceError):
            self.record.reference = "SYN-M-2"  # type: ignore[misc]

    def test_what_is_not_known_is_passed_over(self) -> None:
        self.assertEqual(Offence.from_json({"id": "1", "new": {"a": 1}, "part": None}), Offence(id="1"))

    def test_a_wrong_shape_is_told_by_its_path(self) -> None:
        wrong: list[tuple[JSON, str]] = [
            ({"offences": []}, "/reference is missing"),
            ({"reference": 5, "offences": []}, "/reference is no string"),
            ({"reference": "SYN-1", "offences": {}}, "/offences is no array"),
            ({"reference": "SYN-1", "offences": [{"id": "1"}, {"id": "2", "part": 1.0}]}, "/offences/1/part is no integer of 64 bits"),
            ({"reference": "SYN-1", "offences": [], "facts": {"a": {}}}, "/facts/a is no value of a fact"),
            ({"reference": "SYN-1", "offences": [], "detained": 0}, "/detained is no boolean"),
            ([], "the message is no object"),
        ]
        for value, what in wrong:
            with self.assertRaises(ShapeError) as raised:
                CaseRecord.from_json(value)
            self.assertEqual(str(raised.exception), what)

    def test_a_status_is_a_member_like_any_other(self) -> None:
        status = Status.of(Code.INVALID_ARGUMENT, "INVALID_FIELD", "Wrong.", [BadRequest((FieldViolation("/a", "b"),), 9)])
        item = ImportCaseResponse(index=1, status=status, result=amnesty.ImportResult.FAILED)
        self.assertEqual(ImportCaseResponse.from_json(item.to_json()), item)
        self.assertEqual(pickle.loads(pickle.dumps(status)), status)
        self.assertEqual(copy.copy(status).reason, "INVALID_FIELD")

    def test_what_json_cannot_say_is_refused_before_it_is_sent(self) -> None:
        for request in (CaseRecord(reference="\ud800", offences=[]), CaseRecord(reference="", offences=[], facts={"a": float("inf")})):
            with self.assertRaises(Status) as raised:
                methods.ELIGIBILITY_ASSESS.encode(amnesty.AssessRequest(record=request))
            self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)

    def test_an_answer_of_another_shape_is_unreadable(self) -> None:
        for body in (b"{", b'{"status":5}', b"[]", None):
            with self.assertRaises(Status) as raised:
                methods.HEALTH_CHECK.decode(body)
            self.assertEqual((raised.exception.code, raised.exception.reason), (Code.INTERNAL, "UNREADABLE_RESPONSE"))


class Generated(unittest.TestCase):
    """The generated code covers the contract."""

    def test_every_message_is_written_and_read(self) -> None:
        """A value made from each schema comes back as it was."""
        schemas = {path.stem: json.loads(path.read_text()) for path in (PROTOCOL / "schema").glob("*.json")}
        count = 0
        for name, schema in schemas.items():
            if "properties" not in schema or "x-swift" in schema:
                continue
            for full in (True, False):
                value = _example(schema, schemas, full, 0)
                message = getattr(amnesty, name)
                self.assertEqual(message.from_json(value).to_json(), value, name)
                count += 1
        self.assertGreater(count, 200)

    def test_every_method_has_a_stub(self) -> None:
        client, asynchronous = amnesty.Client("none"), amnesty.aio.Client("none")
        count = 0
        for path in (PROTOCOL / "services").glob("*.json"):
            service = json.loads(path.read_text())
            for method in service["methods"]:
                found = [one for one in vars(methods).values() if getattr(one, "name", "") == f"{service['service']}/{method['name']}"]
                self.assertEqual(len(found), 1)
                self.assertEqual((found[0].kind, found[0].idempotency), (method["kind"], method["idempotency"]))
                count += 1
        for services in (client, asynchronous):
            stubs = [one for one in vars(services).values() if type(one).__name__.endswith("Service")]
            self.assertEqual(sum(1 for stub in stubs for name in vars(type(stub)) if not name.startswith("_")), count)


def _example(schema: dict[str, Any], schemas: dict[str, Any], full: bool, depth: int) -> Any:
    """A value that fits; with all its members if `full`, down to a depth."""
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas, full, depth) if full and depth < 6 else None
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rsplit(":", 1)[1]], schemas, full, depth)
    match schema.get("x-swift"):
        case "Status":
            return {"code": "OK", "message": "", "details": []}
        case "FactValue":
            return ["a"]
        case "RawJSON":
            return {"type": ["object"]}
    if "oneOf" in schema:
        return schema["oneOf"][0]["const"]
    kinds = schema.get("type")
    if isinstance(kinds, list) and not full:
        return None
    match kinds[0] if isinstance(kinds, list) else kinds:
        case "boolean":
            return True
        case "integer":
            return 7
        case "string":
            return "SYN"
        case "array":
            return [_example(schema["items"], schemas, full, depth + 1)] if full else []
        case "object" if "properties" in schema:
            required = schema.get("required", [])
            wanted = schema["properties"] if full and depth < 6 else required
            made = {name: _example(schema["properties"][name], schemas, full, depth + 1) for name in schema["properties"] if name in wanted}
            return {name: value for name, value in made.items() if value is not None or name in required}
    return {"a": _example(schema["additionalProperties"], schemas, full, depth + 1)}


if __name__ == "__main__":
    unittest.main()
