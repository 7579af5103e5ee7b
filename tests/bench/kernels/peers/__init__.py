"""The peers, each installed or not."""

from importlib import import_module

from tests.bench.kernels.peers.base import Arrays, Job, Peer

__all__ = ["Arrays", "Job", "Peer", "installed"]

_ROOMS = {
    "torch": "neural.torch_peers",
    "onnxruntime": "neural.onnx_peers",
    "cv2": "opencv.peers",
    "PIL": "imaging.pillow_peers",
    "pyvips": "imaging.vips_peers",
    "skimage": "scientific.skimage_peers",
    "scipy": "scientific.scipy_peers",
    "numpy": "scientific.numpy_peers",
}


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that are here, and the names of the libraries that are not."""
    found, missing = [], []
    for library, where in _ROOMS.items():
        module, name = where.split(".")
        try:
            import_module(library)
            found += getattr(import_module(f"{__name__}.{module}"), name)()
        except (ImportError, OSError):
            missing.append(library)
    return found, missing
