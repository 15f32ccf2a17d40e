"""The reader's probabilities against sums written out, and what it promises about an article."""

import math

import numpy as np
import pytest

from assistant.errors import EncoderError
from assistant.reader import SpanReader
from assistant.reading import LONGEST_SPAN, Sheet, Tokens, pack_tokens, unpack_tokens, weigh
from assistant.settings import data_folder


def page_of(clauses, own=2):
    """Return a sheet of `own` question tokens and the tokens of some clauses, and the article's tokens."""
    count = sum(clauses)
    clause = np.repeat(np.arange(len(clauses)), clauses)
    at = np.arange(count)
    tokens = Tokens(at * 3, at * 3 + 3, at, at + 1, clause, np.zeros(count, np.int64), np.zeros((count, 4), np.float16))
    zeros = np.zeros(own + count, np.int64)
    return Sheet(
        np.zeros((own + count, 4), np.float32), np.concatenate([np.full(own, -1), at]), zeros, zeros, zeros
    ), tokens


def by_hand(logits, clauses, own):
    """Return every allowed span with its probability, and that of none."""
    odds, first = {}, 0
    for size in clauses:
        for a in range(first, first + size):
            for z in range(a, min(first + size, a + LONGEST_SPAN)):
                odds[a, z] = math.exp(logits[own + a][0] + logits[own + z][1])
        first += size
    none = math.exp(logits[0][0] + logits[0][1])
    total = sum(odds.values()) + none
    return {span: p / total for span, p in odds.items()}, none / total


@pytest.mark.parametrize("clauses", [[1], [3, 5], [60], [2, 1, 4]])
def test_the_probabilities_are_those_of_all_spans(clauses):
    rng = np.random.default_rng(len(clauses))
    own = 2
    page, tokens = page_of(clauses, own)
    logits = rng.normal(size=(len(page.token), 2)).astype(np.float32)
    reading = weigh(page, tokens, logits, np.zeros(2, np.float32))
    spans, none = by_hand(logits.tolist(), clauses, own)
    assert reading.silent == pytest.approx(none, rel=1e-4)
    assert sum(reading.clauses.values()) + reading.silent == pytest.approx(1.0)
    for i in range(sum(clauses)):
        inside = sum(p for (a, z), p in spans.items() if a <= i <= z)
        assert reading.inside[i] == pytest.approx(inside, rel=1e-4, abs=1e-9)
    best = max(spans, key=lambda s: spans[s])
    assert reading.best == (best[0] * 3, best[1] * 3 + 3)
    assert reading.sure == pytest.approx(spans[best], rel=1e-4)


def test_logits_of_any_size_give_probabilities():
    page, tokens = page_of([3, 3])
    for scale in (1e-3, 1.0, 1e4):
        reading = weigh(page, tokens, np.full((8, 2), scale, np.float32), np.array([scale, -scale], np.float32))
        assert 0 <= reading.silent <= 1 and 0 <= reading.yes <= 1 and np.isfinite(reading.inside).all()


def test_tokens_are_kept_as_they_are(bot):
    tokens = bot._indexes[0].tokens
    body = pack_tokens(tokens)
    again = unpack_tokens(body)
    for name in Tokens.__slots__:
        assert np.array_equal(getattr(tokens, name), getattr(again, name)), name


def test_every_token_stands_in_its_clause(village):
    tokens = village._indexes[0].tokens
    clauses = village.article.clauses
    for start, end, number in zip(tokens.start, tokens.end, tokens.clause, strict=True):
        assert clauses[number].start <= start < end <= clauses[number].end


def test_the_same_question_is_read_the_same(village):
    from assistant.question import understand

    index = village._indexes[0]
    question = understand("สะพานใช้งบเท่าไหร่", index.analysis.vocabulary)
    one, two = (village._evidence(index, question).reading for _ in range(2))
    assert one.silent == two.silent and np.array_equal(one.inside, two.inside)


@pytest.fixture
def copied(tmp_path):
    whole = data_folder("index") / "reader"
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((whole / name).read_bytes())
    return tmp_path


def opened(folder):
    return SpanReader(data_folder("index") / "encoder", folder)


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "missing"])
@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_damaged_reader_is_refused_with_the_remedy(copied, name, damage):
    path = copied / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"flip": data, "cut": data[: len(data) // 2], "empty": b""}[damage])
    with pytest.raises(EncoderError, match="install it again"):
        opened(copied)


def test_a_whole_copy_of_the_reader_opens(copied):
    assert opened(copied).dimension == 384
