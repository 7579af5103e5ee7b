"""Pictures in a file that are not read, because it counts as one picture."""

from PIL.ImageFile import ImageFile

from poolcli.media.options import Reading

__all__ = ["omission_notes"]


def omission_notes(image: ImageFile, reading: Reading) -> list[str]:
    """List what is not read of a file that counts as one picture."""
    frames = getattr(image, "n_frames", 1) if image.format in ("HEIF", "MPO") else 1
    if frames > 1 and reading.frame is None:
        return [f"holds {frames} pictures, of which the first was taken; --frame N takes another"]
    sizes = image.info.get("sizes", ())
    if len(sizes) > 1:
        high, wide = image.height, image.width
        return [f"holds {len(sizes)} sizes, of which the largest was taken, {high}×{wide}"]
    return []
