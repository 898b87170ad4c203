"""Writes the fixture of optimizers.test.ts: weights under each of PyTorch's optimisers, clipped gradients, and learning rates under its schedulers.

    python tests/reference/make_optimizers.py      (torch 2.13)

Computed in float64 by torch.optim, torch.nn.utils and torch.optim.lr_scheduler.
"""
import json
from pathlib import Path

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, LinearLR, SequentialLR

FIXTURES = Path(__file__).resolve().parent / "fixtures"
WEIGHTS, STEPS, RATE = 5, 6, 0.05
SCHEDULED_STEPS = 12


def adam(s):
    return {"lr": RATE, "betas": (s["beta1"], s["beta2"]), "eps": s["epsilon"]}


OPTIMIZERS = {
    "adam": lambda w, s: torch.optim.Adam([w], **adam(s)),
    "adamW": lambda w, s: torch.optim.AdamW([w], **adam(s), weight_decay=s["weightDecay"]),
    "rmsprop": lambda w, s: torch.optim.RMSprop(
        [w], lr=RATE, alpha=s["smoothing"], eps=s["epsilon"], momentum=s["momentum"]
    ),
    "sgd": lambda w, s: torch.optim.SGD([w], lr=RATE, momentum=s["momentum"], nesterov=s["nesterov"]),
}
MOMENTS = {
    "adam": ("exp_avg", "exp_avg_sq"),
    "adamW": ("exp_avg", "exp_avg_sq"),
    "rmsprop": ("momentum_buffer", "square_avg"),
    "sgd": ("momentum_buffer", None),
}
SETTINGS = [
    {"kind": "adam", "beta1": 0.5, "beta2": 0.99, "epsilon": 1e-4},
    {"kind": "adam", "beta1": 0.0, "beta2": 0.999, "epsilon": 1e-8},
    {"kind": "adamW", "beta1": 0.5, "beta2": 0.99, "epsilon": 1e-4, "weightDecay": 0},
    {"kind": "adamW", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1},
    {"kind": "rmsprop", "smoothing": 0.9, "momentum": 0, "epsilon": 1e-6},
    {"kind": "rmsprop", "smoothing": 0.99, "momentum": 0.5, "epsilon": 1e-8},
    {"kind": "sgd", "momentum": 0, "nesterov": False},
    {"kind": "sgd", "momentum": 0.9, "nesterov": False},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
]
CLIPPING = [{"value": 0.5, "norm": 0}, {"value": 0, "norm": 0.7}, {"value": 0, "norm": 100}, {"value": 0.5, "norm": 0.7}]


def trained(settings, start, gradients):
    w = start.clone().requires_grad_(True)
    optimizer = OPTIMIZERS[settings["kind"]](w, settings)
    weights = []
    for gradient in gradients:
        w.grad = gradient.clone()
        optimizer.step()
        weights.append(w.tolist())
    state = optimizer.state[w]
    moments = [state.get(name) if name else None for name in MOMENTS[settings["kind"]]]
    first, second = (torch.zeros_like(w) if moment is None else moment for moment in moments)
    return {"settings": settings, "weights": weights, "firstMoment": first.tolist(), "secondMoment": second.tolist()}


def clip(settings, gradient):
    w = torch.zeros_like(gradient).requires_grad_(True)
    w.grad = gradient.clone()
    if settings["value"] > 0:
        clip_grad_value_([w], settings["value"])
    if settings["norm"] > 0:
        clip_grad_norm_([w], settings["norm"])
    return {"settings": settings, "gradient": w.grad.tolist()}


def scheduled(settings):
    """Factors of the learning rate at each step: warm-up, constant, decay as schedulers of PyTorch one after another."""
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0)
    warm, constant = settings["warmUp"], round(SCHEDULED_STEPS * (1 - settings["rateDecay"]))
    parts, milestones = [], []
    if warm:
        parts.append(LinearLR(optimizer, start_factor=1 / warm, total_iters=warm - 1))
        milestones.append(warm)
    parts.append(ConstantLR(optimizer, factor=1.0, total_iters=1))
    if settings["rateDecay"]:
        length = SCHEDULED_STEPS - constant
        milestones.append(constant)
        end = settings["rateAtEnd"]
        if settings["rateShape"] == "linear":
            parts.append(LinearLR(optimizer, start_factor=1.0, end_factor=end, total_iters=length))
        else:
            parts.append(CosineAnnealingLR(optimizer, T_max=length, eta_min=end))
    scheduler = SequentialLR(optimizer, parts, milestones) if len(parts) > 1 else parts[0]
    factors = []
    for _ in range(SCHEDULED_STEPS + 1):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"settings": {**settings, "steps": SCHEDULED_STEPS}, "factors": factors}


SCHEDULES = [
    {"warmUp": 0, "rateDecay": 0, "rateShape": "linear", "rateAtEnd": 0.1},
    {"warmUp": 0, "rateDecay": 0.5, "rateShape": "linear", "rateAtEnd": 0.1},
    {"warmUp": 0, "rateDecay": 1, "rateShape": "cosine", "rateAtEnd": 0},
    {"warmUp": 4, "rateDecay": 0, "rateShape": "linear", "rateAtEnd": 0.1},
    {"warmUp": 4, "rateDecay": 0.5, "rateShape": "cosine", "rateAtEnd": 0.25},
    {"warmUp": 2, "rateDecay": 0.75, "rateShape": "linear", "rateAtEnd": 0},
]


def main():
    generator = torch.Generator().manual_seed(3)
    start = torch.randn(WEIGHTS, generator=generator, dtype=torch.float64)
    gradients = torch.randn(STEPS, WEIGHTS, generator=generator, dtype=torch.float64)
    about = {
        "torch": torch.__version__,
        "rate": RATE,
        "start": start.tolist(),
        "gradients": gradients.tolist(),
        "optimizers": [trained(settings, start, gradients) for settings in SETTINGS],
        "clipping": [clip(settings, gradients[0]) for settings in CLIPPING],
        "schedules": [scheduled(settings) for settings in SCHEDULES],
    }
    (FIXTURES / "optimizers.json").write_text(json.dumps(about, indent=1) + "\n")


main()
