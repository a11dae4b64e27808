#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""make_seeds.py: writes Seeds/TARGET.json from the contract: one of each message, the texts of its vectors, the small acts.

    make_seeds.py                 writes what is stale
    make_seeds.py --check         names what is stale, and exits 1 if anything is
    make_seeds.py --unpack DIR    writes what a fuzzer wants: every seed and fail case in a file of its own, DIR/TARGET/NAME, and words that
                                  are worth trying, DIR/TARGET.dict

What a fuzzer found lies in FailCases and is not touched.
"""

import json
import pathlib
import random
import struct
import sys
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = ROOT / "Tests" / "Fuzz" / "Seeds"
FAIL_CASES = ROOT / "Tests" / "Fuzz" / "FailCases"
PROTOCOL = ROOT / "protocol"
# What a seed may have; a fuzzer makes long inputs out of short ones.
LONGEST = 4096

SHAPES = {
    "Day": "2022-01-10",
    "Term": "P1Y3M10D",
    "Reference": "SYN-2022-01457",
    "IIN": "123456789013",
    "Instant": "2022-11-03T06:00:00.123Z",
    "Article": "188-1",
    "Territory": "KZ",
    "JSONSchema": {"type": "object"},
    "FactValue": [True, 9, 1.5, "good", ["a", "b"]],
}

Seeds = dict[str, dict[str, bytes]]


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Messages:
    """An instance of each schema, every member of it present."""

    def __init__(self) -> None:
        self.schemas = {path.stem: json.loads(path.read_text()) for path in sorted((PROTOCOL / "schema").glob("*.json"))}

    def names(self) -> list[str]:
        return [name for name, schema in self.schemas.items() if "properties" in schema and "x-swift" not in schema]

    def instance(self, schema: dict[str, Any]) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition(":")[2]
            return self.named(name)
        if "anyOf" in schema:
            return self.instance(schema["anyOf"][0])
        if "const" in schema:
            return schema["const"]
        if "oneOf" in schema:
            return self.instance(schema["oneOf"][0])
        kind = schema.get("type")
        match kind[0] if isinstance(kind, list) else kind:
            case "object" if "properties" in schema:
                return {name: self.instance(member) for name, member in schema["properties"].items()}
            case "object":
                inner = schema.get("additionalProperties")
                return {"a": self.instance(inner)} if isinstance(inner, dict) else {}
            case "array":
                return [self.instance(schema["items"])] * max(1, schema.get("minItems", 0))
            case "integer" | "number":
                return max(1, schema.get("minimum", 0))
            case "boolean":
                return True
            case _:
                return "ж" * max(1, schema.get("minLength", 1))

    def named(self, name: str) -> Any:
        if name == "FactValue":
            return SHAPES[name][1]
        return SHAPES[name] if name in SHAPES else self.instance(self.schemas[name])

    def seeds(self) -> dict[str, bytes]:
        return {name: name.encode() + b"\n" + compact(self.named(name)) for name in self.names()}


def filled(fill: dict[str, Any]) -> bytes:
    return (fill.get("before", "") + fill["fill"] * fill["count"] + fill.get("after", "")).encode()


def part(frame: dict[str, Any], name: str) -> bytes | None:
    if name in frame:
        return compact(frame[name])
    if name + "Text" in frame:
        return frame[name + "Text"].encode()
    if name + "Hex" in frame:
        return bytes.fromhex(frame[name + "Hex"])
    return filled(frame[name + "Fill"]) if name + "Fill" in frame else None


def sent(frame: dict[str, Any]) -> tuple[bytes, bytes | None]:
    """What a vector sends: its bytes, and its head where it is a frame."""
    for name, value in (("hex", lambda v: bytes.fromhex(v)), ("text", str.encode), ("textFill", filled)):
        if name in frame:
            return value(frame[name]), None
    if "line" in frame:
        return compact(frame["line"]) + b"\n", None
    if "payloadHex" in frame:
        payload = bytes.fromhex(frame["payloadHex"])
        return struct.pack(">I", len(payload)) + payload, None
    head, body = part(frame, "head") or b"", part(frame, "body")
    payload = head if body is None else head + b"\n" + body
    return struct.pack(">I", len(payload)) + payload, head


def vectors(seeds: Seeds) -> None:
    """Streams and heads of the groups that say how they are spelt; the others differ in what they mean."""
    for group in ("framing", "heads", "hello", "line-mode", "streams", "goaway", "errors"):
        path = PROTOCOL / "vectors" / f"{group}.json"
        for vector in json.loads(path.read_text())["vectors"]:
            stream = b""
            for index, step in enumerate(vector["steps"]):
                frames = step.get("send", [])
                for number, frame in enumerate(frames if isinstance(frames, list) else [frames]):
                    chunk, head = sent(frame)
                    stream += chunk
                    if head is not None:
                        seeds["heads"][f"{vector['name']}-{index}-{number}"] = head
            if stream.startswith(b"{"):
                seeds["lines"][vector["name"]] = b"\x01\x03" + stream
            elif stream:
                seeds["frames"][vector["name"]] = b"\x02\x03" + stream


def json_texts(seeds: Seeds) -> None:
    for case in json.loads((PROTOCOL / "vectors" / "json" / "suite.json").read_text()):
        text = case["text"].encode() if "text" in case else bytes.fromhex(case["hex"])
        seeds["json"][case["name"]] = text


def records(seeds: Seeds, messages: Messages) -> None:
    """Requests as they are mostly sent; each says something of the one rule or another."""
    offence = {
        "id": "1", "article": "202", "part": 2, "gravity": "grave", "committedFrom": "2022-01-05",
        "committedThrough": "2022-01-05", "territory": "KZ", "nexus": "riot", "classes": [],
        "sentence": {"kind": "imprisonment", "term": "P5Y"},
    }
    sentence = {
        "imposedOn": "2022-06-10", "kind": "imprisonment", "term": "P5Y", "startsOn": "2022-01-10", "creditDays": 0,
        "aggregation": "single", "servedOn": None,
    }
    record = {
        "reference": "SYN-0001", "person": {"iin": "123456789013", "familyName": "Synthetic", "bornOn": "1995-03-02"},
        "stage": "sentenced", "recidivism": "none", "objectsToTermination": False, "offences": [offence],
        "sentence": sentence, "detained": True,
    }
    other = offence | {"id": "2", "article": "188", "gravity": "medium", "sentence": {"kind": "imprisonment", "term": "P2Y"}}
    cases = {
        "usual": {"record": record},
        "bare": {"record": {"reference": "SYN-0002", "offences": []}},
        "pending": {"record": record | {"stage": "trial", "sentence": None}, "explain": False},
        "joint": {"record": record | {"offences": [offence, other], "sentence": sentence | {"aggregation": "addition"}}},
        "earlier-act": {"record": record, "actId": "kz-2002-294-ii", "asOf": "2002-06-01"},
        "fictional-act": {"record": record, "actId": "xx-sample-fictional", "asOf": "2022-11-03"},
        "unknown-facts": {"record": {"reference": "SYN-0003", "offences": [{"id": "1", "nexus": "riot"}]}, "asOf": "2022-11-03"},
        "far-days": {"record": record | {"sentence": sentence | {"startsOn": "9999-12-31", "term": "P9999Y9999M9999D"}}},
        "disputed": {"record": record | {"disputed": ["/offences/0/gravity"], "unknowable": ["/recidivism"]}},
        "every-member": messages.named("AssessRequest") | {"actId": "kz-2022-152-vii"},
    }
    seeds["assess"] |= {name: compact(case) for name, case in cases.items()}


def machines(seeds: Seeds) -> None:
    """Steps at random: of every target that is a row of steps, the same ones everywhere."""
    for name in ("terms", "server", "client", "stream"):
        for number in range(12):
            chooser = random.Random(f"{name} {number}")
            seeds[name][f"steps-{number}"] = bytes(chooser.randrange(256) for _ in range(20 + 30 * number))
    for number, text in enumerate(("2022-11-03", "P1Y3M10D", "P13M", "9999-12-31", "2024-02-29", "P0D")):
        seeds["terms"][f"text-{number}"] = b"\x07" + text.encode()
    # One call of each kind, worked for to its end.
    for method in range(6):
        seeds["server"][f"call-{method}"] = bytes((0, 1, 1, method, 1, 12, 0, 5, 0, 3, 8, 0, 18, 0, 4, 16, 0, 1, 14, 0, 0))


def acts(seeds: Seeds) -> None:
    seeds["acts"]["xx-sample-fictional"] = (ROOT / "acts" / "xx-sample-fictional.yaml").read_bytes()
    source = (ROOT / "Tests" / "AmnestyActsTests" / "SmallAct.swift").read_text()
    text = source.split('static let text = """\n')[1].split('\n    """\n')[0]
    seeds["acts"]["small"] = "\n".join(line.removeprefix("    ") for line in text.split("\n")).encode()
    rows = (ROOT / "acts" / "xx-sample-fictional.examples.csv").read_text().splitlines()
    # A row without a name belongs to the one before.
    for number, row in enumerate(rows[1:]):
        if not row.startswith((",", "#")):
            more = [other for other in rows[number + 2 : number + 3] if other.startswith(",")]
            seeds["examples"][f"row-{number}"] = "\n".join([rows[0], row, *more, ""]).encode()


def all_seeds() -> Seeds:
    targets = ("frames", "lines", "heads", "json", "messages", "assess", "acts", "examples", "terms", "server", "client", "stream")
    seeds: Seeds = {name: {} for name in targets}
    messages = Messages()
    seeds["messages"] = messages.seeds()
    vectors(seeds)
    json_texts(seeds)
    records(seeds, messages)
    machines(seeds)
    acts(seeds)
    for name, inputs in seeds.items():
        kept: dict[bytes, str] = {}
        for seed in sorted(inputs):
            if len(inputs[seed]) <= (16384 if name == "acts" else LONGEST):
                kept.setdefault(inputs[seed], seed)
        seeds[name] = {seed: data for data, seed in kept.items()}
    # The same texts for both readers.
    seeds["json-foundation"] = seeds["json"]
    return seeds


def packed(seeds: dict[str, bytes]) -> str:
    """As text where it is UTF-8 that can be read, else in hexadecimal digits; a line each."""
    lines = []
    for name, data in seeds.items():
        try:
            text: str | None = data.decode()
        except UnicodeDecodeError:
            text = None
        is_plain = text is not None and all(character.isprintable() or character == "\n" for character in text)
        value = {"name": name, "text": text} if is_plain else {"name": name, "hex": data.hex()}
        lines.append(json.dumps(value, ensure_ascii=False))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def words(schema: Any) -> set[str]:
    """The names of members and the words of closed lists, at any depth."""
    if isinstance(schema, list):
        return set().union(*(words(inner) for inner in schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {})) | words(list(schema.values()))
    return found | {value for value in [schema.get("const"), *schema.get("enum", [])] if isinstance(value, str)}


def dictionaries() -> dict[str, set[str]]:
    """What a fuzzer puts into an input as a whole, by target."""
    members = words([json.loads(path.read_text()) for path in sorted((PROTOCOL / "schema").glob("*.json"))])
    json_tokens = {"{}", "[]", "null", "true", "false", "-0", "1e9", "\\u0000", "\\ud834\\udd1e", "\\ufffe", "\ufffe", "\U0010ffff"}
    heads = {
        "hello", "call", "item", "done", "end", "cancel", "credit", "ping", "pong", "goaway", "agent", "maxFrame", "window",
        "session", "principal", "roles", "limits", "method", "timeoutMs", "open", "actor", "metadata", "bytes", "code",
        "message", "details", "reason", "graceMs", "body", "x-", "9007199254740991", "9007199254740992",
    }
    act_words = words(json.loads((ROOT / "acts" / "act.schema.json").read_text()))
    record = {"2022-01-10", "9999-12-31", "0001-01-01", "P1Y3M10D", "P9999Y9999M9999D", "/offences/0/gravity", "\"", ":", ","}
    return {
        "json": json_tokens, "json-foundation": json_tokens, "heads": json_tokens | heads, "lines": json_tokens | heads,
        "frames": heads, "messages": json_tokens | members, "assess": json_tokens | members | record,
        "acts": act_words | {"&a ", "*a", "!!int ", "- ", ": ", "? ", "---\n", "...", "|\n", ">-\n", "\u0085"},
        "examples": record | {"9223372036854775807", "-9223372036854775808", "unknown", "disputed", "unknowable", "-"},
        "terms": {"P1Y", "P13M45D", "2024-02-29", "9999-12-31"},
    }


def escaped(word: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def unpack(folder: pathlib.Path) -> None:
    for target, entries in dictionaries().items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{target}.dict").write_text("".join(escaped(word) for word in sorted(entries) if len(word) <= 60))
    for target, inputs in all_seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, data in inputs.items():
            (folder / target / name).write_bytes(data)
        for case in (FAIL_CASES / target).glob("*"):
            (folder / target / case.name).write_bytes(case.read_bytes())


def main() -> int:
    if sys.argv[1:2] == ["--unpack"]:
        unpack(pathlib.Path(sys.argv[2]))
        return 0
    check = sys.argv[1:] == ["--check"]
    stale = 0
    for target, inputs in all_seeds().items():
        path, text = SEEDS / f"{target}.json", packed(inputs)
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        print(f"{path.relative_to(ROOT)} {'is stale: run make_seeds.py' if check else 'written'}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
