"""Writes a model as a Hugging Face CLIP checkpoint with float16 safetensors."""
import json
import os
import struct

import numpy as np

from tokenizer import END, START

IMAGE_MEAN = [0.48145466, 0.4578275, 0.40821073]
IMAGE_STD = [0.26862954, 0.26130258, 0.27577711]


def write_safetensors(path, tensors):
    """tensors: name -> torch tensor; stored as F16."""
    header, chunks, at = {}, [], 0
    for name in sorted(tensors):
        array = tensors[name].detach().cpu().contiguous().numpy().astype(np.float16)
        header[name] = {"dtype": "F16", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        chunks.append(array.tobytes())
        at += array.nbytes
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with open(path + ".part", "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + b"".join(chunks))
    os.replace(path + ".part", path)


def read_safetensors(path):
    """name -> float32 numpy array, from a file of F16 tensors."""
    with open(path, "rb") as f:
        raw = f.read()
    (n,) = struct.unpack("<Q", raw[:8])
    out = {}
    for name, t in json.loads(raw[8:8 + n]).items():
        a, b = t["data_offsets"]
        flat = np.frombuffer(raw[8 + n + a:8 + n + b], dtype=np.float16)
        out[name] = flat.reshape(t["shape"]).astype(np.float32)
    return out


def preprocessor(size):
    return {"do_center_crop": True, "do_normalize": True, "do_resize": True, "do_convert_rgb": True, "resample": 3,
            "crop_size": {"height": size, "width": size}, "size": {"shortest_edge": size},
            "image_mean": IMAGE_MEAN, "image_std": IMAGE_STD, "image_processor_type": "CLIPImageProcessor"}


def tokenizer_config(context):
    return {"tokenizer_class": "CLIPTokenizer", "model_max_length": context, "bos_token": START, "eos_token": END,
            "unk_token": END, "pad_token": END}


def export(folder, state, config, tokenizer):
    """state: the model's state dict; only its tensors' names and values matter."""
    os.makedirs(folder, exist_ok=True)

    def dump(name, value, indent=1):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            json.dump(value, f, ensure_ascii=False, indent=indent)
            f.write("\n")

    write_safetensors(f"{folder}/model.safetensors", state)
    dump("config.json", config)
    dump("preprocessor_config.json", preprocessor(config["vision_config"]["image_size"]))
    dump("tokenizer_config.json", tokenizer_config(config["text_config"]["max_position_embeddings"]))
    dump("tokenizer.json", tokenizer.json(), None)
