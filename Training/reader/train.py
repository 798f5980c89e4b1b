"""Trains one head and prints its figures. See README.md for the commands."""

import argparse
import collections
import itertools
import json
import math
import os
import random
import time

import torch
import torch.nn.functional as F

import data
import measure
from batches import Batch, Tokens, Window, batches, part_for_training, windows
from batches import QUESTION_MAX, TOKENS_MAX
from encoder import Encoder
from heads import HEADS


def main():
    options = parse()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    encoder, tokens = Encoder(options.encoder), Tokens(options.encoder + "/vocab.txt")
    examples = data.load(options.data)
    train = [e for e in examples if e.split == "train" and e.source != options.without]
    if options.limit:
        train = random.Random(options.seed).sample(train, options.limit)
    head = HEADS[options.head](encoder)
    if options.start:
        head.load_state_dict(torch.load(options.start))
    began = time.time()
    fit(head, encoder, tokens, train, nearest(tokens, train), options)
    minutes = (time.time() - began) / 60
    result = evaluate(head, encoder, tokens, examples, options)
    result |= {
        "head": options.head, "without": options.without, "steps": options.steps, "minutes": round(minutes, 1),
        "parameters": sum(p.numel() for p in head.parameters()),
    }
    print(json.dumps(result, indent=1))
    with open(options.output + ".json", "w") as file:
        json.dump(result, file)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--head", choices=sorted(HEADS), default="joint")
    parser.add_argument("--start", help="weights to begin with")
    parser.add_argument("--without", help="a set to leave out of training")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--size", type=int, default=16, help="sequences of a batch")
    parser.add_argument("--limit", type=int, help="train on so many examples only")
    parser.add_argument("--sample", type=int, default=100_000, help="measure on so many examples of a split only")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", required=True)
    return parser.parse_args()


def nearest(tokens, examples, count=10):
    """For question i, the contexts of its set that share its rarest word pieces, nearest first."""
    contexts = sorted({(e.source, e.context) for e in examples})
    holders = collections.defaultdict(list)
    for number, (source, context) in enumerate(contexts):
        for piece in set(tokens.of(context)[0]):
            holders[source, piece].append(number)

    def neighbours(index):
        scores = collections.defaultdict(float)
        e = examples[index]
        for piece in set(tokens.of(e.question)[0]):
            held = holders[e.source, piece]
            for number in held if len(held) < 400 else ():
                scores[number] += math.log(len(contexts) / len(held))
        return [contexts[n][1] for n in sorted(scores, key=lambda n: (-scores[n], n))[:count]]

    return neighbours


def fit(head, encoder, tokens, examples, neighbours, options):
    """Steps at a constant rate; what is kept is the running mean of the weights, so that any step may be the last."""
    optimizer = torch.optim.AdamW(head.parameters(), lr=options.rate, weight_decay=0.01)
    mean = {name: value.clone() for name, value in head.state_dict().items()}
    losses, began = [], time.time()
    drawn = groups(tokens, examples, neighbours, options)
    for step, group in enumerate(itertools.islice(drawn, options.steps)):
        optimizer.param_groups[0]["lr"] = options.rate * min((step + 1) / 40, 1)
        head.train()
        batch = Batch(group)
        with torch.autocast("cpu", torch.bfloat16):
            logits = head(encoder, batch)
        total = loss(logits.float(), batch)
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        decay = min(0.99, (step + 1) / (step + 10))
        for name, value in head.state_dict().items():
            mean[name].lerp_(value, 1 - decay)
        losses.append(float(total.detach()))
        if (step + 1) % 20 == 0:
            print(step + 1, round(sum(losses[-20:]) / 20, 4), f"{time.time() - began:.0f} s", flush=True)
            torch.save(mean, f"{options.output}.new")
            os.replace(f"{options.output}.new", options.output)
    head.load_state_dict(mean)


