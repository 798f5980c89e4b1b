"""Writes Tests/EncoderTests/Fixtures/encoder.json: what the reference says about texts of many scripts.

    python3 -m venv /tmp/encoder && /tmp/encoder/bin/pip install tokenizers==0.23.3 numpy
    /tmp/encoder/bin/python scripts/encoder-fixture.py ENCODER_DIRECTORY [CORPUS.jsonl OUT.jsonl]

Token ids come from Hugging Face `tokenizers`, with no special tokens registered, because Cloister treats `[CLS]` and
the like in a text as plain text. Offsets are converted to UTF-8 bytes. Vectors come from the forward pass below,
written against the BERT paper and the layer names of the file, in double precision, and share no code with Cloister.

With two more arguments it reads one JSON string a line and writes `{"text": ..., "ids": [...]}` a line: the long run.
"""

import json
import math
import pathlib
import random
import struct
import sys

import numpy
from tokenizers import Tokenizer, __version__
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

OUTPUT = pathlib.Path(__file__).parent.parent / "Tests/EncoderTests/Fixtures/encoder.json"
HEADS, LAYERS, EPSILON = 12, 6, 1e-12

TEXTS = [
    "",
    " ",
    "hello world",
    "Hello, World! It's 3.14% of $1,000.00?",
    "unaffable internationalisation, antidisestablishmentarianism",
    "[CLS] is not control [SEP] nor [MASK], [PAD] or [UNK]; ##ing neither",
    "naïve café résumé Ångström Übergröße ÇA VA",
    "nai\u0308ve cafe\u0301 A\u030angstro\u0308m e\u0301\u0323\u0302",
    "Straße STRASSE ẞ ß İstanbul ıǅǈ ﬁﬂ ſ",
    "Поликлиника №5, ул. Ленина; ёлка Ёж й",
    "Ελληνικά: ΟΔΥΣΣΕΥΣ ς σ ά ΐ",
    "中文字符和English混合，测试。",
    "日本語のテキスト、ひらがなとカタカナ。がぎぐ ﾊﾟ",
    "한국어 텍스트 분석 각힣 가",
    "עברית שָׁלוֹם וּבְרָכָה",
    "العربية: مُحَمَّدٌ ١٢٣؟",
    "हिन्दी में पाठ, क्षेत्र ज़ फ़",
    "ภาษาไทยไม่มีช่องว่าง กำลัง",
    "தமிழ் తెలుగు ಕನ್ನಡ മലയാളം বাংলা",
    "Tiếng Việt có dấu thanh: Đặng Thị Ngọc",
    "emoji 😀👍🏽 👨‍👩‍👧‍👦 🇩🇪 ❤️ ✈ ☎️ 1️⃣",
    "tabs\tand\nnew\r\nlines\u000b\u000c\u0085 \u00a0 \u2003 \u3000 \u2028x\u2029y\u200bz\u202fq",
    "nul\u0000 bell\u0007 del\u007f esc\u001b[0m c1\u0091 soft\u00adhyphen zwj\u200dx bom\ufeff",
    "\ufffd replacement \ufffdx private\ue000use \U000f0000y",
    "quotes “double” ‘single’ «guillemets» „low“ ‹x› – — … • § ¶ † ‡",
    "math: ∑ x² ≤ ∞ ≠ ½ ¾ √2 ± × ÷ ∂ ∈ ≯ 10⁻³ µm Ω Ω K Å",
    "currency €100 £50 ¥300 ₹20 ¢5 ₿1",
    "code: if (a[i] != b->c) { return ~x ^ y | z & w; } // `tick` <tag/> \\n @user #tag",
    "https://example.org/a_b?c=d&e=f#g user.name+tag@mail.example.com 192.168.0.1:8080 2026-01-31T12:34:56Z",
    "a" * 100,
    "a" * 101,
    "é" * 100,
    "é" * 101,
    "字" * 120,
    "x" * 99 + "字" + "y" * 101,
    "!" * 30,
    "ab" * 60 + " after a long word",
    "Kelvin K and Angstrom Å and Ohm Ω signs",
    "compat 豈更車 ㈱ ㎏ Ⅷ ① ａｂｃ ＡＢＣ １２３",
    "rare 𠀀𪜀𫝀𫠠 𐐀𐐨 𝒜𝓫 𝟘 𑄃 ꙮ ꙮ ﷺ",
    "Mg²⁺, Ca²⁺; HbA1c 6.5% (48 mmol/mol); 5 µg/mL; β-blocker; α₁-antitrypsin; β₂",
    "; · ` ´ ˆ ˜ ¨ ¸ ˝ ª º ¹ ʼn ŉ ŀ ǰ",
    "\u0301leading mark \u0301 alone a\u0300\u0301\u0302\u0303",
    "mixed\u0300\u0316 order\u0316\u0300 \u0f71\u0f72\u0f74",
    "Georgian ᲐᲑᲒ აბგ Ⴀ Cherokee Ꭰ ꭰ Armenian ԱԲ և",
    "aaaa\u3099 か\u3099 ガ \u1100\u1161\u11a8 ᄀ",
    "end without space.Next?Yes!No;maybe:ok",
    "UPPER lower MiXeD CamelCase snake_case kebab-case dot.case",
]

