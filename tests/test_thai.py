"""Clean-up, words and clusters of Thai text, held against hand-written forms and Unicode's own categories."""

import random
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.thai import clean, cluster_bounds, fold, normalize, thai_share, tokens

AM, AA, NIKHAHIT, MAI_THO, MAI_EK = "\u0e33", "\u0e32", "\u0e4d", "\u0e49", "\u0e48"
FORMS = [
    ("น" + MAI_THO + NIKHAHIT + AA, "น" + MAI_THO + AM),  # decomposed, tone first
    ("น" + NIKHAHIT + MAI_THO + AA, "น" + MAI_THO + AM),  # decomposed, tone between
    ("ท" + NIKHAHIT + AA, "ท" + AM),
    ("น" + AM + MAI_THO, "น" + MAI_THO + AM),  # tone typed after sara am
    ("ท" + MAI_EK + "\u0e35", "ท\u0e35" + MAI_EK),  # tone typed before the vowel
    ("\u0e40\u0e40ม" + MAI_EK, "\u0e41ม" + MAI_EK),  # SARA E twice for SARA AE
    ("ก" + MAI_EK * 3, "ก" + MAI_EK),
    ("ตา\u200bกลม", "ตากลม"),
    ("ตา\u200d\u2060\ufeff\u00adกลม", "ตากลม"),
    ("\u202eตา\u202c", "ตา"),
    ("ตา\u00a0กลม", "ตา กลม"),
    ("ตา\u3000กลม\t", "ตา กลม "),
    ("๐๑๒๓๔๕๖๗๘๙", "0123456789"),
    ("ＡＢｃ１２，（）", "ABc12,()"),
    ("ก\x00ข\x07ค\x7f\x85", "กขค"),
    ("ก\ud800ข\udfffค", "กขค"),
    ("ก\ufffdข\uffffค", "กขค"),
    ("“ดี” „ดี‟ «ดี»", '"ดี" "ดี" "ดี"'),
    ("‘ดี’", "'ดี'"),
    ("5–7 — −3", "5-7 - -3"),
    ("ก\uf70a \uf711", "ก" + MAI_EK + " " + NIKHAHIT),  # old fonts' private forms
    ("ก\r\nข", "ก\r\nข"),
    ("", ""),
    ("น้ำ ABC ที่นี่", "น้ำ ABC ที่นี่"),
]
JOINED = {(NIKHAHIT, AM), (AA, AM), ("\u0e40", "\u0e41")}
THAI = st.text(
    st.sampled_from(
        [chr(c) for c in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E5C))]
        + list(" \n12aB.,\u200b\u00a0\ud800\uf70a\uff11“")
    ),
    max_size=40,
)
WORDS = ["น้ำ", "ทำงาน", "ที่นี่", "แม่น้ำ", "ตำรวจ", "เชียงใหม่", "ผู้ใหญ่", "จำนวน", "ครั้งที่", "โรงเรียน", "ค่ำ", "2566"]


def misspell(word: str, random_: random.Random) -> str:
    """Spell a word as careless keyboards and PDF files do; it stays the same word."""
    word = re.sub("([\u0e34-\u0e37\u0e31])([\u0e48-\u0e4b])", lambda m: random_.choice((m[0], m[2] + m[1])), word)
    word = re.sub(
        "([\u0e48-\u0e4b]?)" + AM,
        lambda m: random_.choice((m[0], m[1] + NIKHAHIT + AA, NIKHAHIT + m[1] + AA, AM + m[1])),
        word,
    )
    word = word.replace("แ", random_.choice(("แ", "\u0e40\u0e40")))
    word = "".join(chr(ord(c) - 48 + 0x0E50) if c.isdigit() and random_.random() < 0.5 else c for c in word)
    return re.sub("(?=[ก-ฮ])", lambda _: random_.choice(("", "", "\u200b")), word)


@pytest.mark.parametrize(("raw", "wanted"), FORMS)
def test_every_spelling_of_a_text_has_one_clean_form(raw, wanted):
    assert normalize(raw).text == wanted


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(THAI)
def test_normalising_twice_changes_nothing(text):
    once = normalize(text).text
    assert normalize(once).text == once


@settings(deadline=None, derandomize=True, max_examples=500)
@given(THAI)
def test_each_clean_character_stands_for_the_original_one_its_offset_names(text):
    copy = normalize(text)
    assert len(copy.offsets) == len(copy.text) + 1
    assert copy.offsets[-1] == len(text)
    assert len(set(copy.offsets)) == len(copy.offsets)
    for char, offset in zip(copy.text, copy.offsets, strict=False):
        single = normalize(text[offset]).text
        assert single == char or (single, char) in JOINED


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.integers(0, 10**6))
def test_a_misspelt_text_reads_like_the_plain_one_and_each_word_leads_back_to_its_own_letters(words, seed):
    random_ = random.Random(seed)
    pieces = [misspell(word, random_) for word in words]
    plain, raw = " ".join(words), " ".join(pieces)
    copy = normalize(raw)
    assert copy.text == plain
    at = 0
    for word, piece in zip(words, pieces, strict=True):
        start, end = cluster_bounds(raw, *copy.original(at, at + len(word)))
        assert normalize(raw[start:end]).text == word
        assert raw[start:end].strip("\u200b") == piece.strip("\u200b")
        at += len(word) + 1


