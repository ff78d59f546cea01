"""Sessions as PyTorch trains on them: pieces of a log, their augmentations, and batches of them."""
import numpy as np
import torch


class Pieces:
    """Spans of a log. All events of a piece except the last are inputs, and all except the first are targets."""

    def __init__(self, tokens, times, starts, ends, weights=None, skip=None):
        self.tokens, self.times, self.starts, self.ends = tokens, times, starts, ends
        self.weights = np.ones(len(starts), np.float32) if weights is None else weights
        # How many of a piece's first predictions belong to another piece.
        self.skip = np.zeros(len(starts), np.int64) if skip is None else skip


def for_training(tokens, times, offsets, window):
    """A long session is cut into pieces that overlap by one event."""
    spans = [(at, min(end, at + window + 1)) for start, end in zip(offsets, offsets[1:]) for at in range(start, end - 1, window)]
    return Pieces(tokens, times, *np.array(spans, np.int64).T)


def for_asking(tokens, times, offsets, window):
    """Each prediction sees the latest `window` events before it."""
    spans = []
    for start, end in zip(offsets, offsets[1:]):
        spans.append((start, min(end, start + window + 1), 0))
        spans += [(at + 1 - window, at + 2, window - 1) for at in range(start + window, end - 1)]
    starts, ends, skip = np.array(spans, np.int64).T
    return Pieces(tokens, times, starts, ends, None, skip)


def with_reversed(pieces, weight):
    """The pieces and, in addition, the same pieces read backwards, which count `weight`."""
    n = len(pieces.tokens)
    both = np.concatenate([pieces.tokens, pieces.tokens[::-1]])
    # Time runs backwards, and so do the gaps.
    times = np.concatenate([pieces.times, 2 * pieces.times[-1] - pieces.times[::-1]])
    return Pieces(
        both,
        times,
        np.concatenate([pieces.starts, 2 * n - pieces.ends]),
        np.concatenate([pieces.ends, 2 * n - pieces.starts]),
        np.concatenate([pieces.weights, weight * pieces.weights]).astype(np.float32),
    )


def with_gaps(pieces, share, rng):
    """Without a random share of the events, which is drawn again each time."""
    starts, ends = pieces.starts, pieces.ends
    lengths = ends - starts
    own = np.repeat(np.arange(len(starts)), lengths)
    events = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(starts, lengths)
    keep = rng.random(len(events)) >= share
    # Pieces of two events stay whole.
    keep |= (lengths <= 2)[own]
    left = np.bincount(own[keep], minlength=len(starts))
    bounds = np.concatenate([[0], np.cumsum(left)])
    whole = left >= 2
    kept = events[keep]
    return Pieces(pieces.tokens[kept], pieces.times[kept], bounds[:-1][whole], bounds[1:][whole], pieces.weights[whole])


def batches(pieces, events, rng=None):
    """Numbers of the pieces of each batch of about so many events; shuffled if there is a generator."""
    order = np.arange(len(pieces.starts)) if rng is None else rng.permutation(len(pieces.starts))
    ends = np.cumsum((pieces.ends - pieces.starts - 1)[order])
    return np.split(order, np.flatnonzero(np.diff((ends - 1) // events)) + 1)


class Batch:
    """
    Predictions session by session, the longest first. `recent` are the latest distinct items, the latest first, padded with -1;
    `after` is the event after the target, or -1.
    """

    def __init__(self, pieces, chosen, repeats):
        lengths = pieces.ends[chosen] - pieces.starts[chosen] - 1
        order = np.argsort(-lengths, kind="stable")
        chosen, lengths = chosen[order], lengths[order]
        steps = np.arange(lengths[0])
        inside = steps < lengths[:, None]
        at = np.minimum(pieces.starts[chosen][:, None] + np.arange(lengths[0] + 2), (pieces.ends[chosen] - 1)[:, None])
        tokens = pieces.tokens[at]
        recent = np.full((len(chosen), lengths[0], repeats), -1)
        places = np.arange(repeats)
        before = np.full((len(chosen), repeats), -1)
        for t in steps:
            live = np.count_nonzero(inside[:, t])
            item, last = tokens[:live, t, None], before[:live]
            same = last == item
            found = np.where(same.any(1), same.argmax(1), repeats)[:, None]
            moved = np.where(places <= found, np.roll(last, 1, 1), last)
            moved[:, 0] = item[:, 0]
            recent[:live, t] = before[:live] = moved
        self.lengths = lengths
        self.steps = np.broadcast_to(steps, inside.shape)[inside]
        self.inputs = tokens[:, :-2][inside]
        self.targets = tokens[:, 1:-1][inside]
        self.after = np.where(self.steps + 2 <= np.repeat(lengths, lengths), tokens[:, 2:][inside], -1)
        self.recent = recent[inside]
        self.times = pieces.times[at[:, :-2]][inside]
        self.weights = np.repeat(pieces.weights[chosen], lengths)
        self.counted = self.steps >= np.repeat(pieces.skip[chosen], lengths)

    def blocks(self):
        """Sessions of similar lengths: positions of the events of each block, padded, and where the events are in all blocks."""
        starts = np.cumsum(self.lengths) - self.lengths
        width = np.ceil(np.log2(np.maximum(1, self.lengths))).astype(int)
        out, places, base = [], np.empty(len(self.inputs), np.int64), 0
        for w in np.unique(width):
            group = np.flatnonzero(width == w)
            lengths = self.lengths[group]
            steps = np.arange(lengths[0])
            inside = steps < lengths[:, None]
            positions = np.minimum(starts[group][:, None] + steps, (starts[group] + lengths - 1)[:, None])
            places[positions[inside]] = (base + np.arange(inside.size).reshape(inside.shape))[inside]
            out.append(torch.from_numpy(positions))
            base += inside.size
        return out, torch.from_numpy(places)

    def by_time(self):
        """Order of the events by step, where they are in it, and how many there are of each step."""
        order = np.argsort(self.steps, kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        return torch.from_numpy(order), torch.from_numpy(places), torch.from_numpy(np.bincount(self.steps))
