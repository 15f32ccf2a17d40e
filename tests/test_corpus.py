"""Ranking passages: BM25 against arithmetic written out, and what search promises over one article and many."""

import math
from collections import Counter

import numpy as np
import pytest

from assistant.corpus import grams
from assistant.errors import InputError
from assistant.postings import K1, B, Postings


def oracle(bags, keys):
    """Return BM25's share for one-key groups, straight from the formula."""
    count, mean = len(bags), sum(sum(b.values()) for b in bags) / len(bags)
    scores, most = np.zeros(count), 0.0
    for key in keys:
        holders = sum(key in bag for bag in bags)
        idf = math.log(1 + (count - holders + 0.5) / (holders + 0.5))
        most += idf
        for row, bag in enumerate(bags):
            times = bag[key]
            scores[row] += idf * times * (K1 + 1) / (times + K1 * (1 - B + B * sum(bag.values()) / mean))
    return scores / most


def test_scores_are_those_of_the_formula():
    rng = np.random.default_rng(5)
    bags = [Counter(rng.choice(list("abcdefg"), size=rng.integers(1, 30)).tolist()) for _ in range(40)]
    postings = Postings.of(bags)
    for keys in (["a"], ["a", "b", "g"], ["c", "zzz"]):
        assert postings.scores([k] for k in keys) == pytest.approx(oracle(bags, keys), abs=1e-6)


def test_of_keys_that_stand_for_one_word_the_best_counts():
    postings = Postings.of([Counter("ab"), Counter("b"), Counter("c")])
    both = postings.scores([["a", "b"]])
    assert both[0] == pytest.approx(max(postings.idf("a"), postings.idf("b")) / max(map(postings.idf, "ab")), rel=0.2)
    assert both[1] > 0 == both[2]


def test_a_query_without_a_known_word_scores_nothing():
    postings = Postings.of([Counter("ab"), Counter("c")])
    assert postings.scores([["x"]]).tolist() == [0.0, 0.0]
    assert postings.scores([]).tolist() == [0.0, 0.0]


def test_grams_ignore_white_space_and_case():
    assert grams("Ab c") == ["abc"]
    assert grams("ก ข") == []


@pytest.mark.parametrize("query", ["อาหารค่ำ", "the dinner for the delegation", "???", "5", "🙂"])
def test_passages_are_slices_best_first(bot, query):
    found = bot.search(query, k=100)
    text = bot.article.text
    assert [p.text for p in found] == [text[p.start : p.end] for p in found]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len({(p.start, p.end) for p in found}) == len(found)
    assert all(-1 <= p.dense <= 1.0001 and p.lexical >= 0 for p in found)


def test_the_passages_cover_every_clause(bot):
    found = bot.search("x", k=1000)
    for clause in bot.article.clauses:
        assert any(p.start <= clause.start and clause.end <= p.end for p in found)


def test_search_finds_the_article_that_speaks_of_it():
    from assistant import Assistant
    from assistant import article as articles

    texts = {
        "rice": "ชาวนาเชียงใหม่เก็บเกี่ยวข้าวหอมมะลิ\n\nเกษตรกรขายข้าวได้ราคาดีในเดือนธันวาคม",
        "football": "ทีมชาติไทยชนะการแข่งขันฟุตบอล\n\nนักเตะยิงประตูชัยนาทีสุดท้าย",
    }
    shelf = Assistant.from_articles([articles.build(text, identity=name) for name, text in texts.items()])
    assert shelf.search("farmers selling rice", k=1)[0].article == "rice"
    assert shelf.search("the winning goal of the match", k=1)[0].article == "football"
    assert shelf.search("ข้าวหอมมะลิ", k=1)[0].article == "rice"


def test_k_must_be_a_number_of_passages(bot):
    with pytest.raises(InputError):
        bot.search("x", k=0)
