"""The templates of dist/: what a client pastes, types, schema, policy directives, install page."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from markupsafe import Markup

from builder.budgets import Budget
from builder.configuration import Configuration
from builder.disclosure import disclosure
from builder.errors import BuildError
from builder.files import File, integrity
from builder.words import words

_COMPILED = Path(__file__).with_name("__pycache__")
_OWN_TEMPLATES = Path(__file__).resolve().parent.parent / "sdk" / "templates"
_NONCE = "YOUR-NONCE"  # a person puts their server's own in its place
_DISCLOSURES = (
    "csp.txt",
    "device-storage.json",
    "well-known/gpc.json",
    "well-known/dnt/index.json",
)
_ESCAPED_IN_SCRIPTS = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class Bundle:
    """The bundled scripts that the templates inline or tell of."""

    site: File
    module: File
    stub: File
    pinned_stub: File
    choices: File | None
    """None where the configuration has no choices page."""


def render(
    configuration: Configuration, bundle: Bundle, budgets: dict[str, Budget], templates: Path
) -> list[File]:
    """The rendered files, the install page last. Raises BuildError where a template is wrong."""
    environment = _environment(templates)
    values = {name: getattr(configuration, name) for name in type(configuration).model_fields}
    values["disclosure"] = disclosure(configuration)
    values["stub_hash"] = integrity("sha256", bundle.stub.content)
    values["pinned_stub_hash"] = integrity("sha256", bundle.pinned_stub.content)

    def text(template: str, **more: object) -> str:
        return _text(environment, templates, template, values | more)

    def snippet(stub: File, nonce: str = "") -> str:
        return text("snippet.html.jinja", code=_inline(stub), nonce=nonce)

    plain = snippet(bundle.stub)
    email_pixel = text("email-pixel.html.jinja")
    files = [
        File(f"{configuration.tag.brand}.d.ts", text("azalead.d.ts.jinja").encode()),
        File("snippet.html", plain.encode()),
        File("email-pixel.html", email_pixel.encode()),
        File("beacon.schema.json", text("beacon.schema.json.jinja").encode()),
        *(File(name, text(f"{name}.jinja").encode()) for name in _DISCLOSURES),
    ]
    if configuration.adchoices and bundle.choices:
        # The icon speaks languages that the page does not yet; who has one of those reads English.
        asked = dict.fromkeys(configuration.adchoices.languages)
        there = [name for name in asked if (templates / "choices" / f"{name}.toml").is_file()]
        languages = there or ["en"]
        page = text(
            "choices.html.jinja",
            languages=languages,
            choices_words={name: words(templates / "choices", name) for name in languages},
            script=bundle.choices,
        )
        files.append(File("choices.html", page.encode()))
        files.append(File("adchoices-vast.xml", text("adchoices-vast.xml.jinja").encode()))
    index = text(
        "index.html.jinja",
        plain=plain,
        pinned=snippet(bundle.pinned_stub),
        with_nonce=snippet(bundle.stub, _NONCE),
        email_pixel=email_pixel,
        directives=text("directives.txt.jinja"),
        bundle=bundle,
        files=[file for file in (bundle.site, bundle.module, bundle.choices, *files) if file],
        budgets=budgets,
    )
    return [*files, File("index.html", index.encode())]


def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(["html.jinja", "xml.jinja"]),
        undefined=StrictUndefined,
        bytecode_cache=_bytecode_cache(templates),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["json"] = _json
    environment.filters["grouped"] = "{:,}".format
    environment.filters["sha256"] = lambda text: integrity("sha256", str(text).encode())
    environment.globals["source"] = lambda name: _source(templates / name)
    return environment


def _bytecode_cache(templates: Path) -> FileSystemBytecodeCache | None:
    """Compiled templates, kept beside compiled Python; jinja2 checks that they are up to date.

    Only for the project's own templates, since each other folder would add files for ever.
    """
    if templates.resolve() != _OWN_TEMPLATES or sys.dont_write_bytecode:
        return None
    if not os.access(_COMPILED, os.W_OK):
        return None
    return FileSystemBytecodeCache(str(_COMPILED))


def _text(
    environment: Environment, templates: Path, template: str, values: dict[str, object]
) -> str:
    try:
        return environment.get_template(template).render(values)
    except TemplateSyntaxError as error:
        where = templates / (error.name or template)
        raise BuildError(f"{where}:{error.lineno}: {error.message}") from error
    except TemplateNotFound as error:
        raise BuildError(f"{templates / str(error.name)}: there is no such template") from error
    except TemplateError as error:
        raise BuildError(f"{templates / template}: {error.message}") from error


def _source(file: Path) -> Markup:
    """The install page's stylesheet or script as it stands in its file."""
    try:
        return Markup(file.read_text(encoding="utf-8").strip())  # noqa: S704 - our own file
    except OSError as error:
        raise BuildError(f"{file}: cannot be read: {error.strerror}") from error


def _inline(script: File) -> Markup:
    """Code for a <script> element. Raises BuildError where it holds what would end the element."""
    code = script.content.decode()
    if "</script" in code.lower() or "<!--" in code:
        raise BuildError(f"{script.name}: the code would end the <script> element it stands in")
    return Markup(code)  # noqa: S704 - the bundle itself, checked just above


def _json(value: object) -> Markup:
    """A value as JSON that is safe in JavaScript, in a <script> element and in a JSON file."""
    text = json.dumps(value, ensure_ascii=False)
    for character, escape in _ESCAPED_IN_SCRIPTS.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - every "<" is escaped just above
