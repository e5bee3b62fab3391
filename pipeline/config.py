"""All settings in one model: from a TOML file, from keywords, from the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import SettingsError

STAGES = ("normalize", "segment", "entities", "numbers", "boilerplate")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# OpenCC's configurations, beside "auto" and "none".
Conversion = Literal[
    "auto", "none", "t2s", "tw2s", "hk2s", "tw2sp", "hk2sp", "s2t", "s2tw", "s2twp", "s2hk",
    "s2hkp", "t2tw", "t2hk", "tw2t", "hk2t", "t2jp", "jp2t",
]  # fmt: skip


class NormalizeSettings(_Section):
    """Settings of the stage `normalize`."""

    conversion: Conversion = Field(
        default="auto", description="OpenCC configuration; auto chooses by each passage's script"
    )
    fold_width: bool = Field(
        default=True, description="full-width digits and Latin letters to ASCII"
    )


class SegmentSettings(_Section):
    """Settings of the stage `segment`."""

    engine: Literal["rjieba", "jieba"] = Field(
        default="rjieba",
        description="rjieba gives jieba's tokens at many times its speed; jieba adds "
        "the exact tags of jieba.posseg",
    )
    hmm: bool = Field(
        default=True, description="let the hidden Markov model find words not in the dictionary"
    )


class EntitySettings(_Section):
    """Settings of the stage `entities`."""

    merge_tokens: bool = Field(default=True, description="make every entity one token")
    tagger: bool = Field(
        default=True, description="find names outside the lexicon with the statistical tagger"
    )
    spacy_model: str | None = Field(
        default=None,
        description="an installed spaCy pipeline, or a folder with one, that finds names too",
    )


class NumberSettings(_Section):
    """Settings of the stage `numbers`."""

    market: Literal["auto", "CNY", "HKD", "TWD"] = Field(
        default="auto", description="currency of a bare 元; auto follows the article's region"
    )
    published: date | None = Field(
        default=None,
        description="date of publication (ISO) for texts without a date line",
    )


class BoilerplateSettings(_Section):
    """Settings of the stage `boilerplate`."""

    keep_annotations: bool = Field(
        default=False, description="leave annotations inside boilerplate"
    )
    rules: Path | None = Field(
        default=None,
        description="a file of learned rules, see `zhpipe boilerplate learn`",
    )


class Settings(_Section):
    """Everything that can be set. Unknown names are errors.

    Attributes:
        stages: names of the stages, in order.
        resources: a folder whose files add to or replace the packaged resources.
    """

    stages: tuple[str, ...] = Field(default=STAGES, min_length=1)
    resources: Path | None = None
    normalize: NormalizeSettings = NormalizeSettings()
    segment: SegmentSettings = SegmentSettings()
    entities: EntitySettings = EntitySettings()
    numbers: NumberSettings = NumberSettings()
    boilerplate: BoilerplateSettings = BoilerplateSettings()

    @classmethod
    def make(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from a mapping such as `{"normalize": {"conversion": "t2s"}}`.

        Raises:
            SettingsError: naming every unknown or wrong setting.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
                for e in error.errors()
            )
            raise SettingsError(f"wrong settings: {problems}") from error

    @classmethod
    def load(cls, path: Path | None = None, overrides: Sequence[str] = ()) -> Settings:
        """Settings from a TOML file, then `section.name=value` strings on top of it.

        Values of `overrides` are read as TOML, and as plain strings where that fails.

        Raises:
            SettingsError: if the file cannot be read, or a setting is unknown or wrong.
        """
        values: dict[str, Any] = {}
        if path is not None:
            try:
                values = tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise SettingsError(f"cannot read the settings file {path}: {error}") from error
        for override in overrides:
            name, separator, value = override.partition("=")
            if not separator:
                raise SettingsError(f"{override!r} is not of the form section.name=value")
            section = values
            *parents, last = name.strip().split(".")
            for parent in parents:
                section = section.setdefault(parent, {})
                if not isinstance(section, dict):
                    raise SettingsError(f"{override!r}: {parent!r} is not a section")
            section[last] = _toml_value(value.strip())
        return cls.make(values)


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def describe() -> str:
    """All settings with their defaults as a commented TOML file."""
    lines = [
        "# Names of the stages, in order.",
        f"stages = {list(STAGES)}".replace("'", '"'),
        "# A folder of own lexicons and rules, laid over the packaged ones.",
        '# resources = "my-resources"',
    ]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if not (isinstance(section, type) and issubclass(section, _Section)):
            continue
        lines += ["", f"[{name}]"]
        for key, option in section.model_fields.items():
            choices = getattr(option.annotation, "__args__", None)
            allowed = " | ".join(map(str, choices)) if choices and option.default else ""
            lines.append(f"# {option.description}" + (f" ({allowed})" if allowed else ""))
            lines.append(
                f"# {key} =" if option.default is None else f"{key} = {_toml_text(option.default)}"
            )
    return "\n".join(lines)


def _toml_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
