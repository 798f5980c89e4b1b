"""From logits to spans and figures: F1 and EM as SQuAD's script defines them."""

import collections
import re
import string

import torch

SPAN_MAX = 64


def decode(logits, window):
    """Best span of one window: (score above no span, answerable logit, start, end in tokens of the passage)."""
    scores = logits[: window.start + len(window.passage) - 1].float()
    start, end = scores[window.start :, 0], scores[window.start :, 1]
    both = start[:, None] + end[None, :]
    allowed = torch.ones_like(both).triu().tril(SPAN_MAX - 1).bool()
    best = int(both.masked_fill(~allowed, -1e9).argmax())
    first, last = divmod(best, both.shape[1])
    return float(both[first, last] - scores[0, 0] - scores[0, 1]), float(scores[0, 3]), first, last


def sentence_scores(logits, window):
    """The mean support of each sentence, by its number."""
    support = logits[window.start : window.start + len(window.sentences), 2].float().tolist()
    sums = collections.defaultdict(list)
    for number, value in zip(window.sentences, support):
        sums[number].append(value)
    return {number: sum(v) / len(v) for number, v in sums.items()}


def normal(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(found, reference):
    a, b = normal(found), normal(reference)
    if not a or not b:
        return float(a == b)
    common = sum((collections.Counter(a) & collections.Counter(b)).values())
    return 2 * common / (len(a) + len(b))


def best(score, found, references):
    return max(score(found, r) for r in references)


def exact(found, reference):
    return float(normal(found) == normal(reference))


def figures(rows, threshold):
    """rows: (probability, text, references, sentence holds the answer). Unanswerable rows have no references."""
    mean = lambda values: round(sum(values) / max(len(values), 1), 4)
    told = [p >= threshold for p, *_ in rows]
    scored = [float(not t) if not refs else best(f1, text, refs) if t else 0.0 for t, (_, text, refs, _) in zip(told, rows)]
    exacts = [float(not t) if not refs else best(exact, text, refs) if t else 0.0 for t, (_, text, refs, _) in zip(told, rows)]
    declined = [not r[2] for t, r in zip(told, rows) if not t]
    return {
        "questions": len(rows), "F1": mean(scored), "EM": mean(exacts),
        "F1 answerable": mean([best(f1, r[1], r[2]) for r in rows if r[2]]),
        "sentence": mean([float(r[3]) for r in rows if r[2]]),
        "unanswerable precision": mean(declined),
        "unanswerable recall": mean([not t for t, r in zip(told, rows) if not r[2]]),
        "false declines": mean([not t for t, r in zip(told, rows) if r[2]]),
        "AUC": auc([r[0] for r in rows if r[2]], [r[0] for r in rows if not r[2]]),
    }


def auc(positive, negative):
    if not positive or not negative:
        return None
    order = sorted([(p, 1) for p in positive] + [(n, 0) for n in negative])
    ranks = sum(rank for rank, (_, kind) in enumerate(order, 1) if kind)
    return round((ranks - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative)), 4)


def threshold(rows):
    """Of the thresholds 0.02 to 0.98, the one with the best F1 over rows of which half are unanswerable by weight."""
    share = sum(bool(r[2]) for r in rows) / len(rows)
    weight = [0.5 / share if r[2] else 0.5 / (1 - share) for r in rows]
    worth = [best(f1, r[1], r[2]) if r[2] else 0 for r in rows]

    def total(t):
        return sum(w * (v if r[2] else 0) if r[0] >= t else w * (not r[2]) for w, v, r in zip(weight, worth, rows))

    return max((t / 50 for t in range(1, 50)), key=total)
