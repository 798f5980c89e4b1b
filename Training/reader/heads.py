"""The heads that were tried. Each gives four numbers a token: start, end, support, and (at [CLS]) answerable."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from encoder import WIDTH, Layer

OUTPUTS = 4


class Joint(nn.Module):
    """Question and passage in one sequence: the encoder's first layers as they are, then layers of our own.

    The head's layers begin as the encoder's upper ones, so training only bends them towards reading.
    """

    def __init__(self, encoder, lower=3, own=2):
        super().__init__()
        self.lower = lower
        self.marks = nn.Parameter(torch.zeros(4, WIDTH))
        self.layers = nn.ModuleList(Layer(dropout=0.1) for _ in range(own))
        for index, layer in enumerate(self.layers):
            layer.copy_from(encoder.tensors, lower + index)
        self.out = nn.Linear(WIDTH, OUTPUTS)

    def forward(self, encoder, batch):
        return self.read(encoder.states(batch.ids, batch.mask, self.lower)[-1], batch)

    def read(self, states, batch):
        x = states + self.marks[batch.marks]
        for layer in self.layers:
            x = layer(x, batch.mask)
        return self.out(x)


class JointSmall(nn.Module):
    """The whole frozen encoder over the joint sequence, then one small layer."""

    def __init__(self, encoder, width=128):
        super().__init__()
        self.project = nn.Linear(2 * WIDTH, width)
        self.marks = nn.Parameter(torch.zeros(4, width))
        self.layer, self.out = Layer(width, dropout=0.1), nn.Linear(width, OUTPUTS)

    def forward(self, encoder, batch):
        states = encoder.states(batch.ids, batch.mask)
        x = self.project(torch.cat([states[3], states[6]], -1)) + self.marks[batch.marks]
        return self.out(self.layer(x, batch.mask))


class Separate(nn.Module):
    """Question and passage encoded apart; transformer layers over both, side by side."""

    def __init__(self, encoder, width=192, layers=2):
        super().__init__()
        self.project, self.norm = nn.Linear(2 * WIDTH, width), nn.LayerNorm(width)
        self.marks = nn.Parameter(torch.zeros(4, width))
        self.layers = nn.ModuleList(Layer(width, dropout=0.1) for _ in range(layers))
        self.out = nn.Linear(width, OUTPUTS)

    def forward(self, encoder, batch):
        x = self.norm(self.project(batch.apart(encoder))) + self.marks[batch.marks]
        for layer in self.layers:
            x = layer(x, batch.mask)
        return self.out(x)


class Late(nn.Module):
    """Question and passage encoded apart; each passage token meets the question once, then convolutions."""

    def __init__(self, encoder, width=128):
        super().__init__()
        self.project = nn.Linear(2 * WIDTH, width)
        self.marks = nn.Parameter(torch.zeros(4, width))
        self.mix = nn.Linear(4 * width + 2, width)
        self.convolutions = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2) for _ in range(3))
        self.out = nn.Linear(width, OUTPUTS)

    def forward(self, encoder, batch):
        states = batch.apart(encoder)
        x = self.project(states) + self.marks[batch.marks]
        asked = (batch.marks < 2) & batch.mask
        unit = F.normalize(states[..., WIDTH:].float(), dim=-1)
        alike = (unit @ unit.transpose(1, 2)).masked_fill(~asked[:, None, :], -1)
        weights = torch.softmax(10 * alike, -1).to(x.dtype)
        question = weights @ x
        whole = (x * asked[..., None]).sum(1, keepdim=True) / asked.sum(1)[:, None, None]
        near = torch.stack([alike.amax(-1), (alike * asked[:, None, :]).sum(-1) / asked.sum(1)[:, None]], -1)
        x = F.gelu(self.mix(torch.cat([x, question, x * question, x * whole, near.to(x.dtype)], -1)))
        for convolution in self.convolutions:
            x = x + F.gelu(convolution((x * batch.mask[..., None]).transpose(1, 2)).transpose(1, 2))
        logits = self.out(x)
        # [CLS] sees five tokens only: whether the passage answers is the best token's word.
        best = logits[..., 3].masked_fill(batch.marks < 2, -1e4).amax(1, keepdim=True)
        whether = torch.cat([best, logits[:, 1:, 3]], 1)
        return torch.cat([logits[..., :3], whether[..., None]], -1)


HEADS = {"joint": Joint, "joint-small": JointSmall, "separate": Separate, "late": Late}
