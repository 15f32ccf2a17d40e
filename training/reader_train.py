"""Train the reader: the encoder's upper layers with a head for the span and the null, on laid-out questions.

`python training/reader_train.py --encoder index/encoder --out FOLDER --general A.npz … --news B.npz … [--held C.npz]`
"""

import argparse
import hashlib
import json
import logging
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertLayer

from assistant.reader import KINDS, LEVELS, LOWER, RANKS
from assistant.reading import LONGEST_SPAN

LOG = logging.getLogger("reader_train")
DROP_EVIDENCE = 0.25  # share of answerable examples shown without their evidence, to be met with silence
FORGET = 0.1  # share of examples that lose what is known of their tokens, one sort at a time
NEWS_REPEATS = 2
SMOOTH = 0.998  # share of the running mean of the weights that a step keeps; the mean is what is written
TRAIN_ROOM = 90  # tokens of an article that a training example is cut down to


@dataclass
class Example:
    """One question laid out; arrays as in `assistant.reader.Sheet`, `states` looked up by `token`."""

    corpus: int
    question: np.ndarray
    token: np.ndarray
    clause: np.ndarray
    hit: np.ndarray
    gold: np.ndarray
    kind: np.ndarray
    level: np.ndarray
    rank: np.ndarray
    verdict: int
    answerable: bool


def examples(paths: list[Path], corpora: list[torch.Tensor]) -> list[Example]:
    """Read laid-out questions; their articles' states are appended to `corpora`."""
    found: list[Example] = []
    for path in paths:
        z = np.load(path)
        corpora.append(torch.from_numpy(z["states"]))
        at_q = at_t = at_k = 0
        arrays = {k: z[k] for k in z.files}
        for own, size, verdict, answerable in arrays["sizes"].reshape(-1, 4):
            q, t, k = slice(at_q, at_q + own), slice(at_t, at_t + size), slice(at_k, at_k + own + size)
            found.append(
                Example(
                    len(corpora) - 1,
                    arrays["question"][q],
                    *(arrays[n][t] for n in ("token", "clause", "hit", "gold")),
                    *(arrays[n][k] for n in ("kind", "level", "rank")),
                    int(verdict),
                    bool(answerable),
                )
            )
            at_q, at_t, at_k = at_q + own, at_t + size, at_k + own + size
    return found


