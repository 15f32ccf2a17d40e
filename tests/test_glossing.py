"""Glosses of hand-written phrases, each held against what an English reader should get."""

import time

import pytest

from assistant import fallback, senses
from assistant.analysis import Vocabulary
from assistant.glossing import gloss, plural
from assistant.lexicon import load

VOCABULARY = Vocabulary(load(), ())
PHRASES = [
    ("รถ 5 คัน", "5 cars"),  # the classifier goes, the noun comes behind its number
    ("พระ 9 รูป", "9 monks"),
    ("บ้าน 3 หลัง", "3 houses"),
    ("บาดเจ็บ 37 ราย", "be injured 37 people"),
    ("5 คน", "5 people"),
    ("1 คน", "1 person"),
    ("10 วัน", "10 days"),
    ("ร้อยละ 30", "30 percent"),
    ("3.5 ล้านบาท", "3.5 million baht"),
    ("2 แสนล้านบาท", "200 billion baht"),
    ("5 หมื่นบาท", "50,000 baht"),
    ("วันที่ 12 มกราคม 2566", "12 January 2023 (B.E. 2566)"),
    ("ครับ", ""),
    ("ครม. เห็นชอบ", "cabinet approve"),
]
SENSES = [  # the same word, another sense
    ("หลังการประชุม", "after"),
    ("บ้าน 3 หลัง", "houses"),
    ("เปิดโครงการ", "launch"),
    ("เปิดไฟ", "turn on"),
    ("วางมาตรการ", "set"),
    ("วางระเบิด", "bomb"),
    ("ไก่ขัน", "crow"),
    ("ยายกับตา", "grandfather"),
    ("ถูกจับกุม", "be"),
    ("ราคาถูก", "cheap"),
    ("เดินทาง 3 ครั้ง", "times"),
    ("ที่เชียงใหม่", "at"),
    ("อำเภอที่ 3", "no."),
]


@pytest.mark.parametrize(("thai", "english"), PHRASES)
def test_a_phrase_reads_well(thai, english):
    assert gloss(VOCABULARY, thai) == english


@pytest.mark.parametrize(("thai", "english"), SENSES)
def test_the_neighbours_choose_the_sense(thai, english):
    assert english in gloss(VOCABULARY, thai)


def test_an_unknown_name_is_romanised_in_one_piece():
    spoken = gloss(VOCABULARY, "นัฏษิษฐ์ กล่าว")
    assert spoken.endswith(" say")
    assert spoken[0].isupper()
    assert len(spoken.split()) == 2


def test_the_lexicon_comes_before_what_stands_behind_it():
    assert not set(fallback.wordnet()) & set(load().thai)
    assert fallback.look_up("กกกกก") == ()


def test_every_rule_can_hold():
    for word, rules in senses.table().items():
        for rule in rules:
            assert rule.where in ("before", "after", "near", "count"), word
            assert (rule.cues == {""}) == (rule.where == "count"), word


@pytest.mark.parametrize(
    ("one", "many"),
    [("person", "people"), ("city", "cities"), ("bus", "bus"), ("watch", "watches"), ("baht", "baht")],
)
def test_plurals(one, many):
    assert plural(one) == many


def test_a_long_text_is_glossed_in_time(made_up):
    text = (made_up * 4)[:3000]
    gloss(VOCABULARY, text)  # names are romanised once
    start = time.process_time()
    gloss(VOCABULARY, text)
    assert time.process_time() - start < 0.5  # seconds of this process: others may be busy
