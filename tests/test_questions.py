"""The question sets are sound, and the assistant does not fall behind on them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluate import evaluate, load_cases
from assistant.paraphrases import load_paraphrases

QUESTIONS = Path(__file__).parent / "questions"
PARAPHRASES = QUESTIONS / "paraphrases" / "questions.jsonl"
SETS = sorted(path for path in QUESTIONS.glob("*.jsonl") if path != PARAPHRASES)
FLOOR = json.loads((QUESTIONS / "floor.json").read_text(encoding="utf-8"))


def article_of(path):
    beside = path.with_suffix(".txt")
    return beside.read_text(encoding="utf-8") if beside.is_file() else Assistant().article.text


@pytest.mark.parametrize("path", SETS, ids=lambda p: p.stem)
def test_every_row_keeps_to_the_format(path):
    cases = load_cases(path, article_of(path))
    assert len({c.id for c in cases}) == len(cases)


def test_the_sets_about_the_shipped_article_are_large_and_a_fifth_has_no_answer():
    cases = [c for p in SETS if p.stem.startswith("shipped") for c in load_cases(p)]
    assert len(cases) >= 200
    assert sum(not c.answerable for c in cases) >= len(cases) / 5
    assert {c.lang for c in cases} == {"th", "en"}


def test_thirty_questions_have_twenty_paraphrases_each():
    groups, cases = load_paraphrases(PARAPHRASES, article_of(PARAPHRASES))
    assert set(Counter(groups).values()) == {20} and len(set(groups)) == 30
    assert len({(group, case.question) for group, case in zip(groups, cases, strict=True)}) == 600
    first = dict(zip(reversed(groups), reversed(cases), strict=True)).values()
    assert Counter(case.lang for case in first) == {"th": 15, "en": 15}
    assert sum(not case.answerable for case in first) == 6
    assert all(bool(case.expect and case.evidence) is case.answerable for case in cases)


@pytest.mark.parametrize("stem", sorted(FLOOR))
def test_the_assistant_stays_above_its_floor(stem):
    path = next(p for p in SETS if p.stem == stem)
    text = path.with_suffix(".txt")
    bot = Assistant.from_file(text) if text.is_file() else Assistant()
    judged = evaluate([path], bot).judgements
    assert sum(j.right for j in judged) / len(judged) >= FLOOR[stem]["right"]
    assert sum(j.answer.answered and not j.right for j in judged) / len(judged) <= FLOOR[stem]["wrong"]
    assert sum(j.not_verbatim for j in judged) == 0
