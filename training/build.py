"""Build the untrained encoder: tokenizer, and Thai vectors out of English glosses (road A)."""

from __future__ import annotations

import argparse
import logging
import re
from collections import Counter
from pathlib import Path

import data
import torch
import vocabulary
from glosses import build_glosses, rows
from pythainlp.transliterate import romanize
from thai_text import THAI_RUN, clean_thai
from tokenizers import Tokenizer

LOG = logging.getLogger("build")
_WHOLE_RUN = re.compile(THAI_RUN + r"\Z")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teacher", type=Path, required=True, help="all-MiniLM-L6-v2's folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--corpus", type=Path, required=True, help="PyThaiNLP's corpus folder")
    parser.add_argument("--wordnet", type=Path, required=True, help="WordNet 3.0's dict folder")
    parser.add_argument("--lexicon", type=Path, nargs="+", required=True, help="thai, pos, glosses")
    parser.add_argument("--pairs", type=Path, help="folder of hand-written thai, english pairs")
    parser.add_argument("--english", type=int, default=21500, help="number of English pieces")
    parser.add_argument("--thai", type=int, default=25000, help="number of Thai pieces")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def main() -> None:
    """Build the encoder."""
    args = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    first, second = build_glosses(args.lexicon, args.data, args.corpus, args.wordnet)
    table = {**second, **first}
    frequencies: Counter[str] = Counter()
    for row in rows(args.corpus / "tnc_freq.txt"):
        word = clean_thai(row[0])
        if int(row[1]) >= 3 and _WHOLE_RUN.match(word):
            frequencies[word] += int(row[1])
    lines = (args.corpus / "syllables_th.txt").read_text(encoding="utf-8").split()
    scores = vocabulary.thai_scores(table, frequencies, [clean_thai(line) for line in lines])

    pairs, by_hand = data.sentence_pairs(args.data, args.pairs)
    terms = data.term_pairs(args.data)
    questions = data.question_pairs(args.data)
    thai = [pair[0] for pair in pairs + by_hand + terms] + [row[1] for row in questions]
    for article in data.articles(args.data / "iapp-train.jsonl.gz", {}):
        thai += article.windows
    thai += list(data.monolingual(args.data / "thaigov-news-3000.jsonl.gz"))
    english = [pair[1] for pair in pairs + by_hand + terms]
    english += [text for row in questions for text in row[2:]]

    teacher = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    teacher.no_truncation()
    teacher.no_padding()
    latin = vocabulary.english_pieces(teacher, vocabulary.count_pieces(teacher, english), args.english)
    specials = [(name, 0.0) for name in vocabulary.SPECIALS]
    wide = vocabulary.make_tokenizer(specials + list(scores.items()))
    used = vocabulary.count_pieces(wide, thai)
    lexicon = {clean_thai(row[0]) for path in args.lexicon for row in rows(path)}
    chosen = vocabulary.select_thai(scores, used, frequencies, lexicon, table, args.thai)

    pieces = specials + [(piece, score) for piece, score, _ in latin] + list(chosen.items())
    tokenizer = vocabulary.make_tokenizer(pieces)
    weights = vocabulary.teacher_weights(args.teacher)
    old = weights["embeddings.word_embeddings.weight"].float()
    initialiser = vocabulary.Initialiser(teacher, old.numpy())
    roman = {word: romanize(word, engine="royin") for word in chosen if len(word) <= 12}
    vectors = vocabulary.starting_vectors(chosen, table, initialiser, frequencies, roman)
    new = torch.zeros(len(pieces), old.shape[1])
    for row_id, name in enumerate(vocabulary.SPECIALS):
        new[row_id] = old[teacher.token_to_id(name)]
    for row_id, (_, _, piece) in enumerate(latin, start=len(specials)):
        new[row_id] = old[teacher.token_to_id(piece)]
    for row_id, word in enumerate(chosen, start=len(specials) + len(latin)):
        new[row_id] = torch.from_numpy(vectors[word])
    weights["embeddings.word_embeddings.weight"] = new
    positions = weights["embeddings.position_embeddings.weight"]
    weights["embeddings.position_embeddings.weight"] = positions[: vocabulary.MAX_TOKENS]
    vocabulary.write_model(args.out, args.teacher, tokenizer, weights)
    LOG.info("%d pieces: %d English, %d Thai", len(pieces), len(latin), len(chosen))


if __name__ == "__main__":
    main()
