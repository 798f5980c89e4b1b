"""Writes Sources/Encoder/UnicodeTable+Generated.swift: what the reference BERT tokenizer does with each scalar.

    python3 -m venv /tmp/encoder && /tmp/encoder/bin/pip install tokenizers==0.23.3
    /tmp/encoder/bin/python scripts/encoder-unicode.py

The reference is asked, not imitated: every scalar goes through its normaliser and its pre-tokenizer between two
letters, and the outcome is one of
    kept       becomes itself, as part of a word
    dropped    becomes nothing
    space      ends the word
    isolated   becomes a word of its own (punctuation, CJK ideographs)
    mapped     becomes other scalars, each kept or isolated (lower case, decomposition without accents)
ASCII and Hangul syllables are left out: the tokenizer has code for them. This script checks the latter.

Format: base64 of variable-length integers (seven bits a byte, low bits first). Three lists of ranges (dropped, space,
isolated), each: count, then per range the gap from the end of the one before and the length. Then the mapped scalars:
count, then per scalar the gap from the one before, the number of targets, and the first target's distance from the
scalar as difference to that of the entry before (zigzag); further targets are written as they are.
"""

import base64
import pathlib
import textwrap
import unicodedata

from tokenizers import __version__
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

OUTPUT = pathlib.Path(__file__).parent.parent / "Sources/Encoder/UnicodeTable+Generated.swift"
NORMALISER = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)
SPLITTER = BertPreTokenizer()
HANGUL = range(0xAC00, 0xD7A4)


def outcome(scalar):
    words = [word for word, _ in SPLITTER.pre_tokenize_str(NORMALISER.normalize_str(f"a{chr(scalar)}a"))]
    if words == ["aa"]:
        return "dropped", None
    if words == ["a", "a"]:
        return "space", None
    if words == [f"a{chr(scalar)}a"]:
        return "kept", None
    if words == ["a", chr(scalar), "a"]:
        return "isolated", None
    return "mapped", words


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def ranges(scalars):
    found = []
    for scalar in sorted(scalars):
        if found and found[-1][1] == scalar:
            found[-1][1] = scalar + 1
        else:
            found.append([scalar, scalar + 1])
    data, end = varint(len(found)), 0
    for start, stop in found:
        data += varint(start - end) + varint(stop - start)
        end = stop
    return data


def mapped(entries):
    data, last, distance = varint(len(entries)), 0, 0
    for scalar, targets in sorted(entries.items()):
        data += varint(scalar - last) + varint(len(targets)) + zigzag(targets[0] - scalar - distance)
        data += b"".join(varint(target) for target in targets[1:])
        last, distance = scalar, targets[0] - scalar
    return data


def main():
    kinds = {"kept": set(), "dropped": set(), "space": set(), "isolated": set()}
    entries = {}
    for scalar in range(0x80, 0x110000):
        if 0xD800 <= scalar < 0xE000:
            continue
        kind, words = outcome(scalar)
        if kind != "mapped":
            kinds[kind].add(scalar)
            continue
        text = "".join(words)[1:-1]
        if scalar in HANGUL:
            assert text == unicodedata.normalize("NFD", chr(scalar))
        else:
            entries[scalar] = [ord(c) for c in text], words
    for scalar, (targets, words) in entries.items():
        # A target's own outcome says whether it stands alone; the reference must agree.
        alone = [t in kinds["isolated"] or t < 128 and not chr(t).isalnum() for t in targets]
        spaced = "".join(f" {chr(t)} " if single else chr(t) for t, single in zip(targets, alone))
        assert f"a{spaced}a".split() == words, hex(scalar)
    data = b"".join(ranges(kinds[kind]) for kind in ("dropped", "space", "isolated"))
    data += mapped({scalar: targets for scalar, (targets, _) in entries.items()})
    lines = textwrap.wrap(base64.b64encode(data).decode(), 112)
    OUTPUT.write_text(
        "// Written by scripts/encoder-unicode.py, which explains the format. Do not edit.\n\n"
        "extension UnicodeTable {\n"
        f"    /// The outcome of every scalar in the reference, tokenizers {__version__}.\n"
        '    static let encoded = """\n' + "".join(f"        {line}\n" for line in lines) + '        """\n}\n'
    )
    print(f"{len(data)} bytes, {len(entries)} mapped scalars, {len(lines)} lines")


main()
