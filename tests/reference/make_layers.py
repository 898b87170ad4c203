"""Writes the fixture of layerValues.test.ts: what every layer computes in PyTorch, and its gradients.

    python tests/reference/make_layers.py      (torch 2.13)

Computed in float64. Tensors are channels last, as Ganvas keeps them; `to_torch` and `from_torch` turn feature maps round.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

FIXTURE = Path(__file__).resolve().parent / "fixtures" / "layers.json"
BATCH = 4
torch.manual_seed(7)


def to_torch(x):
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def from_torch(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def on_maps(f):
    """A layer of one input, written as PyTorch lays feature maps out."""
    return lambda xs, w, s, noise: from_torch(f(to_torch(xs[0]), w, s))


def on_numbers(f):
    """A layer that does not care how feature maps lie."""
    return lambda xs, w, s, noise: f(xs[0])


def spectral(kernel, w, direction="direction"):
    """The kernel over its largest singular value; the fixture's direction is the exact singular vector, where power iteration stays."""
    if direction not in w:
        return kernel
    return kernel / torch.linalg.svdvals(kernel.reshape(-1, kernel.shape[-1]))[0]


def each_spectral(w):
    """The same of every weight that has a direction of its own name."""
    return {name: spectral(weight, w, f"{name}Direction") for name, weight in w.items()}


def window(s):
    """Kernel and stride from top to bottom, then from left to right; pools call their kernel's side “size”."""
    kernel, stride = s.get("kernel", s.get("size")), s["stride"]
    return (kernel, s.get("kernelWidth") or s.get("sizeWidth") or kernel), (stride, s.get("strideWidth") or stride)


def borders(s):
    """What explicit padding adds: left, right, top, bottom."""
    return [s.get(f"border{side}", s.get("border", 1)) for side in ("Left", "Right", "Top", "Bottom")]


