"""Texts and comments, placed where a format has room for them."""

from typing import NamedTuple

from PIL import ExifTags, Image

from poolcli.media.picture import Metadata

__all__ = ["PlacedTexts", "all_texts", "placed_texts"]

_EXIF_OF_TEXTS = {
    "Author": ExifTags.Base.Artist,
    "Copyright": ExifTags.Base.Copyright,
    "Description": ExifTags.Base.ImageDescription,
    "Software": ExifTags.Base.Software,
}
"""Tags of EXIF that mean the same as the registered keywords of a PNG's texts."""

_PLAIN, _UNICODE = b"ASCII\0\0\0", b"UNICODE\0"


class PlacedTexts(NamedTuple):
    """Texts as a format takes them: in its EXIF, and in its one comment.

    Attributes
    ----------
    dropped : str, optional
        Name of what found no room.
    """

    exif: Image.Exif | None
    comment: bytes | None = None
    dropped: str | None = None


def all_texts(metadata: Metadata) -> dict[str, str]:
    """Collect all texts by keyword: those of a PNG, and the comment.

    >>> all_texts(Metadata(comment="Zoë".encode("latin-1")))
    {'Comment': 'Zoë'}
    """
    texts = dict(metadata.texts)
    if metadata.comment:
        texts.setdefault("Comment", _decoded(metadata.comment))
    return texts


def placed_texts(metadata: Metadata, *, in_exif: bool, in_comment: bool) -> PlacedTexts:
    """Place the texts; a keyword that EXIF does not know stands before its text in the comment.

    Parameters
    ----------
    in_exif, in_comment : bool
        Which places the format has.

    Examples
    --------
    >>> placed_texts(Metadata(texts={"Title": "a cat"}), in_exif=False, in_comment=True).comment
    b'Title: a cat'
    """
    texts, exif = all_texts(metadata), metadata.exif
    if texts and not in_exif and not in_comment:
        return PlacedTexts(exif, None, "texts" if metadata.texts else "comment")
    if in_exif and set(_EXIF_OF_TEXTS) & set(texts):
        exif = Image.Exif() if exif is None else exif
        for key, tag in _EXIF_OF_TEXTS.items():
            if key in texts and tag not in exif:
                exif[tag] = texts.pop(key).encode()
    comment = texts.pop("Comment", "")
    lines = [comment, *(f"{key}: {value}" for key, value in texts.items())]
    text = "\n".join(line for line in lines if line)
    if not text:
        return PlacedTexts(exif)
    if in_comment:
        old = metadata.comment
        return PlacedTexts(exif, old if old and _decoded(old) == text else text.encode())
    return _comment_in_exif(Image.Exif() if exif is None else exif, text)


def _comment_in_exif(exif: Image.Exif, text: str) -> PlacedTexts:
    """Describe the picture by the comment; or add it as the user's, if there is a description."""
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if not exif.get(ExifTags.Base.ImageDescription):
        exif[ExifTags.Base.ImageDescription] = text.encode()
    elif ExifTags.Base.UserComment in inner:
        return PlacedTexts(exif, None, "comment")
    elif text.isascii():
        inner[ExifTags.Base.UserComment] = _PLAIN + text.encode()
    else:
        inner[ExifTags.Base.UserComment] = _UNICODE + text.encode("utf-16-le")
    return PlacedTexts(exif)


def _decoded(comment: bytes) -> str:
    try:
        return comment.decode()
    except UnicodeDecodeError:
        return comment.decode("latin-1")
