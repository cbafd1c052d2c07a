"""The demo's concepts, captions and images, as build.mjs wrote them."""
import io
import json
import random
import zipfile
from itertools import count

import numpy as np
import torch
from PIL import Image

from augment import normalise

TEMPLATES = ["{}", "a drawing of {}", "a picture of {}", "an icon of {}"]
PROMPTED, TAGGED = 0.5, 0.25  # how often a caption is the page's prompt, or the name with tags


class Demo:
    """public/demo: names, tags and the images that the page shows."""

    def __init__(self, folder):
        with open(f"{folder}/demo.json", encoding="utf-8") as f:
            info = json.load(f)
        self.folder, self.groups, self.default_file = folder, info["groups"], info["defaultFile"]
        self.prompt, self.defaults, self.size = info["promptTemplate"], info["defaultConcepts"], info["imageSize"]
        self.concepts = [concept for group in self.groups for concept in group["concepts"]]
        self.group_of = [g for g, group in enumerate(self.groups) for _ in group["concepts"]]
        self.index = {concept["id"]: i for i, concept in enumerate(self.concepts)}
        self.train_styles = [s["id"] for s in info["styles"] if not s["heldOut"]]
        self.held_out_styles = [s["id"] for s in info["styles"] if s["heldOut"]]

    def texts(self):
        return [self.prompt.replace("{}", concept["name"]) for concept in self.concepts]

    def caption(self, i, rng):
        """A random caption: the name in the page's prompt or another template, or with some of its tags."""
        name, tags = self.concepts[i]["name"], self.concepts[i]["tags"]
        kind = rng.random()
        if tags and kind < TAGGED:
            return ", ".join([name, *rng.sample(tags, rng.randint(1, min(3, len(tags))))])
        template = self.prompt if kind < TAGGED + PROMPTED else rng.choice(TEMPLATES)
        return template.replace("{}", name)

    def images(self, style):
        """The style's images as the page reads them: normalised pixels [n, 3, S, S] and concept indices [n]."""
        pixels, labels = [], []
        for file in [self.default_file, *(group["file"] for group in self.groups)]:
            with zipfile.ZipFile(f"{self.folder}/{file}") as z:
                for name in (n for n in z.namelist() if n.startswith(style + "/")):
                    image = Image.open(io.BytesIO(z.read(name))).convert("RGB")
                    pixels.append(torch.from_numpy(np.array(image)).permute(2, 0, 1))
                    labels.append(self.index[name.split("/")[1].removesuffix(".webp")])
        return normalise(torch.stack(pixels).float() / 255), torch.tensor(labels)


class Drawings:
    """The larger RGBA renderings of the training styles: rgba uint8 [n, 4, s, s], labels [n], groups [n]."""

    def __init__(self, folder, demo):
        with open(f"{folder}/index.json", encoding="utf-8") as f:
            info = json.load(f)
        size = info["size"]
        raw = np.fromfile(f"{folder}/images.rgba", dtype=np.uint8).reshape(-1, size, size, 4)
        keep = [i for i, (_, style) in enumerate(info["images"]) if style in demo.train_styles]
        self.rgba = torch.from_numpy(raw[keep]).permute(0, 3, 1, 2).contiguous()
        self.labels = torch.tensor([demo.index[info["images"][i][0]] for i in keep])
        self.groups = torch.tensor(demo.group_of)[self.labels]

    def sources(self, size):
        """Endless batches of row numbers: from anywhere, and from a group drawn by its size, whose concepts are
        harder to tell apart."""
        everything = torch.arange(len(self.labels))
        groups = [shuffled(everything[self.groups == g], size) for g in range(int(self.groups.max()) + 1)]
        shares = self.groups.bincount().float()
        return shuffled(everything, size), (next(groups[int(shares.multinomial(1))]) for _ in count())


def shuffled(rows, size):
    """Endless draws of `size` rows, each row once before any comes again (but for an epoch's rest)."""
    while True:
        yield from (part for part in rows[torch.randperm(len(rows))].split(size) if len(part) == size)


def seed_everything(seed):
    torch.manual_seed(seed)
    return random.Random(seed)
