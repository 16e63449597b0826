"""The templates of dist/: what a client pastes, types, schema, policy directives, install page."""

import json
import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

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

from builder import hosting
from builder.budgets import Budget
from builder.configuration import AdChoices, Configuration
from builder.disclosure import disclosure
from builder.errors import BuildError
from builder.files import File, integrity
from builder.openapi import as_text, openapi, operations
from builder.words import words

_COMPILED = Path(__file__).with_name("__pycache__")
_OWN_TEMPLATES = Path(__file__).resolve().parent.parent / "sdk" / "templates"
_NONCE = "YOUR-NONCE"  # a person puts their server's own in its place
_FORMS = (
    "react",
    "next-script",
    "nuxt",
    "svelte",
)  # in which other tools than HTML take the snippet
_ABOUT_THE_TAG = (
    "beacon.schema.json",
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
    values = {name: getattr(configuration, name) for name in type(configuration).model_fields}
    values["disclosure"] = disclosure(configuration)
    values["stub_hash"] = integrity("sha256", bundle.stub.content)
    values["pinned_stub_hash"] = integrity("sha256", bundle.pinned_stub.content)
    values["pixel_address"] = _pixel_address(configuration)
    values["pixel"] = _pixel(_pixel_address(configuration))
    renderer = _Renderer(templates, _environment(templates), values)
    plain = renderer.snippet(bundle.stub)
    email_pixel = renderer.text("email-pixel.html.jinja")
    files = [
        # One for each way to resolve a module: beside the module, and for the global alone.
        renderer.file(f"{configuration.tag.file_name}.d.mts", "azalead.d.ts.jinja"),
        renderer.file(f"{configuration.tag.file_name}.d.ts", "azalead.d.ts.jinja"),
        File("snippet.html", plain.encode()),
        File("email-pixel.html", email_pixel.encode()),
        *(renderer.file(name, f"{name}.jinja") for name in _ABOUT_THE_TAG),
    ]
    api = openapi(renderer.text("openapi.json.jinja"), renderer.text("beacon.schema.json.jinja"))
    files.append(File("openapi.json", as_text(api).encode()))
    if configuration.adchoices and bundle.choices:
        files += _for_choices(configuration.adchoices, bundle.choices, renderer)
    index = renderer.file(
        "index.html",
        "index.html.jinja",
        plain=plain,
        pinned=renderer.snippet(bundle.pinned_stub),
        with_nonce=renderer.snippet(bundle.stub, _NONCE),
        forms=renderer.forms(bundle.stub),
        email_pixel=email_pixel,
        directives=renderer.text("directives.txt.jinja"),
        api=api,
        operations=operations(api),
        bundle=bundle,
        files=[file for file in (bundle.site, bundle.module, bundle.choices, *files) if file],
        budgets=budgets,
    )
    return [*files, index]


def render_hosting(configuration: Configuration, files: list[File], templates: Path) -> list[File]:
    """`hosting/`: how each server or host is told to serve `files`."""
    names = [name for file in files for name in (file.name, file.hashed_name) if name]
    path = urlsplit(configuration.tag.collector).path
    values = {"tag": configuration.tag, "hosting": hosting, "path": path}
    renderer = _Renderer(templates, _environment(templates), values)
    servers = ["nginx.conf", "Caddyfile", "apache.conf"]
    if configuration.visitor.set_by == "server":
        servers += [f"proxy.{name}" for name in servers]
    texts = {
        **{name: renderer.text(f"hosting/{name}.jinja") for name in servers},
        **hosting.for_netlify(names),
        "vercel.json": hosting.for_vercel(names),
    }
    return [File(f"hosting/{name}", text.encode()) for name, text in texts.items()]


@dataclass(frozen=True)
class _Renderer:
    """Fills in the templates of a folder, with what all of them may tell of."""

    templates: Path
    environment: Environment
    values: dict[str, object]

    def file(self, name: str, template: str, **more: object) -> File:
        return File(name, self.text(template, **more).encode())

    def snippet(self, stub: File, nonce: str = "") -> str:
        return self.text("snippet.html.jinja", code=_inline(stub), nonce=nonce)

    def forms(self, stub: File) -> dict[str, str]:
        """The snippet as frameworks take it, by name; what they render has the stub's own hash."""
        code = _inline(stub)
        forms = {
            name: self.text(f"forms/{name}.jinja", code=code, script=f"<script>{code}</script>")
            for name in _FORMS
        }
        return forms | {"astro": self.text("forms/astro.html.jinja", code=code)}

    def text(self, template: str, **more: object) -> str:
        try:
            return self.environment.get_template(template).render(self.values | more)
        except TemplateSyntaxError as error:
            where = self.templates / (error.name or template)
            raise BuildError(f"{where}:{error.lineno}: {error.message}") from error
        except TemplateNotFound as error:
            file = self.templates / str(error.name)
            raise BuildError(f"{file}: there is no such template") from error
        except TemplateError as error:
            raise BuildError(f"{self.templates / template}: {error.message}") from error


def _pixel_address(configuration: Configuration) -> str:
    tag = configuration.tag
    return f"{tag.collector}/pixel.gif?site={quote(tag.site)}&e=view"


def _pixel(address: str) -> Markup:
    """The element that asks for the pixel where no script runs.

    An image would end the head for whoever parses it without scripting (HTML, 13.2.6.4.5). A style
    sheet for print is fetched, holds no page up and changes nothing. A preload would do, but WebKit
    asks for one only once in a visit.
    """
    return Markup('<link rel="stylesheet" href="{}" media="print" referrerpolicy="origin">').format(
        address
    )


def _for_choices(adchoices: AdChoices, script: File, renderer: _Renderer) -> list[File]:
    """The choices page, and how a video ad leads there."""
    folder = renderer.templates / "choices"
    # The icon speaks languages that the page does not yet; who has one of those reads English.
    asked = dict.fromkeys(adchoices.languages)
    languages = [name for name in asked if (folder / f"{name}.toml").is_file()] or ["en"]
    page = renderer.file(
        "choices.html",
        "choices.html.jinja",
        languages=languages,
        choices_words={name: words(folder, name) for name in languages},
        script=script,
    )
    return [page, renderer.file("adchoices-vast.xml", "adchoices-vast.xml.jinja")]


@cache
def _environment(templates: Path) -> Environment:
    """One for all builds of a watch: it keeps each template compiled until that is saved again."""
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
