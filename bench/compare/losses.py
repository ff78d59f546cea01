"""
Losses of a batch: logits (predictions x columns: shared negatives first, for cross-entropy already corrected), the corrections of
the shared columns for how they were drawn, the column of each target. Columns that do not count are NEVER. Each gives one value a
prediction.
"""
import torch
import torch.nn.functional as F

NEVER = -1e30


def cross_entropy(logits, correction, target, row):
    likelihood = F.log_softmax(logits, 1)
    loss = -likelihood.gather(1, target[:, :1]).squeeze(1)
    if row["smooth"] > 0:
        shared = likelihood[:, : len(correction)]
        live = shared > NEVER / 2
        even = -(shared.masked_fill(~live, 0).sum(1) / live.sum(1))
        loss = (1 - row["smooth"]) * loss + row["smooth"] * even
    if row["after"] > 0:
        later = target[:, 1]
        known = later >= 0
        further = -likelihood.gather(1, later.clamp(min=0)[:, None]).squeeze(1)
        loss = (loss + row["after"] * further * known) / (1 + row["after"] * known)
    return loss


def bpr_max(logits, correction, target, row):
    """GRU4Rec (Hidasi, Karatzoglou 2018): the target against negatives, each weighted by its chance to be the highest."""
    own = logits.gather(1, target[:, :1])
    others = logits.scatter(1, target[:, :1], NEVER)
    share = torch.softmax(others + F.pad(correction, (0, logits.shape[1] - len(correction))), 1)
    better = (share * torch.sigmoid(own - others)).sum(1)
    size = (share * others.masked_fill(others < NEVER / 2, 0) ** 2).sum(1)
    return -torch.log(better + 1e-12) + row["penalty"] * size


def gbce(logits, correction, target, row):
    """
    gSASRec (Petrov, Macdonald 2023): binary cross-entropy whose positive part is raised to 1 - t (1 - a), a being the share of
    the catalogue that is drawn. What a prediction has of its own is always there, so it weighs a.
    """
    drawn = torch.exp(-correction[0])
    own = logits.gather(1, target[:, :1]).squeeze(1)
    others = F.softplus(logits.scatter(1, target[:, :1], NEVER))
    shared = len(correction)
    return -(1 - row["calibration"] * (1 - drawn)) * F.logsigmoid(own) + others[:, :shared].sum(1) + drawn * others[:, shared:].sum(1)


LOSSES = {"cross-entropy": cross_entropy, "bpr-max": bpr_max, "gbce": gbce}