SENTENCES = [
    "The patient was admitted with chest pain and shortness of breath.",
    "Quarterly revenue rose 4.2% to $1.3 billion, driven by cloud services.",
    "Who may read the board's minutes of 12 March?",
    "Der Vertrag kann mit einer Frist von drei Monaten gekündigt werden.",
    "¿Cuál es el plazo de entrega de las piezas de repuesto?",
    "会议记录仅供董事会成员查阅。",
    "def quicksort(items): return items if len(items) < 2 else ...",
    "a",
    "",
    "Retention: seven years after the end of the business relationship; then erasure, with a certificate.",
]


def read_tensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header, start = json.loads(data[8 : 8 + length]), 8 + length
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (start + offset for offset in entry["data_offsets"])
            tensors[name] = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(numpy.float64)
    return tensors


ERF = numpy.vectorize(math.erf)


def forward(tensors, ids):
    def linear(x, name):
        return x @ tensors[name + ".weight"].T + tensors[name + ".bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / numpy.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return scaled * tensors[name + ".weight"] + tensors[name + ".bias"]

    x = tensors["embeddings.word_embeddings.weight"][ids]
    x = x + tensors["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for index in range(LAYERS):
        layer = f"encoder.layer.{index}."
        q, k, v = (linear(x, f"{layer}attention.self.{part}") for part in ("query", "key", "value"))
        split = [m.reshape(len(ids), HEADS, -1).transpose(1, 0, 2) for m in (q, k, v)]
        scores = split[0] @ split[1].transpose(0, 2, 1) / math.sqrt(split[0].shape[-1])
        weights = numpy.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        context = (weights @ split[2]).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(linear(context, layer + "attention.output.dense") + x, layer + "attention.output.LayerNorm")
        inner = linear(x, layer + "intermediate.dense")
        inner = inner * (1 + ERF(inner / math.sqrt(2))) / 2
        x = norm(linear(inner, layer + "output.dense") + x, layer + "output.LayerNorm")
    pooled = x.mean(0)
    return pooled / numpy.sqrt((pooled**2).sum())


def reference_tokenizer(directory):
    pieces = (directory / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = {piece: number for number, piece in enumerate(pieces) if piece}
    model = WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer, vocabulary


def long_run(tokenizer, source, target):
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        for line in lines:
            text = json.loads(line)
            out.write(json.dumps({"text": text, "ids": tokenizer.encode(text).ids}) + "\n")


def tokenized(tokenizer, text):
    encoding = tokenizer.encode(text)
    at = [len(text[:index].encode()) for index in range(len(text) + 1)]
    return {
        "text": text, "ids": encoding.ids,
        "starts": [at[start] for start, _ in encoding.offsets], "ends": [at[end] for _, end in encoding.offsets],
    }


def main():
    directory = pathlib.Path(sys.argv[1])
    tokenizer, vocabulary = reference_tokenizer(directory)
    if len(sys.argv) > 2:
        return long_run(tokenizer, sys.argv[2], sys.argv[3])
    tensors = read_tensors(directory / "model.safetensors")
    sequences = [tokenizer.encode(text).ids for text in SENTENCES]
    # Lengths around the tiles of the kernels, and the longest window.
    generator = random.Random(20260101)
    sequences += [[generator.randrange(1000, 30000) for _ in range(count)] for count in (15, 62, 127, 254)]
    vectors = []
    for ids in sequences:
        vector = forward(tensors, [vocabulary["[CLS]"], *ids, vocabulary["[SEP]"]])
        vectors.append({"ids": ids, "vector": [round(float(value), 6) for value in vector]})
    fixture = {
        "tokenizers": __version__, "texts": [tokenized(tokenizer, text) for text in TEXTS],
        "queries": SENTENCES, "vectors": vectors,
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(
        f'"{key}": ' + ("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in value) + "\n]"
                        if isinstance(value, list) else json.dumps(value))
        for key, value in fixture.items()
    )
    OUTPUT.write_text("{\n" + rows + "\n}\n")
    print(f"{len(TEXTS)} texts, {len(vectors)} vectors, {OUTPUT.stat().st_size} bytes")


main()
