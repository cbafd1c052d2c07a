/**
 * `student.py`: the student in PyTorch, for those who go on with it in Python. Pillow resizes and crops, not
 * transformers, whose middle of an odd edge is another pixel.
 */
export const studentPy = `"""The student in PyTorch: image tower, projector and, where the run had it, EduAttention over the run's texts.

Needs torch, transformers, safetensors, pillow and numpy; reads what lies beside it.

    from student import Student, preprocess
    student = Student().eval()
    print(student(preprocess(Image.open("picture.png"))).softmax(-1))
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from transformers import CLIPVisionModelWithProjection, SiglipVisionModel

HERE = Path(__file__).parent


def preprocess(image):
    """A Pillow image of any size as the tower takes it: float32 [1, 3, size, size]."""
    about = json.loads((HERE / "student/preprocessor_config.json").read_text())
    to, size = about["size"], about["crop_size"]["width"]
    image = image.convert("RGB")
    shortest = to.get("shortest_edge")
    edges = [shortest * edge // min(image.size) for edge in image.size] if shortest else (to["width"], to["height"])
    image = image.resize(edges, about["resample"])
    left, top = (round((edge - size) / 2) for edge in edges)
    pixels = np.asarray(image.crop((left, top, left + size, top + size)), np.float32) / 255
    pixels = (pixels - np.float32(about["image_mean"])) / np.float32(about["image_std"])
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())


class Student(torch.nn.Module):
    """What it was asked is in \`texts\`, the teacher's features of these in the buffer \`text_features\`, [texts, d]."""

    def __init__(self):
        super().__init__()
        self.tower = tower(HERE / "student")
        for name in ("heads", "text_features"):
            with safe_open(HERE / f"{name}.safetensors", "pt") as file:
                about = file.metadata()
                for key in file.keys():
                    self.register_buffer(key.replace(".", "_"), file.get_tensor(key))
            if name == "heads":
                self.attends = about["eduAttention"] == "true"
            else:
                self.texts = json.loads(about["classes"]) or json.loads(about["texts"])
        if hasattr(self, "prompts"):
            insert(self.prompts, self.tower)

    def embed(self, pixels):
        """Features in the teacher's space, [batch, d], of length 1; EduAttention has no part in them."""
        seen = self.tower(pixels)
        x = seen.image_embeds if "image_embeds" in seen else seen.pooler_output
        x = self.linear("projector_fc1", x)
        statistics = (self.projector_bn_running_mean, self.projector_bn_running_var)
        x = F.batch_norm(x, *statistics, self.projector_bn_weight, self.projector_bn_bias)
        return F.normalize(self.linear("projector_fc2", F.relu(x)), dim=-1)

    def forward(self, pixels):
        """Logits of the texts, [batch, texts]."""
        u, W = self.embed(pixels), self.text_features
        if self.attends:
            Q, K, V = self.linear("edu_q", u), self.linear("edu_k", W), self.linear("edu_v", W)
            attended = (Q @ K.T / K.shape[1] ** 0.5).softmax(-1) @ V
            u = F.normalize(self.edu_alpha * attended + u, dim=-1)
        return self.logit_scale.exp() * u @ W.T

    def linear(self, name, x):
        return F.linear(x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias"))


def tower(folder):
    family = json.loads((folder / "config.json").read_text())["model_type"]
    kind = SiglipVisionModel if family.startswith("siglip") else CLIPVisionModelWithProjection
    return kind.from_pretrained(folder)


def insert(prompts, tower):
    """Deep visual prompts [layers, n, width]: tokens that stand behind the others, replaced before each of these layers."""
    named = dict(tower.named_modules())
    layers = [module for name, module in named.items() if type(module).__name__.endswith("EncoderLayer")]
    norm = next((module for name, module in named.items() if name.endswith("pre_layrnorm")), torch.nn.Identity())

    def put(i):
        def before(_, given):
            tokens = given[0][:, : -prompts.shape[1]] if i > 0 else given[0]
            own = prompts[i] if i > 0 else norm(prompts[0])
            return (torch.cat([tokens, own.expand(len(tokens), -1, -1)], 1), *given[1:])

        return before

    for i, layer in enumerate(layers[: len(prompts)]):
        layer.register_forward_pre_hook(put(i))
`;

/** `convert.py`: the student for telephones, by \`student.py\`. */
export const convertPy = `# /// script
# requires-python = ">=3.10"
# dependencies = ["torch", "transformers", "safetensors", "pillow", "numpy", "coremltools", "litert-torch"]
# ///
"""The student for telephones, one picture at a time: student.mlpackage (Core ML), student.tflite (LiteRT).

    uv run convert.py            writes both
    uv run convert.py coreml     or one: coreml, litert

Both take pixels as \`preprocess\` of student.py makes them, float32 [1, 3, size, size], and give the logits of the texts.
UNTRIED: it is written from the documentation of coremltools 9 and litert-torch 0.10, which were not at hand; what the
student answers in PyTorch is tried. Compare the answers before you use them.
"""

import sys

import torch
from student import HERE, Student


def coreml(student, pixels):
    import coremltools

    traced = torch.jit.trace(student, pixels)
    inputs = [coremltools.TensorType(name="pixel_values", shape=pixels.shape)]
    outputs = [coremltools.TensorType(name="logits")]
    coremltools.convert(traced, inputs=inputs, outputs=outputs).save(str(HERE / "student.mlpackage"))


def litert(student, pixels):
    import litert_torch

    litert_torch.convert(student, (pixels,)).export(str(HERE / "student.tflite"))


student = Student().eval()
size = student.tower.config.image_size
with torch.no_grad():
    for write in sys.argv[1:] or ("coreml", "litert"):
        {"coreml": coreml, "litert": litert}[write](student, torch.zeros(1, 3, size, size))
`;
