# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""check_schemas.py FOLDER...: every *.schema.json, and every JSON file in a folder called schema, is a valid JSON Schema of
draft 2020-12, says so, and all its references resolve inside the repository."""

import json
import pathlib
import sys

import jsonschema

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_files(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.json")):
            if path.name.endswith(".schema.json") or "schema" in path.parent.parts:
                yield path


def references(value):
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "$ref" and isinstance(member, str):
                yield member
            else:
                yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def resolves(pointer, document):
    for token in [part for part in pointer.split("/")[1:]]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and token in document:
            document = document[token]
        elif isinstance(document, list) and token.isdigit() and int(token) < len(document):
            document = document[int(token)]
        else:
            return False
    return True


def main(folders):
    documents, ids, problems = {}, {}, []
    for path in schema_files(folders):
        documents[path.resolve()] = document = json.loads(path.read_text(encoding="utf-8"))
        if "$id" in document:
            ids[document["$id"]] = path.resolve()
    for path, document in documents.items():
        shown = path.relative_to(pathlib.Path.cwd())
        if document.get("$schema") != DRAFT:
            problems.append(f"{shown}: $schema is not {DRAFT}")
        try:
            jsonschema.Draft202012Validator.check_schema(document)
        except jsonschema.SchemaError as error:
            problems.append(f"{shown}: /{'/'.join(map(str, error.absolute_path))}: {error.message}")
        for reference in references(document):
            base, _, fragment = reference.partition("#")
            target = path if base == "" else ids.get(base, (path.parent / base).resolve())
            base_id = document.get("$id", "")
            if target not in documents and base and "/" in base_id:
                target = ids.get(base_id.rsplit("/", 1)[0] + "/" + base, target)
            if target not in documents:
                problems.append(f"{shown}: $ref {reference}: no such schema")
            elif fragment and not resolves(fragment, documents[target]):
                problems.append(f"{shown}: $ref {reference}: no such place")
    print(f"{len(documents)} schemas")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


sys.exit(main(sys.argv[1:]))
