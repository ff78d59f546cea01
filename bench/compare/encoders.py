"""
Session encoders: vectors of the items of a batch (events x dim) to a unit vector for each prefix. `attention` and `gru` begin
as those of the trainer do.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import PackedSequence

NEVER = -1e30
BUCKETS = 24


def log_gap(seconds):
    return torch.log2(1 + seconds.clamp(min=0))


class Attention(nn.Module):
    """Weighted sum of the items. The last one is the query."""

    def __init__(self, dim, window, gaps):
        super().__init__()
        self.product = nn.Parameter(torch.zeros(dim, dim))
        self.position = nn.Parameter(-0.2 * torch.arange(window).float().clamp(max=10))
        self.gap = nn.Parameter(torch.zeros(BUCKETS)) if gaps else None
        steps = torch.arange(window)
        self.distance = steps[:, None] - steps

    def forward(self, x, batch):
        blocks, places = batch.blocks()
        out = []
        for positions in blocks:
            block = F.embedding(positions, x)
            distance = self.distance[: block.shape[1], : block.shape[1]]
            near = self.position[distance.clamp(min=0)].masked_fill(distance < 0, NEVER)
            if self.gap is not None:
                times = torch.from_numpy(batch.times)[positions]
                bucket = log_gap(times[:, :, None] - times[:, None]).long().clamp(max=BUCKETS - 1)
                near = near + self.gap[bucket]
            near = near.expand(len(block), -1, -1)
            logits = torch.baddbmm(near, block @ self.product, block.transpose(1, 2))
            out.append((torch.softmax(logits, 2) @ block).flatten(0, 1))
        return F.normalize(F.embedding(places, torch.cat(out)), dim=1)


class Gru(nn.Module):
    def __init__(self, dim, gaps):
        super().__init__()
        self.gaps = gaps
        self.gru = nn.GRU(dim + (2 if gaps else 0), dim)
        self.output = nn.Linear(dim, dim, bias=False)
        with torch.no_grad():
            # Starts close to a mean of the items in which the latest counts most.
            self.gru.weight_ih_l0[2 * dim :, :dim] += 2 * torch.eye(dim)
            self.gru.bias_ih_l0[dim : 2 * dim] -= 1
            self.output.weight += torch.eye(dim)

    def forward(self, x, batch):
        order, places, sizes = batch.by_time()
        if self.gaps:
            times = torch.from_numpy(batch.times)
            later = torch.from_numpy(batch.steps) > 0
            gap = torch.where(later, log_gap(times - times.roll(1)), torch.zeros(())).float() / 10
            x = torch.cat([x, gap[:, None], later.float()[:, None]], 1)
        states = self.gru(PackedSequence(F.embedding(order, x), sizes))[0].data
        return F.normalize(self.output(F.embedding(places, states)), dim=1)


class Transformer(nn.Module):
    """One causal block with learned positions (SASRec, Kang & McAuley 2018; norms come first)."""

    def __init__(self, dim, window, dropout, heads=2):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.position = nn.Parameter(0.1 * torch.randn(window, dim))
        self.norms = nn.ModuleList([nn.LayerNorm(dim), nn.LayerNorm(dim)])
        self.mix, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.wide, self.narrow = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
        with torch.no_grad():
            # Starts close to the last item.
            self.out.weight *= 0.5
            self.narrow.weight *= 0.5

    def forward(self, x, batch):
        blocks, places = batch.blocks()
        return F.normalize(F.embedding(places, torch.cat([self.block(F.embedding(at, x)) for at in blocks])), dim=1)

    def block(self, x):
        count, length, dim = x.shape
        split = lambda part: part.view(count, length, self.heads, -1).transpose(1, 2)
        h = x * math.sqrt(dim) + self.position[:length]
        q, k, v = (split(part) for part in self.mix(self.norms[0](h)).chunk(3, 2))
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        logits = (q @ k.transpose(2, 3) / math.sqrt(dim / self.heads)).masked_fill(future, NEVER)
        seen = (torch.softmax(logits, 3) @ v).transpose(1, 2).reshape(count, length, dim)
        drop = lambda part: F.dropout(part, self.dropout, self.training)
        h = h + drop(self.out(seen))
        h = h + drop(self.narrow(F.gelu(self.wide(self.norms[1](h)))))
        return h.flatten(0, 1)


class Sum(nn.Module):
    def __init__(self, parts):
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, x, batch):
        return F.normalize(sum(part(x, batch) for part in self.parts), dim=1)


def encoder(row):
    dim, window, gaps = row["dim"], row["window"], row["gaps"]
    kinds = {
        "attention": lambda: Attention(dim, window, gaps),
        "gru": lambda: Gru(dim, gaps),
        "transformer": lambda: Transformer(dim, window, row["dropout"]),
    }
    parts = [kinds[name]() for name in row["parts"]]
    return parts[0] if len(parts) == 1 else Sum(parts)
