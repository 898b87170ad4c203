"""PyTorch's way of reading pictures: a DataLoader over a folder with PIL, as torchvision's ImageFolder with Resize, CenterCrop and ToTensor does it.

`python loader.py FOLDER SIZE WORKERS` answers each line of standard input with the seconds that one pass over the folder takes.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

BATCH = 64


class Folder(Dataset):
    def __init__(self, folder, size):
        self.paths = sorted(Path(folder).iterdir())
        self.size = size

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        size = self.size
        with open(self.paths[index], "rb") as file:
            picture = Image.open(file).convert("RGB")
        width, height = picture.size
        scale = size / min(width, height)
        picture = picture.resize((max(size, round(width * scale)), max(size, round(height * scale))), Image.BILINEAR)
        left, top = (picture.width - size) // 2, (picture.height - size) // 2
        pixels = np.asarray(picture.crop((left, top, left + size, top + size)))
        return torch.from_numpy(pixels.copy()).permute(2, 0, 1).float().div(255)


def main(folder, size, workers):
    loader = DataLoader(Folder(folder, size), batch_size=BATCH, num_workers=workers)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        count = sum(len(batch) for batch in loader)
        print(json.dumps({"seconds": time.perf_counter() - start, "pictures": count}), flush=True)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
