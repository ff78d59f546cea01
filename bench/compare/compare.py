"""
Trains rows of rows.json on the files that prepare.ts wrote into a folder, and asks each about the held-out sessions.

    python3 compare.py FOLDER [ROW SEED]...

A row changes the settings that the trainer would train its encoder with, or one of OTHERWISE. Each prints a line of JSON.
"""
import json
import math
import os
import signal
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from encoders import encoder
from losses import LOSSES, NEVER
from sessions import Batch, batches, for_asking, for_training, with_gaps, with_reversed

# Ctrl-C ends the program without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

# `negatives`: half as many as in the trainer, to save time.
OTHERWISE = {
    "negatives": 1024, "gaps": False, "apart": False, "loss": "cross-entropy", "smooth": 0.0, "after": 0.0, "reversed": 0.0, "gone": 0.0
}
# About so many events are trained on, 3 to 5 times the log. All rows have the same number, so that figures stay comparable.
EVENTS = 500_000
TOP = 20


class Data:
    def __init__(self, folder):
        read = lambda name, kind: np.fromfile(os.path.join(folder, name), kind)
        with open(os.path.join(folder, "spec.json")) as file:
            self.spec = json.load(file)
        self.items = self.spec["items"]
        self.rare = read("rare", np.uint8) > 0
        self.log, self.asked = (
            (self.tokens(read(f"{part}-rows", np.uint32)), read(f"{part}-times", np.float64), read(f"{part}-offsets", np.uint32).astype(np.int64))
            for part in ("train", "asked")
        )
        self.start = {dim: read(f"start-{dim}", np.float32).reshape(self.items, dim) for dim in self.spec["dims"]}
        tokens, _, offsets = self.log
        later = np.ones(len(tokens), bool)
        later[offsets[:-1]] = False
        counts = np.bincount(tokens[later], minlength=self.items + 1)
        opening = tokens[offsets[:-1][np.diff(offsets) > 1]]
        # An item that only ever opens sessions can still be a wrong answer. Rare items are no targets.
        counts[opening] = np.maximum(1, counts[opening])
        counts[self.items] = 0
        self.counts = counts

    def tokens(self, rows):
        """Rare items are one token, number `items`."""
        return np.where(self.rare[rows], self.items, rows.astype(np.int64))


class Draw:
    """Distinct items drawn by count^smoothing, and the corrections of their logits for that. All items where there are few."""

    def __init__(self, counts, row):
        self.live = np.flatnonzero(counts)
        self.all = len(self.live) <= max(row["negatives"], row["fullSoftmax"]) and row["loss"] != "gbce"
        share = counts[self.live] ** (0.0 if row["loss"] == "gbce" else row["smoothing"])
        self.number, share = row["negatives"], share / share.sum()
        self.cumulative = np.cumsum(share)
        self.correction = -np.log(-np.expm1(self.number * np.log1p(-share))).astype(np.float32)

    def __call__(self, rng):
        if self.all:
            return self.live, np.zeros(len(self.live), np.float32)
        drawn = np.searchsorted(self.cumulative, rng.random(self.number) * self.cumulative[-1])
        drawn = np.unique(np.minimum(drawn, len(self.live) - 1))
        return self.live[drawn], self.correction[drawn]


class Rows:
    """Parameters of tokens. A batch moves those that it used, by Adam; unit vectors stay unit vectors."""

    def __init__(self, values, row):
        self.values, self.row = values, row
        self.moments = [torch.zeros_like(values), torch.zeros_like(values)]

    def part(self, ids):
        return self.values[ids].requires_grad_()

    @torch.no_grad()
    def update(self, ids, part, rate, step):
        row = self.row
        g, (m, v) = part.grad, self.moments
        mean = m[ids].mul_(row["beta1"]).add_(g, alpha=1 - row["beta1"])
        square = v[ids].mul_(row["beta2"]).addcmul_(g, g, value=1 - row["beta2"])
        m.index_copy_(0, ids, mean)
        v.index_copy_(0, ids, square)
        root = (square / (1 - row["beta2"] ** step)).sqrt_().add_(row["epsilon"])
        moved = part.addcdiv(mean, root, value=-rate / (1 - row["beta1"] ** step))
        self.values.index_copy_(0, ids, F.normalize(moved, dim=1) if moved.dim() == 2 else moved)


