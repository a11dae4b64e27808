# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""check_acts.py FOLDER: every act file (*.yaml) is valid by act.schema.json beside it, as an editor that knows the schema would say."""

import json
import pathlib
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types as the daemon reads them: a day is a string, and only true and false are booleans."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile(r"^(?:true|false)$"), list("tf"))


def main(folder):
    schema = json.loads((folder / "act.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    acts, bad = sorted(folder.rglob("*.yaml")), 0
    for path in acts:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader)
        for error in sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path))):
            print(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
            bad = 1
    print(f"{len(acts)} acts")
    return bad


sys.exit(main(pathlib.Path(sys.argv[1])))
