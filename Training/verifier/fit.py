"""Fits the weights of `SupportScore` (Sources/Answers/Verification).

    cloister eval verifier --data DIR --split train --forgeries 300 --figures train.tsv
    python3 fit.py train.tsv

Logistic regression by gradient descent. Each class of each set weighs the same, so that many forgeries do not drown
the claims. Needs numpy.
"""
import sys

import numpy

rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
rows = [row for row in rows if len(row) == 8]
figures = numpy.array([[1.0] + [float(value) for value in row[3:7]] for row in rows])
truth = numpy.array([int(row[2]) for row in rows])
groups = [(row[0], row[2]) for row in rows]
weight = numpy.array([1 / groups.count(group) for group in groups])
weight *= len(rows) / weight.sum()

weights = numpy.zeros(figures.shape[1])
for _ in range(20_000):
    chance = 1 / (1 + numpy.exp(-figures @ weights))
    slope = figures.T @ (weight * (chance - truth)) / len(rows)
    slope[1:] += 1e-3 * weights[1:]
    weights -= 0.5 * slope
print(dict(zip(["bias", "recall", "order", "cosine", "focus"], weights.round(2).tolist())))
