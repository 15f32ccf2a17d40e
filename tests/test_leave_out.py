"""Evidence taken out of an article, and what the test of silence counts."""

import io
import json
import types
from dataclasses import replace

import numpy as np
import pytest

from assistant import article as articles
from assistant.cutting import cut, states
from assistant.judging import Case, load_cases
from assistant.leave_out import RememberingEncoder, leave_evidence_out, merged
from assistant.progress import with_bar
from assistant.records import Aligned, Answer, GlossaryEntry

TEXT = """น้ำท่วมเมืองเก่าหนักสุดในรอบสิบปี

นายสมชาย ใจดี ผู้ว่าราชการจังหวัด เปิดเผยว่า น้ำท่วมพื้นที่ 1,340 ไร่ ใน 3 อำเภอ

ชาวบ้านได้รับความเดือดร้อนหลายร้อยครัวเรือน

นายสมชาย ใจดี กล่าวว่า จะเร่งสูบน้ำออกจากพื้นที่ภายในสัปดาห์หน้า

ที่มา: ข่าวเมืองเก่า
"""
CASE = Case("c", "th", "howmany", "กี่ไร่", (), True, (("1340", "พันสามร้อย"),), (), ("น้ำท่วมพื้นที่ 1,340 ไร่",))


def article_of(text=TEXT, **side):
    return articles.build(text, identity="flood", **side)


@pytest.mark.parametrize(
    ("text", "expect", "verdict"),
    [
        ("น้ำท่วม 1,340 ไร่", [["1340"]], True),
        ("น้ำท่วม ๑,๓๔๐ ไร่", [["1340"]], True),
        ("ปี 2563", [["5"], ["2563"]], False),
        ("ปี 2563 มี 5 แผน", [["5"], ["2563"]], True),
        ("ปี 2563 มี 5 แผน", [["2563", "2564"]], True),
        ("Affairs, War and Labour", [["Labour War Affairs"]], True),
        ("thailand", [["Land"]], False),
        ("เมืองฮานอย", [["ฮานอย"]], True),
        ("วันที่ 16 ก.ย.", [["16 ก.ย."]], True),
        ("anything", [], False),
    ],
)
def test_what_states_an_answer(text, expect, verdict):
    assert states(text, expect) is verdict


def test_every_clause_with_evidence_or_the_answer_goes_and_nothing_else():
    whole = article_of()
    made = cut(whole, CASE)
    kept, at = "", 0
    for start, end in made.removed:
        kept, at = kept + whole.text[at:start], end
    assert kept + whole.text[at:] == made.article.text
    clauses = [whole.text[c.start : c.end] for c in whole.clauses]
    assert [c for c in clauses if c not in made.article.text] == [c for c in clauses if "1,340" in c]
    assert made.article.id == "flood" and made.article.publisher == "ข่าวเมืองเก่า"


def test_evidence_goes_wherever_it_occurs():
    case = replace(CASE, expect=(), evidence=("สมชาย",))
    made = cut(article_of(), case)
    assert len(made.removed) == 2 and "สมชาย" not in made.article.text and "ความเดือดร้อน" in made.article.text


def test_a_block_without_clauses_goes_whole():
    listed = "ข่าวแผนงานใหม่ของเมือง\n\nแผนมีดังนี้\n1. การป้องกันน้ำท่วมในเมือง\n2. การสูบน้ำออกจากเมือง\n"
    made = cut(article_of(listed), replace(CASE, evidence=("การป้องกันน้ำท่วมในเมือง",)))
    assert "1." not in made.article.text and "2. การสูบน้ำออกจากเมือง" in made.article.text


def test_there_is_no_cut_without_evidence_or_without_a_rest():
    assert cut(article_of(), replace(CASE, expect=(), evidence=())) is None
    assert cut(article_of(), replace(CASE, expect=(), evidence=(TEXT.strip(),))) is None


def aligned(*pairs):
    return tuple(Aligned(TEXT.index(thai), TEXT.index(thai) + len(thai), english) for thai, english in pairs)


def test_the_translation_follows_the_cut_text():
    lines = aligned(
        ("น้ำท่วมเมืองเก่าหนักสุดในรอบสิบปี", "The old town's worst flood in ten years"),
        ("น้ำท่วมพื้นที่ 1,340 ไร่ ใน 3 อำเภอ", "1,340 rai are flooded"),
        ("ชาวบ้านได้รับความเดือดร้อนหลายร้อยครัวเรือน", "Hundreds of households suffer"),
    )
    made = cut(article_of(translation=lines), CASE).article
    assert [(made.text[a.start : a.end], a.english) for a in made.translation] == [
        ("น้ำท่วมเมืองเก่าหนักสุดในรอบสิบปี", "The old town's worst flood in ten years"),
        ("ชาวบ้านได้รับความเดือดร้อนหลายร้อยครัวเรือน", "Hundreds of households suffer"),
    ]
    english = replace(CASE, lang="en", expect=(("households",),), evidence=())
    assert "ชาวบ้าน" not in cut(article_of(translation=lines), english).article.text  # found through its English


