"""Blocks, clauses and side files: everything by offsets, nothing lost, nothing changed."""

import hashlib
import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.article import build, load, quote_bounds
from assistant.errors import DataError, InputError

SHIPPED_SHA256 = "23936ddec8b39a1f07e69fcbab4b22776a93b06cca7b1bf123a56453ea8a4160"
SHIPPED_KINDS = [
    "headline",
    "lead",
    "paragraph",
    "caption",
    "paragraph",
    "caption",
    "paragraph",
    "item",
    "item",
    "item",
    "item",
    "quotation",
    "paragraph",
    "caption",
    "paragraph",
    "caption",
    "paragraph",
    "source",
]
MADE_UP_KINDS = [
    "headline",
    "lead",
    "paragraph",
    "caption",
    "paragraph",
    "quotation",
    "paragraph",
    "item",
    "item",
    "item",
    "source",
]
PIECES = [
    "ประชุม",
    "นายสมชาย",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "1. ",
    "2) ",
    "- ",
    "โดย",
    "ซึ่ง",
    "ทั้งนี้ ",
    '"',
    "คือ ",
    "17 ก.ย. ",
    "น\u0e49\u0e4d\u0e32",
    "\u200b",
    "\u00a0",
    "ที่มา: ",
    "ภาพ: ",
    "รายงานว่าฝนตกหนักมากในหลายพื้นที่",
    "(",
    ")",
    "…",
    "abc",
    "\ud800",
]
SIDE = "วันนี้ฝนตกหนักที่เชียงใหม่\n\nนายสมชาย กล่าวว่า น้ำท่วม\n"


def assert_whole(article):
    """Every letter and digit lies in one block and in one clause of it; what lies between is not read at all."""
    text = article.text
    for pieces in (article.blocks, article.clauses):
        assert [p.index for p in pieces] == list(range(len(pieces)))
        assert all(0 <= p.start < p.end <= len(text) for p in pieces)
        assert all(a.end <= b.start for a, b in pairwise(pieces))
        edges = [0, *(edge for p in pieces for edge in (p.start, p.end)), len(text)]
        between = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        assert not [c for c in between if c.isalnum()]
        assert all(text[p.start : p.end].strip() == text[p.start : p.end] for p in pieces)
    for clause in article.clauses:
        block = article.blocks[clause.block]
        assert block.start <= clause.start < clause.end <= block.end
    assert all(b.sentence in (a.sentence, a.sentence + 1) or a.block != b.block for a, b in pairwise(article.clauses))


def test_the_shipped_article_is_the_clients_file_byte_for_byte(shipped):
    assert hashlib.sha256(shipped.read_bytes()).hexdigest() == SHIPPED_SHA256


def test_the_text_of_an_article_is_the_file_as_decoded(article, shipped):
    assert article.text.encode() == shipped.read_bytes()


def test_line_ends_and_odd_characters_stay_as_they_are(tmp_path):
    raw = "หัวข้อข่าว\r\n\r\nเน\u0e49\u0e4d\u0e32ท่วม\u200b ๑๒ คน\x07\rจบ\u2028ข่าว\n".encode()
    (tmp_path / "a.txt").write_bytes(raw)
    article = load(tmp_path / "a.txt")
    assert article.text.encode() == raw
    assert_whole(article)


@pytest.mark.parametrize("name", ["bot", "bare", "village"])
def test_blocks_and_clauses_cover_every_letter_and_never_overlap(name, request):
    assert_whole(request.getfixturevalue(name).article)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_text_loses_a_letter_on_its_way_into_clauses(pieces):
    assert_whole(build("ก" + "".join(pieces)))


def test_the_parts_of_the_shipped_article_are_named(article):
    assert [b.kind for b in article.blocks] == SHIPPED_KINDS


def test_the_parts_of_another_article_are_named(made_up):
    article = build(made_up)
    assert [b.kind for b in article.blocks] == MADE_UP_KINDS
    lines = [line for line in made_up.split("\n") if line]
    assert [made_up[b.start : b.end] for b in article.blocks] == lines
    assert (article.title, article.publisher) == (lines[0], "ข่าวพิมาย")
    assert [article.paragraph(made_up.index(line)) for line in lines] == list(range(1, len(lines) + 1))


def test_the_items_of_a_list_within_a_line_are_clauses_of_their_own(made_up):
    article = build(made_up)
    clauses = [made_up[c.start : c.end] for c in article.clauses]
    for item in ("1. การก่อสร้างตัวสะพาน", "2. การติดตั้งไฟส่องสว่าง", "3. การปรับปรุงทางเท้า"):
        assert item in clauses


def test_a_title_given_is_kept_and_the_headline_stays_in_the_text(made_up):
    article = build(made_up, title="ชื่ออื่น")
    assert (article.title, article.text) == ("ชื่ออื่น", made_up)


@pytest.mark.parametrize("text", ["", " \n\u00a0", "English only.", "12345", None, 7, b"\xe0\xb8\x81"])
def test_a_text_that_is_no_thai_article_is_refused(text):
    with pytest.raises(InputError, match="must"):
        build(text)


