#!/usr/bin/env python3
# /// script
# dependencies = ["pyyaml>=6"]
# ///
"""Checks the demonstration by itself: hospital.yaml, the documents and the questions must fit together.

    check.py            print what is wrong and the counts; exit code 1 when something is wrong
    check.py --seen     print how many documents each persona may see, by collection
"""
import collections
import csv
import hashlib
import html
import json
import pathlib
import re
import sys

import yaml

HERE = pathlib.Path(__file__).parent
LABELS = ["public", "internal", "confidential", "restricted", "top_secret"]
# How many questions of each kind there must be.
LEAST = {"unanswerable": 40, "paraphrase": 30, "table": 20, "several": 20, "persona": 20, "version": 10,
         "fact": 10, "forbidden": 10, "injection": 5, "follow-up": 5}
FUNCTION_WORDS = set("""
a about above after again all also am an and any are as at be because been before behind being below between both but
by can could did do does doing down during each either else ever every few for from further get gets give given gives
go goes had has have having he her here him himself his how i if in into is it its itself just least less like long
many may me might mine more most much must my myself near need needs neither no nobody nor not nothing of off often on
once one only onto or other our ours out over own per put really same shall she should since so some somebody someone
something soon still such than that the their them themselves then there these they thing this those through to too
under until up upon us very was we well were what whatever when where which while who whoever whom whose why will with
within without would yet you your yours
""".split())


# Documents: their text, and who may see them.

def text_of(path):
    """What a reader of the document sees, cells of a row joined by " | ", white space as single spaces.

    From its source in `text/`, or from the document itself when that is plain text.
    """
    source = HERE / "text" / (path + ".md")
    text = (source if source.exists() else HERE / "documents" / path).read_text(encoding="utf-8")
    if path.endswith(".csv"):
        text = rows_of(text)
    elif path.endswith(".html"):
        text = re.sub(r"<(head|!--).*?(</head>|-->)", " ", text, flags=re.S)
        text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>\s*<t[dh]>", " | ", text)))
    elif path.endswith(".json"):
        text = "\n".join(" | ".join(map(str, entry.values())) for value in json.loads(text).values()
                         if isinstance(value, list) for entry in value)
    else:
        text = re.sub(r"(?<=\.csv\n)[^=]+", lambda part: rows_of(part[0]), text)
        text = re.sub(r"^\| (.*) \|$", r"\1", text, flags=re.M)
    return one_line(text)


def rows_of(text):
    return "\n".join(" | ".join(row) for row in csv.reader(text.splitlines()))


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


class Tenant:
    def __init__(self, content):
        self.today = content["today"]
        self.users = {user["name"]: user for user in content["users"]}
        self.groups = {group["name"]: group for group in content["groups"]}
        self.collections = content["collections"]
        self.documents, self.faults = {}, []
        for collection in self.collections:
            self.take(collection)

    def take(self, collection):
        paths = {document["path"] for document in collection["documents"]}
        folders = {folder["path"]: folder["access"] for folder in collection["folders"]}
        for folder in folders:
            if not any(path.startswith(folder + "/") for path in paths):
                self.faults.append(f"folder without documents: {folder}")
        for document in collection["documents"]:
            above = [access for folder, access in folders.items() if document["path"].startswith(folder + "/")]
            rules = [collection["access"], *above] + [document[key] for key in ["access"] if key in document]
            successor = document.get("supersededBy")
            if successor and successor not in paths:
                self.faults.append(f"{document['path']}: unknown successor {successor}")
            self.documents[document["file"].removeprefix("documents/")] = {
                "rules": rules, "label": document.get("label", collection["label"]),
                "collection": collection["name"], "from": document.get("effectiveFrom"),
                "until": document.get("effectiveUntil"), "superseded": successor is not None}

    def groups_of(self, user):
        """Names of the groups, nested membership included."""
        found = {name for name, group in self.groups.items() if user in group["users"]}
        while True:
            wider = found | {name for name, group in self.groups.items() if found & set(group["groups"])}
            if wider == found:
                return found
            found = wider

    def sees(self, user, path):
        """The rule of the platform: in every allow-set, in no deny-set, cleared for the label."""
        document = self.documents[path]
        own = {"everyone", "user:" + user} | {"group:" + group for group in self.groups_of(user)}
        if not all(own & set(rule["allow"]) for rule in document["rules"] if "allow" in rule):
            return False
        if any(own & set(rule.get("deny", [])) for rule in document["rules"]):
            return False
        return LABELS.index(self.users[user]["clearance"]) >= LABELS.index(document["label"])

    def holds(self, path):
        document = self.documents[path]
        begun = document["from"] is None or document["from"] <= self.today
        ended = document["until"] is not None and document["until"] <= self.today
        return begun and not ended and not document["superseded"]

    def check(self):
        yield from self.faults
        names = {"everyone"} | {"user:" + user for user in self.users} | {"group:" + name for name in self.groups}
        for collection in self.collections:
            for holder in [collection, *collection["folders"], *collection["documents"]]:
                for grantee in sum(holder.get("access", {}).values(), []):
                    if grantee not in names:
                        yield f"unknown grantee {grantee}"
        for name, group in self.groups.items():
            if not set(group["users"]) <= set(self.users) or not set(group["groups"]) <= set(self.groups):
                yield f"group {name} has an unknown member"
        for path, document in self.documents.items():
            if document["label"] not in LABELS:
                yield f"{path}: unknown label {document['label']}"
        folder = HERE / "documents"
        files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
        yield from (f"not in hospital.yaml: {file}" for file in files - set(self.documents))
        yield from (f"no such file: {file}" for file in set(self.documents) - files)


