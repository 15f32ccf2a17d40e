"""The tokenizer and the starting weights of the Thai-English encoder.

One Unigram tokenizer serves both languages. English pieces are those of the teacher's WordPiece
vocabulary, a word's first piece marked with a leading "▁" and scored so that the fewest and
longest pieces win; Thai words carry no mark, and a Viterbi search over word scores
finds the words of a run of Thai.
"""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from glosses import GlossTable
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from thai_text import REPLACEMENTS, THAI_RUN, ZERO_WIDTH
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

LOG = logging.getLogger(__name__)

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MARK = "▁"
MAX_TOKENS = 256
_WHOLE_RUN = re.compile(THAI_RUN + r"\Z")
_ASCII = re.compile(r"[\x21-\x7e]+\Z")
_SYMBOLS = re.compile(r"[\u00a1-\u00ff\u2010-\u2026\u20ac\u2032\u2033\u2190-\u2193\u2212]\Z")

FloatArray = NDArray[np.float32]


def make_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Build the tokenizer from pieces with their scores; the row of a piece is its id."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=SPECIALS.index("[UNK]")))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{ZERO_WIDTH}\\x00-\\x08\\x0e-\\x1f\\x7f]"), ""),
            normalizers.NFKD(),
            normalizers.Replace(Regex("[\u0300-\u036f]"), ""),
            normalizers.Lowercase(),
            *(normalizers.Replace(old, new) for old, new in REPLACEMENTS),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.BertPreTokenizer(),
            pre_tokenizers.Split(Regex(THAI_RUN), "isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="always", split=False),
            pre_tokenizers.Split(Regex(f"{MARK}(?={THAI_RUN})"), "removed"),
        ]
    )
    ids = {name: SPECIALS.index(name) for name in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=list(ids.items())
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIALS])
    return tokenizer


def english_pieces(teacher: Tokenizer, used: Mapping[str, int], size: int) -> list[tuple[str, float, str]]:
    """Choose English pieces: (piece, score, teacher's piece).

    Symbols and the commoner continuations stay; of the whole words, the commonest by the
    teacher's order, which is that of frequency, words in use counting as commoner, until there
    are `size`.
    """
    vocabulary = teacher.get_vocab()
    order = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    keep = [
        piece
        for piece in order
        if piece.startswith("##")
        and _ASCII.match(piece[2:])
        and (len(piece) < 5 or vocabulary[piece] < 24000 or used.get(piece, 0) > 1)
    ]
    words: list[str] = []
    for piece in order:
        if piece in SPECIALS or piece.startswith(("[unused", "##")):
            continue
        if len(piece) == 1 and (_ASCII.match(piece) or _SYMBOLS.match(piece)):
            keep.append(piece)
        elif _ASCII.match(piece):
            words.append(piece)
    words.sort(key=lambda piece: vocabulary[piece] / (1 + min(used.get(piece, 0), 3)))
    keep += words[: max(0, size - len(keep))]
    chosen = []
    for piece in sorted(keep, key=lambda piece: vocabulary[piece]):
        if piece.startswith("##"):
            chosen.append((piece[2:], -10 + 0.01 * len(piece), piece))
        else:
            chosen.append((MARK + piece, -10 + 0.05 * len(piece), piece))
    return chosen


def thai_scores(glossed: Iterable[str], frequencies: Mapping[str, int], syllables: Iterable[str]) -> dict[str, float]:
    """Score Thai candidates: common words high, syllables low, single characters lowest."""
    total = sum(frequencies.values())
    scores: dict[str, float] = {}
    for code in range(0x0E01, 0x0E4F):
        if _WHOLE_RUN.match(chr(code)):
            scores[chr(code)] = -22.0
    for syllable in syllables:
        if _WHOLE_RUN.match(syllable):
            scores[syllable] = -17.0
    for word in {*glossed, *frequencies}:
        if _WHOLE_RUN.match(word) and len(word) > 1:
            probability = (frequencies.get(word, 0) + 0.5) / total
            scores[word] = -8 + 0.35 * math.log(probability)
    return scores


def select_thai(
    scores: Mapping[str, float],
    used: Mapping[str, int],
    frequencies: Mapping[str, int],
    always: Iterable[str],
    glossed: Iterable[str],
    size: int,
) -> dict[str, float]:
    """Choose `size` Thai pieces by how much the corpora use them, glossed ones before others."""
    first = {word for word in always if word in scores}
    first |= {piece for piece in scores if len(piece) == 1}
    known = set(glossed)

    def use(word: str) -> float:
        count = frequencies.get(word, 0) / 20 + used.get(word, 0)
        return count * (4 if word in known else 1)

    others = sorted((word for word in scores if word not in first), key=lambda w: (-use(w), w))
    chosen = [*sorted(first), *others[: max(0, size - len(first))]]
    LOG.info("Thai pieces: %d always, the last one has use %.2f", len(first), use(chosen[-1]))
    return {word: scores[word] for word in chosen}


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """Count the pieces of texts."""
    counts: Counter[str] = Counter()
    batch: list[str] = []
    for text in [*texts, ""]:
        batch.append(text)
        if len(batch) == 512 or text == "":
            for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
                counts.update(encoding.tokens)
            batch = []
    return counts