def test_a_text_beyond_the_limit_is_refused_with_both_numbers():
    with pytest.raises(InputError, match="300,000 characters; got 300,001"):
        build("ก" * 300_001)


@pytest.mark.parametrize(
    ("start", "end", "quote"), [(0, 4, "ฝน"), (1, 3, "ฝน"), (4, 6, "น้ำ"), (5, 7, "น้ำ"), (4, 12, "น้ำท่วม")]
)
def test_a_quote_is_trimmed_and_never_cuts_a_cluster(start, end, quote):
    article = build(" ฝน น้ำท่วม ")
    first, last = quote_bounds(article, start, end)
    assert article.text[first:last] == quote


def test_the_shipped_translation_is_verbatim_and_in_order(article, shipped):
    lines = shipped.with_name("article.translation.jsonl").read_text(encoding="utf-8").splitlines()
    text, at = shipped.read_bytes().decode(), 0
    for row in map(json.loads, lines):
        start = text.find(row["th"], at)
        assert start >= at, row["th"]
        at = start + len(row["th"])
        assert row["en"].strip()
    assert [(a.english, article.text[a.start : a.end]) for a in article.translation] == [
        (row["en"], row["th"]) for row in map(json.loads, lines)
    ]


def test_the_shipped_translation_leaves_only_marks_untranslated(article):
    edges = [0, *(edge for a in article.translation for edge in (a.start, a.end)), len(article.text)]
    left = "".join(article.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert not [c for c in left.replace("ที่มา:THAISOHOT", "") if c.isalnum()]


@pytest.fixture
def side(tmp_path):
    """Return a way to load a small article with one side file."""

    def read(name: str, content: str | bytes):
        (tmp_path / "x.txt").write_text(SIDE, encoding="utf-8")
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return load(tmp_path / "x.txt")

    return read


GOOD_LINE = '{"th": "วันนี้ฝนตกหนัก", "en": "Heavy rain today"}\n'


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "{}",
        '{"th": "ที่เชียงใหม่"}',
        '{"th": "ไม่มีในข่าว", "en": "x"}',
        '{"th": "วันนี้ฝน", "en": "out of order"}',
        '{"th": 5, "en": "x"}',
        '{"th": "ที่เชียงใหม่", "en": 5}',
        '{"th": null, "en": "x"}',
        "null",
    ],
)
def test_a_malformed_line_of_a_translation_is_named_by_file_and_line(side, line):
    with pytest.raises(DataError, match=r"x\.translation\.jsonl:2\b"):
        side("x.translation.jsonl", GOOD_LINE + line + "\n")


@pytest.mark.parametrize(
    "row",
    [
        "5",
        '{"th": ["ก"], "en": ["a"]}',
        '{"kind": "place", "th": ["ก"], "en": ["a"], "colour": "red"}',
        '{"kind": "place", "th": "เชียงใหม่", "en": ["Chiang Mai"]}',
        '{"kind": "place", "th": [], "en": []}',
        '{"kind": "place", "th": [5], "en": ["a"]}',
        '{"kind": 5, "th": ["ก"], "en": ["a"]}',
    ],
)
def test_a_malformed_entry_of_a_glossary_is_named_by_file_and_number(side, row):
    good = '{"kind": "place", "th": ["เชียงใหม่"], "en": ["Chiang Mai"]}'
    with pytest.raises(DataError, match=r"x\.glossary\.json.*\b2\b"):
        side("x.glossary.json", f"[{good}, {row}]")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.glossary.json", "{"),
        ("x.glossary.json", "{}"),
        ("x.glossary.json", b"\xff\xfe"),
        ("x.provenance.json", "[1]"),
        ("x.provenance.json", "{"),
        ("x.translation.jsonl", b"\xff\xfe"),
    ],
)
def test_a_side_file_that_is_not_as_documented_is_named(side, name, content):
    with pytest.raises(DataError, match=name.replace(".", r"\.")):
        side(name, content)


def test_side_files_that_are_as_documented_are_used(side):
    article = side("x.translation.jsonl", GOOD_LINE + '{"th": "น้ำท่วม", "en": "floods"}\n')
    assert [(SIDE[a.start : a.end], a.english) for a in article.translation] == [
        ("วันนี้ฝนตกหนัก", "Heavy rain today"),
        ("น้ำท่วม", "floods"),
    ]
    (entry,) = side("x.glossary.json", '[{"kind": "place", "th": ["เชียงใหม่"], "en": ["Chiang Mai"]}]').glossary
    assert (entry.kind, entry.th, entry.en, entry.side) == ("place", ("เชียงใหม่",), ("Chiang Mai",), ())
    assert side("x.provenance.json", '{"id": "rain-1", "publisher": "ข่าวฝน"}').id == "rain-1"


def test_side_files_are_not_needed(bare, article):
    alone = bare.article
    assert (alone.text, alone.translation, alone.glossary) == (article.text, (), ())
    assert alone.publisher == "THAISOHOT"