def groups(tokens, examples, neighbours, options):
    """Batches without end; each epoch draws its own windows, negatives and order."""
    for epoch in range(1_000):
        chance = random.Random(options.seed + epoch)
        mixed = examples + data.negatives(examples, neighbours, options.seed + epoch)
        made = [Window(tokens, e, part_for_training(tokens, e, chance)) for e in mixed]
        print("epoch", epoch, "of", len(made) // options.size, "batches", flush=True)
        yield from batches(made, options.size, options.seed + epoch)


def loss(logits, batch):
    """Start and end (any occurrence of an answer, [CLS] for none), the sentence, and whether there is an answer."""
    total = 0
    for end in (0, 1):
        scores = logits[..., end].masked_fill(~batch.places, -1e4)
        right = scores.masked_fill(~batch.targets(end), -1e4)
        total = total + (scores.logsumexp(1) - right.logsumexp(1)).mean() / 2
    there, target = batch.supported()
    sums = torch.zeros_like(there).scatter_add(1, batch.sentences, logits[..., 2])
    counts = torch.zeros_like(there).scatter_add(1, batch.sentences, torch.ones_like(logits[..., 2]))
    sentence = F.binary_cross_entropy_with_logits(sums / counts.clamp(min=1), target, reduction="none")
    total = total + 0.5 * (sentence * there).sum() / there.sum()
    return total + 0.5 * F.binary_cross_entropy_with_logits(logits[:, 0, 3], batch.answerable)


@torch.no_grad()
def read(head, encoder, tokens, examples):
    """The best window of each example: (span score, answerable logit, text, the chosen sentence holds the answer)."""
    made = []
    for index, e in enumerate(examples):
        limit = TOKENS_MAX - 3 - min(len(tokens.of(e.question)[0]), QUESTION_MAX)
        for part in windows(len(tokens.of(e.context)[0]), limit):
            made.append(Window(tokens, e, part))
            made[-1].index = index
    found = [None] * len(examples)
    head.eval()
    for group in batches(made, 64):
        with torch.autocast("cpu", torch.bfloat16):
            logits = head(encoder, Batch(group)).float()
        for row, window in zip(logits, group):
            span, whether, first, last = measure.decode(row, window)
            before = found[window.index]
            if before is None or span + whether > before[0] + before[1]:
                scores = measure.sentence_scores(row, window)
                right = max(scores, key=scores.get) in window.supported
                text = examples[window.index].context[window.offsets[first][0] : window.offsets[last][1]]
                found[window.index] = (span, whether, text, right)
    return found


def platt(features, labels):
    """Weights of a logistic regression: the probability that the passage answers."""
    x, y = torch.tensor(features, dtype=torch.float64), torch.tensor(labels, dtype=torch.float64)
    weights = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        total = F.binary_cross_entropy_with_logits(x @ weights[:-1] + weights[-1], y) + 1e-4 * weights.square().sum()
        total.backward()
        return total

    optimizer.step(closure)
    return weights.detach().tolist()


def evaluate(head, encoder, tokens, examples, options):
    """Calibrates on tune, chooses the threshold on tune, reports on report."""
    rows = {}
    for split in ("tune", "report"):
        own = [e for e in examples if e.split == split]
        own = random.Random(options.seed).sample(own, min(options.sample, len(own)))
        far = data.negatives(own, nearest(tokens, own), options.seed)
        for e in far:
            e.source += " near"
        own += far
        rows[split] = list(zip(own, read(head, encoder, tokens, own)))
    fitted = [(e, r) for e, r in rows["tune"] if not e.source.startswith(str(options.without))]
    weights = platt([r[:2] for _, r in fitted], [float(bool(e.answers)) for e, _ in fitted])

    def probability(r):
        z = weights[0] * r[0] + weights[1] * r[1] + weights[2]
        return float(torch.sigmoid(torch.tensor(z)))

    def judged(split, keep=lambda e: True):
        return [(probability(r), r[2], e.references, r[3]) for e, r in rows[split] if keep(e)]

    chosen = measure.threshold(judged("tune", lambda e: e.source == "squad2-dev"))
    result = {"calibration": weights, "threshold": chosen, "calibration error": calibration_error(judged("report"))}
    for source in sorted({e.source for e, _ in rows["report"] if not e.source.endswith(" near")}):
        result[source] = measure.figures(judged("report", lambda e: e.source == source), chosen)
        beside = judged("report", lambda e: e.source.startswith(source))
        result[source]["AUC with near passages"] = measure.auc(
            [r[0] for r in beside if r[2]], [r[0] for r in beside if not r[2]])
    return result


def calibration_error(rows, bins=10):
    """The mean distance between the probability told and the share that had an answer (ECE)."""
    total = 0
    for b in range(bins):
        inside = [r for r in rows if b / bins <= r[0] < (b + 1) / bins or (b == bins - 1 and r[0] == 1)]
        if inside:
            total += abs(sum(r[0] for r in inside) - sum(bool(r[2]) for r in inside))
    return round(total / len(rows), 4)


if __name__ == "__main__":
    main()
