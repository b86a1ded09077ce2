"""The command `site`: the practice site as a folder of static files."""

from __future__ import annotations

from pathlib import Path

import click

_MEBIBYTE = 2**20


@click.command("site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--packages",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where archives of npm packages lie, or are kept once fetched.  [default: a cache folder]",
)
def site_command(folder: Path, packages: Path | None) -> None:
    """Write the practice site into FOLDER: static files for any web space, with no server.

    The first time, two npm packages are fetched (about 6 MB); later no network is needed.
    Try it with `python -m http.server --directory FOLDER`.
    """
    from autograder.site.build import build_site

    cache = Path(click.get_app_dir("stridewise")) / "npm"
    sizes = build_site(folder, packages or cache)
    total = sum(sizes.values()) / _MEBIBYTE
    click.echo(f"{len(sizes)} files, {total:.1f} MiB, in {folder}")
    click.echo(f"Look at it: python -m http.server --directory {folder}")
