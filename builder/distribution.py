"""dist/ in memory: bundles the sources, renders the templates and lists it all in the manifest."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread

from builder.adchoices import adchoices_constants, artwork_of
from builder.budgets import Budget, ad_budget, site_budget, stub_budget
from builder.bundle import AD, CHOICES, MODULE, SITE, STUB, Bundling, Script, results
from builder.configuration import Configuration
from builder.constants import Constants, constants
from builder.files import File, integrity
from builder.icon import as_svg

MAKER = "azalead-tag build"  # by this a former output is told from somebody's own folder
MANIFEST = "manifest.json"

# The pinned stub is bundled at the same time as the script whose hash it names.
_NAME_TO_COME = "__hashed_name__"
_INTEGRITY_TO_COME = "__integrity__"

# A frame on another site gets no cookie that is Lax.
_IN_FRAMES: Constants = {"visitor.same_site": "none"}


@dataclass(frozen=True)
class Distribution:
    """The files of dist/ but the manifest, the stub of a client's pages, and the budgets."""

    configuration: Configuration
    files: list[File]
    stub: File
    budgets: dict[str, Budget]

    @property
    def budgeted(self) -> list[tuple[File, Budget]]:
        """What has a budget, with the budget."""
        files = [*self.files, self.stub]
        return [(file, self.budgets[file.name]) for file in files if file.name in self.budgets]

    @property
    def over_budget(self) -> list[tuple[File, Budget]]:
        """What is larger than it may be, with what it may be."""
        return [(file, budget) for file, budget in self.budgeted if not budget.keeps(file)]

    def manifest(self) -> File:
        """`manifest.json`: every other file with its twin, sizes and integrity."""
        manifest = {
            "made_by": MAKER,
            "configuration": self.configuration.model_dump(mode="json"),
            "files": [
                {
                    "name": file.name,
                    "hashed": file.hashed_name,
                    "bytes": asdict(file.sizes),
                    "integrity": file.integrity,
                }
                for file in self.files
            ],
            "stub": {
                "bytes": asdict(self.stub.sizes),
                "integrity": integrity("sha256", self.stub.content),
            },
        }
        return File(MANIFEST, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())


def assemble(configuration: Configuration, sources: Path, folder: Path) -> Distribution:
    """All of dist/ but the manifest; paths in the configuration are relative to `folder`.

    Raises BuildError where the sources or templates are wrong.
    """
    values = constants(configuration)
    bundlings = _bundle_for_pages(configuration, sources, values)
    if configuration.adchoices:
        artwork = artwork_of(configuration.adchoices, sources, folder)
        words = adchoices_constants(configuration.adchoices, sources, artwork)
        bundlings += [
            Bundling(CHOICES, sources, values | _IN_FRAMES),
            Bundling(AD, sources, values | words),
        ]
    scripts_of_all = results(*bundlings)
    from builder.render import Bundle, render  # noqa: PLC0415 - jinja2 loads while these come about

    site_script, module_script, stub_script, pinned_script, *visitors_scripts = scripts_of_all()
    tag, adchoices = configuration.tag, configuration.adchoices
    site, site_map = _with_map(f"{tag.file_name}.js", site_script)
    module, module_map = _with_map(f"{tag.file_name}.mjs", module_script)
    stub = File("stub", stub_script.code.strip())
    limits = {site.name: site_budget(configuration), stub.name: stub_budget(configuration)}
    scripts = [site, site_map, module, module_map]
    choices = None
    if adchoices:
        choices, choices_map = _with_map("choices.js", visitors_scripts[0])
        ad, ad_map = _with_map(f"{adchoices.script_name(tag.brand)}.js", visitors_scripts[1])
        limits[ad.name] = ad_budget(configuration, adchoices, artwork)
        icon = File(f"{adchoices.picture_name}.svg", as_svg(artwork).encode())
        scripts += [choices, choices_map, ad, ad_map, icon]
    bundle = Bundle(site, module, stub, _pinned(pinned_script, site), choices)
    _start_weighing(*scripts)
    rendered = render(configuration, bundle, limits, sources / "templates")
    files = [*scripts, *rendered]
    return Distribution(configuration, files, stub, limits)


def _bundle_for_pages(
    configuration: Configuration, sources: Path, values: Constants
) -> list[Bundling]:
    """Start bundling what a client's pages load and hold: script, module, stub, pinned stub."""
    to_come: Constants = {
        "script": f"{configuration.tag.assets}/{_NAME_TO_COME}",
        "integrity": _INTEGRITY_TO_COME,
    }
    return [
        Bundling(SITE, sources, values),
        Bundling(MODULE, sources, values),
        Bundling(STUB, sources, values),
        Bundling(STUB, sources, values | to_come),
    ]


def _start_weighing(*files: File) -> None:
    """Compress in the background: it takes longer than rendering, and does not hold Python up."""
    Thread(target=lambda: [file.brotlied for file in files], daemon=True).start()
    Thread(target=lambda: [file.gzipped for file in files], daemon=True).start()


def _with_map(name: str, script: Script) -> tuple[File, File]:
    """The script, and the source map that lies beside it."""
    map_name = f"{name}.map"
    return File(name, script.linked(map_name)), File(map_name, script.source_map or b"")


def _pinned(stub: Script, site: File) -> File:
    """The stub that loads these very bytes of the tag and no others."""
    code = stub.code.strip().decode()
    code = code.replace(_NAME_TO_COME, site.hashed_name or site.name)
    return File("stub, pinned", code.replace(_INTEGRITY_TO_COME, site.integrity).encode())
