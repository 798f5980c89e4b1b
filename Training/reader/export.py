"""Quantises a trained head to `head.bin`, measures and calibrates the quantised head, writes manifest and fixture."""

import argparse
import json
import os
import struct

import torch

import data
import train
from batches import QUESTION_MAX, TOKENS_MAX, Batch, Tokens, Window
from data import Example
from encoder import Encoder
from heads import HEADS

FIXTURES = [
    ("How long is parental leave?", "Parental leave lasts sixteen weeks. It may be split into two parts. The head of "
     "the department is told three months before it begins."),
    ("Who signs the form?", "Forms are kept in the archive on the second floor for ten years, then destroyed."),
    ("What does the crane lift, and when was it brought to the harbour?", "The crane was brought in 1931; it lifts "
     "40 tonnes.\nIts driver needs a licence (class C), renewed each year."),
    ("Why?", "Because."),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--weights", required=True, help="what train.py wrote")
    parser.add_argument("--fixture", required=True, help="the file for the test of the product")
    parser.add_argument("--sample", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    options.without = None
    torch.set_num_threads(2)
    encoder, tokens = Encoder(options.encoder), Tokens(options.encoder + "/vocab.txt")
    head = HEADS["joint"](encoder)
    head.load_state_dict(torch.load(options.weights))
    body = b"".join(parts(head))
    with open("fixture.tmp", "w") as file:
        json.dump(fixture(head, encoder, tokens), file)
    examples = data.load(options.data)
    with open("manifest.jsonl", "w") as file:
        file.write("\n".join(data.manifest(examples)) + "\n")
    result = train.evaluate(head, encoder, tokens, examples, options)
    print(json.dumps(result, indent=1))
    numbers = (head.lower, len(head.layers), TOKENS_MAX, QUESTION_MAX)
    constants = struct.pack("<4s4I4f", b"CSH1", *numbers, *result["calibration"], result["threshold"])
    with open("head.bin", "wb") as file:
        file.write(constants + body)
    os.replace("fixture.tmp", options.fixture)


def parts(head):
    """The file's parts behind its constants. Puts the quantised values into `head`, so that it measures as shipped."""
    yield floats(head.marks)
    for layer in head.layers:
        # As the product's encoder has it: one layer for the three, the queries multiplied by 1 / sqrt(32).
        scale = 32**-0.5
        three = [layer.query, layer.key, layer.value]
        quantised = [quantise(linear) for linear in three]
        yield b"".join(q for q, _ in quantised)
        yield b"".join(floats(s * (scale if i == 0 else 1)) for i, (_, s) in enumerate(quantised))
        yield b"".join(floats(l.bias * (scale if i == 0 else 1)) for i, l in enumerate(three))
        for linear, norm in ((layer.output, layer.norm1), (layer.expand, None), (layer.contract, layer.norm2)):
            weights, scales = quantise(linear)
            yield weights + floats(scales) + floats(linear.bias)
            if norm:
                yield floats(norm.weight) + floats(norm.bias)
    yield floats(head.out.weight) + floats(head.out.bias)


def quantise(linear):
    weight = linear.weight.data
    scales = weight.abs().amax(1) / 127
    rounded = (weight / scales[:, None]).round().clamp(-127, 127)
    weight.copy_(rounded * scales[:, None])
    return rounded.to(torch.int8).numpy().tobytes(), scales


def floats(tensor):
    return tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()


@torch.no_grad()
def fixture(head, encoder, tokens):
    """Token ids and what the quantised head says, in single precision."""
    head.eval()
    found = []
    for question, passage in FIXTURES:
        window = Window(tokens, Example("", "", passage, question, []))
        outputs = head(encoder, Batch([window]))[0]
        found.append({
            "question": question, "passage": passage, "ids": window.question + window.passage,
            "questionEnd": window.start, "outputs": [round(v, 6) for v in outputs.flatten().tolist()],
        })
    return found


if __name__ == "__main__":
    main()
