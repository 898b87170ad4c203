"""Writes the fixture of augments.test.ts: DiffAugment's changes of pictures, and their gradients, in PyTorch.

    python tests/reference/make_augments.py      (torch 2.13)

Written from Zhao et al. 2020, appendix, on [N, C, H, W] as PyTorch has pictures; what is drawn there is given here. Computed in float64.
"""
import json
from pathlib import Path

import torch

FIXTURES = Path(__file__).resolve().parent / "fixtures"
BATCH, SIDE, CHANNELS, CUT, REACH = 3, 8, 3, 4, 2


def brightness(x, b):
    return x + b.view(-1, 1, 1, 1)


def saturation(x, s):
    mean = x.mean(1, keepdim=True)
    return (x - mean) * s.view(-1, 1, 1, 1) + mean


def contrast(x, c):
    mean = x.mean((1, 2, 3), keepdim=True)
    return (x - mean) * c.view(-1, 1, 1, 1) + mean


def colour(x, numbers):
    return contrast(saturation(brightness(x, numbers[:, 0]), numbers[:, 1]), numbers[:, 2])


def cutout(x, first):
    """Greys out rows and columns first … first + CUT − 1 where they lie in the picture."""
    mask = torch.ones(BATCH, 1, SIDE, SIDE, dtype=x.dtype)
    for n, (row, column) in enumerate(first.long().tolist()):
        mask[n, :, max(0, row) : max(0, row + CUT), max(0, column) : max(0, column + CUT)] = 0
    return x * mask


def translation(x, shift):
    """y[r, c] = x[r + shift, c + shift], zero outside."""
    padded = torch.nn.functional.pad(x, (REACH,) * 4)
    rows = []
    for n, (down, right) in enumerate(shift.long().tolist()):
        rows.append(padded[n, :, REACH + down : REACH + down + SIDE, REACH + right : REACH + right + SIDE])
    return torch.stack(rows)


def main():
    generator = torch.Generator().manual_seed(6)
    x = torch.tanh(torch.randn(BATCH, CHANNELS, SIDE, SIDE, generator=generator, dtype=torch.float64))
    weights = torch.randn(BATCH, CHANNELS, SIDE, SIDE, generator=generator, dtype=torch.float64)
    first = torch.tensor([[-2.0, 6.0], [3.0, 0.0], [8.0, 1.0]], dtype=torch.float64)
    numbers = {
        "colour": torch.tensor([[0.3, 0.2, 1.4], [-0.4, 1.9, 0.6], [0.0, 1.0, 1.0]], dtype=torch.float64),
        "translation": torch.tensor([[1.0, -2.0], [0.0, 2.0], [-1.0, 0.0]], dtype=torch.float64),
        # Ganvas names a square by its middle.
        "cutout": first + (CUT - 1) / 2,
    }
    flat = lambda t: [round(number, 8) for number in t.detach().permute(0, 2, 3, 1).reshape(-1).tolist()]
    cases = {}
    for name, change in {"colour": colour, "translation": translation, "cutout": cutout}.items():
        pictures = x.clone().requires_grad_(True)
        changed = change(pictures, first if name == "cutout" else numbers[name])
        # Squared, so that the gradient depends on the pictures.
        (weights * changed.square()).sum().backward()
        cases[name] = {"numbers": numbers[name].tolist(), "changed": flat(changed), "gradient": flat(pictures.grad)}
    about = {
        "torch": torch.__version__,
        "side": SIDE,
        "pictures": flat(x),
        "weights": flat(weights),
        "settings": {"translation": REACH / SIDE, "cutout": CUT / SIDE, "brightness": 1, "saturation": 1, "contrast": 1},
        "cases": cases,
    }
    (FIXTURES / "augments.json").write_text(json.dumps(about) + "\n")


main()
