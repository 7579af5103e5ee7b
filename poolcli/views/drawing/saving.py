"""A figure written to a file."""

from typing import TYPE_CHECKING

from poolcli.views.drawing.scene import Scene

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["save_scene"]


def save_scene(scene: Scene, path: "Place") -> None:
    """Write a figure in the format of the destination's name, as a whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written to, or the disk is full.
    """
    from poolcli.media.replacing import atomic_write

    suffix = path.suffix.lower()
    if suffix in (".svg", ".html"):
        from poolcli.views.drawing.svg import html, svg

        with atomic_write(path) as file:
            file.write((svg(scene) if suffix == ".svg" else html(scene)).encode())
        return
    from poolcli.views.drawing.raster import rasterise

    image = rasterise(scene, scale=2)
    with atomic_write(path) as file:
        image.save(file, "PNG", dpi=(192, 192))
