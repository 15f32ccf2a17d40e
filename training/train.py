"""Train the Thai-English encoder: the teacher's English vectors are the targets.

Thai texts are drawn to the teacher's vectors of their English versions (distance and contrast
against a bank of English vectors), Thai passages to the questions they answer, and English texts
to where the teacher has them, so that the English side stays.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import data
import numpy as np
import torch
import vocabulary
from evaluate import brief, measure
from glosses import build_glosses, wordnet_synsets
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertConfig, BertModel

LOG = logging.getLogger("train")

TEMPERATURE = 0.05
FloatArray = NDArray[np.float32]


@dataclass
class Pool:
    """Texts of one kind with their target vectors, drawn in batches of similar length."""

    name: str
    texts: list[str]
    targets: torch.Tensor
    share: float
    batch: int
    max_tokens: int = 72
    english: bool = False


class Student:
    """The encoder in training."""

    def __init__(self, folder: Path) -> None:
        """Load a model folder."""
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        config = BertConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
        config.hidden_dropout_prob = 0.0
        config.attention_probs_dropout_prob = 0.0
        self.model = BertModel(config)
        weights = {k: v.float() for k, v in load_file(str(folder / "model.safetensors")).items()}
        self.model.load_state_dict(weights)
        self.model.embeddings.word_embeddings.sparse = True
        self.words = cast(torch.nn.Parameter, self.model.embeddings.word_embeddings.weight)

    def ids(self, texts: Sequence[str], max_tokens: int, drop: float = 0.0) -> list[list[int]]:
        """Tokenise texts, leaving out a share of the pieces when `drop` is above 0."""
        found: list[list[int]] = []
        for encoding in self.tokenizer.encode_batch(list(texts)):
            pieces: list[int] = encoding.ids[:max_tokens]
            pieces[-1] = encoding.ids[-1]
            if drop and len(pieces) > 6:
                inner = [piece for piece in pieces[1:-1] if random.random() > drop]
                pieces = [pieces[0], *inner, pieces[-1]]
            found.append(pieces)
        return found

    def forward(self, ids: list[list[int]]) -> torch.Tensor:
        """Encode texts given as ids."""
        width = max(map(len, ids))
        padded = torch.zeros(len(ids), width, dtype=torch.long)
        mask = torch.zeros(len(ids), width, dtype=torch.long)
        for row, pieces in enumerate(ids):
            padded[row, : len(pieces)] = torch.tensor(pieces)
            mask[row, : len(pieces)] = 1
        hidden = self.model(input_ids=padded, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        return functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)

    def encode(self, texts: list[str]) -> FloatArray:
        """Encode texts without gradients."""
        ids = self.ids(texts, vocabulary.MAX_TOKENS)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        vectors = np.zeros((len(ids), self.model.config.hidden_size), np.float32)
        with torch.no_grad():
            for start in range(0, len(order), 32):
                rows = order[start : start + 32]
                vectors[rows] = self.forward([ids[i] for i in rows]).numpy()
        return vectors

    def save(self, folder: Path, teacher: Path) -> None:
        """Write the model folder."""
        vocabulary.write_model(folder, teacher, self.tokenizer, self.model.state_dict())


class RowAdam:
    """Adam on the rows of an embedding that a step touched, with a rate for each row."""

    def __init__(self, weight: torch.nn.Parameter, rates: torch.Tensor) -> None:
        """Keep the moments of every row."""
        self._weight = weight
        self._rates = rates
        self._first = torch.zeros_like(weight)
        self._second = torch.zeros_like(weight)
        self._steps = torch.zeros(len(weight))

    @torch.no_grad()
    def step(self, scale: float) -> None:
        """Update the rows that have a gradient."""
        if self._weight.grad is None:
            return
        gradient = self._weight.grad.coalesce()
        rows, values = gradient.indices()[0], gradient.values()
        self._steps[rows] += 1
        first = self._first[rows].mul_(0.9).add_(values, alpha=0.1)
        second = self._second[rows].mul_(0.99).addcmul_(values, values, value=0.01)
        self._first[rows] = first
        self._second[rows] = second
        steps = self._steps[rows].unsqueeze(1)
        update = (first / (1 - 0.9**steps)) / ((second / (1 - 0.99**steps)).sqrt() + 1e-8)
        self._weight[rows] -= scale * self._rates[rows].unsqueeze(1) * update
        self._weight.grad = None


class Teacher:
    """The English model, with its vectors kept on disk between runs."""

    def __init__(self, folder: Path, cache: Path) -> None:
        """Load the cache; the model itself only when a text is not in it."""
        self._folder = folder
        self._cache = cache
        self._known: dict[str, FloatArray] = {}
        if cache.exists():
            with np.load(cache, allow_pickle=False) as stored:
                vectors = stored["vectors"].astype(np.float32)
                texts = json.loads(str(stored["texts"]))
                self._known = dict(zip(texts, vectors, strict=True))

    def encode(self, texts: Iterable[str]) -> torch.Tensor:
        """Return the teacher's vectors of texts."""
        texts = list(texts)
        missing = sorted({text for text in texts if text not in self._known}, key=len)
        if missing:
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(str(self._folder), device="cpu")
            vectors = model.encode(missing, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
            self._known.update(zip(missing, vectors, strict=True))
            np.savez(
                self._cache,
                vectors=np.stack(list(self._known.values())).astype(np.float16),
                texts=np.array(json.dumps(list(self._known))),
            )
            LOG.info("teacher: %d new vectors", len(missing))
        return torch.from_numpy(np.stack([self._known[text] for text in texts]))


def joined(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join two to four neighbouring pairs into longer ones, cutting at the same places always."""
    longer: list[tuple[str, str]] = []
    part: list[tuple[str, str]] = []
    for pair in pairs:
        part.append(pair)
        if len(part) == 4 or (len(part) > 1 and zlib.crc32(pair[0].encode()) % 2):
            longer.append((" ".join(p[0] for p in part), " ".join(p[1] for p in part)))
            part = []
    return longer


def make_pools(args: argparse.Namespace, teacher: Teacher) -> list[Pool]:
    """Gather the training texts with their targets."""
    first, second = build_glosses(args.lexicon, args.data, args.corpus, args.wordnet)
    chance = random.Random(args.seed)
    open_pairs, by_hand = data.sentence_pairs(args.data, args.pairs)
    questions = data.question_pairs(args.data)
    terms = data.term_pairs(args.data)
    chance.shuffle(terms)
    terms = terms[:6000]
    words = [(word, glosses[0][0]) for word, glosses in first.items()]
    for word, glosses in second.items():
        if word not in first and zlib.crc32(word.encode()) % 8 == 0:
            words.append((word, glosses[0][0]))
    longer = joined(by_hand)
    pools: list[Pool] = []

    def add(name: str, pairs: list[tuple[str, str]], share: float, batch: int, longest: int) -> None:
        if pairs:
            targets = teacher.encode(pair[1] for pair in pairs)
            pools.append(Pool(name, [p[0] for p in pairs], targets, share, batch, longest))

    add("hand", by_hand, 3.0, 48, 96)
    add("joined", longer, 0.7, 16, 200)
    add("open", open_pairs, 0.6, 64, 72)
    targets = teacher.encode(row[2] for row in questions) + teacher.encode(row[3] or row[2] for row in questions)
    texts = [row[1] for row in questions]
    pools.append(Pool("questions", texts, functional.normalize(targets, dim=1), 1.6, 64))
    add("asked", data.written_pairs(args.pairs, questions=True), 1.2, 20, 176)
    add("terms", terms, 0.25, 96, 24)
    add("words", words, 0.5, 96, 24)
    english = [pair[1] for pair in by_hand + longer] + [row[2] for row in questions]
    for _, definition in wordnet_synsets(args.wordnet).values():
        examples = [part.strip(' "') for part in definition.split(";")[1:2] if len(part) > 20]
        english += [example for example in examples if zlib.crc32(example.encode()) % 4 == 0]
    pools.append(Pool("english", english, teacher.encode(english), 1.5, 40, 64, english=True))
    for pool in pools:
        LOG.info("%s: %d texts", pool.name, len(pool.texts))
    return pools


class Batches:
    """Draws batches of similar length from a pool, again and again."""

    def __init__(self, pool: Pool, seed: int) -> None:
        """Start with a shuffled pool."""
        self._pool = pool
        self._chance = random.Random(seed)
        self._queue: list[list[int]] = []

    def draw(self) -> list[int]:
        """Return the rows of the next batch."""
        if not self._queue:
            rows = list(range(len(self._pool.texts)))
            self._chance.shuffle(rows)
            chunk = self._pool.batch * 16
            for start in range(0, len(rows), chunk):
                part = sorted(rows[start : start + chunk], key=lambda i: len(self._pool.texts[i]))
                for begin in range(0, len(part), self._pool.batch):
                    batch = part[begin : begin + self._pool.batch]
                    if len(batch) > 4:
                        self._queue.append(batch)
            self._chance.shuffle(self._queue)
        return self._queue.pop()


def pair_loss(vectors: torch.Tensor, targets: torch.Tensor, bank: torch.Tensor, distance: float) -> torch.Tensor:
    """Contrast in both directions and distance to the target."""
    forward = vectors @ torch.cat([targets, bank]).T
    same = (targets @ targets.T > 0.97) & ~torch.eye(len(targets), dtype=torch.bool)
    near = torch.cat([same, targets @ bank.T > 0.97], dim=1)
    gold = torch.arange(len(vectors))
    backward = (targets @ vectors.T).masked_fill(same, -1)
    contrast = functional.cross_entropy(forward.masked_fill(near, -1) / TEMPERATURE, gold)
    contrast = contrast + functional.cross_entropy(backward / TEMPERATURE, gold)
    return contrast * 0.5 + distance * (1 - (vectors * targets).sum(1)).mean()


def passage_loss(
    student: Student, articles: list[data.Article], teacher: dict[str, torch.Tensor], size: int
) -> torch.Tensor:
    """Contrast questions with the windows that answer them, other windows being wrong."""
    chosen = random.sample(articles, size)
    thai: list[str] = []
    english: list[torch.Tensor] = []
    known: list[int] = []
    right: list[str] = []
    wrong: list[str] = []
    for article in chosen:
        question, translation, place = random.choice(article.questions)
        thai.append(question)
        if translation:
            known.append(len(thai) - 1)
            english.append(teacher[translation])
        right.append(article.windows[place])
        others = [i for i in range(len(article.windows)) if i != place]
        if others:
            wrong.append(article.windows[random.choice(others)])
    asked = student.forward(student.ids(thai, 64, 0.05))
    windows = student.forward(student.ids(right + wrong, 160, 0.05))
    gold = torch.arange(size)
    loss = functional.cross_entropy(asked @ windows.T / TEMPERATURE, gold)
    loss = loss + 0.5 * functional.cross_entropy(windows[:size] @ asked.T / TEMPERATURE, gold)
    if known:
        targets = torch.stack(english)
        across = functional.cross_entropy(targets @ windows.T / TEMPERATURE, gold[known])
        near = 1 - (asked[known] * targets).sum(1).mean()
        loss = loss + across + near
    return loss * 0.5


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="model folder to start from")
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--lexicon", type=Path, nargs="+", required=True)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="file for the teacher's vectors")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--train", choices=("thai", "all"), default="all")
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--word-rate", type=float, default=1e-3)
    parser.add_argument("--distance", type=float, default=2.0)
    parser.add_argument("--passages", type=float, default=0.0, help="share of passage batches")
    parser.add_argument("--check", type=float, default=0.0, help="minutes between measurements")
    parser.add_argument("--average", action="store_true", help="average the weights half-way and at the end")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Train."""
    args = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    teacher = Teacher(args.teacher, args.cache)
    pools = make_pools(args, teacher)
    student = Student(args.start)
    english_of = {row[1]: row[2] for row in data.question_pairs(args.data)}
    articles = [a for a in data.articles(args.data / "iapp-train.jsonl.gz", english_of) if a.questions]
    asked = sorted({english for a in articles for _, english, _ in a.questions if english})
    targets = dict(zip(asked, teacher.encode(asked), strict=True))
    if args.train == "thai":
        pools = [pool for pool in pools if not pool.english]
        for name, parameter in student.model.named_parameters():
            parameter.requires_grad = "word_embeddings" in name
    bank = torch.cat([pool.targets for pool in pools if pool.name in ("hand", "questions", "open", "asked")])
    batches = {pool.name: Batches(pool, args.seed) for pool in pools}

    words = student.words
    names = [student.tokenizer.id_to_token(i) or "" for i in range(len(words))]
    thai_rows = torch.tensor(["\u0e01" <= name[:1] <= "\u0e4e" for name in names])
    english_rate = args.rate if args.train == "all" else 0.0
    rates = torch.where(thai_rows, args.word_rate, english_rate)
    row_adam = RowAdam(words, rates)
    decay: list[torch.nn.Parameter] = []
    plain: list[torch.nn.Parameter] = []
    for name, parameter in student.model.named_parameters():
        if parameter is not words and parameter.requires_grad and "pooler" not in name:
            (plain if parameter.ndim == 1 else decay).append(parameter)
    optimiser = None
    if decay:
        groups = [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        optimiser = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98))

    shares = [pool.share for pool in pools] + [args.passages]
    started = checked = time.monotonic()
    totals: dict[str, list[float]] = {}
    step = tokens = 0
    halfway: dict[str, torch.Tensor] = {}
    while (gone := (time.monotonic() - started) / 60) < args.minutes:
        scale = min(1.0, (step + 1) / 60) * max(0.02, 1 - gone / args.minutes)
        kind = random.choices(range(len(shares)), shares)[0]
        if kind == len(pools):
            name = "passages"
            loss = passage_loss(student, articles, targets, 20)
        else:
            pool = pools[kind]
            name = pool.name
            rows = batches[name].draw()
            goal = pool.targets[rows]
            drop = 0.0 if pool.english or pool.max_tokens < 40 else 0.06
            ids = student.ids([pool.texts[i] for i in rows], pool.max_tokens, drop)
            vectors = student.forward(ids)
            tokens += sum(map(len, ids))
            if pool.english:
                loss = 20 * (1 - (vectors * goal).sum(1)).mean()
            else:
                some = bank[torch.randint(0, len(bank), (2048,))]
                loss = pair_loss(vectors, goal, some, 0.0 if name == "asked" else args.distance)
        torch.autograd.backward(loss)
        if optimiser is not None:
            torch.nn.utils.clip_grad_norm_(decay + plain, 2.0)
            for group in optimiser.param_groups:
                group["lr"] = args.rate * scale
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        row_adam.step(scale)
        if args.average and not halfway and gone > args.minutes / 2:
            halfway = {name: tensor.clone() for name, tensor in student.model.state_dict().items()}
        totals.setdefault(name, []).append(float(loss.detach()))
        step += 1
        if step % 100 == 0:
            means = " ".join(f"{k} {np.mean(v[-30:]):.3f}" for k, v in sorted(totals.items()))
            LOG.info("step %d, %.1f min, %d tokens: %s", step, gone, tokens, means)
        if args.check and time.monotonic() - checked > 60 * args.check:
            student.save(args.out, args.teacher)
            LOG.info("check: %s", brief(measure(student.encode, args.data, quick=True)))
            checked = time.monotonic()
    if halfway:
        last = student.model.state_dict()
        student.model.load_state_dict({name: (last[name] + halfway[name]) / 2 for name in last})
    student.save(args.out, args.teacher)
    LOG.info("trained %d steps", step)


if __name__ == "__main__":
    main()
