"""The options by which commands get the settings of a pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pipeline.config import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)

RESOURCES = click.option(
    "--resources",
    type=_PATH,
    metavar="FOLDER",
    help="Folder of own lexicons and rules, laid over the packaged ones.",
)
LEARNED = click.option(
    "--boilerplate",
    "learned",
    type=_PATH,
    metavar="RULES.toml",
    help="Learned rules; see `zhpipe boilerplate learn`.",
)
_CONFIG = click.option(
    "--config", type=_PATH, metavar="FILE.toml", help="Settings from a TOML file."
)
_SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.NAME=VALUE",
    help="One setting; may be repeated. See `zhpipe settings`.",
)


def settings_options(command: _Command) -> _Command:
    """Gives a command --config, --set, --resources and --boilerplate, as `load_settings` takes."""
    for option in (LEARNED, RESOURCES, _SET, _CONFIG):
        command = option(command)
    return command


def load_settings(
    config: Path | None,
    overrides: tuple[str, ...],
    resources: Path | None,
    learned: Path | None,
    spacy_model: str | None = None,
    keep_boilerplate: bool = False,
) -> Settings:
    """The settings that the options of a command say; None and False leave those of the file.

    Raises:
        SettingsError: if a setting is unknown or wrong.
    """
    from pipeline.config import Settings

    settings = Settings.load(config, overrides)
    entities: dict[str, Any] = {} if spacy_model is None else {"spacy_model": spacy_model}
    boilerplate: dict[str, Any] = {} if learned is None else {"rules": learned}
    if keep_boilerplate:
        boilerplate["keep_annotations"] = True
    changes: dict[str, Any] = {
        "entities": settings.entities.model_copy(update=entities),
        "boilerplate": settings.boilerplate.model_copy(update=boilerplate),
    }
    if resources is not None:
        changes["resources"] = resources
    return settings.model_copy(update=changes)
