"""Writes the fixture of vaes.test.ts: four steps of small VAEs in PyTorch, one for each reconstruction loss.

    python tests/reference/make_vaes.py      (torch 2.13, numpy)

Computed in float64 with PyTorch's own distributions and losses, so that nothing is shared with Ganvas but the formulas of the papers.
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from ganvas_torch import Network
from torch.distributions import Normal, kl_divergence

SEED, BATCH, STEPS, SIDE, LATENT, FILTERS = 3, 4, 4, 16, 3, 2
FIXTURES = Path(__file__).resolve().parent / "fixtures"
ROUNDING = (2 / 255) ** 2 / 12

NORM = {"momentum": 0.1, "epsilon": 1e-5, "initialDeviation": 0.02}
ADAM = {"kind": "adam", "learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-4}


def convolution(filters, use_bias):
    return {"filters": filters, "kernel": 4, "stride": 2, "padding": "same", "useBias": use_bias, "initialDeviation": 0.2}


def dense(units, use_bias):
    return {"units": units, "useBias": use_bias, "initialDeviation": 0.2}


def layers(prefix, kinds):
    return [{"id": f"{prefix}{i + 1}", "kind": kind, "settings": settings} for i, (kind, settings) in enumerate(kinds)]


GENERATOR = layers("g", [
    ("dense", dense(16 * FILTERS, False)),
    ("reshape", {"height": 4, "width": 4, "channels": FILTERS}),
    ("batchNorm", NORM),
    ("relu", {}),
    ("conv2dTranspose", convolution(FILTERS, True)),
    ("relu", {}),
    ("conv2dTranspose", convolution(1, True)),
    ("tanh", {}),
])
ENCODER = layers("e", [
    ("conv2d", convolution(FILTERS, False)),
    ("batchNorm", NORM),
    ("leakyRelu", {"slope": 0.2}),
    ("flatten", {}),
    ("dense", dense(2 * LATENT, True)),
])
MODELS = [
    {"kind": "vae", "reconstruction": "gaussian", "beta": 1, "warmUp": 0, "freeBits": 0},
    {"kind": "vae", "reconstruction": "bce", "beta": 4, "warmUp": 3, "freeBits": 0},
    {"kind": "vae", "reconstruction": "mse", "beta": 1, "warmUp": 0, "freeBits": 0.3},
]


def reconstruction(kind, real, drawn):
    """-log p(x|z), summed over the pixels of a picture, mean over the batch."""
    if kind == "bce":
        return F.binary_cross_entropy((drawn + 1) / 2, (real + 1) / 2, reduction="none").flatten(1).sum(1).mean()
    if kind == "mse":
        return -(Normal(drawn, 1).log_prob(real) + math.log(2 * math.pi) / 2).flatten(1).sum(1).mean()
    # The deviation that makes the batch most probable; a detached one gives the same gradient (it is the optimum).
    deviation = (F.mse_loss(drawn, real) + ROUNDING).sqrt().detach()
    return -Normal(drawn, deviation).log_prob(real).flatten(1).sum(1).mean()


def start(network, random):
    parts = []
    for tensor, shape, _ in network.trained:
        centre, spread = (0.0, 0.2) if len(shape) > 1 else (1.0 if tensor.max() > 0.5 else 0.0, 0.1)
        parts.append(random.normal(centre, spread, int(np.prod(shape))))
    return np.concatenate(parts).astype(np.float32)


def run(model):
    random = np.random.default_rng(SEED)
    networks = {
        "generator": Network(GENERATOR, [LATENT]).double(),
        "encoder": Network(ENCODER, [SIDE, SIDE, 1]).double(),
    }
    arrays, adams = {}, {}
    for name, network in networks.items():
        weights, running = start(network, random), network.flat()[1].astype(np.float32)
        arrays[f"{name}.weights.start"], arrays[f"{name}.running.start"] = weights, running
        network.load(weights, running)
        options = {"lr": ADAM["learningRate"], "betas": (ADAM["beta1"], ADAM["beta2"]), "eps": ADAM["epsilon"]}
        adams[name] = torch.optim.Adam(network.parameters(), **options)
    arrays["z"] = random.normal(size=(STEPS, BATCH, LATENT)).astype(np.float32)
    arrays["real"] = np.tanh(random.normal(size=(STEPS, BATCH, SIDE, SIDE, 1))).astype(np.float32)
    report = []
    for step, (epsilon, pictures) in enumerate(zip(arrays["z"], arrays["real"])):
        real = torch.from_numpy(pictures).permute(0, 3, 1, 2).double()
        mean, log_variance = networks["encoder"](real).chunk(2, dim=1)
        code = Normal(mean, (log_variance / 2).exp())
        drawn = networks["generator"](code.mean + code.stddev * torch.from_numpy(epsilon).double())
        lost = reconstruction(model["reconstruction"], real, drawn)
        each = kl_divergence(code, Normal(0.0, 1.0)).mean(0)
        beta = model["beta"] * (min(1, step / model["warmUp"]) if model["warmUp"] else 1)
        costly = torch.clamp(each, min=model["freeBits"]).sum()
        for adam in adams.values():
            adam.zero_grad()
        (lost + beta * costly).backward()
        for adam in adams.values():
            adam.step()
        kl = each.sum()
        report.append({
            "reconstruction": lost.item(),
            "kl": kl.item(),
            "elbo": -(lost + kl).item(),
            "squaredError": F.mse_loss(drawn, real).item(),
            "activeUnits": int((mean.var(0, unbiased=False) > 0.01).sum()),
        })
    for name, network in networks.items():
        arrays[f"{name}.weights.end"], arrays[f"{name}.running.end"] = network.flat()
        moment = [(adams[name].state[tensor]["exp_avg"], *rest) for tensor, *rest in network.trained]
        arrays[f"{name}.firstMoment.end"] = network.flatten(moment)
        network.eval()
    with torch.no_grad():
        codes = networks["encoder"](torch.from_numpy(arrays["real"][0]).permute(0, 3, 1, 2).double())
        arrays["codes"] = codes.numpy()
    return {"model": model, "steps": report, "arrays": {name: rounded(array) for name, array in arrays.items()}}


def rounded(array):
    # Nine digits give float32 back exactly.
    return [float(f"{number:.9g}") for number in np.asarray(array, dtype=np.float64).reshape(-1)]


torch.set_num_threads(1)
recipe = {
    "version": 1,
    "preset": "reference",
    "image": {"size": SIDE, "channels": 1},
    "latent": {"size": LATENT, "distribution": "normal"},
    "generator": GENERATOR,
    "encoder": ENCODER,
    "optimizers": {"generator": ADAM},
    "training": {"batchSize": BATCH, "steps": STEPS},
}
about = {"torch": torch.__version__, "batch": BATCH, "recipe": recipe, "runs": [run(model) for model in MODELS]}
(FIXTURES / "vaes.json").write_text(json.dumps(about) + "\n")
