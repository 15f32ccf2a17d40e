"""Measure an encoder on data it never saw: PUD, FLORES and half of XQuAD."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
from data import windows
from glosses import rows
from numpy.typing import NDArray

LOG = logging.getLogger("evaluate")

FloatArray = NDArray[np.float32]
Encode = Callable[[list[str]], FloatArray]


def hit(queries: FloatArray, targets: FloatArray) -> float:
    """Return how often the nearest target is the one of the same row."""
    return float(((queries @ targets.T).argmax(axis=1) == np.arange(len(queries))).mean())


def recalls(scores: FloatArray, gold: list[int]) -> dict[str, float]:
    """Return recall at 1 and 5 and nDCG at 10 of passages for questions."""
    right = scores[np.arange(len(gold)), gold]
    rank = (scores > right[:, None]).sum(axis=1)
    gain = np.where(rank < 10, 1 / np.log2(rank + 2), 0)
    return {
        "r1": float((rank < 1).mean()),
        "r5": float((rank < 5).mean()),
        "ndcg10": float(gain.mean()),
    }


class Passages:
    """The passages of XQuAD, whole and in windows, encoded once."""

    def __init__(self, encode: Encode, passages: list[str]) -> None:
        """Encode the passages."""
        self._whole = encode(passages)
        pieces = [(i, text) for i, whole in enumerate(passages) for _, text in windows(whole)]
        self._owner = np.array([i for i, _ in pieces])
        self._windows = encode([text for _, text in pieces])

    def measure(self, questions: FloatArray, gold: list[int]) -> dict[str, dict[str, float]]:
        """Score questions on whole passages, on their best windows, and on both."""
        whole = questions @ self._whole.T
        by_window = questions @ self._windows.T
        best = np.stack([by_window[:, self._owner == i].max(axis=1) for i in range(whole.shape[1])], axis=1)
        return {
            "whole": recalls(whole, gold),
            "windows": recalls(best, gold),
            "both": recalls(whole + best, gold),
        }


def xquad(path: Path) -> tuple[list[str], list[tuple[str, str, int]]]:
    """Read XQuAD: passages, and questions as (id, text, passage)."""
    passages: list[str] = []
    questions: list[tuple[str, str, int]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(qa["id"], qa["question"], len(passages)) for qa in paragraph["qas"]]
            passages.append(paragraph["context"])
    return passages, questions


def measure(encode: Encode, folder: Path, quick: bool = False, ask: Encode | None = None) -> dict[str, object]:
    """Measure an encoder; `quick` leaves out FLORES and the English passages, `ask` encodes questions."""
    ask = ask or encode
    results: dict[str, object] = {}
    for name, file in (("pud", "pud"), ("flores", "flores200-devtest")):
        if quick and name == "flores":
            continue
        table = list(rows(folder / f"{file}.en-th.tsv"))
        place = {column: table[0].index(column) for column in ("en", "th")}
        english = ask([row[place["en"]] for row in table[1:]])
        thai = ask([row[place["th"]] for row in table[1:]])
        results[name] = {
            "en_th": hit(english, thai),
            "th_en": hit(thai, english),
            "cosine": float((english * thai).sum(axis=1).mean()),
        }
    thai_passages, thai_questions = xquad(folder / "xquad-dev.th.json")
    english_passages, english_questions = xquad(folder / "xquad-dev.en.json")
    gold = [passage for _, _, passage in english_questions]
    asked_english = ask([text for _, text, _ in english_questions])
    cut = Passages(encode, thai_passages)
    results["xquad_en_th"] = cut.measure(asked_english, gold)
    thai_gold = [passage for _, _, passage in thai_questions]
    asked_thai = ask([text for _, text, _ in thai_questions])
    results["xquad_th_th"] = cut.measure(asked_thai, thai_gold)
    if not quick:
        results["xquad_en_en"] = Passages(encode, english_passages).measure(asked_english, gold)
    return results


def brief(results: dict[str, object]) -> str:
    """Return the main figures in one line."""
    flat: list[str] = []
    for name, value in results.items():
        assert isinstance(value, dict)
        if "en_th" in value:
            flat.append(f"{name} {value['en_th']:.3f}/{value['th_en']:.3f} c{value['cosine']:.3f}")
        else:
            parts = [f"{kind[0]} {v['r1']:.3f}/{v['r5']:.3f}" for kind, v in value.items()]
            flat.append(f"{name} " + " ".join(parts))
    return " | ".join(flat)


def main() -> None:
    """Measure a model folder and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    LOG.setLevel(logging.INFO)
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(args.model), device="cpu")

    def encode(texts: list[str]) -> FloatArray:
        vectors: FloatArray = model.encode(texts, batch_size=32, normalize_embeddings=True)
        return vectors.astype(np.float32)

    results = measure(encode, args.data, args.quick)
    LOG.info("%s: %s", args.model, brief(results))
    if args.out:
        args.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
