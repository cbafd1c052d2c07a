"""Measures an exported teacher in every art style and writes its model card.

    python tools/demo/measure_teacher.py --data build/demo
"""
import argparse
import json
import os

import torch

from card import write_card
from clip import Clip
from dataset import Demo
from evaluate import accuracies
from export import read_safetensors
from tokenizer import MERGES, Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))


def measure(folder, demo_folder, data, log):
    """Accuracies of the float16 weights in `folder`; also writes its README.md."""
    with open(f"{folder}/config.json", encoding="utf-8") as f:
        config = json.load(f)
    model = Clip(config)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in read_safetensors(f"{folder}/model.safetensors").items()})
    demo = Demo(demo_folder)
    demo.evaluation = {style: demo.images(style) for style in demo.held_out_styles + demo.train_styles}
    context = config["text_config"]["max_position_embeddings"]
    result = accuracies(model, demo, Tokenizer(f"{data}/merges.txt", MERGES), context)
    with open(log, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    last = [row for row in rows if "epochs" in row][-1]
    write_card(folder, demo, config, result, last["epochs"], last["minutes"])
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the folder that build.mjs --train wrote")
    parser.add_argument("--demo", default=f"{HERE}/../../public/demo")
    parser.add_argument("--teacher", default=f"{HERE}/../../public/demo/teacher")
    parser.add_argument("--log", default=f"{HERE}/teacher-log.jsonl")
    args = parser.parse_args()
    print(json.dumps(measure(args.teacher, args.demo, args.data, args.log), indent=1))


if __name__ == "__main__":
    main()
