# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""check-acts.py FILE...: every act file is valid under acts/act.schema.json, read as editors read it (YAML 1.2 core: no dates, no yes and no)."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """Plain scalars are true, false, whole numbers or text."""


CoreLoader.yaml_implicit_resolvers = {}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


def place(text, path):
    """Line and column of the value that a JSON path leads to."""
    node = yaml.compose(text, CoreLoader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        else:
            node = node.value[step]
    return node.start_mark.line + 1, node.start_mark.column + 1


def main(files):
    schema = json.loads((pathlib.Path(__file__).parent.parent / "acts" / "act.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    bad = 0
    for name in files:
        text = pathlib.Path(name).read_text(encoding="utf-8")
        for error in validator.iter_errors(yaml.load(text, CoreLoader)):
            error = jsonschema.exceptions.best_match([error])
            line, column = place(text, error.absolute_path)
            print(f"{name}:{line}:{column}: {error.message}")
            bad += 1
    print(f"{len(files)} acts")
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
