"""Examples as padded batches of token ids, marks and targets."""

import random
import re

import torch
from tokenizers import BertWordPieceTokenizer

# Windows are short: twice as many cost no more, and training is quicker.
TOKENS_MAX, QUESTION_MAX, OVERLAP = 128, 48, 24
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(\[])|\n+")


class Tokens:
    """A cache of word pieces: the same paragraph has many questions."""

    def __init__(self, vocabulary):
        self.tokenizer = BertWordPieceTokenizer(vocabulary, lowercase=True)
        self.classification, self.separator = (self.tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
        self.cache = {}

    def of(self, text):
        if text not in self.cache:
            encoded = self.tokenizer.encode(text, add_special_tokens=False)
            self.cache[text] = (encoded.ids, encoded.offsets)
        return self.cache[text]


def windows(count, limit, overlap=OVERLAP):
    """As TokenWindows.swift: the fewest windows, of nearly one length."""
    if count <= limit:
        return [(0, count)]
    fresh, step = count - overlap, limit - overlap
    number = -(-fresh // step)
    return [(fresh * w // number, fresh * (w + 1) // number + overlap) for w in range(number)]


def sentences(text):
    starts = [0] + [m.end() for m in SENTENCE_END.finditer(text)]
    return list(zip(starts, starts[1:] + [len(text)]))


class Window:
    """One sequence: [CLS] question [SEP] part of the passage [SEP]."""

    def __init__(self, tokens, example, part=None):
        question = tokens.of(example.question)[0][:QUESTION_MAX]
        ids, offsets = tokens.of(example.context)
        first, last = part or (0, len(ids))
        self.offsets = offsets[first:last]
        passage = ids[first:last]
        self.question = [tokens.classification] + question + [tokens.separator]
        self.passage = passage + [tokens.separator]
        self.start = len(self.question)
        asked, read = set(question), set(passage)
        # 0, 1: of the question; 2, 3: of the passage; odd: the piece stands on the other side too.
        self.marks = [int(i in read) for i in self.question] + [2 + int(i in asked) for i in self.passage]
        self.spans = [s for s in (self.token_span(a) for a in example.answers) if s]
        self.sentences = self.sentence_numbers(example.context)
        answered = {self.sentences[t] for s in self.spans for t in range(s[0] - self.start, s[1] - self.start + 1)}
        self.supported = answered - {0}

    def token_span(self, place):
        inside = [t for t, (a, b) in enumerate(self.offsets) if a < place[1] and b > place[0]]
        whole = inside and self.offsets[inside[0]][0] <= place[0] and self.offsets[inside[-1]][1] >= place[1]
        return (self.start + inside[0], self.start + inside[-1]) if whole else None

    def sentence_numbers(self, context):
        numbers, number, ends = [], 1, [e for _, e in sentences(context)]
        for a, _ in self.offsets:
            while a >= ends[number - 1] and number < len(ends):
                number += 1
            numbers.append(number)
        return numbers


def part_for_training(tokens, example, chance):
    """The window of a long passage that is read in training: one with the answer, if there is one."""
    limit = TOKENS_MAX - 3 - min(len(tokens.of(example.question)[0]), QUESTION_MAX)
    offsets = tokens.of(example.context)[1]
    parts = windows(len(offsets), limit)
    if example.answers:
        a, b = chance.choice(example.answers)
        parts = [p for p in parts if offsets[p[0]][0] <= a and b <= offsets[p[1] - 1][1]] or parts
    return chance.choice(parts)


class Batch:
    def __init__(self, group):
        self.group = group
        rows = [w.question + w.passage for w in group]
        length = max(map(len, rows))
        pad = lambda values, fill: torch.tensor([v + [fill] * (length - len(v)) for v in values])
        self.ids = pad(rows, 0)
        self.mask = pad([[True] * len(r) for r in rows], False)
        self.marks = pad([w.marks for w in group], 2)
        # Where a span may begin or end: the passage, and [CLS] for "nowhere".
        self.places = pad([[True] + [False] * (w.start - 1) + [True] * (len(w.passage) - 1) for w in group], False)
        self.sentences = pad([[0] * w.start + w.sentences for w in group], 0)
        self.answerable = torch.tensor([float(bool(w.spans)) for w in group])

    def targets(self, end):
        target = torch.zeros_like(self.mask)
        for row, window in enumerate(self.group):
            for span in window.spans or [(0, 0)]:
                target[row, span[end]] = True
        return target

    def supported(self):
        """Per sentence number: whether there is one, and whether it holds the answer."""
        count = int(self.sentences.max()) + 1
        there = torch.zeros(len(self.group), count)
        there.scatter_(1, self.sentences, 1)
        there[:, 0] = 0
        target = torch.zeros_like(there)
        for row, window in enumerate(self.group):
            for number in window.supported:
                target[row, number] = 1
        return there, target

    _apart = {}

    def apart(self, encoder):
        """States of layers 3 and 6 with question and passage encoded apart, in the places of the joint sequence."""
        out = torch.zeros(*self.ids.shape, 768, dtype=torch.bfloat16)
        for row, w in enumerate(self.group):
            at = len(w.question)
            out[row, :at] = self.alone(encoder, w.question)
            out[row, at : at + len(w.passage)] = self.alone(encoder, w.question[:1] + w.passage)[1:]
        return out

    @classmethod
    def alone(cls, encoder, ids):
        key = tuple(ids)
        if key not in cls._apart:
            row = torch.tensor([ids])
            states = encoder.states(row, torch.ones_like(row, dtype=torch.bool))
            cls._apart[key] = torch.cat([states[3], states[6]], -1)[0].to(torch.bfloat16)
        return cls._apart[key]


def batches(made, size, seed=None):
    """Windows of similar length together; the order of the batches is drawn when there is a seed."""
    chance = random.Random(seed)
    order = sorted(made, key=lambda w: len(w.question) + len(w.passage) + (chance.random() * 24 if seed is not None else 0))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if seed is not None:
        chance.shuffle(groups)
    return groups
