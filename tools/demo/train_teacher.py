"""Pre-trains the demo's teacher with the CLIP objective on five of the seven art styles.

    python tools/demo/train_teacher.py --data build/demo --minutes 90

The learning rate anneals over the given minutes, so a run ends on time however busy the machine is. The averaged
weights are exported at every evaluation. Needs PyTorch 2.9 or newer (CPU is enough), numpy and Pillow.
"""
import argparse
import copy
import json
import math
import os
import time

import torch
import torch.nn.functional as F

from augment import augment
from clip import Clip, config
from dataset import Demo, Drawings, seed_everything
from evaluate import accuracies
from export import export
from measure_teacher import measure
from tokenizer import MERGES, Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
CONTEXT = 32
VISION = {"size": 64, "patch": 8, "width": 128, "layers": 6}
TEXT = {"text_width": 128, "text_layers": 2}
DIM = 128

# Training starts with easy batches: mild augmentation, few of one group; both grow over this share of the run.
EASY, HARD_BATCHES = 0.08, 0.25
BATCH = 128
# Muon for the matrices of the layers (its updates scaled as AdamW's), AdamW for all else.
MUON_RATE, MOMENTUM = 2e-3, 0.95
ADAMW_RATE, BETAS = 1e-3, (0.9, 0.98)
WARMUP, FLOOR = 0.03, 0.01  # share of the run; share of the rate
WEIGHT_DECAY, CLIP_NORM = 0.05, 1.0
MAX_LOGIT_SCALE = math.log(100)
AVERAGING = 0.995
# Most of the run sees part of each image's patches, at that part of the cost (FLIP, arXiv:2212.00794); the end sees all.
KEEP, ALL_PATCHES_FROM = 0.5, 0.85
EVALUATE_EVERY = 240  # seconds


def rate(progress):
    """Share of the learning rate at a share of the run: linear warm-up, then cosine."""
    if progress < WARMUP:
        return progress / WARMUP + 1e-3
    x = min(1, (progress - WARMUP) / (1 - WARMUP))
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * x))


def contrastive_loss(u, w, scale, which):
    """CLIP's loss for images u [B, d], distinct captions w [M, d] and each image's caption which [B].

    Several drawings of one concept may share a caption: from text to image they share the target evenly.
    """
    logits = scale * u @ w.T
    positives = F.one_hot(which, len(w)).float()
    to_image = positives.T / positives.sum(0).unsqueeze(1)
    loss = F.cross_entropy(logits, which)
    return (loss + F.cross_entropy(logits.T, to_image)) / 2


def optimisers(model):
    """Each parameter group remembers its full rate as `peak`."""
    hidden, matrices, rest = [], [], []
    for name, p in model.named_parameters():
        (hidden if ".layers." in name and p.ndim == 2 else matrices if p.ndim > 1 else rest).append(p)
    muon = torch.optim.Muon(hidden, lr=MUON_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY,
                            adjust_lr_fn="match_rms_adamw")
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": rest, "weight_decay": 0.0}]
    both = [muon, torch.optim.AdamW(groups, lr=ADAMW_RATE, betas=BETAS)]
    for group in (g for optimiser in both for g in optimiser.param_groups):
        group["peak"] = group["lr"]
    return both


@torch.no_grad()
def average(mean, model, step):
    """Moving average of the weights, faster at the start."""
    decay = min(AVERAGING, (1 + step) / (10 + step))
    for a, b in zip(mean.parameters(), model.parameters()):
        a.lerp_(b, 1 - decay)


class Run:
    def __init__(self, args):
        self.args, self.rng = args, seed_everything(args.seed)
        self.demo = Demo(args.demo)
        self.demo.evaluation = {s: self.demo.images(s) for s in self.demo.held_out_styles}
        self.tokenizer = Tokenizer(f"{args.data}/merges.txt", MERGES)
        self.config = config(**VISION, **TEXT, vocab=len(self.tokenizer.vocab), context=CONTEXT, dim=DIM)
        self.model = Clip(self.config)
        self.mean = copy.deepcopy(self.model).requires_grad_(False)
        self.optimisers = optimisers(self.model)
        self.start, self.log_file = time.time(), open(args.log, "w", encoding="utf-8")
        if args.compile:
            torch._dynamo.config.automatic_dynamic_shapes = False
            encoder = self.model.vision_model.encoder
            encoder.forward = torch.compile(encoder.forward)

    def progress(self):
        return (time.time() - self.start) / (60 * self.args.minutes)

    def log(self, **row):
        line = json.dumps({"minutes": round((time.time() - self.start) / 60, 2), **row})
        print(line, flush=True)
        self.log_file.write(line + "\n")
        self.log_file.flush()

    def step(self, rgba, labels, progress):
        """One update; returns the loss."""
        pixels = augment(rgba, VISION["size"], min(1, progress / EASY))
        concepts, which = labels.unique(return_inverse=True)
        ids = torch.tensor([self.tokenizer(self.demo.caption(int(c), self.rng), CONTEXT) for c in concepts])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            u = self.model.image_features(pixels, KEEP if progress < ALL_PATCHES_FROM else 1.0)
            w = self.model.text_features(ids)
        loss = contrastive_loss(u, w, self.model.logit_scale.exp(), which)
        self.model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP_NORM)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * rate(progress)
            optimiser.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=MAX_LOGIT_SCALE)
        return loss.item()

    def evaluate(self):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return accuracies(self.mean, self.demo, self.tokenizer, CONTEXT)

    def save(self):
        export(self.args.out, self.mean.state_dict(), self.config, self.tokenizer)

    def train(self):
        drawings = Drawings(self.args.data, self.demo)
        count = sum(p.numel() for p in self.model.parameters())
        vision = sum(p.numel() for n, p in self.model.named_parameters() if n.startswith("vis"))
        self.log(parameters=count, image_tower=vision, images=len(drawings.labels), concepts=len(self.demo.concepts))
        anywhere, one_group = drawings.sources(BATCH)
        seen, step, since, losses = 0, 0, time.time(), []
        while (progress := self.progress()) < 1:
            hard = self.rng.random() < HARD_BATCHES * min(1, progress / EASY)
            rows = next(one_group if hard else anywhere)
            losses.append(self.step(drawings.rgba[rows], drawings.labels[rows], progress))
            average(self.mean, self.model, step)
            seen, step = seen + len(rows), step + 1
            if time.time() - since > EVALUATE_EVERY:
                self.log(step=step, epochs=round(seen / len(drawings.labels), 1), rate=round(rate(progress), 4),
                         loss=round(sum(losses) / len(losses), 4), scale=round(self.model.logit_scale.exp().item(), 2),
                         images_per_second=round(seen / (time.time() - self.start)), **self.evaluate())
                self.save()
                since, losses = time.time(), []
        self.log(step=step, epochs=round(seen / len(drawings.labels), 1), images_seen=seen)
        self.finish()

    def finish(self):
        """Measures the exported float16 weights in every style and writes the model card."""
        self.save()
        self.log(final=True, **measure(self.args.out, self.args.demo, self.args.data, self.args.log))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the folder that build.mjs --train wrote")
    parser.add_argument("--demo", default=f"{HERE}/../../public/demo")
    parser.add_argument("--out", default=f"{HERE}/../../public/demo/teacher")
    parser.add_argument("--log", default=f"{HERE}/teacher-log.jsonl")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    Run(args).train()


if __name__ == "__main__":
    main()