class ReaderModel(nn.Module):
    """Upper layers over states with what is known of each token added, and a head for start, end and verdict."""

    def __init__(self, folder: Path, upper: int) -> None:
        """Start from the encoder's own upper layers."""
        super().__init__()
        config = BertConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
        config._attn_implementation = "sdpa"
        config.hidden_dropout_prob = 0.1
        config.attention_probs_dropout_prob = 0.1
        self.layers = nn.ModuleList(BertLayer(config) for _ in range(upper))
        weights = load_file(str(folder / "model.safetensors"))
        for i, layer in enumerate(self.layers):
            prefix = f"encoder.layer.{config.num_hidden_layers - upper + i}."
            own = {
                k.removeprefix("bert.").removeprefix(prefix): v.float()
                for k, v in weights.items()
                if k.removeprefix("bert.").startswith(prefix)
            }
            layer.load_state_dict(own)
        size = config.hidden_size
        self.kind = nn.Embedding(len(KINDS), size)
        self.level = nn.Embedding(len(LEVELS) + 2, size)
        self.rank = nn.Embedding(RANKS + 1, size)
        for table in (self.kind, self.level, self.rank):
            nn.init.normal_(table.weight, std=0.02)
        self.drop = nn.Dropout(0.1)
        self.span = nn.Linear(size, 2)
        self.verdict = nn.Linear(size, 2)

    def forward(
        self, states: torch.Tensor, mask: torch.Tensor, kind: torch.Tensor, level: torch.Tensor, rank: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return start and end logits, shape (n, t, 2), and verdict logits, shape (n, 2)."""
        x = self.drop(states + self.kind(kind) + self.level(level) + self.rank(rank))
        wide = mask[:, None, None, :]
        for layer in self.layers:
            out = layer(x, attention_mask=wide)
            x = out[0] if isinstance(out, tuple) else out
        return self.span(x), self.verdict(x[:, 0])


def batch(items: list[Example], corpora: list[torch.Tensor], silence: float) -> dict[str, torch.Tensor]:
    """Pad examples; a share of the answerable ones loses its evidence."""
    rows = []
    for e in items:
        own = len(e.question)
        keep = np.ones(len(e.token), dtype=bool)
        if e.answerable and silence and random.random() < silence:
            keep = ~e.gold
        if silence:
            keep &= near(e, own)
        rank = e.rank[own:][keep]
        order = {r: i + 1 for i, r in enumerate(sorted(set(rank.tolist())))}
        hit = e.hit[keep]
        rows.append(
            (
                torch.cat([torch.from_numpy(e.question), corpora[e.corpus][torch.from_numpy(e.token[keep])]]).float(),
                np.concatenate([e.kind[:own], e.kind[own:][keep]]),
                np.concatenate([e.level[:own], e.level[own:][keep]]),
                np.concatenate([np.zeros(own, np.int64), np.array([order[r] for r in rank.tolist()], dtype=np.int64)]),
                np.concatenate([np.zeros(own, bool), hit]),
                np.concatenate([np.full(own, -1), e.clause[keep]]),
                own,
                e.verdict if hit.any() else -1,
            )
        )
    n, t = len(rows), max(len(r[0]) for r in rows)
    out = {
        "states": torch.zeros(n, t, rows[0][0].shape[1]),
        "mask": torch.zeros(n, t, dtype=torch.bool),
        "allowed": torch.zeros(n, t, dtype=torch.bool),
        "start": torch.zeros(n, t, dtype=torch.bool),
        "end": torch.zeros(n, t, dtype=torch.bool),
        "clause": torch.full((n, t), -1),
        "verdict": torch.tensor([r[7] for r in rows]),
        **{k: torch.zeros(n, t, dtype=torch.long) for k in ("kind", "level", "rank")},
    }
    for i, (states, kind, level, rank, hit, clause, own, _) in enumerate(rows):
        size = len(states)
        out["states"][i, :size] = states
        out["mask"][i, :size] = True
        out["allowed"][i, own:size] = True
        out["allowed"][i, 0] = True
        out["clause"][i, :size] = torch.from_numpy(clause.astype(np.int64))
        for name, values in (("kind", kind), ("level", level), ("rank", rank)):
            if not silence or random.random() >= FORGET:
                out[name][i, :size] = torch.from_numpy(values.astype(np.int64))
        before = np.concatenate([[False], hit[:-1]])
        after = np.concatenate([hit[1:], [False]])
        start, end = hit & ~before, hit & ~after
        if not hit.any():
            start, end = np.zeros(size, bool), np.zeros(size, bool)
            start[0] = end[0] = True
        out["start"][i, :size] = torch.from_numpy(start)
        out["end"][i, :size] = torch.from_numpy(end)
    return out


def near(e: Example, own: int) -> np.ndarray:
    """Return which tokens to train on: those of the best clauses up to TRAIN_ROOM, and always the answer's."""
    ranks = e.rank[own:]
    keep = e.gold.copy()
    for rank in np.unique(ranks):
        if keep.sum() >= TRAIN_ROOM:
            break
        keep |= ranks == rank
    return keep


def loss_of(logits: torch.Tensor, verdict: torch.Tensor, b: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the marginal cross-entropy of starts and ends, and of verdicts where there is one."""
    total = torch.zeros(())
    for i, name in enumerate(("start", "end")):
        scores = logits[..., i].float().masked_fill(~b["allowed"], -1e4)
        gold = scores.masked_fill(~b[name], -1e4)
        total = total + (scores.logsumexp(1) - gold.logsumexp(1)).mean()
    known = b["verdict"] >= 0
    if known.any():
        total = total + 0.5 * nn.functional.cross_entropy(verdict[known].float(), b["verdict"][known])
    return total


def predict(
    model: ReaderModel, items: list[Example], corpora: list[torch.Tensor]
) -> Iterator[tuple[Example, float, int, int]]:
    """Yield the best span of each example with its log odds against the null."""
    for at in range(0, len(items), 32):
        some = items[at : at + 32]
        b = batch(some, corpora, 0.0)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            logits, _ = model(b["states"], b["mask"], b["kind"], b["level"], b["rank"])
        for e, scores in zip(some, logits.float().numpy(), strict=True):
            own = len(e.question)
            start, end = scores[own : own + len(e.token), 0], scores[own : own + len(e.token), 1]
            pair = start[:, None] + end[None, :]
            i, j = np.indices(pair.shape)
            pair = np.where((j >= i) & (j < i + LONGEST_SPAN) & (e.clause[:, None] == e.clause[None, :]), pair, -1e4)
            best = int(pair.argmax())
            a, z = divmod(best, len(end))
            yield e, float(pair[a, z] - scores[0].sum()), a, z


def measure(model: ReaderModel, items: list[Example], corpora: list[torch.Tensor]) -> str:
    """Return overlap F1 of the spans, how often span and gold touch, and how well the null tells."""
    model.eval()
    f1, touch, margin, truth = [], [], [], []
    for e, score, a, z in predict(model, items, corpora):
        margin.append(score)
        truth.append(e.answerable)
        if e.answerable:
            told = np.zeros(len(e.token), bool)
            told[a : z + 1] = True
            both = int((told & e.hit).sum())
            f1.append(2 * both / max(int(told.sum()) + int(e.hit.sum()), 1))
            touch.append(both > 0)
    m, y = np.array(margin), np.array(truth)
    auc = 0.0
    if y.any() and not y.all():
        auc = float((m[y][:, None] > m[~y][None, :]).mean())
    model.train()
    return f"F1 {np.mean(f1):.3f} touch {np.mean(touch):.3f} answered {np.mean(m[y] > 0):.3f} " + (
        f"AUC {auc:.3f} silent {np.mean(m[~y] <= 0):.3f}" if auc else ""
    )


def main() -> None:
    """Train and write the reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--general", type=Path, nargs="+", required=True)
    parser.add_argument("--news", type=Path, nargs="*", default=[])
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--start", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--upper", type=int, default=6 - LOWER)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--news-share", type=float, default=0.0)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    random.seed(0)
    torch.manual_seed(0)
    corpora: list[torch.Tensor] = []
    general, news = examples(args.general, corpora), examples(args.news, corpora)
    held = [(p.stem, examples([p], corpora)) for p in args.held]
    model = ReaderModel(args.encoder, args.upper)
    if args.start:
        kept = load_file(str(args.start / "model.safetensors"))
        model.load_state_dict({k.replace("encoder.layer.", "layers."): v.float() for k, v in kept.items()})
    heads = [p for n, p in model.named_parameters() if not n.startswith("layers")]
    optimiser = torch.optim.AdamW(
        [
            {"params": list(model.layers.parameters()), "lr": args.rate, "peak": args.rate},
            {"params": heads, "lr": 5 * args.rate, "peak": 5 * args.rate},
        ],
        weight_decay=0.01,
    )
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(SMOOTH))
    begun, step, running = time.monotonic(), 0, 2.0
    pool: list[Example] = []
    while (gone := (time.monotonic() - begun) / 60 / args.minutes) < 1:
        if len(pool) < args.batch:
            pool = general + news * NEWS_REPEATS
            random.shuffle(pool)
        some = [pool.pop() for _ in range(args.batch)]
        b = batch(some, corpora, DROP_EVIDENCE)
        rate = min(1.0, gone / 0.05) * (1 - gone) + 0.01
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * rate
        with torch.autocast("cpu", torch.bfloat16):
            logits, verdict = model(b["states"], b["mask"], b["kind"], b["level"], b["rank"])
        loss = loss_of(logits, verdict, b)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        mean.update_parameters(model)
        running = 0.98 * running + 0.02 * float(loss)
        step += 1
        if step % 200 == 0 or step == 20:
            LOG.info("step %d, %.1f min, loss %.3f", step, (time.monotonic() - begun) / 60, running)
            if step % 400 == 0:
                for name, items in held:
                    LOG.info("  %s: %s", name, measure(mean.module, items[:400], corpora))
    for name, items in held:
        LOG.info("end, %s: %s", name, measure(mean.module, items, corpora))
    args.out.mkdir(parents=True, exist_ok=True)
    named = {
        ("encoder.layer." + k.removeprefix("layers.") if k.startswith("layers.") else k): v
        for k, v in mean.module.state_dict().items()
    }
    save_file({k: v.half().contiguous() for k, v in named.items()}, str(args.out / "model.safetensors"))
    whole = hashlib.sha256((args.out / "model.safetensors").read_bytes()).hexdigest()
    (args.out / "config.json").write_text(
        json.dumps({"lower": LOWER, "upper": args.upper, "steps": step, "sha256": whole}) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