def test_the_glossary_tells_nothing_that_was_cut():
    person = GlossaryEntry("person", ("สมชาย ใจดี",), ("Somchai Jaidee",), "ผู้ว่าราชการจังหวัด", "governor")
    place = GlossaryEntry("place", ("เมืองเก่า",), ("Old Town",))
    body = GlossaryEntry("organisation", ("ชาวบ้าน", "ราษฎร"), ("villagers", "the people"))
    whole = article_of(glossary=(person, place, body))
    role = replace(CASE, expect=(("ผู้ว่าราชการ", "governor"),), evidence=())
    assert cut(whole, role).article.glossary == (replace(person, role_th="", role_en=""), place, body)
    gone = replace(CASE, expect=(("สมชาย",),), evidence=())
    assert cut(whole, gone).article.glossary == (place, body)
    forms = replace(CASE, expect=(("ราษฎร", "the people"),))
    assert cut(whole, forms).article.glossary[2] == replace(body, th=("ชาวบ้าน",), en=("villagers",))


@pytest.mark.slow
def test_no_case_of_the_shipped_article_keeps_its_evidence(bot, shipped):
    for path in sorted((shipped.parents[3] / "tests" / "questions").glob("shipped.*.jsonl")):
        for case in load_cases(path):
            made = cut(bot.article, case) if case.answerable else None
            if made is None:
                continue
            left = made.article
            assert not any(words in left.text for words in case.evidence), case.id
            clauses = [left.text[c.start : c.end] for c in left.clauses]
            assert not any(states(clause, case.expect) for clause in clauses), case.id
            told = bot.article.translation
            assert all((left.text[a.start : a.end], a.english) in pairs_of(bot.article, told) for a in left.translation)


def pairs_of(article, translation):
    return {(article.text[a.start : a.end], a.english) for a in translation}


class Echo:
    """Answers about an article exactly when it still holds a word."""

    def __init__(self, article, word="1,340"):
        self.article, self.word, self.encoder = article, word, types.SimpleNamespace(name="none")

    def ask(self, question, history=()):
        held = self.word in self.article.text
        return Answer("1,340", "th", "answered" if held else "not_stated", "howmany", (), 0.8 if held else 0.7)


def asked_of(tmp_path, word, *cases):
    rows = [
        {
            "id": str(n),
            "lang": "th",
            "kind": "howmany",
            "question": "กี่ไร่",
            "history": [],
            "answerable": True,
            "expect": [["1340"]],
            "reject": [],
            "evidence": ["1,340 ไร่"],
            **row,
        }
        for n, row in enumerate(cases)
    ]
    path = tmp_path / "flood.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    built = []

    def reopen(article):
        built.append(article)
        return Echo(article, word)

    return leave_evidence_out([path], Echo(article_of(), word), reopen), built


def test_silence_after_the_cut_is_counted_and_each_cut_built_once(tmp_path):
    unanswerable = {"answerable": False, "expect": [], "evidence": []}
    made, built = asked_of(tmp_path, "1,340", {}, {}, unanswerable, {"evidence": [], "expect": []})
    d = made.to_dict()
    assert len(built) == 1 and d["articles"] == 1
    assert d["hallucinated"] == {"share": 0.0, "count": 0, "of": 2}
    assert d["skipped"] == ["3"]
    assert d["auroc"] == 1.0  # 0.8 twice against 0.3 twice
    assert d["coverage"] == 0.0  # surest are the two intact answers, wrong as they quote nothing; then 2 of 4


def test_an_answer_without_evidence_is_counted_and_shown(tmp_path):
    made, built = asked_of(tmp_path, "ชาวบ้าน", {}, {"evidence": ["ความเดือดร้อน"], "expect": []})
    d = made.to_dict()
    assert len(built) == 2
    assert d["hallucinated"] == {"share": 0.5, "count": 1, "of": 2}
    assert d["kept_answering"] == {"share": 0.5, "count": 1, "of": 2}
    assert d["repeated"]["count"] == 1
    assert d["by_kind"] == {"howmany": {"share": 0.5, "count": 1, "of": 2}}
    assert "| **hallucinated** (answered although the evidence is gone) | 50.0 % (1 of 2) |" in made.to_markdown()
    assert [row["answered_without"] for row in made.rows()] == [True, False]
    both = merged([made, made])
    assert (len(both.pairs), both.articles) == (4, 4)


class CountingEncoder:
    name, dimension, fingerprint, prefixes = "counting", 2, "", ("", "")

    def __init__(self):
        self.seen = []

    def encode(self, texts, *, query=False):
        self.seen += texts
        return np.array([[len(t), 1] for t in texts], dtype=np.float32).reshape(-1, 2)


def test_no_text_is_encoded_twice():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    assert encoder.encode(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert encoder.encode(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert inner.seen == ["a", "bb", "ccc"]
    assert encoder.encode([]).shape == (0, 2)


def test_the_bar_tells_each_tenth_off_a_terminal_and_redraws_on_one():
    out = io.StringIO()
    assert list(with_bar(range(20), "cut", out)) == list(range(20))
    lines = out.getvalue().splitlines()
    assert len(lines) == 11 and lines[0].endswith("] 0/20") and lines[-1].endswith("] 20/20")
    out.isatty = lambda: True
    list(with_bar([1, 2], "cut", out))
    assert out.getvalue().count("\r") == 3
    assert list(with_bar([], "none", io.StringIO())) == []
