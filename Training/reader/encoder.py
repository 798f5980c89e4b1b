"""all-MiniLM-L6-v2 in plain PyTorch: token states after each layer."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

WIDTH, HEADS, LAYERS = 384, 12, 6


class Layer(nn.Module):
    """One layer of BERT, at any width of 32 a head. Names are those of the weights' file."""

    def __init__(self, width=WIDTH, inner=None, dropout=0.0):
        super().__init__()
        inner = inner or 4 * width
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.output, self.expand, self.contract = nn.Linear(width, width), nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.heads, self.dropout = width // 32, dropout

    def forward(self, x, mask):
        split = lambda t: t.unflatten(-1, (self.heads, 32)).transpose(1, 2)
        drop = lambda t: F.dropout(t, self.dropout, self.training)
        mixed = F.scaled_dot_product_attention(
            split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask[:, None, None, :]
        )
        x = self.norm1(x + drop(self.output(mixed.transpose(1, 2).flatten(-2))))
        return self.norm2(x + drop(self.contract(F.gelu(self.expand(x)))))

    def copy_from(self, tensors, index):
        names = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "output": "attention.output.dense", "expand": "intermediate.dense", "contract": "output.dense",
            "norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm",
        }
        for own, theirs in names.items():
            for part in ("weight", "bias"):
                getattr(getattr(self, own), part).data.copy_(tensors[f"encoder.layer.{index}.{theirs}.{part}"])


class Encoder(nn.Module):
    def __init__(self, directory):
        super().__init__()
        self.tensors = t = load_file(directory + "/model.safetensors")
        self.words = t["embeddings.word_embeddings.weight"]
        # Segment 0 throughout, as the product's encoder has it.
        self.positions = t["embeddings.position_embeddings.weight"] + t["embeddings.token_type_embeddings.weight"][0]
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.weight.data.copy_(t["embeddings.LayerNorm.weight"])
        self.norm.bias.data.copy_(t["embeddings.LayerNorm.bias"])
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for index, layer in enumerate(self.layers):
            layer.copy_from(t, index)
        self.requires_grad_(False).eval()

    @torch.no_grad()
    def states(self, ids, mask, depth=LAYERS):
        """States after the embeddings and each of the first `depth` layers."""
        x = self.norm(self.words[ids] + self.positions[: ids.shape[1]])
        found = [x]
        for layer in self.layers[:depth]:
            found.append(layer(found[-1], mask))
        return found

    @torch.no_grad()
    def vectors(self, ids, mask):
        x = self.states(ids, mask)[-1] * mask[..., None]
        return F.normalize(x.sum(1), dim=-1)
