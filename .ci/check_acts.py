# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""check_acts.py FOLDER: every act file (*.yaml) is valid by its schema in FOLDER, as an editor that knows the schema would say: by
overlay.schema.json where it extends another, else by act.schema.json. Its first line names that schema, for editors."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types as the daemon reads them: a day is a string, and only true and false are booleans."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def main(folder):
    schemas = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in ("act.schema.json", "overlay.schema.json")}
    validators = {
        name: jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store=schemas))
        for name, schema in schemas.items()
    }
    acts, bad = sorted(folder.rglob("*.yaml")), 0
    for path in acts:
        text = path.read_text(encoding="utf-8")
        document = yaml.load(text, Loader)
        name = "overlay.schema.json" if "extends" in document else "act.schema.json"
        for error in sorted(validators[name].iter_errors(document), key=lambda error: list(map(str, error.absolute_path))):
            print(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
            bad = 1
        if not text.startswith(f"# yaml-language-server: $schema={name}\n"):
            print(f"{path}:1: the first line does not name {name}")
            bad = 1
    print(f"{len(acts)} acts")
    return bad


sys.exit(main(pathlib.Path(sys.argv[1])))
