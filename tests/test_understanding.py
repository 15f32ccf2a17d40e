"""Questions are understood: kind and answer type, slips, keyboards, romanised Thai, several in one, and follow-ups."""

import pytest

from assistant.analysis import lexicon_vocabulary
from assistant.conversation import resolve
from assistant.question import detect_language, split_questions, understand


def read(question):
    return understand(question, lexicon_vocabulary())


@pytest.mark.parametrize(
    ("question", "kind", "asks"),
    [
        ("Which airline flew them home?", "who", "organisation"),
        ("Which deputy fire chief spoke first?", "who", "person"),
        ("In which hotel was the party?", "where", "building"),
        ("What's the name of the doctor who saved the boy?", "who", "person"),
        ("What's the name of the ferry?", "what", "name"),
        ("Name the pilot.", "who", "person"),
        ("Which awards did the film win?", "list", "list"),
        ("Which three villages were flooded?", "list", "list"),
        ("host?", "who", "person"),
        ("date of the fair?", "when", "date"),
        ("budget?", "howmany", "money"),
        ("What's the deadline for explaining why you were away?", "when", "date"),
        ("How often does the ferry run?", "when", "frequency"),
        ("How far is the temple from the market?", "howmany", "distance"),
        ("How come the bridge was shut?", "why", "why"),
        ("What caused the fire?", "why", "why"),
        ("What did the coach say about the referee?", "quote", "quote"),
        ("What happens to a pupil who is late?", "what", "clause"),
        ("Who registered the club?", "who", "person"),
        ("Did the mayor resign?", "yesno", "yesno"),
        ("โรงแรมที่จัดงานชื่ออะไร", "where", "building"),
        ("ช่างที่ซ่อมสะพานชื่ออะไร", "who", "person"),
        ("มาตรการใหม่ชื่อว่าอะไร", "what", "name"),
        ("พรรคไหนชนะ", "who", "organisation"),
        ("เรือออกกี่โมง", "when", "clock"),
        ("ประชุมบ่อยแค่ไหน", "when", "frequency"),
        ("ถนนยาวกี่กิโลเมตร", "howmany", "distance"),
        ("เรื่องนี้เกี่ยวกับอะไร", "what", "clause"),
        ("นายกเทศมนตรีพูดถึงน้ำท่วมว่ายังไง", "quote", "quote"),
        ("ตลาดขายอะไรบ้าง", "list", "list"),
        ("อะไรทำให้ไฟไหม้", "why", "why"),
        ("ตำรวจจับได้แล้วหรือยัง", "yesno", "yesno"),
        ("เด็กทั้งหมดปลอดภัยไหมคะ", "yesno", "yesno"),
        ("ร้านที่เบอร์ลินเป็นของใคร", "who", "person"),
    ],
)
def test_the_kind_and_the_answer_type_follow_what_is_asked_for(question, kind, asks):
    found = read(question)
    assert (found.kind, found.asks) == (kind, asks)


@pytest.mark.parametrize(
    ("typed", "kind", "asks"),
    [
        ("จัดวันทีเทาไร", "when", "date"),
        ("งานมีเมือไหร่", "when", "date"),
        ("ไครชนะ", "who", "person"),
        ("จัดทีไหน", "where", "place"),
        ("มีกีคน", "howmany", "count"),
        ("whre was the show", "where", "place"),
        ("wich hotel", "where", "building"),
        ("hw many boats sank", "howmany", "count"),
    ],
)
def test_slips_in_question_words_do_not_hide_what_is_asked(typed, kind, asks):
    found = read(typed)
    assert (found.kind, found.asks) == (kind, asks)


@pytest.mark.parametrize(
    "question",
    ["Who chairs BIZ?", "What did Snarey eat?", "Max loan with Smooth BIZ?", "What drug did the vets use?"],
)
def test_names_and_good_words_are_left_alone(question):
    assert read(question).clean == question.casefold()


def test_a_slip_is_mended_towards_what_the_article_speaks_of(village):
    words = village._indexes[0].analysis.vocabulary
    assert "students" in understand("how mny studnts were hit in frnt of the school", words).clean
    assert "อุบัติเหตุ" in understand("อุบัตเหตุเกิดที่ไหน", words).clean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("dkixit=6,", "การประชุม"), ("ไำพำ ไฟห ะ้ำ ทำำะรืเ", "were was the meeting"), ("Where is it?", "where is it?")],
)
def test_the_other_keyboard_is_put_right_and_nothing_else(typed, meant):
    assert read(typed).clean == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rot fai ok ki mong", "กี่"),
        ("rongrian yuu thi nai", "โรงเรียนอยู่ที่ไหน"),
        ("khrai pen prathan", "ใครเป็นประธาน"),
        ("kai pen bpratan", "ใครเป็นประธาน"),
        ("sanambin yoo jangwat arai", "สนามบินอยู่จังหวัดอะไร"),
    ],
)
def test_romanised_thai_is_read_back_however_it_is_spelt(typed, meant):
    found = read(typed)
    assert meant in found.clean and found.language == "th"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("voucher ใช้ได้ max กี่บาทต่อ order", "th"),
        ("What is the fee for ใบขับขี่ renewal?", "en"),
        ("app นี้ download ที่ไหน", "th"),
    ],
)
def test_the_words_that_carry_the_sentence_name_its_language(question, language):
    assert detect_language(question) == language


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Who met and where?", ["who", "where"]),
        ("Who opened the bridge, where and when?", ["who", "where", "when"]),
        ("ใครเป็นเจ้าภาพและจัดที่ไหน", ["who", "where"]),
        ("ใครเปิดสะพาน ที่ไหน เมื่อไหร่", ["who", "where", "when"]),
        ("Who met the man and woman of the year?", ["who"]),
        ("ไทยและลาวประชุมกันที่ไหน", ["where"]),
    ],
)
def test_questions_in_one_are_told_apart(question, kinds):
    parts = split_questions(read(question), lexicon_vocabulary())
    assert [p.kind for p in parts] == kinds
    assert all(p.terms for p in parts)


def complete(bot, question, *history):
    index = bot._indexes[0]
    words = index.analysis.vocabulary
    return resolve(understand(question, words), history, index.analysis, lambda q: bot._look(index, q))


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "gone", "kept"),
    [
        ("ปีนี้ส่งออกข้าวกี่บาท", "แล้วนำเข้าล่ะ", "howmany", "ส่งออก", "ข้าว"),
        ("How many men were hurt at the school?", "And women?", "howmany", "men", "school"),
        ("How many phones did the school buy?", "And how many lamps?", "howmany", "phones", "school"),
        ("ใครเปิดสะพาน", "แล้วใครปิดล่ะ", "who", "เปิด", "สะพาน"),
        ("Who opened the bridge?", "why?", "why", "", "bridge"),
        ("ใครเปิดสะพาน", "เมื่อไหร่ล่ะ", "when", "", "สะพาน"),
        ("ใครเปิดสะพาน", "And when?", "when", "", "สะพาน"),
        ("Where was the 9th fair held?", "And where was the one before it held?", "where", "9th", "8"),
    ],
)
def test_a_question_takes_from_the_one_before_what_it_does_not_say(village, earlier, later, kind, gone, kept):
    found = complete(village, later, earlier)
    words = {t.text for t in found.terms}
    assert found.kind == kind
    assert gone not in words
    assert any(kept in w for w in words)


def test_a_change_of_topic_takes_nothing(village):
    found = complete(village, "เปลี่ยนเรื่องนะ ใครเป็นครู", "สะพานยาวกี่เมตร")
    assert not any("สะพาน" in t.text for t in found.terms)
