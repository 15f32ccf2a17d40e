"""Asking an archive: answers name their article, filters choose, and search ranks as it does in memory."""

from collections import Counter

import numpy as np
import pytest

from assistant import Assistant, cli, corpus, generations
from assistant.analysis import lexicon_vocabulary
from assistant.archive import build_archive
from assistant.corpus import Corpus
from assistant.encoder import shipped_encoder
from assistant.errors import InputError
from assistant.postings import K1, B, Bags, Postings, join
from assistant.question import understand
from assistant.shelf import Filter
from tests.conftest import NEWS, put


@pytest.fixture(scope="module")
def bot(standing):
    return Assistant.from_index(standing)


QUESTIONS = [
    ("ขายข้าวได้กี่ตัน", "rice"),
    ("ใครยิงประตูชัย", "football"),
    ("พิพิธภัณฑ์เรือเปิดที่ไหน", "museum"),
]


@pytest.mark.parametrize(("question", "source"), QUESTIONS)
def test_an_answer_names_its_article_and_a_reopened_archive_gives_the_same(standing, bot, question, source):
    answer = bot.ask(question)
    assert answer.answered
    assert {c.article for c in answer.citations} == {source}
    assert all(bot.find_article(c.article).text[c.start : c.end] == c.quote for c in answer.citations)
    assert Assistant.from_index(standing).ask(question) == answer


def test_search_ranks_as_a_corpus_in_memory_does(standing, bot):
    shelf = Assistant.from_folder(standing.parent / "news")
    for query in ("ข้าวหอมมะลิ", "the winning goal", "น้ำท่วมที่น่าน"):
        ours, theirs = bot.search(query, k=4), shelf.search(query, k=4)
        assert ours[0].article == theirs[0].article
        assert [p.text for p in ours] == [bot.find_article(p.article).text[p.start : p.end] for p in ours]
        assert ours[0].dense == pytest.approx(theirs[0].dense, abs=2e-3)


def test_filters_choose_by_day_and_publisher(bot):
    def found(**wanted):
        return {p.article for p in bot.search("ข่าว", k=50, **wanted)}

    assert found(since="2024-07") == {"train", "flood", "museum"}
    assert found(until="2024-02-02") == {"rice", "dust"}
    assert found(since="2567", until="2567-03") == {"dust", "football"}
    assert found(source="ข่าวเหนือ") == {"flood", "dust"}
    assert found(source="nobody") == set()
    assert bot.ask("ขายข้าวได้กี่ตัน", since="2024").status != "answered"
    assert bot.ask("ขายข้าวได้กี่ตัน", until="2023").citations[0].article == "rice"
    assert bot.ask("who?", source="nobody").text == "No article is from the days or the publisher you chose."
    with pytest.raises(InputError, match="since must be"):
        bot.ask("x", since="yesterday")


def test_the_command_line_asks_and_searches_an_archive(standing, capsys):
    assert cli.main(["ask", "ขายข้าวได้กี่ตัน", "--index", str(standing)]) == 0
    assert "14,000" in (out := capsys.readouterr().out) and "rice" in out.splitlines()[-1]
    assert cli.main(["search", "น้ำท่วม", "--index", str(standing), "--until", "2023", "-k", "1"]) == 0
    assert "rice" in capsys.readouterr().out
    assert cli.main(["index", "--list", "--out", str(standing)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert cli.main(["ask", "ใคร", "--index", str(standing / "segments")]) == 2
    assert "thamkhao index" in capsys.readouterr().err


def test_approximate_lists_find_what_comparing_every_row_finds(tmp_path, news, monkeypatch):
    many = {f"n{i:02d}": f"{text}\n\nข่าวที่ {i}" for i, text in enumerate([*NEWS.values()] * 8)}
    folder = tmp_path / "large"
    monkeypatch.setattr(generations, "FLAT_MOST", 40)
    monkeypatch.setattr(corpus, "NEAREST", 30)
    monkeypatch.setattr(corpus, "LEXICAL_BEST", 20)
    build_archive(folder, [put(tmp_path / "many", many)])
    bot = Assistant.from_index(folder)
    assert bot._indexes.corpus()._lists is not None
    exact = Corpus.of(
        [
            generations.segments.read(generations.segments.path_of(folder, e.segment), e.id).leaf
            for e in bot._indexes.entries
        ]
    )
    for query in ("ข้าวหอมมะลิ", "the winning goal of the match"):
        question, vector = understand(query, lexicon_vocabulary()), shipped_encoder().encode([query], query=True)[0]
        near, all_of_them = bot._indexes.corpus().rank(question, vector, 5), exact.rank(question, vector, 5)
        assert near.scores == pytest.approx(all_of_them.scores, abs=1e-6)
        only = bot._indexes.passing(Filter.of("2024", None, None))
        assert only[bot._indexes.corpus().article[bot._indexes.corpus().rank(question, vector, 9, only).passages]].all()


def test_joined_postings_score_as_the_formula_says():
    rng = np.random.default_rng(3)
    parts = [[Counter(rng.choice(list("abcdef"), size=9).tolist()) for _ in range(4)] for _ in range(3)]
    bags = [bag for part in parts for bag in part]
    scores = Postings(join([Bags.of(part) for part in parts])).scores([["a"]])
    for row, bag in enumerate(bags):
        assert scores[row] == pytest.approx(bag["a"] * (K1 + 1) / (bag["a"] + K1 * (1 - B + B)), abs=1e-6)
