"""The command `zhpipe view`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import SettingsError


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8765,
    show_default=True,
    help="Port on 127.0.0.1.",
)
@click.option(
    "--index",
    "index_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the index is kept; by default in OUT.",
)
@click.option("--index-only", is_flag=True, help="Make or refresh the index, and end.")
def view(run: Path, port: int, index_path: Path | None, index_only: bool) -> None:
    """Search and read the results of a run in the browser, on this computer alone.

    OUT is a folder, or a file of many documents. The index is made at the first start, and takes in
    what is new at each later one. Needs the extra `view`.
    """
    from pipeline.extras import require
    from pipeline.files.documents import document_files

    uvicorn, _ = require("uvicorn", "view"), require("starlette", "view")
    from pipeline.inspect.web.app import make_app
    from pipeline.inspect.web.index import Index

    document_files(run)
    if not index_only:
        _must_be_free(port)
    index = Index(run, index_path)
    done = index.refresh(lambda count: click.echo(f"\r{count:,} documents", nl=False, err=True))
    click.echo(
        f"\r{done.added:,} documents taken in, {done.removed:,} forgotten, "
        f"{done.problems:,} unreadable; the index is {index.file}",
        err=True,
    )
    if index_only:
        return
    click.echo(f"http://127.0.0.1:{port}/  (Ctrl+C ends)", err=True)
    uvicorn.run(make_app(index, port), host="127.0.0.1", port=port, log_level="warning")


def _must_be_free(port: int) -> None:
    import socket

    with socket.socket() as probe:
        # As the server does: a port that was in use a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError(
                f"port {port} of 127.0.0.1 cannot be used ({error.strerror}): --port names another"
            ) from error
