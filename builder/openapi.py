"""`openapi.json`: what a collector and a choices server answer.

The paths stand in the template; the beacon's schema is put in here, so that it stands once.
"""

import json
from typing import Any

Document = dict[str, Any]

_OF_A_FILE_OF_ITS_OWN = ("$schema", "$id", "$defs")
_INSIDE_SCHEMA, _INSIDE_DOCUMENT = "#/$defs/", "#/components/schemas/"


def openapi(template: str, beacon_schema: str) -> Document:
    """The document of the rendered template, with the rendered schema as `Beacon` and its parts."""
    document: Document = json.loads(template)
    beacon: Document = json.loads(beacon_schema)
    schemas = document["components"]["schemas"]
    parts = beacon["$defs"]
    root = {name: value for name, value in beacon.items() if name not in _OF_A_FILE_OF_ITS_OWN}
    for name, schema in {"Beacon": root, **parts}.items():
        schemas[name] = _moved(schema)
    return document


def _moved(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema with references that hold within the document."""
    if isinstance(schema, dict):
        return {
            name: value.replace(_INSIDE_SCHEMA, _INSIDE_DOCUMENT)
            if name == "$ref"
            else _moved(value)
            for name, value in schema.items()
        }
    return [_moved(each) for each in schema] if isinstance(schema, list) else schema


def as_text(document: Document) -> str:
    """The document as it lies in dist/."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def operations(document: Document) -> list[Document]:
    """Each operation with its path and method, and what it refers to in the place of references."""
    return [
        {
            "path": path,
            "method": method.upper(),
            **operation,
            "parameters": [_found(document, each) for each in operation.get("parameters", [])],
            "responses": {
                status: _found(document, response)
                for status, response in operation["responses"].items()
            },
        }
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict)
    ]


def _found(document: Document, value: Document) -> Document:
    """What a reference refers to; anything else is itself."""
    if "$ref" not in value:
        return value
    found: Any = document
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