def test_positions_of_the_original_are_found_again_in_the_clean_copy():
    raw = "\u200bก\x00ข ๕"
    copy = normalize(raw)
    assert [copy.locate(i) for i in range(len(raw) + 1)] == [0, 0, 1, 1, 2, 3, 4]


@settings(deadline=None, derandomize=True, max_examples=250)
@given(THAI)
def test_words_hold_every_letter_once_and_in_order(text):
    copy = normalize(text).text
    found = tokens(copy)
    assert "".join(copy.split()) == "".join("".join(t.text.split()) for t in found)
    assert all(copy[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_words_are_those_a_reader_sees():
    assert [t.text for t in tokens("ตำรวจจับ 1,200.50 บาท POA ส.ส. don't")] == [
        "ตำรวจ",
        "จับ",
        "1,200.50",
        "บาท",
        "POA",
        "ส.ส.",
        "don't",
    ]


def test_words_of_a_run_longer_than_one_call_to_the_tokeniser_are_lossless():
    text = "ตำรวจจับคนร้าย" * 700
    assert "".join(t.text for t in tokens(text)) == text


def test_cleaning_joins_white_space_and_folding_joins_case_and_accents():
    assert clean(" ก \n\n ข\t\u00a0ค ") == "ก ข ค"
    assert fold("Đào HỒNG Lan ๕") == fold("đao hong lan 5")
    assert fold("น" + NIKHAHIT + MAI_THO + AA) == "น้ำ"


def test_the_share_of_thai_counts_letters_only():
    assert thai_share("กข ab 123 !!") == 0.5
    assert thai_share("กขค") == 1.0
    assert thai_share("... 42") == 0.0


def _joins_left(text: str, index: int) -> bool:
    """Say whether a code point belongs to the cluster before it: Unicode's nonspacing marks and sara am."""
    if text[index] == AA:
        return bool(re.search(NIKHAHIT + "[\u0e48-\u0e4b]?$", text[:index]))
    return text[index] == AM or unicodedata.category(text[index]) == "Mn"


@settings(deadline=None, derandomize=True, max_examples=400)
@given(THAI, st.integers(0, 40), st.integers(0, 40))
def test_a_widened_slice_holds_the_old_one_and_cuts_no_cluster(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = cluster_bounds(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)
    assert last == len(text) or not _joins_left(text, last)
    assert first in (0, len(text)) or not _joins_left(text, first)


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [(0, 1, "น้ำ"), (2, 3, "น้ำ"), (0, 3, "น้ำ"), (3, 4, "ท่"), (3, 6, "ท่ว"), (6, 6, ""), (7, 8, "แ")],
)
def test_a_slice_is_widened_by_no_more_than_its_clusters(start, end, wanted):
    text = "น้ำท่วมแล้ว"
    assert text[slice(*cluster_bounds(text, start, end))] == wanted


RUNS = {
    "digits": lambda n, r: str(r + 1) * n,
    "Thai digits": lambda n, r: chr(0x0E51 + r) * n,
    "tones": lambda n, r: MAI_EK * n,
    "tones in turn": lambda n, r: (MAI_EK + MAI_THO) * (n // 2),
    "one consonant": lambda n, r: "กขคงจ"[r] * n,
    "SARA E": lambda n, r: "\u0e40" * n,
    "consonants": lambda n, r: "".join(random.Random(r).choices("กขคงจชซดตทนบปพมยรลวสหอ", k=n)),
    "full stops": lambda n, r: "." * n,
    "white space": lambda n, r: " " * n,
    "letters": lambda n, r: "abcde"[r] * n,
}


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("work", [normalize, tokens, fold], ids=lambda f: f.__name__)
def test_twice_the_text_takes_less_than_three_times_as_long(work, kind):
    least = [float("inf"), float("inf")]
    for round_ in range(5):
        for index, size in enumerate((20_000, 40_000)):
            text = RUNS[kind](size, round_)
            begun = time.thread_time()
            work(text)
            least[index] = min(least[index], time.thread_time() - begun)
            assert least[index] < 1.5, f"{work.__name__} needs {least[index]:.1f} s for {size} characters of {kind}"
        if round_ >= 2 and least[1] < 2.5 * least[0]:
            break
    assert least[1] < 3 * least[0]
