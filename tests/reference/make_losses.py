"""Writes the fixture of losses.test.ts: each loss's values and gradients in PyTorch.

    python tests/reference/make_losses.py      (torch 2.13)

Computed in float64 from formulas as the papers print them, with PyTorch's own functions where it has them.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

FIXTURES = Path(__file__).resolve().parent / "fixtures"
BATCH = 6
EXCHANGED = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]


def cross_entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def d_cross_entropy(real, fake, s):
    return cross_entropy(real, 1 - s["labelSmoothing"]) + cross_entropy(fake, 0.0)


def d_least_squares(real, fake, s):
    return (F.mse_loss(real, torch.full_like(real, 1 - s["labelSmoothing"])) + F.mse_loss(fake, torch.zeros_like(fake))) / 2


D_LOSSES = {
    "bceNonSaturating": d_cross_entropy,
    "bceMinimax": d_cross_entropy,
    "lsgan": d_least_squares,
    "hinge": lambda real, fake, s: torch.clamp(1 - real, min=0).mean() + torch.clamp(1 + fake, min=0).mean(),
    "wasserstein": lambda real, fake, s: fake.mean() - real.mean(),
    "relativistic": lambda real, fake, s: -F.logsigmoid(real - fake).mean(),
}
G_LOSSES = {
    "bceNonSaturating": lambda fake, real: cross_entropy(fake, 1.0),
    "bceMinimax": lambda fake, real: -cross_entropy(fake, 0.0),
    "lsgan": lambda fake, real: F.mse_loss(fake, torch.ones_like(fake)) / 2,
    "hinge": lambda fake, real: -fake.mean(),
    "wasserstein": lambda fake, real: -fake.mean(),
    "relativistic": lambda fake, real: -F.logsigmoid(fake - real).mean(),
}
SETTINGS = [
    {"kind": "bceNonSaturating", "labelSmoothing": 0},
    {"kind": "bceNonSaturating", "labelSmoothing": 0.1},
    {"kind": "bceMinimax", "labelSmoothing": 0},
    {"kind": "bceMinimax", "labelSmoothing": 0.25},
    {"kind": "lsgan", "labelSmoothing": 0},
    {"kind": "lsgan", "labelSmoothing": 0.1},
    {"kind": "hinge"},
    {"kind": "wasserstein", "clip": 0.01},
    {"kind": "relativistic"},
]


def main():
    generator = torch.Generator().manual_seed(5)
    # Wide enough to lie on both sides of the hinge's margin.
    real, fake = (torch.randn(BATCH, 1, generator=generator, dtype=torch.float64) * 2 for _ in range(2))
    cases = []
    for settings in SETTINGS:
        r, f = real.clone().requires_grad_(True), fake.clone().requires_grad_(True)
        d = D_LOSSES[settings["kind"]](r, f, settings)
        d_by_real, d_by_fake = torch.autograd.grad(d, (r, f))
        g = G_LOSSES[settings["kind"]](f, r)
        (g_by_fake,) = torch.autograd.grad(g, f)
        # Label noise: pairs whose labels are exchanged.
        swap = torch.tensor(EXCHANGED, dtype=torch.float64).view(-1, 1) == 1
        noisy = D_LOSSES[settings["kind"]](torch.where(swap, f, r), torch.where(swap, r, f), settings)
        noisy_by_real, noisy_by_fake = torch.autograd.grad(noisy, (r, f))
        rounded = lambda tensor: [round(number, 9) for number in tensor.flatten().tolist()]
        cases.append(
            {
                "settings": settings,
                "discriminator": {"value": d.item(), "byReal": rounded(d_by_real), "byFake": rounded(d_by_fake)},
                "noisy": {"value": noisy.item(), "byReal": rounded(noisy_by_real), "byFake": rounded(noisy_by_fake)},
                "generator": {"value": g.item(), "byFake": rounded(g_by_fake)},
            }
        )
    about = {"torch": torch.__version__, "real": real.flatten().tolist(), "fake": fake.flatten().tolist()}
    about |= {"exchanged": EXCHANGED, "cases": cases}
    (FIXTURES / "losses.json").write_text(json.dumps(about, indent=1) + "\n")


main()
