"""Writes the fixture of dcgan.test.ts: six D+G steps of a small DCGAN in PyTorch.

    python tests/reference/make_dcgan.py      (torch 2.13, numpy)

Computed in float64 and stored as float32, so that the fixture's own rounding is no part of the comparison.
"""
import json
from pathlib import Path

import numpy as np
import torch
from ganvas_torch import Gan

SEED, BATCH, STEPS, SIDE, LATENT, FILTERS = 11, 4, 6, 16, 8, 4
FIXTURES = Path(__file__).resolve().parent / "fixtures"


def convolution(filters, use_bias):
    return {"filters": filters, "kernel": 4, "stride": 2, "padding": "same", "useBias": use_bias, "initialDeviation": 0.2}


def dense(units, use_bias):
    return {"units": units, "useBias": use_bias, "initialDeviation": 0.2}


NORM = {"momentum": 0.1, "epsilon": 1e-5, "initialDeviation": 0.02}
ADAM = {"kind": "adam", "learningRate": 2e-4, "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
GENERATOR = [
    ("dense", dense(16 * 2 * FILTERS, False)),
    ("reshape", {"height": 4, "width": 4, "channels": 2 * FILTERS}),
    ("batchNorm", NORM),
    ("relu", {}),
    ("conv2dTranspose", convolution(FILTERS, False)),
    ("batchNorm", NORM),
    ("relu", {}),
    ("conv2dTranspose", convolution(3, True)),
    ("tanh", {}),
]
DISCRIMINATOR = [
    ("conv2d", convolution(FILTERS, True)),
    ("leakyRelu", {"slope": 0.2}),
    ("conv2d", convolution(2 * FILTERS, False)),
    ("batchNorm", NORM),
    ("leakyRelu", {"slope": 0.2}),
    ("flatten", {}),
    ("dense", dense(1, True)),
]


def layers(prefix, kinds):
    return [{"id": f"{prefix}{i + 1}", "kind": kind, "settings": settings} for i, (kind, settings) in enumerate(kinds)]


RECIPE = {
    "version": 1,
    "preset": "reference",
    "image": {"size": SIDE, "channels": 3},
    "latent": {"size": LATENT, "distribution": "normal"},
    "generator": layers("g", GENERATOR),
    "discriminator": layers("d", DISCRIMINATOR),
    "loss": {"kind": "bceNonSaturating"},
    "optimizers": {"generator": ADAM, "discriminator": ADAM},
    "training": {"batchSize": BATCH, "steps": STEPS},
}


def start(network, random):
    """Weights as DCGAN draws them, but wider and with biases that are not zero, so that every gradient counts."""
    parts = []
    for tensor, shape, _ in network.trained:
        centre, spread = (0.0, 0.2) if len(shape) > 1 else (1.0 if tensor.max() > 0.5 else 0.0, 0.1)
        parts.append(random.normal(centre, spread, int(np.prod(shape))))
    return np.concatenate(parts).astype(np.float32)


def moments(network, adam, name):
    return network.flatten([(adam.state[tensor][name], *rest) for tensor, *rest in network.trained])


def main():
    torch.set_num_threads(1)
    random = np.random.default_rng(SEED)
    gan = Gan(RECIPE, dtype=torch.float64)
    arrays = {}
    for name, network in (("generator", gan.g), ("discriminator", gan.d)):
        # Batch norm's scales start at 1 in PyTorch, its shifts and all biases are overwritten here.
        weights, running = start(network, random), network.flat()[1].astype(np.float32)
        arrays[f"{name}.weights.start"], arrays[f"{name}.running.start"] = weights, running
        network.load(weights, running)
    arrays["z"] = random.normal(size=(STEPS, BATCH, LATENT)).astype(np.float32)
    arrays["real"] = np.tanh(random.normal(size=(STEPS, BATCH, SIDE, SIDE, 3))).astype(np.float32)
    report = []
    for z, real in zip(arrays["z"], arrays["real"]):
        outcome = gan.step(torch.from_numpy(z).double(), gan.pictures(real).double())
        report.append(dict(zip(("lossD", "lossG", "dReal", "dFake"), (number.item() for number in outcome))))
    for name, network, adam in (("generator", gan.g, gan.optimizer_g), ("discriminator", gan.d, gan.optimizer_d)):
        arrays[f"{name}.weights.end"], arrays[f"{name}.running.end"] = network.flat()
        arrays[f"{name}.firstMoment.end"] = moments(network, adam, "exp_avg")
        arrays[f"{name}.secondMoment.end"] = moments(network, adam, "exp_avg_sq")
    gan.g.eval()
    with torch.no_grad():
        pictures = gan.g(torch.from_numpy(arrays["z"][0]).double()).permute(0, 2, 3, 1)
    arrays["pictures"] = pictures.contiguous().numpy()
    write(arrays, report)


def write(arrays, report):
    FIXTURES.mkdir(exist_ok=True)
    index, offset, parts = {}, 0, []
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array, dtype="<f4").reshape(-1)
        index[name] = {"offset": offset, "length": len(flat)}
        offset += len(flat)
        parts.append(flat)
    np.concatenate(parts).tofile(FIXTURES / "dcgan.bin")
    about = {"torch": torch.__version__, "batch": BATCH, "recipe": RECIPE, "steps": report, "arrays": index}
    (FIXTURES / "dcgan.json").write_text(json.dumps(about, indent=1) + "\n")


main()
