"""The public sets as examples of one form, their split, and the manifest of what was trained on."""

import gzip
import hashlib
import json
import os
import random
from dataclasses import dataclass, field


@dataclass
class Example:
    source: str  # the folder of the set
    document: str  # article, policy, report: what never straddles two splits
    context: str
    question: str
    answers: list  # (start, end) in characters of context; empty: the context does not answer
    references: list = field(default_factory=list)  # the answers' texts
    topic: str = ""
    split: str = ""


def load(root):
    """All examples of all sets, with their splits."""
    examples = squad(root) + policy(root) + hotpot(root) + tatqa(root)
    for source in sorted({e.source for e in examples}):
        assign([e for e in examples if e.source == source])
    # A text that stands in two documents (boilerplate of policies) is a text of training wherever it stands.
    trained = {sha256(e.context) for e in examples if e.split == "train"}
    return [e for e in examples if e.split == "train" or sha256(e.context) not in trained]


def assign(examples):
    """Whole documents in the order of the hash of their names, until a split has its share of the questions."""
    documents = sorted({e.document for e in examples}, key=sha256)
    counts = {d: sum(e.document == d for e in examples) for d in documents}
    names, done = {}, 0
    for document in documents:
        middle = (done + counts[document] / 2) / len(examples)
        names[document] = "train" if middle < 0.60 else "tune" if middle < 0.75 else "report"
        done += counts[document]
    for e in examples:
        e.split = names[e.document]


def manifest(examples):
    """One line a paragraph: its set, its split, the SHA-256 of its text in UTF-8."""
    rows = {(e.source, e.split, sha256(e.context)) for e in examples}
    return [json.dumps({"file": f, "split": s, "sha256": h}) for f, s, h in sorted(rows)]


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def places(context, answer):
    """Every occurrence of an answer that is not inside a longer word."""
    found, start = [], context.find(answer) if answer else -1
    while start >= 0 and len(found) < 4:
        end = start + len(answer)
        before = start == 0 or not (context[start - 1].isalnum() and answer[0].isalnum())
        after = end == len(context) or not (context[end].isalnum() and answer[-1].isalnum())
        if before and after:
            found.append((start, end))
        start = context.find(answer, start + 1)
    return found


def squad(root):
    return [
        example("squad2-dev", article["title"], paragraph["context"], entry["question"], entry["answers"])
        for article in read(root, "squad2-dev/dev-v2.0.json.gz")["data"]
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]


def policy(root):
    found = []
    for article in read(root, "policyqa-dev/dev.json.gz")["data"]:
        for paragraph in article["paragraphs"]:
            for entry in paragraph["qas"]:
                context, texts = paragraph["context"], [a["text"] for a in entry["answers"]]
                spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in entry["answers"]]
                spans = [s for s, t in zip(spans, texts) if context[s[0] : s[1]] == t]
                if spans:
                    found.append(
                        Example("policyqa-dev", article["title"], context, entry["question"], spans, texts, entry["type"])
                    )
    return found


def hotpot(root):
    corpus = {r["title"]: "".join(r["sentences"]).strip() for r in read_lines(root, "hotpotqa-100/corpus.jsonl.gz")}
    found = []
    for row in read_lines(root, "hotpotqa-100/questions.jsonl"):
        gold = {title for title, _ in row["supporting_facts"]}
        for title in row["context_titles"]:
            answers = [row["answer"]] if title in gold and row["answer"] not in ("yes", "no") else []
            if title in corpus and (answers or title not in gold):
                found.append(example("hotpotqa-100", row["id"], corpus[title], row["question"], answers))
    return found


def tatqa(root):
    """Spans of text and of the table above it, whose rows are written as the parsers write them."""
    found = []
    for row in read(root, "tatqa-dev/tatqa_dataset_dev.json.gz"):
        table = "\n".join("| " + " | ".join(cells) + " |" for cells in row["table"]["table"])
        texts = [p["text"] for p in sorted(row["paragraphs"], key=lambda p: p["order"])]
        for entry in row["questions"]:
            if entry["answer_type"] == "span":
                context = "\n\n".join(texts) if entry["answer_from"] == "text" else table
                made = example("tatqa-dev", row["table"]["uid"], context, entry["question"], entry["answer"])
                if made.answers:
                    found.append(made)
    return found


def example(source, document, context, question, answers):
    spans = sorted({place for answer in answers for place in places(context, answer)})
    return Example(source, document, context, question, spans, list(answers) if spans else [])


def read(root, path):
    with gzip.open(os.path.join(root, path), "rt", encoding="utf-8") as file:
        return json.load(file)


def read_lines(root, path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(os.path.join(root, path), "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def negatives(examples, neighbours, seed, share=0.35):
    """Questions beside a near paragraph that is not theirs: what a search would have brought as well.

    `neighbours(i)` gives contexts near to question i, nearest first. A paragraph that holds one of the answers' texts,
    or is marked with the same category of question, is not taken.
    """
    chance, made = random.Random(seed), []
    categories = {}
    for e in examples:
        categories.setdefault(e.context, set()).add(e.topic.split("|||")[0])
    for index, e in enumerate(examples):
        if not e.answers or chance.random() > share:
            continue
        usable = [
            c for c in neighbours(index)
            if c != e.context and not any(r.lower() in c.lower() for r in e.references)
            and not (e.topic and e.topic.split("|||")[0] in categories[c])
        ]
        if usable:
            context = usable[min(int(chance.expovariate(0.3)), len(usable) - 1)]
            made.append(Example(e.source, e.document, context, e.question, [], [], e.topic, e.split))
    return made
