"""PyTorch's side of the benchmark: reads a case from a folder, then takes one command a line.

`{"check": k}` does k steps from the given weights in float64 and answers with each step's losses and with how far its own step in float32, from the same state, is from each; the state before
each step and the gradients lie in files then, `0.generator.weights` and so on;
`{"row": k}` does k steps in a row and answers with their losses in float64 and with the most by which those in float32 differ;
`{"time": n, "period": p}` answers with the milliseconds of n steps in float32, each number the mean of p steps; `{"sample": n}` with those of n pictures of one latent, and the
picture. PyTorch at its best on a CPU: channels last, fused Adam, no framework around it.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "reference"))
from ganvas_torch import Gan  # noqa: E402


def main(folder, threads):
    torch.set_num_threads(threads)
    case = json.loads((folder / "case.json").read_text())
    recipe, batch = case["recipe"], case["batch"]
    side, channels = recipe["image"]["size"], recipe["image"]["channels"]
    read = lambda name: np.fromfile(folder / name, dtype=np.float32)
    z = [torch.from_numpy(part) for part in read("z").reshape(-1, batch, recipe["latent"]["size"])]
    real = list(read("real").reshape(-1, batch, side, side, channels))
    # Of the reals, the fakes, and the fakes that G learns from; empty where the recipe does not translate.
    shifts = torch.from_numpy(read("shifts")).long().reshape(-1, 3, batch, 2) if (folder / "shifts").exists() else None
    shifts_of = lambda index: shifts[index] if shifts is not None else (None, None, None)

    def loaded(**options):
        gan = Gan(recipe, **options)
        gan.g.load(read("generator.weights"), read("generator.running"))
        gan.d.load(read("discriminator.weights"), read("discriminator.running"))
        return gan

    def inputs(gan, index):
        dtype = next(gan.g.parameters()).dtype
        return z[index].to(dtype), gan.pictures(real[index]).to(dtype), shifts_of(index), case["emaKept"]

    gan = loaded(fast=True)
    timed = inputs(gan, 0)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        if "check" in command:
            exact, single = loaded(dtype=torch.float64), loaded(fast=True)
            steps = []
            for index in range(command["check"]):
                write_state(folder, index, exact)
                single.follow(exact)
                losses, gradients = measured(exact, inputs(exact, index))
                own_losses, own_gradients = measured(single, inputs(single, index))
                gradients.astype(np.float32).tofile(folder / f"{index}.gradients")
                # Of the first step D alone is judged (see agreement.mjs): its loss comes first, its gradients last.
                losses_judged, first = (1, len(exact.gradients()[0])) if index == 0 else (2, 0)
                own = {
                    "loss": relative(own_losses[:losses_judged], losses),
                    "gradients": distance(own_gradients[first:], gradients[first:]),
                }
                steps.append({"losses": losses, "own": own})
            print(json.dumps({"steps": steps}), flush=True)
        elif "row" in command:
            in_a_row = lambda gan: [measured(gan, inputs(gan, index))[0] for index in range(command["row"])]
            exact, single = in_a_row(loaded(dtype=torch.float64)), in_a_row(loaded(fast=True))
            print(json.dumps({"losses": exact, "own": max(map(relative, single, exact))}), flush=True)
        elif "sample" in command:
            print(json.dumps(sample(gan.g, z[0][:1], command["sample"])), flush=True)
        else:
            times = []
            for _ in range(0, command["time"], command["period"]):
                start = time.perf_counter()
                for _ in range(command["period"]):
                    loss_d, loss_g, _, _ = gan.step(*timed)
                    loss_d.item(), loss_g.item()
                times.append((time.perf_counter() - start) * 1e3 / command["period"])
            print(json.dumps({"ms": times}), flush=True)


def write_state(folder, index, gan):
    for name, network, first, second in gan.state():
        weights, running = network.flat()
        for part, values in {"weights": weights, "running": running, "firstMoment": first, "secondMoment": second}.items():
            values.astype(np.float32).tofile(folder / f"{index}.{name}.{part}")


def measured(gan, batch):
    """A step's losses, and the gradients that it followed, G's and D's in one vector."""
    losses = [loss.item() for loss in gan.step(*batch)[:2]]
    return losses, np.concatenate(gan.gradients()).astype(np.float64)


def relative(own, exact):
    return max(abs(a - b) / max(1, abs(b)) for a, b in zip(own, exact))


def distance(own, exact):
    return float(np.linalg.norm(own - exact) / np.linalg.norm(exact))


def sample(generator, z, count):
    """Milliseconds of each of `count` pictures of one latent, by running statistics, and the picture, channels last."""
    generator.eval()
    times = []
    with torch.inference_mode():
        for _ in range(count):
            start = time.perf_counter()
            picture = generator(z)
            times.append((time.perf_counter() - start) * 1e3)
    generator.train()
    return {"ms": times, "picture": picture.permute(0, 2, 3, 1).flatten().tolist()}


main(Path(sys.argv[1]), int(sys.argv[2]))
