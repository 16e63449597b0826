"""tag.toml as typed values: every key of the contract, checked before anything is built.

A field's description completes the sentence "<key> must be …" of its error message.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from builder import rules
from builder.complaints import complaints
from builder.errors import BuildError

Language = Literal[
    "en", "fr", "fr-CA", "de", "it", "es", "pl", "da", "sv", "nb", "fi", "cs", "sk", "ro", "bg",
    "el", "nl", "ru", "pt", "he", "ar",
]  # fmt: skip
BaseAddress = Annotated[str, AfterValidator(rules.base_address)]
PageAddress = Annotated[str, AfterValidator(rules.page_address)]
MatchAddress = Annotated[str, AfterValidator(rules.match_address)]
ParameterPattern = Annotated[str, AfterValidator(rules.parameter_pattern)]
FileName = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9][a-z0-9_-]{0,63})?$",
        description="a file's name without its ending, 1 to 64 of a-z, 0-9, dash and _, or empty",
    ),
]
Switch = Annotated[bool, Field(description="true or false")]
Policy = Annotated[Literal["report", "respect"], Field(description='"report" or "respect"')]


class Section(BaseModel):
    """A table of tag.toml: no key but its own, no value converted from another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Tag(Section):
    """`[tag]`: whose tag it is, and where it and its beacons go."""

    brand: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_]{0,31}$",
            description="1 to 32 of a-z, 0-9 and _, with a letter first",
        ),
        AfterValidator(rules.brand),
    ] = "azalead"
    site: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
            description="1 to 64 of letters, digits, dot, dash and _, with a letter or digit first",
        ),
    ]
    collector: Annotated[BaseAddress, Field(description="an https address")]
    assets: Annotated[BaseAddress, Field(description="an https address")]
    file: FileName = ""
    debug: Switch = False

    @property
    def file_name(self) -> str:
        """What its files are called, without their endings."""
        return self.file or self.brand


class Visitor(Section):
    """`[visitor]`: the cookie that recognises a visitor."""

    cookie_days: Annotated[int, Field(ge=1, le=400, description="1 to 400")] = 390
    set_by: Annotated[Literal["script", "server"], Field(description='"script" or "server"')] = (
        "script"
    )


class Measure(Section):
    """`[measure]`: what is counted, and which query parameters may leave the page."""

    routes: Switch = True
    hash_routes: Switch = False
    clicks: Switch = True
    scroll: Switch = True
    views: Annotated[Literal["auto", "manual"], Field(description='"auto" or "manual"')] = "auto"
    keep_params: Annotated[
        list[ParameterPattern],
        Field(
            max_length=200,
            description='a list of parameter names such as ["utm_*"], 200 at most',
        ),
    ] = ["utm_*"]
    campaign: Annotated[
        list[Annotated[str, AfterValidator(rules.campaign_pattern)]],
        Field(
            max_length=200,
            description='a list of parameter names such as ["utm_*"], 200 at most',
        ),
    ] = ["utm_*"]


class Privacy(Section):
    """`[privacy]`: what follows from each signal of the visitor."""

    dnt: Policy = "report"
    gpc: Policy = "respect"
    consent: Annotated[
        list[Literal["tcf", "gpp", "usp"]],
        Field(description='a list of any of "tcf", "gpp", "usp"'),
    ] = []
    vendor: Annotated[int, Field(ge=0, le=65535, description="0 to 65535")] = 0


class Partner(Section):
    """`[[sync]]`: an advertising-ID partner."""

    partner: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$",
            description="1 to 32 of a-z, 0-9, dash and _, with a letter or digit first",
        ),
    ]
    url: Annotated[
        MatchAddress, Field(description="an https address that holds {visitor} in its query")
    ]
    days: Annotated[int, Field(ge=1, le=400, description="1 to 400")]


