"""Writes the fixture of penalties.test.ts: each penalty on D, and its gradient by D's weights, in PyTorch, which differentiates twice.

    python tests/reference/make_penalties.py      (torch 2.13, numpy)

D is two strided convolutions and a dense layer with leaky ReLUs, pictures are 8×8. Computed in float64 from the papers' formulas.
"""
import json
from pathlib import Path

import numpy as np
import torch
from ganvas_torch import Network

FIXTURES = Path(__file__).resolve().parent / "fixtures"
BATCH, SIDE, FILTERS = 3, 8, 3
REACH, SHIFTS = 1, [(1, 0), (-1, 1), (0, -1)]


def convolution(filters):
    return {"filters": filters, "kernel": 4, "stride": 2, "padding": "same", "useBias": True}


LAYERS = [
    ("conv2d", convolution(FILTERS)),
    ("leakyRelu", {"slope": 0.2}),
    ("conv2d", convolution(2 * FILTERS)),
    ("leakyRelu", {"slope": 0.2}),
    ("flatten", {}),
    ("dense", {"units": 1, "useBias": True}),
]


def slopes(d, x):
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(d(x).sum(), x, create_graph=True)
    return gradient.square().sum((1, 2, 3))


def mixtures(real, fake, mix):
    share = mix.view(-1, 1, 1, 1)
    return share * real + (1 - share) * fake


def between(d, real, fake, mix):
    return 10 * (slopes(d, mixtures(real, fake, mix)).sqrt() - 1).square().mean()


def shifted(x):
    """y[n, r, c] = x[n, r + SHIFTS[n][0], c + SHIFTS[n][1]], zero outside."""
    padded = torch.nn.functional.pad(x, (REACH,) * 4)
    cut = lambda picture, down, right: picture[
        :, REACH + down : REACH + down + SIDE, REACH + right : REACH + right + SIDE
    ]
    return torch.stack([cut(picture, *shift) for picture, shift in zip(padded, SHIFTS)])


def inconsistency(d, x):
    return 10 * (d(x) - d(shifted(x))).square().mean()


PENALTIES = {
    "r1": lambda d, real, fake, mix: slopes(d, real).mean() / 2,
    "r2": lambda d, real, fake, mix: slopes(d, fake).mean() / 2,
    "r1r2": lambda d, real, fake, mix: (slopes(d, real).mean() + slopes(d, fake).mean()) / 2,
    "gradientPenalty": between,
    "zeroCentred": lambda d, real, fake, mix: 10 * slopes(d, mixtures(real, fake, mix)).mean(),
}
CONSISTENCY = {
    "real": lambda d, real, fake, mix: inconsistency(d, real),
    "balanced": lambda d, real, fake, mix: inconsistency(d, real) + inconsistency(d, fake),
}


def main():
    random = np.random.default_rng(8)
    layers = [{"id": f"d{i + 1}", "kind": kind, "settings": s} for i, (kind, s) in enumerate(LAYERS)]
    d = Network(layers, [SIDE, SIDE, 3]).double()
    size = sum(tensor.numel() for tensor, *_ in d.trained)
    rounded = lambda array: [round(float(number), 7) for number in np.asarray(array).reshape(-1)]
    weights = np.asarray(rounded(random.normal(0, 0.3, size)))
    d.load(weights, np.zeros(0))
    pictures = [np.asarray(rounded(np.tanh(random.normal(size=BATCH * SIDE * SIDE * 3)))) for _ in range(2)]
    mix = np.asarray(rounded(random.uniform(size=BATCH)))
    tensors = [torch.from_numpy(p).view(BATCH, SIDE, SIDE, 3).permute(0, 3, 1, 2) for p in pictures]
    cases, consistency = {}, {}
    for kind, penalty in [*PENALTIES.items(), *CONSISTENCY.items()]:
        d.zero_grad()
        value = penalty(d, *tensors, torch.from_numpy(mix))
        value.backward()
        slots = [(torch.zeros_like(w) if w.grad is None else w.grad, *rest) for w, *rest in d.trained]
        (cases if kind in PENALTIES else consistency)[kind] = {"value": value.item(), "gradient": rounded(d.flatten(slots))}
    about = {
        "torch": torch.__version__,
        "side": SIDE,
        "layers": layers,
        "weights": rounded(weights),
        "real": rounded(pictures[0]),
        "fake": rounded(pictures[1]),
        "mix": rounded(mix),
        "cases": cases,
        "shifts": SHIFTS,
        "consistency": consistency,
    }
    (FIXTURES / "penalties.json").write_text(json.dumps(about) + "\n")


main()
