"""CLIP's two towers, with the parameter names of Hugging Face's CLIPModel."""
import torch
import torch.nn.functional as F
from torch import nn

EMBEDDING_STD = 0.1
BLANK_FIRST, BLANK_RANGE = 0.7, 0.1  # how much likelier blank patches are dropped, and what counts as blank


def config(size, patch, width, layers, text_width, text_layers, vocab, context, dim, head=64):
    """A CLIPModel configuration; the last id of the vocabulary ends a text, the one before starts it."""
    common = {"hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "attention_dropout": 0.0, "projection_dim": dim}
    text = {**common, "model_type": "clip_text_model", "vocab_size": vocab, "hidden_size": text_width,
            "intermediate_size": 4 * text_width, "num_hidden_layers": text_layers,
            "num_attention_heads": text_width // head, "max_position_embeddings": context,
            "bos_token_id": vocab - 2, "eos_token_id": vocab - 1, "pad_token_id": vocab - 1}
    vision = {**common, "model_type": "clip_vision_model", "hidden_size": width, "intermediate_size": 4 * width,
              "num_hidden_layers": layers, "num_attention_heads": width // head, "image_size": size,
              "patch_size": patch, "num_channels": 3}
    return {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": dim,
            "logit_scale_init_value": 2.6592, "text_config": text, "vision_config": vision}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def forward(self, x, causal):
        """x [B, T, W] -> [B, T, W]."""
        B, T, W = x.shape
        parts = (self.q_proj, self.k_proj, self.v_proj)
        weight, bias = torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts])
        q, k, v = F.linear(x, weight, bias).view(B, T, 3, self.heads, W // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (W // self.heads) ** -0.5
        if causal:
            scores = scores + torch.full((T, T), float("-inf")).triu(1)
        x = scores.softmax(-1).to(v.dtype) @ v
        return self.out_proj(x.transpose(1, 2).reshape(B, T, W))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.layer_norm1 = nn.LayerNorm(width)
        self.mlp = Mlp(width)
        self.layer_norm2 = nn.LayerNorm(width)

    def forward(self, x, causal):
        x = x + self.self_attn(self.layer_norm1(x), causal)
        return x + self.mlp(self.layer_norm2(x))


class Encoder(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, heads = cfg["hidden_size"], cfg["num_attention_heads"]
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(cfg["num_hidden_layers"]))

    def forward(self, x, causal=False):
        for layer in self.layers:
            x = layer(x, causal)
        return x


class VisionEmbeddings(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, patch = cfg["hidden_size"], cfg["patch_size"]
        tokens = (cfg["image_size"] // patch) ** 2 + 1
        self.class_embedding = nn.Parameter(torch.randn(width) * EMBEDDING_STD)
        self.patch_embedding = nn.Conv2d(3, width, patch, stride=patch, bias=False)
        self.position_embedding = nn.Embedding(tokens, width)

    def forward(self, pixels, keep):
        """pixels [B, 3, S, S] -> tokens [B, 1 + kept patches, W]; each image keeps its own random patches."""
        x = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        B, T, W = x.shape
        x = x + self.position_embedding.weight[1:]
        if keep < 1:
            chosen = (torch.rand(B, T) - BLANK_FIRST * self.blank(pixels)).topk(round(keep * T), 1).indices
            x = x.gather(1, chosen[..., None].expand(-1, -1, W))
        first = self.class_embedding + self.position_embedding.weight[0]
        return torch.cat([first.to(x.dtype).expand(B, 1, W), x], 1)


    def blank(self, pixels):
        """Which patches show nothing but background: [B, T] of 0 and 1."""
        size = self.patch_embedding.kernel_size[0]
        most, least = F.max_pool2d(pixels, size), -F.max_pool2d(-pixels, size)
        return ((most - least).amax(1) < BLANK_RANGE).flatten(1).float()


class VisionTower(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.embeddings = VisionEmbeddings(cfg)
        self.pre_layrnorm = nn.LayerNorm(cfg["hidden_size"])
        self.encoder = Encoder(cfg)
        self.post_layernorm = nn.LayerNorm(cfg["hidden_size"])

    def forward(self, pixels, keep=1.0):
        x = self.encoder(self.pre_layrnorm(self.embeddings(pixels, keep)))
        return self.post_layernorm(x[:, 0])


class TextEmbeddings(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.token_embedding = nn.Embedding(cfg["vocab_size"], cfg["hidden_size"])
        self.position_embedding = nn.Embedding(cfg["max_position_embeddings"], cfg["hidden_size"])

    def forward(self, ids):
        return self.token_embedding(ids) + self.position_embedding.weight[:ids.shape[1]]


class TextTower(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.end = cfg["eos_token_id"]
        self.embeddings = TextEmbeddings(cfg)
        self.encoder = Encoder(cfg)
        self.final_layer_norm = nn.LayerNorm(cfg["hidden_size"])

    def forward(self, ids):
        """ids [B, T] -> the features at the first end token [B, W]; what follows it is never looked at."""
        at = (ids == self.end).int().argmax(1)
        x = self.encoder(self.embeddings(ids[:, :int(at.max()) + 1]), causal=True)
        return self.final_layer_norm(x[torch.arange(len(ids)), at])


class Clip(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        vision, text = cfg["vision_config"], cfg["text_config"]
        self.vision_model = VisionTower(vision)
        self.text_model = TextTower(text)
        self.visual_projection = nn.Linear(vision["hidden_size"], cfg["projection_dim"], bias=False)
        self.text_projection = nn.Linear(text["hidden_size"], cfg["projection_dim"], bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(cfg["logit_scale_init_value"]))
        for name, p in self.named_parameters():
            if name.endswith(("position_embedding.weight", "token_embedding.weight")):
                nn.init.normal_(p, std=EMBEDDING_STD)
            elif p.ndim == 2:
                nn.init.xavier_uniform_(p)

    def image_features(self, pixels, keep=1.0):
        return F.normalize(self.visual_projection(self.vision_model(pixels, keep)).float(), dim=-1)

    def text_features(self, ids):
        return F.normalize(self.text_projection(self.text_model(ids)).float(), dim=-1)
