"""A Ganvas recipe in PyTorch: the same layers, weights and step, written against PyTorch's own modules.

Used by the fixtures of the reference test and as the peer of the benchmark. Weights lie in flat float32 vectors, channels last, as Ganvas keeps them.
"""
import copy
import math

import torch
import torch.nn.functional as F
from torch import nn


def same_padding(kernel, stride):
    """Padding on each side that TensorFlow's "same" means for sides that the stride divides."""
    if (kernel - stride) % 2:
        raise ValueError(f"kernel {kernel} with stride {stride} pads unevenly")
    return (kernel - stride) // 2


class ToMap(nn.Module):
    """`[N, H*W*C]` as a feature map; the result lies in memory channels last, so nothing is copied."""

    def __init__(self, height, width, channels):
        super().__init__()
        self.shape = (height, width, channels)

    def forward(self, x):
        return x.view(-1, *self.shape).permute(0, 3, 1, 2)


class ToVector(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


class Sum(nn.Module):
    """Of several layers' outputs, the end of a residual block."""

    def forward(self, *xs):
        return sum(xs[1:], start=xs[0])


class Conditional(nn.Module):
    """A layer that looks at the class. Tables of classes lie as PyTorch's dense layers do, `[C, classes]`; their rows are looked up by number."""

    def table(self, size, classes, value=None):
        return nn.Parameter(torch.randn(size, classes) if value is None else torch.full((size, classes), value))


class ConditionalNorm(Conditional):
    def __init__(self, size, classes, s):
        super().__init__()
        self.norm = nn.BatchNorm2d(size, eps=s["epsilon"], momentum=s["momentum"], affine=False)
        self.gamma, self.beta = self.table(size, classes, 1.0), self.table(size, classes, 0.0)

    def forward(self, x, y):
        gamma, beta = (F.embedding(y, table.t())[:, :, None, None] for table in (self.gamma, self.beta))
        return self.norm(x) * gamma + beta


class ClassEmbedding(Conditional):
    def __init__(self, size, classes):
        super().__init__()
        self.embedding = self.table(size, classes)

    def forward(self, x, y):
        return torch.cat([x, F.embedding(y, self.embedding.t())], 1)


class ProjectionHead(Conditional):
    """Miyato and Koyama 2018, equation 3."""

    def __init__(self, size, classes, bias):
        super().__init__()
        self.dense = nn.Linear(size, 1, bias=bias)
        self.embedding = self.table(size, classes)

    def forward(self, x, y):
        return self.dense(x) + (x * F.embedding(y, self.embedding.t())).sum(1, keepdim=True)


NETWORK_INPUT = -1


class Network(nn.Module):
    """The layers of one network, each reading the one before it or those it names; `trained` and `running` list its tensors in the order of the flat vectors: (tensor, Ganvas's shape, permutation)."""

    def __init__(self, layers, input_shape, classes=0):
        super().__init__()
        self._classes = classes
        self._slots = {"trained": [], "running": []}
        modules, shapes, ids = [], {NETWORK_INPUT: tuple(input_shape)}, [layer["id"] for layer in layers]
        self.sources = [
            [ids.index(name) for name in layer["inputs"]] if "inputs" in layer else [index - 1]
            for index, layer in enumerate(layers)
        ]
        for index, layer in enumerate(layers):
            module, shapes[index] = self._module(layer["kind"], layer["settings"], shapes[self.sources[index][0]])
            modules.append(module)
        self.layers = nn.ModuleList(modules)

    def _module(self, kind, s, shape):
        """One layer's module and the shape that comes out, channels last and without the batch."""
        size = shape[-1]
        if kind == "dense":
            module = nn.Linear(size, s["units"], bias=s["useBias"])
            self._slot("trained", module, "weight", (size, s["units"]), lambda w: w.t())
            if s["useBias"]:
                self._slot("trained", module, "bias", (s["units"],))
            return module, (s["units"],)
        if kind in ("conv2d", "conv2dTranspose"):
            if s.get("kernelWidth") or s.get("strideWidth"):
                raise ValueError("only square kernels and strides are known here")
            k, stride = s["kernel"], s["stride"]
            padding = same_padding(k, stride) if s["padding"] == "same" else 0
            make = nn.Conv2d if kind == "conv2d" else nn.ConvTranspose2d
            module = make(size, s["filters"], k, stride, padding, bias=s["useBias"])
            # [k, k, C, O] and [k, k, O, C] in Ganvas; [O, C, k, k] and [C, O, k, k] in PyTorch.
            kernel = (k, k, size, s["filters"]) if kind == "conv2d" else (k, k, s["filters"], size)
            self._slot("trained", module, "weight", kernel, lambda w: w.permute(3, 2, 0, 1))
            if s["useBias"]:
                self._slot("trained", module, "bias", (s["filters"],))
            if kind == "conv2d":
                side = lambda n: -(-n // stride) if s["padding"] == "same" else (n - k) // stride + 1
            else:
                side = lambda n: n * stride if s["padding"] == "same" else (n - 1) * stride + k
            return module, (side(shape[0]), side(shape[1]), s["filters"])
        if kind == "residualAdd":
            return Sum(), shape
        if kind == "upsample":
            options = {"mode": "nearest"} if s["method"] == "nearest" else {"mode": "bilinear", "align_corners": False}
            return nn.Upsample(scale_factor=s["factor"], **options), (shape[0] * s["factor"], shape[1] * s["factor"], size)
        if kind == "averagePool":
            if s["padding"] != "valid":
                raise ValueError("averagePool is known without padding alone")
            side = lambda n: (n - s["size"]) // s["stride"] + 1
            return nn.AvgPool2d(s["size"], s["stride"]), (side(shape[0]), side(shape[1]), size)
        if kind == "batchNorm":
            module = nn.BatchNorm2d(size, eps=s["epsilon"], momentum=s["momentum"])
            for role, names in (("trained", ("weight", "bias")), ("running", ("running_mean", "running_var"))):
                for name in names:
                    self._slot(role, module, name, (size,))
            return module, shape
        if kind == "conditionalBatchNorm":
            module = ConditionalNorm(size, self._classes, s)
            for name in ("gamma", "beta"):
                self._table(module, name, size)
            for name in ("running_mean", "running_var"):
                self._slot("running", module.norm, name, (size,))
            return module, shape
        if kind == "classEmbedding":
            module = ClassEmbedding(s["size"], self._classes)
            self._table(module, "embedding", s["size"])
            return module, (size + s["size"],)
        if kind == "projectionHead":
            module = ProjectionHead(size, self._classes, s["useBias"])
            self._slot("trained", module.dense, "weight", (size, 1), lambda w: w.t())
            if s["useBias"]:
                self._slot("trained", module.dense, "bias", (1,))
            self._table(module, "embedding", size)
            return module, (1,)
        if kind == "reshape":
            shape = (s["height"], s["width"], s["channels"])
            return ToMap(*shape), shape
        if kind == "flatten":
            return ToVector(), (math.prod(shape),)
        simple = {"relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
        return (nn.LeakyReLU(s["slope"]) if kind == "leakyRelu" else simple[kind]()), shape

    def _slot(self, role, module, name, shape, to_torch=lambda w: w):
        self._slots[role].append((module, name, shape, to_torch))

    def _table(self, module, name, size):
        self._slot("trained", module, name, (self._classes, size), lambda w: w.t())

    def _tensors(self, role):
        # Looked up each time: `.to()` replaces the buffers.
        return [(getattr(module, name), *rest) for module, name, *rest in self._slots[role]]

    @property
    def trained(self):
        return self._tensors("trained")

    @property
    def running(self):
        return self._tensors("running")

    def forward(self, x, y=None):
        """`y` are the numbers of the classes, `[N]`, where layers look at them."""
        outputs = {NETWORK_INPUT: x}
        for index, (module, sources) in enumerate(zip(self.layers, self.sources)):
            inputs = [outputs[source] for source in sources]
            outputs[index] = module(*inputs, y) if isinstance(module, Conditional) else module(*inputs)
        return outputs[len(self.layers) - 1]

    def load(self, trained, running):
        with torch.no_grad():
            for slots, vector in ((self.trained, trained), (self.running, running)):
                offset = 0
                for tensor, shape, to_torch in slots:
                    count = math.prod(shape)
                    part = torch.from_numpy(vector[offset : offset + count].copy()).view(shape)
                    tensor.copy_(to_torch(part))
                    offset += count
                if offset != len(vector):
                    raise ValueError(f"{len(vector)} numbers for {offset} weights")

    @staticmethod
    def flatten(slots):
        # The inverse of (3, 2, 0, 1) is (2, 3, 1, 0); a transpose is its own.
        back = {4: lambda t: t.permute(2, 3, 1, 0), 2: lambda t: t.t(), 1: lambda t: t}
        parts = [back[tensor.dim()](tensor.detach()).reshape(-1) for tensor, _, _ in slots]
        return (torch.cat(parts) if parts else torch.zeros(0)).contiguous().numpy()

    def flat(self):
        return self.flatten(self.trained), self.flatten(self.running)


# A loss's two sides: D's from its logits on reals and fakes, G's from those on fakes.
LOSSES = {
    "bceNonSaturating": (
        lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
        lambda fake: F.softplus(-fake).mean(),
    ),
    "hinge": (lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(), lambda fake: -fake.mean()),
}


def translated(x, shift, reach):
    """Pictures `[N, C, H, W]` moved by whole pixels `[N, 2]`, zero outside (Zhao et al. 2020)."""
    if reach == 0:
        return x
    batch, _, height, width = x.shape
    padded = F.pad(x, (reach,) * 4).permute(0, 2, 3, 1)
    rows = torch.arange(height)[None] + shift[:, :1] + reach
    columns = torch.arange(width)[None] + shift[:, 1:] + reach
    return padded[torch.arange(batch)[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


class Gan:
    """Both networks and their optimisers; `step` is the usual DCGAN loop with one forward pass of G, and what the recipe has of lazy R1, translation, EMA."""

    def __init__(self, recipe, dtype=torch.float32, fast=False):
        side, channels = recipe["image"]["size"], recipe["image"]["channels"]
        classes = len(recipe.get("classes", []))
        self.g = Network(recipe["generator"], [recipe["latent"]["size"]], classes).to(dtype)
        self.d = Network(recipe["discriminator"], [side, side, channels], classes).to(dtype)
        self.loss_d, self.loss_g = LOSSES[recipe["loss"]["kind"]]
        self.regularizer = recipe.get("regularizer", {"kind": "none"})
        if self.regularizer["kind"] not in ("none", "r1"):
            raise ValueError(f"the penalty {self.regularizer['kind']} is not known here")
        self.steps = 0
        self.reach = round(recipe.get("augmentation", {}).get("translation", 0) * side)
        self.averages = [] if recipe["training"].get("emaHalfLife", 0) > 0 else None
        self.fast = fast
        if fast:
            self.g, self.d = (net.to(memory_format=torch.channels_last) for net in (self.g, self.d))
        self.optimizer_g = self._adam(self.g, recipe["optimizers"]["generator"])
        self.optimizer_d = self._adam(self.d, recipe["optimizers"]["discriminator"])

    def _adam(self, network, s):
        options = {"lr": s["learningRate"], "betas": (s["beta1"], s["beta2"]), "eps": s["epsilon"]}
        return torch.optim.Adam(network.parameters(), **options, **({"fused": True} if self.fast else {}))

    def pictures(self, channels_last_array):
        """`[N, H, W, C]` as PyTorch takes it."""
        x = torch.from_numpy(channels_last_array).permute(0, 3, 1, 2)
        return x if self.fast else x.contiguous()

    def state(self):
        """Of G and D: the name, the network, and Adam's first and second moments as flat vectors."""
        for name, net, adam in (("generator", self.g, self.optimizer_g), ("discriminator", self.d, self.optimizer_d)):
            moment = lambda key: net.flatten(
                [(adam.state[weight].get(key, torch.zeros_like(weight)), *rest) for weight, *rest in net.trained]
            )
            yield name, net, moment("exp_avg"), moment("exp_avg_sq")

    def gradients(self):
        """Those of the last step as flat vectors, G's and D's."""
        return [net.flatten([(weight.grad, *rest) for weight, *rest in net.trained]) for net in (self.g, self.d)]

    def follow(self, other):
        """Takes over where another one is, in its own precision."""
        for mine, theirs in ((self.g, other.g), (self.d, other.d)):
            mine.load_state_dict(theirs.state_dict())
        for mine, theirs in ((self.optimizer_g, other.optimizer_g), (self.optimizer_d, other.optimizer_d)):
            # Copied: the count of steps would be one for both.
            mine.load_state_dict(copy.deepcopy(theirs.state_dict()))
        self.steps = other.steps

    def step(self, z, real, shifts=(None, None, None), ema_kept=0, real_y=None, fake_y=None):
        """Returns lossD, lossG, D(x), D(G(z)) as tensors, the probabilities before D's update. Shifts: of the reals, the fakes, and the fakes G learns from. `y`: numbers of the classes."""
        for parameter in self.d.parameters():
            parameter.requires_grad_(True)
        fake = self.g(z, fake_y)
        r1 = self.regularizer["kind"] == "r1" and self.steps % self.regularizer["every"] == 0
        self.steps += 1
        real = translated(real, shifts[0], self.reach).detach().requires_grad_(r1)
        on_real, on_fake = self.d(real, real_y), self.d(translated(fake.detach(), shifts[1], self.reach), fake_y)
        loss_d = self.loss_d(on_real, on_fake)
        self.optimizer_d.zero_grad(set_to_none=True)
        (loss_d + self._r1(real, on_real) if r1 else loss_d).backward()
        self.optimizer_d.step()
        for parameter in self.d.parameters():
            parameter.requires_grad_(False)
        loss_g = self.loss_g(self.d(translated(fake, shifts[2], self.reach), fake_y))
        self.optimizer_g.zero_grad(set_to_none=True)
        loss_g.backward()
        self.optimizer_g.step()
        if self.averages is not None:
            self._follow(ema_kept)
        return loss_d, loss_g, on_real.sigmoid().mean(), on_fake.sigmoid().mean()

    @torch.no_grad()
    def _follow(self, kept):
        """G's average, batch norm's statistics too; it starts at what G was first."""
        newest = [*self.g.parameters(), *(buffer for buffer in self.g.buffers() if buffer.is_floating_point())]
        if not self.averages:
            self.averages = [tensor.detach().clone() for tensor in newest]
        torch._foreach_lerp_(self.averages, newest, 1 - kept)

    def _r1(self, real, on_real):
        """γ/2 · E‖∇D(x)‖² on real pictures (Mescheder et al. 2018), with the weight of the steps that it stands for."""
        (slopes,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
        return slopes.square().sum((1, 2, 3)).mean() * self.regularizer["gamma"] / 2 * self.regularizer["every"]
