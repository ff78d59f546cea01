"""The model that `nearside train` trains, written for PyTorch as efficiently as we can, and timed on one thread.

    python3 speed.py BATCHES.json

BATCHES.json is written by speed.ts: the hyperparameters, and batches of sessions as rows of items. What PyTorch needs of a
batch (distinct items, negatives, columns) is laid out before the clock runs; the trainer does that while it runs.
"""
import json
import math
import signal
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

# Ctrl-C ends the program without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

NEVER = -1e30


def blas():
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1].lower() for line in maps if ".so" in line}
    for name in ("mkl_rt", "mkl_core", "openblas", "blis", "atlas"):
        if any(name in path for path in paths):
            return name
    return "reference" if any("/libblas.so" in path for path in paths) else "unknown"


class Batch:
    """Local rows are those of `ids`: first the shared negatives, then the other items of the batch."""

    def __init__(self, sessions, negatives, correction, spec):
        repeats = spec["repeats"]
        local = {item: i for i, item in enumerate(negatives.tolist())}
        inputs, own, targets = [], [], []
        for session in sessions:
            for t in range(len(session) - 1):
                for item in session[t : t + 2]:
                    local.setdefault(item, len(local))
                recent = list(dict.fromkeys(session[t::-1]))[:repeats]
                target = session[t + 1]
                columns = [local[item] for item in recent] + [-1] * (repeats - len(recent))
                columns.append(-1 if target in recent else local[target])
                inputs.append(local[session[t]])
                own.append(columns)
                targets.append(len(negatives) + (recent.index(target) if target in recent else repeats))
        self.shared = len(negatives)
        self.correction = correction
        self.ids = torch.tensor(list(local))
        self.inputs, self.target = torch.tensor(inputs), torch.tensor(targets)
        own = torch.tensor(own)
        self.empty = own < 0
        self.own = own.clamp(min=0)
        # The own items of a prediction (its target, and the latest of the session) count once.
        self.twice = torch.nonzero((own >= 0) & (own < self.shared))[:, 0], own[(own >= 0) & (own < self.shared)]
        lengths = torch.tensor([len(session) - 1 for session in sessions])
        self.starts = torch.cumsum(lengths, 0) - lengths
        self.lengths = lengths
        self.events = len(inputs)
        self.layout(spec["encoder"])

    def layout(self, kind):
        # GRU: one block, longest session first, as pack_padded_sequence wants it. Attention: blocks of similar lengths, so that little
        # is padding.
        order = torch.argsort(self.lengths, descending=True, stable=True)
        if kind == "gru":
            groups = [order]
        else:
            width = torch.ceil(torch.log2(self.lengths.double().clamp(min=1))).long()[order]
            groups = [order[width == w] for w in torch.unique(width)]
        self.blocks, places = [], torch.empty(self.events, dtype=torch.long)
        base = 0
        for group in groups:
            lengths = self.lengths[group]
            longest = int(lengths.max())
            steps = torch.arange(longest)
            inside = steps < lengths[:, None]
            positions = (self.starts[group][:, None] + steps).clamp(max=self.events - 1)
            flat = base + torch.arange(inside.numel()).view_as(inside)
            places[positions[inside]] = flat[inside]
            self.blocks.append((positions.flatten(), len(group), longest, lengths))
            base += inside.numel()
        self.places = places


