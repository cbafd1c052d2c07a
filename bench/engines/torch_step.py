"""The step in PyTorch, on one thread: a line on standard input asks for one, its losses come back as a line of JSON.

Usage: python3 torch_step.py FOLDER, with the problem as bench/engines/torch.ts writes it there.
"""
import array
import json
import os
import sys

import torch
from torch.nn import functional as F

torch.set_num_threads(1)


def read_problem(folder):
    with open(os.path.join(folder, "problem.json")) as file:
        problem = json.load(file)
    numbers = array.array("f")
    with open(os.path.join(folder, "tensors.bin"), "rb") as file:
        numbers.frombytes(file.read())
    flat = torch.tensor(numbers)
    tensors = {}
    for group, entries in problem["tensors"].items():
        tensors[group] = {}
        for name, shape in entries:
            size = torch.Size(shape).numel()
            tensors[group][name], flat = flat[:size].reshape(shape).clone(), flat[size:]
    return problem, tensors


def linear(w, name, x):
    return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))


def layer_norm(w, name, x, epsilon):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], epsilon)


def attention(w, name, x, heads):
    batch, tokens, width = x.shape
    q, k, v = (linear(w, f"{name}.{p}_proj", x).view(batch, tokens, heads, -1).transpose(1, 2) for p in "qkv")
    mixed = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1) @ v
    return linear(w, name + ".out_proj", mixed.transpose(1, 2).reshape(batch, tokens, width))


def image_features(w, config, pixels):
    """A ViT with deep prompts, where it has them: [batch, features]."""
    batch, epsilon = len(pixels), config["layerNormEps"]
    patches = F.conv2d(pixels, w["vision_model.embeddings.patch_embedding.weight"], stride=config["patchSize"])
    first = w["vision_model.embeddings.class_embedding"].expand(batch, 1, -1)
    x = torch.cat([first, patches.flatten(2).transpose(1, 2)], 1)
    x = x + w["vision_model.embeddings.position_embedding.weight"]
    prompts, kept = w.get("prompts", torch.empty(0)), x.shape[1]
    if len(prompts) > 0:
        x = torch.cat([x, prompts[0].expand(batch, -1, -1)], 1)
    x = layer_norm(w, "vision_model.pre_layrnorm", x, epsilon)
    for i in range(config["numHiddenLayers"]):
        if 0 < i < len(prompts):
            x = torch.cat([x[:, :kept], prompts[i].expand(batch, -1, -1)], 1)
        layer = f"vision_model.encoder.layers.{i}"
        normed = layer_norm(w, layer + ".layer_norm1", x, epsilon)
        x = x + attention(w, layer + ".self_attn", normed, config["numAttentionHeads"])
        wide = linear(w, layer + ".mlp.fc1", layer_norm(w, layer + ".layer_norm2", x, epsilon))
        x = x + linear(w, layer + ".mlp.fc2", wide * torch.sigmoid(1.702 * wide))
    return linear(w, "visual_projection", layer_norm(w, "vision_model.post_layernorm", x[:, 0], epsilon))


def losses(w, x, u_t, W, s):
    """ComKD-CLIP's; the batch norm's running statistics are updated on the way."""
    hidden = F.batch_norm(linear(w, "projector.fc1", x), w["projector.bn.running_mean"], w["projector.bn.running_var"],
                          w["projector.bn.weight"], w["projector.bn.bias"], training=True, momentum=0.1, eps=1e-5)
    u_s = F.normalize(linear(w, "projector.fc2", F.relu(hidden)), dim=-1)
    mean = (u_s.mean(0) - u_t.mean(0)).abs().mean()
    variance = (u_s.var(0, unbiased=False) - u_t.var(0, unbiased=False)).abs().mean()
    keys = linear(w, "edu.k", W)
    weights = torch.softmax(linear(w, "edu.q", u_s) @ keys.T * keys.shape[1] ** -0.5, -1)
    f_e = F.normalize(u_s + w["edu.alpha"] * (weights @ linear(w, "edu.v", W)), dim=-1)
    target, predicted = (torch.log_softmax(s * u @ W.T, -1) for u in (u_t, f_e))
    kl = F.kl_div(predicted, target, log_target=True, reduction="batchmean")
    return {"total": mean + variance + kl, "mean": mean, "variance": variance, "kl": kl}


def main(folder):
    problem, tensors = read_problem(folder)
    student, given = tensors["student"], tensors["given"]
    trained = [student[name].requires_grad_() for name in problem["trained"]]
    rate, beta1, beta2 = (problem["adamW"][name] for name in ("learningRate", "beta1", "beta2"))
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in trained if p.dim() >= 2], "weight_decay": problem["adamW"]["weightDecay"]},
         {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0}],
        lr=rate, betas=(beta1, beta2), eps=problem["adamW"]["epsilon"])
    for _ in sys.stdin:
        u_t = given.get("features")
        if u_t is None:
            with torch.no_grad():
                u_t = F.normalize(image_features(tensors["teacher"], problem["teacher"], given["teacherPixels"]), dim=-1)
        parts = losses(student, image_features(student, problem["student"], given["pixels"]), u_t, given["W"], problem["s"])
        optimizer.zero_grad()
        parts["total"].backward()
        optimizer.step()
        print(json.dumps({name: value.item() for name, value in parts.items()}), flush=True)


main(sys.argv[1])
