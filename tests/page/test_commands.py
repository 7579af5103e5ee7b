"""Copy as command: the lines do what the page shows."""

import shlex

import numpy as np
from PIL import Image

from tests.commands import Run
from tests.page.conftest import Opened
from tests.pictures import Photo

TENSOR = (
    "x = torch.tensor([[[[1., 3., 2., 1.], [4., 6., 5., 0.], [3., 3., 1., 2.], [1., 9., 2., 7.]]]])"
)


LINES = {
    "op=max&k=3x2&s=1&p=1x0&d=2x1&ceil=1&at=0,1":
        "y = F.max_pool2d(x, (3, 2), 1, padding=(1, 0), dilation=(2, 1), ceil_mode=True)",
    "op=min&size=3&at=0,0": "y = -F.adaptive_max_pool2d(-x, 3)",
    "op=avg&k=3&s=2&p=1&pad=0&at=0,0":
        "y = F.avg_pool2d(x, 3, 2, padding=1, count_include_pad=False)",
    "op=avg&k=2&divisor=3&at=0,0": "y = F.avg_pool2d(x, 2, 2, divisor_override=3)",
    "op=gem&k=2&power=2&at=1,0": "y = w.pow(2).nanmean(2).pow(1 / 2).unflatten(-1, (2, 2))",
    "op=quantile&k=3&s=1&p=1&quantile=0.25&at=3,3":
        'y = w.nanquantile(0.25, 2, interpolation="lower").unflatten(-1, (4, 4))',
    "op=range&k=2&at=1,1": "y = (w.nan_to_num(-torch.inf).amax(2) - "
    "w.nan_to_num(torch.inf).amin(2)).unflatten(-1, (2, 2))",
    "op=median&size=3x2&at=0,0": "PyTorch has no such pooling to a size.",
}  # fmt: skip


def test_lines(explained: Opened, run: Run) -> None:
    page = explained()
    for fragment, torch in LINES.items():
        page.follow(fragment)
        lines = page.text("#torch-line").splitlines()
        assert lines[-1] == torch
        assert len(lines) == 1 or TENSOR in lines
        name, *words = shlex.split(page.text("#poolcli-line"))
        assert (name, words[0], "--matrix" in words) == ("poolcli", "explain", False)
        told = " ".join(run(*words).out.split())
        assert page.texts("#arithmetic p")[0] in told
    page.follow("op=avg&k=2&at=0,1&map=4,1,0.5,nan;-2,3,1e-3,1;0,0,inf,5;1,2,3,4")
    words = shlex.split(page.text("#poolcli-line"))
    assert words[3] == "4 1 0.5 nan; -2 3 0.001 1; 0 0 inf 5; 1 2 3 4"
    assert page.texts("#arithmetic p")[0] in " ".join(run(*words[1:]).out.split())


def test_a_picture(explained: Opened, run: Run, photo: Photo) -> None:
    photo("RGB", (900, 700)).save("it's a photo.png")
    page = explained("it's a photo.png", "max", "-k", 3, "-s", 2)
    assert page.text("#source") == (
        "it's a photo.png · shown smaller, as 350×450: each pixel stands for 2×2"
    )
    lines = page.text("#poolcli-line").splitlines()
    assert lines == [
        "poolcli avg 'it'\"'\"'s a photo.png' small.png -k 2",
        "poolcli max small.png pooled.png -k 3 -s 2",
    ]
    for line in lines:
        assert run(*shlex.split(line)[1:]).code == 0
    page.wait("!document.getElementById('pooled').hasAttribute('aria-busy')")
    seen = page.pixels("#pooled canvas")
    np.testing.assert_array_equal(seen[..., :3], np.array(Image.open("pooled.png")))
    assert 'Image.open("small.png").convert("RGB")' in page.text("#torch-line")


def test_copying(explained: Opened) -> None:
    page = explained()
    page.run(
        "window.copied = []; navigator.clipboard.writeText = async (text) => copied.push(text)"
    )
    page.click('[data-copy="poolcli-line"]')
    page.wait("document.getElementById('copied').textContent === 'Copied.'")
    assert page.run("return copied") == ["poolcli explain max -k 2 --window 0,0"]
    page.run(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = () => { copied.push(String(getSelection())); return false; }"
    )
    page.click('[data-copy="link"]')
    page.wait("document.getElementById('copied').textContent.includes('Ctrl+C')")
    assert page.run("return copied[1]") == page.text("#link")
    assert page.text("#link").endswith("#op=max&k=2&at=0,0")