class Model:
    def __init__(self, data, row, seed):
        torch.manual_seed(seed)
        self.data, self.row = data, row
        token = F.normalize(torch.randn(1, row["dim"]), dim=1)
        vectors = torch.cat([torch.from_numpy(data.start[row["dim"]]), token])
        self.table = Rows(vectors, row)
        self.inputs = Rows(vectors.clone(), row) if row["apart"] else self.table
        self.bias = Rows(torch.full((data.items + 1,), -math.log(data.items) if row["loss"] == "gbce" else 0.0), row)
        self.encoder = encoder(row)
        self.repeat = torch.zeros(data.spec["repeats"], requires_grad=True)
        self.scale = torch.tensor(math.log(row["scale"]), requires_grad=True)
        dense = [*self.encoder.parameters(), self.repeat, self.scale]
        self.dense = torch.optim.Adam(dense, lr=row["rate"], betas=(row["beta1"], row["beta2"]), eps=row["epsilon"])
        self.steps = 0
        self.local = np.full(data.items + 1, -1)

    def train(self, batch, negatives, correction, rate):
        data, row, local = self.data, self.row, self.local
        shared, rare = len(negatives), data.items
        others = np.setdiff1d(np.concatenate([batch.inputs, batch.recent.ravel(), batch.targets, batch.after]), negatives)
        tokens = np.concatenate([negatives, others[others >= 0]])
        local[tokens] = np.arange(len(tokens))
        known = lambda items: np.where((items >= 0) & (items != rare), local[items], -1)

        wanted = [batch.targets] + ([batch.after] if row["after"] > 0 else [])
        own, target = [known(batch.recent)], []
        for column, items in enumerate(wanted):
            here = known(items)
            same = own[0] == here[:, None]
            place = np.where(same.any(1), same.argmax(1), own[0].shape[1] + column)
            if column == 1:
                twin = here == known(batch.targets)
                place = np.where(twin, target[0] - shared, place)
                same[twin] = True
            own.append(np.where(same.any(1), -1, here)[:, None])
            target.append(np.where(here < 0, -1, shared + place))
        own = torch.from_numpy(np.concatenate(own, 1))
        target = torch.from_numpy(np.stack(target, 1))
        weight = torch.from_numpy(batch.weights) * (target[:, 0] >= 0)
        target[:, 0].clamp_(min=0)

        ids = torch.from_numpy(tokens)
        table, bias = self.table.part(ids), self.bias.part(ids)
        inputs = self.inputs.part(ids) if row["apart"] else table
        x = F.dropout(F.embedding(torch.from_numpy(local[batch.inputs]), inputs), row["dropout"])
        s = self.encoder(x, batch) * self.scale.exp()
        correction = torch.from_numpy(correction)
        offset = bias[:shared] + correction if row["loss"] == "cross-entropy" else bias[:shared]
        logits = torch.addmm(offset, s, table[:shared].t())
        # The own items of a prediction (its target, and the latest of the session) count once.
        where = torch.nonzero((own >= 0) & (own < shared), as_tuple=True)
        logits[where[0], own[where]] = NEVER
        places = own.clamp(min=0)
        of_own = (F.embedding(places, table) * s.unsqueeze(1)).sum(2) + bias[places]
        of_own = of_own + F.pad(self.repeat, (0, own.shape[1] - len(self.repeat)))
        logits = torch.cat([logits, of_own.masked_fill(own < 0, NEVER)], 1)
        loss = LOSSES[row["loss"]](logits, correction, target, row)
        loss = (loss * weight).sum() / weight.sum().clamp(min=1e-9)

        self.dense.zero_grad(set_to_none=True)
        loss.backward()
        self.steps += 1
        self.dense.param_groups[0]["lr"] = rate
        self.dense.step()
        for rows, part in [(self.table, table), (self.bias, bias)] + ([(self.inputs, inputs)] if row["apart"] else []):
            rows.update(ids, part, rate, self.steps)

    @torch.no_grad()
    def ranks(self, pieces):
        """The rank of each target among all items that are not rare. Ties count against it; rare targets count as missed."""
        data = self.data
        self.encoder.eval()
        table, bias = self.table.values[: data.items], self.bias.values[: data.items].clone()
        bias[torch.from_numpy(data.rare)] = NEVER
        out = []
        for chosen in batches(pieces, 512):
            batch = Batch(pieces, chosen, data.spec["repeats"])
            x = F.embedding(torch.from_numpy(batch.inputs), self.inputs.values)
            scores = torch.addmm(bias, self.encoder(x, batch) * self.scale.exp(), table.t())
            recent = torch.from_numpy(np.where(batch.recent == data.items, -1, batch.recent))
            scores.scatter_add_(1, recent.clamp(min=0), torch.where(recent >= 0, self.repeat, torch.zeros(())))
            targets = torch.from_numpy(batch.targets)
            best = scores.gather(1, targets.clamp(max=data.items - 1)[:, None])
            rank = (scores >= best).sum(1).masked_fill(targets == data.items, data.items)
            out.append(rank[torch.from_numpy(batch.counted)].numpy())
        return np.concatenate(out)


def settled(data, changes):
    """A row, with all settings that the trainer would train its encoder with."""
    kind = changes["parts"][0] if len(changes["parts"]) == 1 else "mixed"
    theirs = data.spec["hyper"].get(kind, data.spec["hyper"]["mixed"])
    epochs = min(5, max(3, math.ceil(EVENTS / len(data.log[0]))))
    return {**theirs, **OTHERWISE, "epochs": epochs, **changes}


def run(data, changes, seed):
    row = settled(data, changes)
    begun = time.process_time()
    rng = np.random.default_rng(seed)
    pieces = for_training(*data.log, row["window"])
    if row["reversed"] > 0:
        pieces = with_reversed(pieces, row["reversed"])
    draw, model = Draw(data.counts, row), Model(data, row, seed)
    for epoch in range(row["epochs"]):
        part = with_gaps(pieces, row["gone"], rng) if row["gone"] > 0 else pieces
        shuffled = batches(part, row["batch"], rng)
        for number, chosen in enumerate(shuffled):
            rate = row["rate"] * (1 - (epoch + number / len(shuffled)) / row["epochs"])
            model.train(Batch(part, chosen, data.spec["repeats"]), *draw(rng), rate)
    seconds = time.process_time() - begun
    ranks = model.ranks(for_asking(*data.asked, row["window"]))
    hits = ranks <= TOP
    return {"asked": len(ranks), "recall20": float(hits.mean()), "mrr20": float((hits / ranks).mean()), "cpuSeconds": seconds}


torch.set_num_threads(1)
data = Data(sys.argv[1])
with open(os.path.join(os.path.dirname(__file__), "rows.json")) as file:
    rows = {row["name"]: row for row in json.load(file)}
for name, seed in zip(sys.argv[2::2], sys.argv[3::2]):
    print(json.dumps({"name": name, "seed": int(seed), **run(data, rows[name], int(seed))}), flush=True)
