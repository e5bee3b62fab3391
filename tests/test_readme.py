"""What the README shows is true."""

from __future__ import annotations

import doctest
import json
import re
import shlex
from pathlib import Path

import click

from pipeline import Document, Pipeline
from pipeline.cli import cli
from pipeline.files.inputs import Input
from pipeline.files.read import read_input
from tests.conftest import CORPUS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_python_examples() -> None:
    for number, block in enumerate(_blocks("python")):
        test = doctest.DocTestParser().get_doctest(block, {}, f"README {number}", "README.md", 0)
        runner = doctest.DocTestRunner(verbose=False)
        assert test.examples
        runner.run(test)
        assert runner.summarize(verbose=False).failed == 0


def test_the_excerpt_is_what_comes_out(pipeline: Pipeline) -> None:
    """Every line of the excerpt, elisions apart, stands in the document, in this order."""
    name = re.search(r"<!-- excerpt: (\S+) -->", README)
    assert name is not None
    item = Input(name[1], str(CORPUS / f"{name[1]}.txt"), f"{name[1]}.txt")
    ((_, read),) = read_input(item)
    assert isinstance(read, Document)
    document = json.loads(pipeline(read).to_json())
    compact = json.dumps(document, ensure_ascii=False)
    position = 0
    lines = [line.strip() for line in _blocks("json")[0].splitlines()]
    wanted = [part for line in lines for part in re.split("…", line) if len(part.strip()) > 3]
    assert len(wanted) > 10
    for part in wanted:
        part = part.strip().strip(",")
        found = compact.find(part, position)
        assert found >= 0, f"{part!r} is not in the document after {position}"
        position = found


def test_commands_and_options_exist() -> None:
    commands = [line for block in _blocks("console") for line in block.splitlines()]
    assert len(commands) >= 6
    for line in commands:
        words = shlex.split(line.lstrip("$ "), comments=True)
        call = words[words.index("zhpipe") + 1 :]
        call = call[: call.index("|")] if "|" in call else call
        command: click.Command = cli
        while isinstance(command, click.Group):
            command = command.commands[call.pop(0)]
        known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert {word for word in call if word.startswith("-") and word != "-"} <= known, line


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for step in _blocks("sh")[1].strip().split(" && "):
        assert step in script, step


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert Path(ROOT, target).exists(), target
