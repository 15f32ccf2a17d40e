"""Names across scripts: how alike they sound, whom a word names, and who is a stranger to an article."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.named import is_known, named_by
from assistant.names import SAME_NAME, best_match, readings, similarity
from assistant.question import understand
from assistant.sounds import alike, sounds_of
from assistant.spoken import spell
from tests import names

MIXED = st.text(st.sampled_from(list("กขคงจชดตทนพมรลวสหอาิีุูเแโไ์่้ abcdehijklmnoprstuvwyé🙂1.'ĐđÀ")), max_size=14)
SAID = [
    ("สมศักดิ์", "Somsak"),
    ("ลักษณ์", "Lak"),
    ("จันทร์", "Chan"),
    ("วีรชัย", "Wirachai"),
    ("ไกร", "Krai"),
    ("ใหม่", "Mai"),
    ("บัวผัน", "Buaphan"),
    ("กรรณิการ์", "Kannika"),
    ("แหง", "Haeng"),
]
FAR = [("Somchai", "สมศักดิ์"), ("Wichai", "วิชาญ"), ("Hanoi", "เวียงจันทน์"), ("Thaksin", "ทวีศักดิ์"), ("Malee", "ราตรี")]


@pytest.fixture(scope="module")
def measured():
    return names.measure()


@pytest.mark.parametrize("half", names.HALVES)
def test_a_spelling_finds_its_name_and_a_name_its_spellings(measured, half):
    assert measured[half]["Latin to Thai, hit@1"] >= 0.95
    assert measured[half]["Thai to Latin, hit@1"] >= 0.95
    assert measured[half]["own name accepted"] >= 0.92


@pytest.mark.parametrize("half", names.HALVES)
def test_another_name_is_hardly_ever_accepted(measured, half):
    assert measured[half]["other name accepted"] < 0.002


def test_the_list_of_names_keeps_to_its_format():
    rows = names.rows()
    assert len({thai for thai, _ in rows}) == len(rows) >= 300
    assert all(2 <= len(spellings) <= 5 and len(set(spellings)) == len(spellings) for _, spellings in rows)


@given(MIXED, MIXED)
def test_similarity_is_a_share_and_the_same_both_ways(one, other):
    assert 0.0 <= alike(*sorted((spell(one), spell(other)))) <= 1.0
    assert similarity(one, other) == similarity(other, one)
    assert 0.0 <= similarity(one, other) <= 1.0


@given(MIXED)
def test_a_name_is_like_itself(name):
    assert similarity(name, name) == (1.0 if any(sounds_of(s)[0] for s in readings(name)) else 0.0)


@pytest.mark.parametrize("odd", ["", " ", "🙂", "์์", "123", "-", "เ", "Đ", "\u0e33"])
def test_what_is_no_name_is_like_none(odd):
    assert similarity(odd, "สมชาย") < SAME_NAME
    assert best_match(odd, []) == 0.0


def test_the_order_of_spellings_spaces_accents_and_capitals_count_nothing():
    spellings = ["Somchai", "สมศักดิ์", "Wichai"]
    assert best_match("Somsakdi", spellings) == best_match("Somsakdi", spellings[::-1])
    assert similarity("Hà Nội", "ha noi") == similarity("HANOI", "Ha-Noi") == similarity("Đà Nẵng", "danang") == 1.0


@pytest.mark.parametrize(("thai", "latin"), SAID)
def test_a_thai_name_is_read_letter_by_letter(thai, latin):
    assert alike(spell(thai), latin) >= 0.9


@pytest.mark.parametrize(("latin", "thai"), FAR)
def test_names_that_share_a_beginning_stay_apart(latin, thai):
    assert similarity(latin, thai) < SAME_NAME


def test_one_comparison_takes_well_under_a_fifth_of_a_millisecond():
    pairs = [(s, thai) for thai, spellings in names.rows()[:60] for s in spellings]
    for pair in pairs:
        similarity(*pair)
    begun = time.perf_counter()
    for one, other in pairs:
        alike.__wrapped__(one, spell(other))
    assert (time.perf_counter() - begun) / len(pairs) < 0.0002


@pytest.mark.parametrize("name", ["สมหวัง", "ส้มหวัง", "สมหวังค์", "Somwang", "Somvang", "Som Wang", "Thongsuk", "Tongsook"])
def test_a_first_name_or_a_surname_names_its_bearer(village, name):
    vocabulary = village._indexes[0].analysis.vocabulary
    found, likeness = named_by(name, vocabulary)
    assert likeness >= SAME_NAME
    assert "สมหวัง ทองสุก" in vocabulary.entities[found].thai


@pytest.mark.parametrize("name", ["Somvang", "Sumwang", "ส้มหวัง", "Som Wang Tongsuk", "Pimai", "Nakorn Rajasima"])
def test_a_name_that_sounds_like_one_of_the_article_is_known(village, name):
    assert is_known(name, village._indexes[0].analysis.vocabulary)


@pytest.mark.parametrize("name", ["Prayuth", "Kamala", "ทักษิณ", "Nguyen Van Hung", "วิชัย", ""])
def test_a_name_that_does_not_is_not(village, name):
    assert not is_known(name, village._indexes[0].analysis.vocabulary)


@pytest.mark.parametrize(
    "question", ["Who is Somvang?", "who is som wang", "Who is Tongsook?", "ใครคือนายส้มหวัง", "Somwang คือใคร"]
)
def test_a_question_finds_whom_it_names_by_sound(village, question):
    vocabulary = village._indexes[0].analysis.vocabulary
    asked = understand(question, vocabulary).entities
    assert any("สมหวัง ทองสุก" in vocabulary.entities[i].thai for i in asked)


@pytest.mark.parametrize(
    "question",
    [
        "What did Prayuth say?",
        "What did Mr. Wichai open?",
        "what did mr wichai open",
        "คุณวิชัยเปิดอะไร",
        "นายประยงค์พูดว่าอะไร",
    ],
)
def test_a_stranger_is_told_to_be_one(village, question):
    assert village.ask(question).status == "false_premise"


@pytest.mark.parametrize("question", ["What did Mr. Somvang open?", "นายส้มหวังเปิดอะไร", "คุณสมหวังเปิดอะไร"])
def test_who_sounds_like_the_article_is_no_stranger(village, question):
    assert village.ask(question).status == "answered"


@pytest.mark.parametrize(
    "question", ["นายทุนเปิดอะไร", "คุณรู้ไหมว่าใครเปิดสะพาน", "คุณช่วยบอกหน่อยสะพานอยู่ที่ไหน", "นายกรัฐมนตรีเปิดอะไร"]
)
def test_a_title_without_a_name_makes_no_stranger(village, question):
    assert village.ask(question).status != "false_premise"