class Initialiser:
    """Makes starting vectors for Thai pieces out of the teacher's English ones."""

    def __init__(self, teacher: Tokenizer, vectors: FloatArray) -> None:
        """Keep the teacher's tokenizer and its word-piece vectors."""
        self._teacher = teacher
        self._vectors = vectors
        self._norm = float(np.linalg.norm(vectors[1996:20000], axis=1).mean())

    def english(self, text: str) -> FloatArray | None:
        """Return the mean vector of a text's pieces, or None if it has none."""
        pieces = self._teacher.encode(text, add_special_tokens=False).ids
        return self._vectors[pieces].mean(axis=0) if pieces else None

    def glosses(self, weighted: list[tuple[str, float]]) -> FloatArray | None:
        """Return the weighted mean of glosses, as long as an English piece's vector."""
        parts = [(self.english(gloss), weight) for gloss, weight in weighted]
        known = [(vector, weight) for vector, weight in parts if vector is not None]
        if not known:
            return None
        return self.scaled(np.stack([vector * weight for vector, weight in known]).sum(axis=0))

    def continuation(self, roman: str) -> FloatArray | None:
        """Return the vector of a romanised syllable inside a word."""
        inside = self._teacher.token_to_id("##" + roman)
        ids: list[int] = self._teacher.encode("x" + roman, add_special_tokens=False).ids
        pieces = ids[1:] if inside is None else [inside]
        return self.scaled(self._vectors[pieces].mean(axis=0)) if pieces else None

    def scaled(self, vector: FloatArray) -> FloatArray:
        """Give a vector the usual length."""
        scaled: FloatArray = vector * (self._norm / max(float(np.linalg.norm(vector)), 1e-6))
        return scaled


def starting_vectors(
    words: Iterable[str],
    table: GlossTable,
    initialiser: Initialiser,
    frequencies: Mapping[str, int],
    romanise: Mapping[str, str],
) -> dict[str, FloatArray]:
    """Make a vector for every Thai piece: from its gloss, its parts' glosses, or its sound."""
    words = list(words)
    vectors: dict[str, FloatArray] = {}
    for word in words:
        vector = initialiser.glosses(table[word]) if word in table else None
        if vector is not None:
            vectors[word] = vector
    parts = thai_scores(vectors, {w: f for w, f in frequencies.items() if w in vectors}, [])
    splitter = make_tokenizer([(name, 0.0) for name in SPECIALS] + list(parts.items()))
    glossed = len(vectors)
    composed = 0
    for word in words:
        if word in vectors:
            continue
        pieces = splitter.encode(word, add_special_tokens=False).tokens
        known = [vectors[piece] for piece in pieces if piece in vectors]
        covered = sum(len(piece) for piece in pieces if piece in vectors)
        if len(word) > 3 and covered == len(word) and min(map(len, pieces)) > 2:
            vectors[word] = initialiser.scaled(np.mean(known, axis=0))
            composed += 1
    for word in words:
        if word not in vectors:
            vector = initialiser.continuation(romanise.get(word, ""))
            if vector is None:
                vector = initialiser.scaled(initialiser._vectors[1996:20000].mean(axis=0))
            vectors[word] = vector
    LOG.info(
        "starting vectors: %d glossed, %d composed, %d by sound",
        glossed,
        composed,
        len(words) - glossed - composed,
    )
    return vectors


def write_model(folder: Path, teacher: Path, tokenizer: Tokenizer, weights: dict[str, torch.Tensor]) -> None:
    """Write a directory that sentence-transformers loads as it is, weights in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "2_Normalize").mkdir(exist_ok=True)
    config = json.loads((teacher / "config.json").read_text(encoding="utf-8"))
    config.update(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=MAX_TOKENS, dtype="float32")
    for key in ("_name_or_path", "transformers_version", "gradient_checkpointing"):
        config.pop(key, None)
    files: dict[str, object] = {
        "config.json": config,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            "unk_token": "[UNK]",
            "sep_token": "[SEP]",
            "pad_token": "[PAD]",
            "cls_token": "[CLS]",
            "mask_token": "[MASK]",
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {"similarity_fn_name": "cosine"},
        "2_Normalize/config.json": {},
    }
    for name, content in files.items():
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("modules.json", "1_Pooling/config.json"):
        shutil.copyfile(teacher / name, folder / name)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    half = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in weights.items()}
    save_file(half, str(folder / "model.safetensors"), metadata={"format": "pt"})


def teacher_weights(teacher: Path) -> dict[str, torch.Tensor]:
    """Read the teacher's weights."""
    weights: dict[str, torch.Tensor] = load_file(str(teacher / "model.safetensors"))
    weights.pop("embeddings.position_ids", None)
    return weights