class Model:
    def __init__(self, spec):
        torch.manual_seed(spec["seed"])
        self.spec, items, dim = spec, spec["items"], spec["dim"]
        self.table = F.normalize(torch.randn(items, dim), dim=1)
        self.bias = torch.zeros(items)
        self.moments = [torch.zeros(items, dim), torch.zeros(items, dim), torch.zeros(items), torch.zeros(items)]
        self.repeat = torch.zeros(spec["repeats"], requires_grad=True)
        self.scale = torch.tensor(math.log(spec["scale"]), requires_grad=True)
        dense = [self.repeat, self.scale]
        if spec["encoder"] == "gru":
            self.gru = torch.nn.GRU(dim, dim, batch_first=True)
            self.output = torch.nn.Linear(dim, dim, bias=False)
            with torch.no_grad():
                self.gru.weight_ih_l0[2 * dim :] += 2 * torch.eye(dim)
                self.gru.bias_ih_l0[dim : 2 * dim] -= 1
                self.output.weight += torch.eye(dim)
            dense += [*self.gru.parameters(), self.output.weight]
        else:
            self.attention = torch.zeros(dim, dim, requires_grad=True)
            distances = torch.arange(spec["window"]).float()
            self.position = (-0.2 * distances.clamp(max=10)).requires_grad_()
            steps = torch.arange(spec["window"])
            self.distance = steps[:, None] - steps
            self.future = self.distance < 0
            dense += [self.attention, self.position]
        self.dense = torch.optim.Adam(dense, lr=spec["rate"], betas=(spec["beta1"], spec["beta2"]), eps=spec["epsilon"])
        self.step = 0

    def encode(self, x, batch):
        out = []
        for positions, count, longest, lengths in batch.blocks:
            block = F.embedding(positions, x).view(count, longest, -1)
            if self.spec["encoder"] == "gru":
                packed = torch.nn.utils.rnn.pack_padded_sequence(block, lengths, batch_first=True)
                states, _ = torch.nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
                out.append(states.reshape(count * longest, -1))
            else:
                near = self.position[self.distance[:longest, :longest].clamp(min=0)]
                near = near.masked_fill(self.future[:longest, :longest], NEVER)
                logits = torch.baddbmm(near, block @ self.attention, block.transpose(1, 2))
                out.append((torch.softmax(logits, 2) @ block).view(count * longest, -1))
        states = F.embedding(batch.places, torch.cat(out) if len(out) > 1 else out[0])
        return F.normalize(self.output(states) if self.spec["encoder"] == "gru" else states, dim=1)

    def train(self, batch):
        table = self.table[batch.ids].requires_grad_()
        bias = self.bias[batch.ids].requires_grad_()
        x = F.dropout(F.embedding(batch.inputs, table), self.spec["dropout"])
        s = self.encode(x, batch) * self.scale.exp()
        logits = torch.addmm(bias[: batch.shared] + batch.correction, s, table[: batch.shared].t())
        logits[batch.twice] = NEVER
        # Faster than a batch of small products.
        own = (F.embedding(batch.own, table) * s.unsqueeze(1)).sum(2) + bias[batch.own]
        own = (own + F.pad(self.repeat, (0, 1))).masked_fill(batch.empty, NEVER)
        loss = F.cross_entropy(torch.cat([logits, own], 1), batch.target)
        self.dense.zero_grad(set_to_none=True)
        loss.backward()
        self.update(batch.ids, table, bias)
        return loss.detach()

    @torch.no_grad()
    def update(self, ids, table, bias):
        """Adam on the rows that the batch used. They keep the length 1."""
        spec = self.spec
        self.step += 1
        rate = spec["rate"] / (1 - spec["beta1"] ** self.step)
        root = 1 / (1 - spec["beta2"] ** self.step)
        for whole, part, m, v in ((self.table, table, *self.moments[:2]), (self.bias, bias, *self.moments[2:])):
            g = part.grad
            mean = m[ids].mul_(spec["beta1"]).add_(g, alpha=1 - spec["beta1"])
            square = v[ids].mul_(spec["beta2"]).addcmul_(g, g, value=1 - spec["beta2"])
            m.index_copy_(0, ids, mean)
            v.index_copy_(0, ids, square)
            moved = part.addcdiv(mean, square.mul_(root).sqrt_().add_(spec["epsilon"]), value=-rate)
            whole.index_copy_(0, ids, F.normalize(moved, dim=1) if moved.dim() == 2 else moved)
        self.dense.step()


def draw(spec, rng):
    """Distinct items drawn by count^smoothing, and the corrections of their logits for that."""
    live = np.flatnonzero(spec["counts"])
    share = np.array(spec["counts"], dtype=np.float64)[live] ** spec["smoothing"]
    share /= share.sum()
    correction = -np.log(-np.expm1(spec["negatives"] * np.log1p(-share)))
    for _ in spec["batches"]:
        drawn = np.unique(rng.choice(len(live), spec["negatives"], p=share))
        yield torch.tensor(live[drawn]), torch.tensor(correction[drawn], dtype=torch.float32)


torch.set_num_threads(1)
torch.set_num_interop_threads(1)
with open(sys.argv[1]) as file:
    spec = json.load(file)
batches = [
    Batch(sessions, *negatives, spec)
    for sessions, negatives in zip(spec["batches"], draw(spec, np.random.default_rng(spec["seed"])))
]
model = Model(spec)
losses, events, begun = [], 0, 0.0
for number, batch in enumerate(batches):
    if number == spec["warmUp"]:
        begun = time.process_time()
    loss = model.train(batch)
    if number >= spec["warmUp"]:
        losses.append(loss)
        events += batch.events
seconds = time.process_time() - begun
print(json.dumps({"events": events, "cpuSeconds": seconds, "loss": float(torch.stack(losses).mean()), "blas": blas(), "torch": torch.__version__}))
