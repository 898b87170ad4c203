"""Writes the fixtures of gans.test.ts: six D+G steps of a small DCGAN, of a small residual GAN with lazy R1, and of a conditional one, in PyTorch.

    python tests/reference/make_gans.py      (torch 2.13, numpy)

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


def recipe(generator, discriminator, **others):
    return {
        "version": 1,
        "preset": "reference",
        "image": {"size": SIDE, "channels": 3},
        "latent": {"size": LATENT, "distribution": "normal"},
        "generator": generator,
        "discriminator": discriminator,
        "optimizers": {"generator": ADAM, "discriminator": ADAM},
        "training": {"batchSize": BATCH, "steps": STEPS},
        **others,
    }


def named(*nodes):
    """Layers from (id, kind, settings, names of inputs)."""
    return [
        {"id": id, "kind": kind, "settings": settings, **({"inputs": list(inputs)} if inputs else {})}
        for id, kind, settings, *inputs in nodes
    ]


def plain(filters, kernel, use_bias=True):
    return {**convolution(filters, use_bias), "kernel": kernel, "stride": 1}


UP, POOL, LEAKY = {"factor": 2, "method": "nearest"}, {"size": 2, "stride": 2, "padding": "valid"}, {"slope": 0.2}
RESIDUAL_GENERATOR = named(
    ("dense", "dense", dense(16 * 2 * FILTERS, True)),
    ("map", "reshape", {"height": 4, "width": 4, "channels": 2 * FILTERS}),
    ("norm", "batchNorm", NORM),
    ("relu", "relu", {}),
    ("up", "upsample", UP),
    # A bias before batch norm has no gradient but rounding, of which Adam makes whole steps.
    ("conv", "conv2d", plain(FILTERS, 3, use_bias=False)),
    ("norm2", "batchNorm", NORM),
    ("relu2", "relu", {}),
    ("conv2", "conv2d", plain(FILTERS, 3)),
    ("around", "upsample", UP, "map"),
    ("around-conv", "conv2d", plain(FILTERS, 1)),
    ("sum", "residualAdd", {}, "conv2", "around-conv"),
    ("wider", "upsample", {**UP, "method": "bilinear"}),
    ("pictures", "conv2d", plain(3, 3)),
    ("range", "tanh", {}),
)
RESIDUAL_DISCRIMINATOR = named(
    ("colours", "conv2d", plain(FILTERS, 1)),
    ("conv", "conv2d", plain(FILTERS, 3)),
    ("leaky", "leakyRelu", LEAKY),
    ("conv2", "conv2d", plain(2 * FILTERS, 3)),
    ("pool", "averagePool", POOL),
    ("around", "averagePool", POOL, "colours"),
    ("around-conv", "conv2d", plain(2 * FILTERS, 1)),
    ("sum", "residualAdd", {}, "pool", "around-conv"),
    ("leaky2", "leakyRelu", LEAKY),
    ("smaller", "conv2d", convolution(FILTERS, True)),
    ("flat", "flatten", {}),
    ("verdict", "dense", dense(1, True)),
)
CLASSES = ["square", "circle", "star"]
CONDITIONAL_GENERATOR = named(
    ("class", "classEmbedding", {"size": 3, "initialDeviation": 1}),
    ("dense", "dense", dense(16 * 2 * FILTERS, False)),
    ("map", "reshape", {"height": 4, "width": 4, "channels": 2 * FILTERS}),
    ("norm", "conditionalBatchNorm", NORM),
    ("relu", "relu", {}),
    ("up", "upsample", UP),
    ("conv", "conv2d", plain(FILTERS, 3, use_bias=False)),
    ("norm2", "conditionalBatchNorm", NORM),
    ("relu2", "relu", {}),
    ("pictures", "conv2dTranspose", convolution(3, True)),
    ("range", "tanh", {}),
)
CONDITIONAL_DISCRIMINATOR = named(
    ("conv", "conv2d", convolution(FILTERS, True)),
    ("leaky", "leakyRelu", LEAKY),
    ("conv2", "conv2d", convolution(2 * FILTERS, True)),
    ("leaky2", "leakyRelu", LEAKY),
    ("flat", "flatten", {}),
    ("verdict", "projectionHead", {"useBias": True, "initialDeviation": 0.2}),
)
R1 = {"kind": "r1", "gamma": 1, "every": 4}
RECIPES = {
    "dcgan": recipe(layers("g", GENERATOR), layers("d", DISCRIMINATOR), loss={"kind": "bceNonSaturating"}),
    "residual": recipe(RESIDUAL_GENERATOR, RESIDUAL_DISCRIMINATOR, loss={"kind": "hinge"}, regularizer=R1),
    "conditional": recipe(
        CONDITIONAL_GENERATOR, CONDITIONAL_DISCRIMINATOR, classes=CLASSES, loss={"kind": "hinge"}, regularizer=R1
    ),
}


def start(network, random):
    """Weights as DCGAN draws them, but wider and with biases that are not zero, so that every gradient counts."""
    parts = []
    for tensor, shape, _ in network.trained:
        # Scales, those of classes too, start at 1; nothing else does.
        scale = bool((tensor == 1).all())
        centre, spread = (0.0, 0.2) if len(shape) > 1 and not scale else (1.0 if scale else 0.0, 0.1)
        parts.append(random.normal(centre, spread, int(np.prod(shape))))
    return np.concatenate(parts).astype(np.float32)


def moments(network, adam, name):
    return network.flatten([(adam.state[tensor][name], *rest) for tensor, *rest in network.trained])


def write_steps(name, recipe):
    random = np.random.default_rng(SEED)
    gan = Gan(recipe, dtype=torch.float64)
    arrays = {}
    for part, network in (("generator", gan.g), ("discriminator", gan.d)):
        # Batch norm's scales start at 1 in PyTorch, its shifts and all biases are overwritten here.
        weights, running = start(network, random), network.flat()[1].astype(np.float32)
        arrays[f"{part}.weights.start"], arrays[f"{part}.running.start"] = weights, running
        network.load(weights, running)
    arrays["z"] = random.normal(size=(STEPS, BATCH, LATENT)).astype(np.float32)
    arrays["real"] = np.tanh(random.normal(size=(STEPS, BATCH, SIDE, SIDE, 3))).astype(np.float32)
    classes, labels = len(recipe.get("classes", [])), {}
    for kind in ("labels", "fakeLabels") if classes else ():
        labels[kind] = torch.from_numpy(random.integers(classes, size=(STEPS, BATCH)))
        arrays[kind] = torch.nn.functional.one_hot(labels[kind], classes).numpy()
    report = []
    for step, (z, real) in enumerate(zip(arrays["z"], arrays["real"])):
        ys = {name: numbers[step] for name, numbers in zip(("real_y", "fake_y"), labels.values())}
        outcome = gan.step(torch.from_numpy(z).double(), gan.pictures(real).double(), **ys)
        report.append(dict(zip(("lossD", "lossG", "dReal", "dFake"), (number.item() for number in outcome))))
    for part, network, adam in (("generator", gan.g, gan.optimizer_g), ("discriminator", gan.d, gan.optimizer_d)):
        arrays[f"{part}.weights.end"], arrays[f"{part}.running.end"] = network.flat()
        arrays[f"{part}.firstMoment.end"] = moments(network, adam, "exp_avg")
        arrays[f"{part}.secondMoment.end"] = moments(network, adam, "exp_avg_sq")
    gan.g.eval()
    with torch.no_grad():
        ys = [labels["fakeLabels"][0]] if classes else []
        pictures = gan.g(torch.from_numpy(arrays["z"][0]).double(), *ys).permute(0, 2, 3, 1)
    arrays["pictures"] = pictures.contiguous().numpy()
    write(name, recipe, arrays, report)


def write(fixture, recipe, arrays, report):
    FIXTURES.mkdir(exist_ok=True)
    index, offset, parts = {}, 0, []
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array, dtype="<f4").reshape(-1)
        index[name] = {"offset": offset, "length": len(flat)}
        offset += len(flat)
        parts.append(flat)
    np.concatenate(parts).tofile(FIXTURES / f"{fixture}.bin")
    about = {"torch": torch.__version__, "batch": BATCH, "recipe": recipe, "steps": report, "arrays": index}
    (FIXTURES / f"{fixture}.json").write_text(json.dumps(about, indent=1) + "\n")


torch.set_num_threads(1)
for name, recipe in RECIPES.items():
    write_steps(name, recipe)
