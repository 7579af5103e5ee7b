"""Files with any one bit wrong, read in this process: an array, or a sentence that says why not."""

import io
from pathlib import Path

import numpy as np
import pytest

from poolcli.errors import PictureError
from poolcli.media.array_headers import read_header
from poolcli.media.indices_file import Indices, load_indices, save_indices


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_every_bit_of_an_array_header() -> None:
    whole = io.BytesIO()
    np.save(whole, np.zeros((2, 3), "<f4"))
    refused = 0
    for bit in range(8 * 128):
        try:
            read_header(io.BytesIO(flipped(whole.getvalue(), bit)))
        except PictureError:
            refused += 1
    assert 400 < refused < 8 * 128


@pytest.mark.filterwarnings("ignore")
def test_every_byte_of_indices(tmp_path: Path) -> None:
    path = tmp_path / "i.npz"
    found = Indices(np.zeros((2, 2, 1), np.int64), (4, 4, 1), (0, 1))
    save_indices(path, found, {"kernel": (2, 2)}, sync=False)
    data = path.read_bytes()
    refused = 0
    for byte in range(len(data)):
        path.write_bytes(flipped(data, 8 * byte + byte % 8))
        try:
            load_indices(path, (2, 2, 1), picture=True)
        except PictureError:
            refused += 1
    assert refused > 300
