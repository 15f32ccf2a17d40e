"""What holds for any text: Hypothesis, 500 examples each, or as many as `EXAMPLES` says (`make test-long`)."""

import cProfile
import os
import pstats
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import thai
from assistant.errors import ThamKhaoError
from assistant.ingest import decode
from assistant.interface import clean, escaped, unescaped, visible

EXAMPLES = int(os.environ.get("EXAMPLES", "500"))
often = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
seldom = settings(often, max_examples=max(60, EXAMPLES // 8))  # a question takes a hundred times as long
THAI = "กขคงจชดตทนบปพมยรลวสหอะาำิีึืุูเแโใไ็่้๊๋์ํๅฯๆ๐๑๒๓ "
ODD = "\u200b\u200d\ufeff\u202e\u2066\x00\x1b\ud800\uf70a\u00a0\u3000\r\n\t<>&'\"{}%s1234567890.,/:-–“”"
texts = st.one_of(
    st.text(THAI, max_size=80),
    st.text(THAI + ODD, max_size=120),
    st.text(st.characters(), max_size=120),
    st.lists(st.sampled_from(["ประชุม", "ที่ไหน", "ใคร", "who", "where ", "when ", "ไม่", "ใช่ไหม", "5 "])).map("".join),
)


@often
@given(texts)
def test_clean_up_is_done_once(text):
    normal = thai.normalize(text)
    assert thai.normalize(normal.text).text == normal.text
    assert len(normal.offsets) == len(normal.text) + 1
    assert all(0 <= place <= len(text) for place in normal.offsets)


@often
@given(texts)
def test_no_word_is_lost(text):
    normal = thai.normalize(text).text
    at = 0
    for token in thai.tokens(normal):
        assert not normal[at : token.start].strip()
        assert normal[token.start : token.end] == token.text
        at = token.end
    assert not normal[at:].strip()


@often
@given(texts)
def test_what_is_shown_is_text(text):
    shown = escaped(text)
    assert not set("<>\"'`*_[]()") & set(shown)
    shown.encode()
    clean(text).encode()
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(visible(text))
    plain = clean(text)
    if not any(ord(c) < 32 or ord(c) == 127 for c in plain):
        assert unescaped(shown) == plain


@often
@given(st.binary(max_size=400) | texts.map(lambda t: t.encode("utf-8", "replace")))
def test_bytes_are_text_or_refused(data):
    try:
        decode(data, "a.txt").encode()
    except ThamKhaoError as error:
        assert error.sentence("th") and error.sentence("en")


@seldom
@given(question=texts, history=st.lists(texts, max_size=3))
def test_any_question_gets_an_answer_with_verbatim_quotes(bot, question, history):
    answer = bot.ask(question, history=history)
    text = bot.article.text
    assert 0 <= answer.confidence <= 1
    assert answer.language in ("th", "en")
    for citation in answer.citations:
        assert text[citation.start : citation.end] == citation.quote
        assert thai.cluster_bounds(text, citation.start, citation.end) == (citation.start, citation.end)


@seldom
@given(query=texts, k=st.integers(1, 60))
def test_passages_are_slices_best_first(bot, query, k):
    passages = bot.search(query, k=k)
    assert all(bot.article.text[p.start : p.end] == p.text for p in passages)
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)


@settings(seldom, max_examples=max(25, EXAMPLES // 100))
@given(text=texts)
def test_any_article_is_read_or_refused(bot, text):
    from assistant import Assistant

    try:
        own = Assistant.from_text(text, encoder=bot.encoder)
    except ThamKhaoError:
        return
    assert own.article.text == text
    for fact in own.facts():
        if fact.citation:
            assert text[fact.citation.start : fact.citation.end] == fact.citation.quote
    for citation in own.ask("ใครทำอะไรที่ไหน").citations:
        assert text[citation.start : citation.end] == citation.quote


RUNS = {
    "digits": "7",
    "Thai digits": "๗",
    "tones": "่",
    "sara aa": "า",
    "two tones": "่้",
    "marks": "ีุ",
    "zero width": "ก\u200b",
    "consonants": "ก",
    "unknown": "ฆฌฏ",
    "ambiguous": "ตากลม",
    "emoji": "😀",
    "two sara e": "เ",
    "nikhahit": "ํ",
    "spaces": " ",
    "figures": "1,000.50 ",
    "brackets": "(",
    "quotes": "“",
    "numbered": "1. ก ",
    "markup": '<a b="',
    "dates": "1 ม.ค. 2567 ",
}


def text_of(run, length):
    return (RUNS[run] * length)[:length]


@pytest.mark.parametrize("run", RUNS)
def test_twice_the_text_takes_about_twice_the_calls(run):
    def calls(length):
        thai._segment.cache_clear()
        profile = cProfile.Profile()
        profile.runcall(lambda: thai.tokens(thai.normalize(text_of(run, length)).text))
        return pstats.Stats(profile).total_calls

    thai.tokens("ประชุม")  # the dictionary loads
    assert calls(24_000) / calls(12_000) < 2.5


if EXAMPLES > 500:  # a clock is looked at, so only in `make test-long`

    @pytest.mark.parametrize("run", RUNS)
    def test_twice_the_text_takes_about_twice_the_time(run):
        """By processor time, the best of five, held against growth of the square, which is four."""

        def spent(length):
            text, best = text_of(run, length), 9e9
            for _ in range(5):
                thai._segment.cache_clear()
                begun = time.process_time()
                thai.tokens(thai.normalize(text).text)
                best = min(best, time.process_time() - begun)
            return best

        assert spent(80_000) / max(spent(40_000), 0.002) < 3