def padded(x, s):
    """Padding of “same”, as TensorFlow means it, or of the explicit border; zeros, or a mirror."""
    if s["padding"] == "valid":
        return x
    sides = []
    for side, kernel, stride in list(zip((x.shape[2], x.shape[3]), *window(s)))[::-1]:
        total = max(0, (math.ceil(side / stride) - 1) * stride + kernel - side)
        sides += [total // 2, total - total // 2]
    sides = sides if s["padding"] == "same" else borders(s)
    return F.pad(x, sides, mode="reflect" if s.get("outside") == "reflect" else "constant")


def conv2d(x, w, s):
    kernel = spectral(w["kernel"], w).permute(3, 2, 0, 1)
    return F.conv2d(padded(x, s), kernel, w.get("bias"), window(s)[1], groups=s.get("groups", 1))


def conv2d_transpose(x, w, s):
    kernel = spectral(w["kernel"], w).permute(3, 2, 0, 1)
    sizes, strides = window(s)
    whole = F.conv_transpose2d(x, kernel, None, strides)
    height, width = whole.shape[2:]
    if s["padding"] == "same":
        # The convolution that it turns round pads so much, the odd pixel behind.
        top, left = ((size - stride) // 2 for size, stride in zip(sizes, strides))
        height, width = x.shape[2] * strides[0], x.shape[3] * strides[1]
    else:
        left, right, top, bottom = borders(s) if s["padding"] == "explicit" else (0, 0, 0, 0)
        height, width = height - top - bottom, width - left - right
    return whole[:, :, top : top + height, left : left + width] + w["bias"].reshape(1, -1, 1, 1)


def depthwise(x, w, s):
    kernel = spectral(w["kernel"], w).permute(2, 0, 1).unsqueeze(1)
    return F.conv2d(padded(x, s), kernel, w.get("bias"), window(s)[1], groups=x.shape[1])


def max_pool(x, w, s):
    return F.max_pool2d(x, *window(s))


def average_pool(x, w, s):
    return F.avg_pool2d(x, *window(s))


def batch_norm(x, w, s):
    return F.batch_norm(x, None, None, w["gamma"], w["beta"], training=True, eps=s["epsilon"])


def layer_norm(x, w, s):
    y = F.layer_norm(x, x.shape[1:], eps=s["epsilon"])
    shape = [-1] + [1] * (x.dim() - 2)
    return y * w["gamma"].reshape(shape) + w["beta"].reshape(shape)


def conditional_batch_norm(xs, w, s, labels):
    x = F.batch_norm(to_torch(xs[0]), None, None, training=True, eps=s["epsilon"])
    gamma, beta = labels @ w["gamma"], labels @ w["beta"]
    return from_torch(x * gamma[:, :, None, None] + beta[:, :, None, None])


def class_embedding(xs, w, s, labels):
    (x,) = xs
    rows = (labels @ spectral(w["embedding"], w)).reshape(x.shape[0], *[1] * (x.dim() - 2), -1)
    return torch.cat([x, rows.expand(*x.shape[:-1], -1)], -1)


def projection_head(xs, w, s, labels):
    (x,) = xs
    w = each_spectral(w)
    return x @ w["kernel"] + w["bias"] + (x * (labels @ w["embedding"])).sum(1, keepdim=True)


def pixel_shuffle(x, w, s):
    r = s["factor"]
    n, c, height, width = x.shape
    # PyTorch's channels go (channel, row, column), TensorFlow's depth_to_space (row, column, channel).
    return F.pixel_shuffle(x.reshape(n, r * r, c // r**2, height, width).transpose(1, 2).reshape(x.shape), r)


def upsample(x, w, s):
    if s["method"] == "nearest":
        return F.interpolate(x, scale_factor=s["factor"], mode="nearest")
    return F.interpolate(x, scale_factor=s["factor"], mode="bilinear", align_corners=False)


def minibatch_standard_deviation(x, w, s):
    """As StyleGAN2 writes it."""
    n, c, height, width = x.shape
    size = min(s["groupSize"], n)
    y = x.reshape(size, -1, c, height, width)
    y = (y - y.mean(dim=0)).square().mean(dim=0)
    y = (y + 1e-8).sqrt().mean(dim=[1, 2, 3]).reshape(-1, 1, 1, 1)
    return torch.cat([x, y.repeat(size, 1, height, width)], dim=1)


def self_attention(xs, w, s, noise):
    (x,) = xs
    pixels = x.reshape(x.shape[0], -1, x.shape[-1])
    w = each_spectral(w)
    query, key, value = (pixels @ w[name] for name in ("query", "key", "value"))
    attention = torch.softmax(query @ key.transpose(1, 2), dim=-1)
    return x + w["gamma"] * ((attention @ value) @ w["output"]).reshape(x.shape)


def skip_layer_excitation(xs, w, s, noise):
    large, small = (to_torch(x) for x in xs)
    w = each_spectral(w)
    squeezed = from_torch(F.adaptive_avg_pool2d(small, 4)).reshape(small.shape[0], -1) @ w["squeeze"]
    gate = torch.sigmoid(F.leaky_relu(squeezed, 0.1) @ w["excite"])
    return from_torch(large * gate[:, :, None, None])


CONV = {"kernel": 4, "stride": 2, "padding": "same"}
POOL = {"size": 2, "stride": 2, "padding": "valid"}
NORM = {"epsilon": 1e-5}
MAP, SMALL, VECTOR = (4, 6, 4), (2, 2, 4), (6,)
# Weights that training moves along by other means than gradients, beside the directions of spectral normalisation.
RUNNING = ("mean", "variance")
AFFINE = {"gamma": (4,), "beta": (4,)}
CLASSES = 3
# Layers that look at the class get labels where others get noise.
CONDITIONAL = ("classEmbedding", "conditionalBatchNorm", "projectionHead")


# Another border on each side.
UNEVEN = {"padding": "explicit", "border": 1, "borderBottom": 0, "borderRight": 2}


def convolution(kernel, filters, channels, **settings):
    settings = {"filters": filters, **CONV, "kernel": kernel, **settings}
    return settings, {"kernel": (*window(settings)[0], channels, filters), "bias": (filters,)}


def transposed(kernel, filters, **settings):
    settings = {"filters": filters, **CONV, "kernel": kernel, **settings}
    return settings, {"kernel": (*window(settings)[0], filters, 4), "bias": (filters,)}


def with_direction(case, units):
    settings, weights = case
    return {**settings, "spectralNorm": True}, {**weights, "direction": (units,)}


def with_directions(settings, weights, *normalised):
    directions = {f"{name}Direction": weights[name][-1:] for name in normalised}
    return {**settings, "spectralNorm": True}, {**weights, **directions}


# Layer, its computation, and cases of (input shapes, settings, weights' shapes).
LAYERS = [
    ("averagePool", on_maps(average_pool), [([MAP], POOL, {}), ([(5, 7, 2)], {**POOL, "size": 3}, {}), ([MAP], {**POOL, "sizeWidth": 3, "strideWidth": 1}, {})]),
    ("batchNorm", on_maps(batch_norm), [([SMALL], NORM, {**AFFINE, "mean": (4,), "variance": (4,)})]),
    ("concatenate", lambda xs, w, s, noise: torch.cat(xs, -1), [([MAP, (4, 6, 2)], {}, {})]),
    ("conv2d", on_maps(conv2d), [
        ([MAP], *convolution(4, 3, 4)),
        ([(5, 4, 4)], *convolution(3, 2, 4, padding="explicit", border=2)),
        ([MAP], *convolution(3, 2, 4, outside="reflect", stride=1)),
        ([MAP], *convolution(3, 6, 2, groups=2, stride=1)),
        ([MAP], *with_direction(convolution(3, 3, 4, padding="valid"), 3)),
        ([MAP], *convolution(3, 3, 4, kernelWidth=5, stride=1, strideWidth=2)),
        ([MAP], *with_direction(convolution(1, 3, 4, kernelWidth=3, outside="reflect"), 3)),
        ([MAP], *convolution(4, 2, 4, kernelWidth=2, strideWidth=1, **UNEVEN)),
    ]),
    ("conv2dTranspose", on_maps(conv2d_transpose), [
        ([SMALL], *transposed(4, 3)),
        ([SMALL], *transposed(3, 2, padding="valid")),
        ([SMALL], *transposed(4, 2, padding="explicit", border=2)),
        ([SMALL], *with_direction(transposed(4, 2), 4)),
        ([SMALL], *transposed(4, 2, kernelWidth=3, strideWidth=1)),
        ([SMALL], *with_direction(transposed(2, 2, kernelWidth=6, strideWidth=3), 4)),
        ([SMALL], *transposed(4, 2, kernelWidth=5, **UNEVEN)),
    ]),
    ("dense", lambda xs, w, s, noise: xs[0] @ spectral(w["kernel"], w) + w["bias"], [
        ([VECTOR], {"units": 3}, {"kernel": (6, 3), "bias": (3,)}),
        ([VECTOR], {"units": 3, "spectralNorm": True}, {"kernel": (6, 3), "bias": (3,), "direction": (3,)}),
    ]),
    ("depthwiseConv2d", on_maps(depthwise), [([MAP], {**CONV, "kernel": 3, "stride": 1}, {"kernel": (3, 3, 4), "bias": (4,)}), ([MAP], {**CONV, "kernel": 2, "kernelWidth": 3, "strideWidth": 1, **UNEVEN}, {"kernel": (2, 3, 4), "bias": (4,)})]),
    ("dropout", lambda xs, w, s, noise: xs[0] * (noise > 2 * s["rate"] - 1) / (1 - s["rate"]), [([SMALL], {"rate": 0.3}, {})]),
    ("elu", lambda xs, w, s, noise: F.elu(xs[0], s["alpha"]), [([SMALL], {"alpha": 1}, {}), ([SMALL], {"alpha": 0.3}, {})]),
    ("flatten", on_numbers(lambda x: x.reshape(x.shape[0], -1)), [([SMALL], {}, {})]),
    ("gaussianNoise", lambda xs, w, s, noise: xs[0] + s["deviation"] * noise, [([SMALL], {"deviation": 0.5}, {})]),
    ("gelu", on_numbers(F.gelu), [([SMALL], {}, {})]),
    ("globalAveragePool", on_numbers(lambda x: x.mean(dim=(1, 2))), [([SMALL], {}, {})]),
    ("glu", on_numbers(F.glu), [([SMALL], {}, {})]),
    ("groupNorm", on_maps(lambda x, w, s: F.group_norm(x, s["groups"], w["gamma"], w["beta"], s["epsilon"])), [([SMALL], {**NORM, "groups": 2}, AFFINE)]),
    ("instanceNorm", on_maps(lambda x, w, s: F.instance_norm(x, weight=w["gamma"], bias=w["beta"], eps=s["epsilon"])), [([SMALL], NORM, AFFINE)]),
    ("layerNorm", on_maps(layer_norm), [([SMALL], NORM, AFFINE)]),
    ("leakyRelu", lambda xs, w, s, noise: F.leaky_relu(xs[0], s["slope"]), [([SMALL], {"slope": 0.2}, {})]),
    ("linear", on_numbers(lambda x: x), [([SMALL], {}, {})]),
    ("maxPool", on_maps(max_pool), [([MAP], POOL, {}), ([(5, 7, 2)], {**POOL, "size": 3}, {}), ([MAP], {**POOL, "sizeWidth": 3, "strideWidth": 1}, {})]),
    ("minibatchStandardDeviation", on_maps(minibatch_standard_deviation), [([SMALL], {"groupSize": 2}, {}), ([SMALL], {"groupSize": 4}, {})]),
    ("pixelNorm", on_numbers(lambda x: x / (x.square().mean(dim=-1, keepdim=True) + 1e-8).sqrt()), [([SMALL], {}, {})]),
    ("pixelShuffle", on_maps(pixel_shuffle), [([(2, 3, 8)], {"factor": 2}, {})]),
    ("relu", on_numbers(F.relu), [([SMALL], {}, {})]),
    ("reshape", on_numbers(lambda x: x.reshape(-1, 1, 2, 3)), [([VECTOR], {"height": 1, "width": 2, "channels": 3}, {})]),
    ("residualAdd", lambda xs, w, s, noise: xs[0] + xs[1] + xs[2], [([SMALL, SMALL, SMALL], {}, {})]),
    ("selfAttention", self_attention, [([(2, 3, 8)], {"reduction": 4}, {"query": (8, 2), "key": (8, 2), "value": (8, 4), "output": (4, 8), "gamma": (1,)})]),
    ("selu", on_numbers(F.selu), [([SMALL], {}, {})]),
    ("sigmoid", on_numbers(torch.sigmoid), [([SMALL], {}, {})]),
    ("silu", on_numbers(F.silu), [([SMALL], {}, {})]),
    ("skipLayerExcitation", skip_layer_excitation, [([MAP, (6, 5, 2)], {}, {"squeeze": (32, 4), "excite": (4, 4)})]),
    ("softplus", on_numbers(F.softplus), [([SMALL], {}, {})]),
    ("tanh", on_numbers(torch.tanh), [([SMALL], {}, {})]),
    ("upsample", on_maps(upsample), [([(3, 4, 2)], {"factor": 2, "method": "nearest"}, {}), ([(3, 4, 2)], {"factor": 2, "method": "bilinear"}, {}), ([(3, 2, 2)], {"factor": 3, "method": "bilinear"}, {})]),
    # Behind the others, so that the numbers drawn for those stay.
    ("classEmbedding", class_embedding, [([VECTOR], {"size": 2}, {"embedding": (CLASSES, 2)}), ([SMALL], {"size": 3}, {"embedding": (CLASSES, 3)})]),
    ("conditionalBatchNorm", conditional_batch_norm, [([SMALL], NORM, {"gamma": (CLASSES, 4), "beta": (CLASSES, 4), "mean": (4,), "variance": (4,)})]),
    ("projectionHead", projection_head, [([VECTOR], {}, {"kernel": (6, 1), "bias": (1,), "embedding": (CLASSES, 6)})]),
    ("depthwiseConv2d", on_maps(depthwise), [
        ([MAP], {**CONV, "kernel": 3, "stride": 1, "outside": "reflect"}, {"kernel": (3, 3, 4), "bias": (4,)}),
        ([MAP], *with_direction(({**CONV, "kernel": 3, "outside": "reflect", **UNEVEN}, {"kernel": (3, 3, 4), "bias": (4,)}), 4)),
    ]),
    ("classEmbedding", class_embedding, [([SMALL], *with_direction(({"size": 2}, {"embedding": (CLASSES, 2)}), 2))]),
    ("projectionHead", projection_head, [([VECTOR], *with_directions({}, {"kernel": (6, 1), "bias": (1,), "embedding": (CLASSES, 6)}, "kernel", "embedding"))]),
    ("selfAttention", self_attention, [
        ([(2, 3, 8)], *with_directions({"reduction": 4}, {"query": (8, 2), "key": (8, 2), "value": (8, 4), "output": (4, 8), "gamma": (1,)}, "query", "key", "value", "output")),
    ]),
    ("skipLayerExcitation", skip_layer_excitation, [([MAP, (6, 5, 2)], *with_directions({}, {"squeeze": (32, 4), "excite": (4, 4)}, "squeeze", "excite"))]),
]


def drawn(shape, grad=True):
    # Four digits are enough for inputs, and keep the fixture small.
    return (torch.randn(shape, dtype=torch.float64) * 1e4).round().div(1e4).requires_grad_(grad)


def listed(x, digits):
    return [round(value, digits) for value in x.detach().reshape(-1).tolist()]


def stored(x, digits=7):
    return {"shape": list(x.shape), "numbers": listed(x, digits)}


def is_direction(name):
    return name.lower().endswith("direction")


def directed_by(name, weights):
    """The weight that a direction belongs to: by its own name, or the first."""
    return name.removesuffix("Direction") if name != "direction" else next(iter(weights))


def computed(kind, compute, input_shapes, settings, weight_shapes):
    xs = [drawn((BATCH, *shape)) for shape in input_shapes]
    weights = {name: drawn(shape, name not in RUNNING and not is_direction(name)) for name, shape in weight_shapes.items()}
    for name in filter(is_direction, weights):
        kernel = weights[directed_by(name, weights)].detach()
        weights[name] = torch.linalg.svd(kernel.reshape(-1, kernel.shape[-1])).Vh[0]
    if kind in CONDITIONAL:
        noise = F.one_hot(torch.arange(BATCH) * 2 % CLASSES, CLASSES).double()
    else:
        noise = torch.rand(xs[0].shape, dtype=torch.float64).mul(2).sub(1).mul(1e4).round().div(1e4)
    y = compute(xs, weights, settings, noise)
    slopes = drawn(y.shape, False)
    (y * slopes).sum().backward()
    gradients = {f"x{index}": x.grad for index, x in enumerate(xs)} | {name: w.grad for name, w in weights.items() if w.requires_grad}
    entry = {
        "kind": kind,
        "settings": settings,
        "inputs": {f"x{index}": stored(x) for index, x in enumerate(xs)} | {name: stored(w) for name, w in weights.items()},
        "slopes": stored(slopes),
        "output": stored(y, 6),
        "gradients": {name: stored(gradient, 6) for name, gradient in gradients.items()},
    }
    if kind in ("dropout", "gaussianNoise"):
        entry["noise"] = stored(noise)
    if kind in CONDITIONAL:
        entry["labels"] = stored(noise)
    return entry


cases = [computed(kind, compute, *case) for kind, compute, cases_of in LAYERS for case in cases_of]
FIXTURE.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")) + "\n")
print(f"{FIXTURE.name}: {len(cases)} cases, {FIXTURE.stat().st_size} bytes")