class AdChoices(Section):
    """`[adchoices]`: the icon beside an ad, and the page where a visitor chooses."""

    corner: Annotated[
        Literal["top-left", "top-right", "bottom-left", "bottom-right"],
        Field(description="top-left, top-right, bottom-left or bottom-right"),
    ] = "top-right"
    languages: Annotated[
        list[Language],
        Field(min_length=1, description="a list of languages with an AdChoices text"),
    ] = ["en"]
    choices: Annotated[PageAddress, Field(description="an https address")]
    icon: Annotated[
        str, Field(max_length=1000, description="a path, relative to tag.toml, or empty")
    ] = ""
    script: FileName = ""
    picture: FileName = ""
    signal: Switch = False
    participant: Annotated[int, Field(ge=0, le=4095, description="0 to 4095")] = 0

    def script_name(self, brand: str) -> str:
        """What the script beside an ad is called, without its ending."""
        return self.script or f"{brand}-ad"

    @property
    def picture_name(self) -> str:
        """What the icon's picture is called, without its ending."""
        return self.picture or "adchoices"


class Configuration(Section):
    """The whole of tag.toml."""

    tag: Annotated[Tag, Field(description="a table")]
    visitor: Annotated[Visitor, Field(description="a table")] = Visitor()
    measure: Annotated[Measure, Field(description="a table")] = Measure()
    privacy: Annotated[Privacy, Field(description="a table")] = Privacy()
    sync: Annotated[
        list[Partner], Field(max_length=50, description="a list of tables, [[sync]], 50 at most")
    ] = []
    adchoices: Annotated[AdChoices | None, Field(description="a table")] = None


def load(file: Path) -> Configuration:
    """The configuration in `file`. Raises BuildError with a line for every fault in it."""
    table = _parse(file)
    try:
        configuration = Configuration.model_validate(table)
    except ValidationError as error:
        raise BuildError(*complaints(file, Configuration, error)) from error
    faults = [
        *_repeated_partners(configuration),
        *_repeated_files(configuration),
        *_icon_fault(configuration, file.parent),
    ]
    if faults:
        raise BuildError(*(f"{file}: {fault}" for fault in faults))
    return configuration


def _parse(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{file}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise BuildError(f"{file}: is not UTF-8 text, at byte {error.start}") from error
    except OSError as error:
        raise BuildError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # TOML that is none, and numbers of thousands of digits
        raise BuildError(f"{file}: is not valid TOML: {error}") from error
    except RecursionError:
        raise BuildError(
            f"{file}: is not valid TOML: values stand too deep in each other"
        ) from None


def _repeated_partners(configuration: Configuration) -> list[str]:
    names = [partner.partner for partner in configuration.sync]
    return [
        f'sync[{place}].partner must be a name of its own, not "{name}" again'
        for place, name in enumerate(names)
        if name in names[:place]
    ]


def _repeated_files(configuration: Configuration) -> list[str]:
    tag, adchoices = configuration.tag, configuration.adchoices
    taken = {"choices"} if adchoices else set()
    faults = []
    for key, name in (
        ("tag.file" if tag.file else "tag.brand", tag.file_name),
        ("adchoices.script", adchoices and adchoices.script_name(tag.brand)),
        ("adchoices.picture", adchoices and adchoices.picture_name),
    ):
        if name in taken:
            faults.append(f'{key} must be a name that no other file has, not "{name}"')
        taken.add(name or "")
    return faults


def _icon_fault(configuration: Configuration, folder: Path) -> list[str]:
    icon = configuration.adchoices.icon if configuration.adchoices else ""
    if not icon:
        return []
    if Path(icon).is_absolute():  # the manifest repeats it, and must be the same on every machine
        return [f'adchoices.icon must be a path relative to this file, not "{icon}"']
    file = folder / icon
    try:
        if not file.is_file():  # a device or a pipe might never end
            return [f'adchoices.icon must be a file that exists, not "{icon}"']
        file.read_bytes()
    except OSError as error:
        return [f'adchoices.icon must be a file that can be read, not "{icon}": {error}']
    return []
