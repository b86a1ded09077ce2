"""The command `site`: the practice site as a folder of static files."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.outcome import end, json_option

_MEBIBYTE = 2**20


@click.command("site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--packages",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of npm packages' archives.  [default: a cache folder]",
)
@json_option
@click.pass_context
def site_command(ctx: click.Context, folder: Path, packages: Path | None, as_json: bool) -> None:
    """Write the practice site into FOLDER.

    It is made of static files, for any web server. The first time, two npm packages (about 6 MB)
    are fetched; later no network is needed. Try it with `python -m http.server --directory FOLDER`.
    """
    from autograder.site.build import build_site

    cache = Path(click.get_app_dir("stridewise")) / "npm"
    sizes = build_site(folder, packages or cache)
    total = sum(sizes.values()) / _MEBIBYTE
    done = [
        f"{len(sizes)} files, {total:.1f} MiB, in {folder}",
        f"Look at it: python -m http.server --directory {folder}",
    ]
    end(ctx, done, [], as_json, {"files": {str(name): size for name, size in sizes.items()}})
