"""The teacher's model card, written from what was measured."""

NAMES = {"all": "all concepts", "random20": "20 random concepts", "default": "the demo's default concepts"}


def percent(x):
    return f"{100 * x:.1f} %"


def table(demo, result):
    head = ["| style | seen in training | images | " + " | ".join(NAMES.values()) + " |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    rows = []
    for style, r in result.items():
        seen = "no" if style in demo.held_out_styles else "yes"
        rows.append(f"| {style} | {seen} | {r['images']} | " + " | ".join(percent(r[k]) for k in NAMES) + " |")
    return "\n".join(head + rows)


def write_card(folder, demo, config, result, epochs, minutes):
    vision, text = config["vision_config"], config["text_config"]
    body = f"""---
license: apache-2.0
pipeline_tag: zero-shot-image-classification
tags: [clip, emoji, demo]
language: en
---

# Emoji CLIP, the demo's teacher

A small CLIP that knows {len(demo.concepts)} things (animals, food, places, activities, objects) as emoji artists draw
them. It exists to teach a smaller student in the clip-distillery demo and knows nothing of photographs.

- Image tower: ViT, {vision['image_size']} pixels, patch {vision['patch_size']}, width {vision['hidden_size']}, {vision['num_hidden_layers']} layers, {vision['num_attention_heads']} heads.
- Text tower: width {text['hidden_size']}, {text['num_hidden_layers']} layers, context {text['max_position_embeddings']}; CLIP's tokenizer cut to {text['vocab_size']} tokens.
- Shared space: {config['projection_dim']} dimensions. Weights in float16.

## Zero-shot accuracy

Prompt: `{demo.prompt}`. Nearest text among the named concepts, measured with these float16 weights. The teacher never
saw the held-out styles; in the others it saw these very drawings, so only the held-out rows say how well it generalises.

{table(demo, result)}

The default concepts were chosen among those that this teacher names rightly in every style, so that column is no estimate
of anything else; the random sets are. With 99 % on the styles it was trained on, the teacher is over-fitted to them.

## Data

Open emoji sets by way of the Iconify packages. Trained on: {', '.join(demo.train_styles)}. Held out: {', '.join(demo.held_out_styles)}.
Captions: the Unicode name in a few templates, or the name with tags from `emojibase-data`. Licences and credits:
`../LICENSES.md`.

## Recipe

`tools/demo/train_teacher.py`: CLIP's contrastive loss, {epochs:.0f} epochs in {minutes:.0f} minutes on two shared CPU cores, Muon
and AdamW, cosine schedule, half of the patches dropped until near the end, averaged weights. Augmentation: zoom, rotation, mirror,
colour, filters, background. Log: `tools/demo/teacher-log.jsonl`.
"""
    with open(f"{folder}/README.md", "w", encoding="utf-8") as f:
        f.write(body)
