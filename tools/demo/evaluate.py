"""Zero-shot accuracy: an image counts as right when its own concept's text is the nearest."""
import random

import torch

RANDOM_SETS, RANDOM_SIZE = 200, 20


@torch.no_grad()
def features(model, demo, tokenizer, context, chunk=256):
    """Text features [C, d] and, for each style, image features [n, d] with labels [n]."""
    texts = torch.tensor([tokenizer(t, context) for t in demo.texts()])
    w = model.text_features(texts)
    styles = {}
    for style, (pixels, labels) in demo.evaluation.items():
        styles[style] = (torch.cat([model.image_features(x) for x in pixels.split(chunk)]), labels)
    return w, styles


def accuracy_among(scores, labels, concepts):
    """Share of right answers when only these concepts [k] and their images take part."""
    concepts = torch.as_tensor(concepts)
    rows = torch.isin(labels, concepts)
    chosen = concepts[scores[rows][:, concepts].argmax(1)]
    return (chosen == labels[rows]).float().mean().item() if rows.any() else float("nan")


def accuracies(model, demo, tokenizer, context):
    """For each style: accuracy among all concepts, in random sets of 20, and in the default set."""
    w, styles = features(model, demo, tokenizer, context)
    rng = random.Random(0)
    sets = [rng.sample(range(len(demo.concepts)), RANDOM_SIZE) for _ in range(RANDOM_SETS)]
    defaults = [demo.index[c] for c in demo.defaults]
    result = {}
    for style, (u, labels) in styles.items():
        scores = u @ w.T
        by_set = torch.tensor([accuracy_among(scores, labels, s) for s in sets])
        result[style] = {
            "all": round(accuracy_among(scores, labels, range(len(demo.concepts))), 4),
            "random20": round(by_set.nanmean().item(), 4),
            "default": round(accuracy_among(scores, labels, defaults), 4),
            "images": len(labels),
        }
    return result