# Questions.

def stem(word):
    for ending in ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ers", "ed", "er", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def content_words(text):
    words = re.findall(r"[^\W_]+", text.lower().replace("'s", ""))
    return {stem(word) for word in words if word not in FUNCTION_WORDS}


def occurs(answer, text):
    """As whole words, whatever the case."""
    return re.search(rf"(?<!\w){re.escape(answer.lower())}(?!\w)", text.lower()) is not None


def check_question(question, tenant, texts, earlier):
    kind, persona, evidence = question["kind"], question["persona"], question["evidence"]
    answerable = question["expect"] == "answer"
    if persona not in tenant.users:
        yield f"unknown persona {persona}"
        return
    for item in evidence:
        if item["document"] not in texts:
            yield f"unknown document {item['document']}"
            return
        if one_line(item["quote"]) not in texts[item["document"]]:
            yield f"quote not in {item['document']}: {item['quote']}"
        if tenant.sees(persona, item["document"]) != answerable:
            yield f"{persona} {'may not' if answerable else 'may'} see {item['document']}"
        if answerable and not tenant.holds(item["document"]):
            yield f"does not hold today: {item['document']}"
        if not answerable:
            others = [path for path in texts if tenant.sees(persona, path) and one_line(item["quote"]) in texts[path]]
            yield from (f"also said in {path}" for path in others)
    if evidence and not answerable:
        seen = [path for path in texts if tenant.sees(persona, path)]
        for part in question["must_not_contain"]:
            yield from (f"no secret, said in {path}: {part}" for path in seen if occurs(part, texts[path]))
    quotes = " ".join(item["quote"] for item in evidence)
    if answerable != bool(question["answers"]):
        yield "answers and expectation do not fit"
    if answerable and not evidence:
        yield "no evidence"
    if answerable and kind != "table" and not any(occurs(answer, quotes) for answer in question["answers"]):
        yield f"no answer in the quotes: {question['answers']}"
    yield from (f"not in the quotes: {part}" for part in question["must_contain"] if not occurs(part, quotes))
    for part in question["must_not_contain"]:
        if answerable and any(occurs(part, answer) for answer in question["answers"]):
            yield f"wanted and forbidden: {part}"
    if kind == "unanswerable" and (answerable or evidence):
        yield "an unanswerable question has neither answer nor evidence"
    if kind == "forbidden" and (answerable or not evidence):
        yield "a forbidden question is declined and names what is hidden"
    if kind == "several" and len({item["document"] for item in evidence}) < 2:
        yield "needs several documents"
    if kind == "follow-up" and question.get("follows") not in earlier:
        yield "follows no earlier question"
    if kind == "paraphrase":
        shared = content_words(question["question"]) & content_words(quotes)
        if shared:
            yield f"shares words with the quote: {', '.join(sorted(shared))}"


def main():
    tenant = Tenant(yaml.safe_load((HERE / "hospital.yaml").read_text(encoding="utf-8")))
    if "--seen" in sys.argv:
        for user in tenant.users:
            seen = collections.Counter(document["collection"] for path, document in tenant.documents.items()
                                       if tenant.sees(user, path))
            print(f"{user}: {sum(seen.values())} ({', '.join(f'{name} {count}' for name, count in seen.items())})")
        return
    faults = list(tenant.check())
    data = (HERE / "questions.jsonl").read_bytes()
    questions = [json.loads(line) for line in data.decode().splitlines()]
    texts = {path: text_of(path) for path in tenant.documents}
    ids, pairs = [], collections.defaultdict(list)
    for question in questions:
        faults += [f"{question['id']}: {fault}" for fault in check_question(question, tenant, texts, ids)]
        ids.append(question["id"])
        if "pair" in question:
            pairs[question["pair"]].append(question)
    faults += [f"twice: {name}" for name, count in collections.Counter(ids).items() if count > 1]
    for name, members in pairs.items():
        wanted = {(member["expect"], *member["answers"]) for member in members}
        if len({member["question"] for member in members}) > 1 or len(wanted) < 2:
            faults.append(f"pair {name}: not the same question with different answers")
    counts = collections.Counter(question["kind"] for question in questions)
    faults += [f"too few of kind {kind}: {counts[kind]}" for kind, least in LEAST.items() if counts[kind] < least]
    if (HERE / "questions.sha256").read_text().split()[0] != hashlib.sha256(data).hexdigest():
        faults.append("questions.sha256 does not fit questions.jsonl")
    print("\n".join(faults + [f"{kind}: {count}" for kind, count in sorted(counts.items())]))
    print(f"{len(questions)} questions, {len(texts)} documents, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
