"""The scripts that people write in place of poolcli, for 2×2 windows.

``python scripts.py PEER max|avg SOURCE DEST [WORKERS]``: a file into a file, or every file of a
folder into a folder. ``floor`` decodes SOURCE and encodes what lies, pooled already, as bytes in
``../raw``; ``decode`` stops there. Every JPEG is written with quality 75.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

QUALITY = 75


def decode(_kind: str, source: Path, _destination: Path) -> Any:
    with import_module("PIL.Image").open(source) as image:
        image.load()
    return image


def floor(kind: str, source: Path, destination: Path) -> None:
    image = decode(kind, source, destination)
    size = image.width // 2, image.height // 2
    raw = (source.parent.with_name("raw") / source.name).read_bytes()
    import_module("PIL.Image").frombytes(image.mode, size, raw).save(destination)


def torch(kind: str, source: Path, destination: Path) -> None:
    np, lib = import_module("numpy"), import_module("torch")
    image = import_module("PIL.Image")
    layers = import_module("torch.nn.functional")
    pixels = np.array(image.open(source).convert("RGB")).transpose(2, 0, 1).copy()
    tensor = lib.from_numpy(pixels)[None]
    if kind == "max":
        pooled = layers.max_pool2d(tensor, 2)
    else:
        pooled = (layers.avg_pool2d(tensor.float(), 2) + 0.5).to(lib.uint8)
    image.fromarray(pooled[0].numpy().transpose(1, 2, 0).copy()).save(destination)


def cv2(kind: str, source: Path, destination: Path) -> None:
    lib = import_module("cv2")
    image = lib.imread(str(source), lib.IMREAD_UNCHANGED)
    high, wide = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    if kind == "max":
        ones = lib.getStructuringElement(lib.MORPH_RECT, (2, 2))
        pooled = lib.dilate(image, ones, anchor=(0, 0))[: high - 1 : 2, : wide - 1 : 2]
    else:
        size = (wide // 2, high // 2)
        pooled = lib.resize(image[:high, :wide], size, interpolation=lib.INTER_AREA)
    lib.imwrite(str(destination), pooled, [lib.IMWRITE_JPEG_QUALITY, QUALITY])


def skimage(kind: str, source: Path, destination: Path) -> None:
    np, files = import_module("numpy"), import_module("skimage.io")
    measure = import_module("skimage.measure")
    image = files.imread(source)
    image = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
    pooled = measure.block_reduce(image, (2, 2, 1), np.max if kind == "max" else np.mean)
    if kind == "avg":
        pooled = np.floor(pooled + 0.5).astype(np.uint8)
    options = {"quality": QUALITY} if destination.suffix == ".jpg" else {}
    files.imsave(destination, pooled, check_contrast=False, **options)


def pyvips(kind: str, source: Path, destination: Path) -> None:
    lib = import_module("pyvips")
    image = lib.Image.new_from_file(str(source), access="sequential")
    high, wide = image.height // 2 * 2, image.width // 2 * 2
    if kind == "max":
        ranked = image.rank(2, 2, 3).crop(1, 1, image.width - 1, image.height - 1)
        pooled = ranked.embed(0, 0, wide, high).subsample(2, 2)
    else:
        pooled = image.crop(0, 0, wide, high).shrink(2, 2)
    options = {"Q": QUALITY} if destination.suffix == ".jpg" else {}
    pooled.write_to_file(str(destination), **options)


PEERS = {
    "cv2": cv2,
    "decode": decode,
    "floor": floor,
    "pyvips": pyvips,
    "skimage": skimage,
    "torch": torch,
}


def main(peer: str, kind: str, source: str, destination: str, workers: str = "1") -> None:
    pool = partial(PEERS[peer], kind)
    begin, end = Path(source), Path(destination)
    if not begin.is_dir():
        pool(begin, end)
        return
    if peer == "cv2":
        import_module("cv2").setNumThreads(1)
    end.mkdir(parents=True, exist_ok=True)
    paths = sorted(begin.iterdir())
    targets = [end / path.name for path in paths]
    if workers == "1":
        for path, target in zip(paths, targets, strict=True):
            pool(path, target)
        return
    pool(paths[0], targets[0])  # imports, once for all threads
    with ThreadPoolExecutor(int(workers)) as threads:
        list(threads.map(pool, paths[1:], targets[1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
