"""CLIP's byte-pair tokenizer, cut to its first merges so that the vocabulary stays small."""
import re

WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
# The same for Python's re, which knows no \p{…}; the captions hold nothing on which the two differ.
PYTHON_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", re.I)
MERGES = 2048
START, END = "<|startoftext|>", "<|endoftext|>"


def byte_symbols():
    """Each byte's printable stand-in, in the order of CLIP's vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


class Tokenizer:
    def __init__(self, merges_file, count):
        with open(merges_file, encoding="utf-8") as f:
            self.merges = [tuple(line.split()) for line in f.read().split("\n")[:count]]
        self.symbols = byte_symbols()
        base = list(self.symbols.values())
        tokens = [*base, *(s + "</w>" for s in base), *(a + b for a, b in self.merges), START, END]
        self.vocab = {token: i for i, token in enumerate(tokens)}
        self.rank = {pair: i for i, pair in enumerate(self.merges)}

    def word(self, text):
        parts = [self.symbols[b] for b in text.encode()]
        parts[-1] += "</w>"
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda pair: self.rank.get(pair, len(self.rank)))
            if best not in self.rank:
                break
            merged, i = [], 0
            while i < len(parts):
                pair = tuple(parts[i:i + 2])
                merged.append("".join(pair) if pair == best else parts[i])
                i += 2 if pair == best else 1
            parts = merged
        return [self.vocab[p] for p in parts]

    def __call__(self, text, context):
        """Ids of one text, padded with the end token to `context`."""
        ids = [i for word in PYTHON_WORDS.findall(" ".join(text.split()).lower()) for i in self.word(word)]
        ids = [self.vocab[START], *ids[:context - 2]]
        return ids + [self.vocab[END]] * (context - len(ids))

    def json(self):
        """The contents of tokenizer.json."""
        bos, eos = self.vocab[START], self.vocab[END]

        def special(i, content):
            return {"id": i, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
                    "normalized": False, "special": True}

        return {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [special(bos, START), special(eos, END)],
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
                {"type": "Lowercase"}]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Removed", "invert": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]},
            "post_processor": {"type": "RobertaProcessing", "sep": [END, eos], "cls": [START, bos],
                               "trim_offsets": False, "add_prefix_space": False},
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {"type": "BPE", "dropout": None, "unk_token": END, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False,
                      "vocab": self.vocab, "merges": [f"{a} {b}" for a, b in self.merges]}}
