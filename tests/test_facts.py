"""The fact sheet: every row cited, people merged, both calendars, time in order, nothing that the text leaves out."""

import time

import pytest

from assistant import Assistant
from assistant.errors import InputError
from assistant.facts import LABELS, fact_sheet
from assistant.happenings import happenings
from assistant.indexing import build
from assistant.smalltalk import TRIES, suggestions

# ruff: noqa: E501
NEWS = """โรงเรียนริมคลองเปิดห้องสมุดใหม่ รับเด็ก 120 คน

เผยแพร่: วันอังคารที่ 6 พฤษภาคม พ.ศ. 2568

ลำปาง - เมื่อเวลา 09.30 น. วันที่ 5 พ.ค. 2568 นายสมชาย ใจกล้า ผู้อำนวยการโรงเรียนริมคลอง เปิดห้องสมุดที่ ต.บ่อแฮ้ว อ.เมือง จ.ลำปาง มีนักเรียนร่วมงาน 120 คน

นายสมชาย กล่าวว่า ห้องสมุดแห่งนี้สร้างจากเงินบริจาค 2.5 ล้านบาท และเริ่มก่อสร้างเมื่อเดือนมกราคม 2567 ช่วงบ่ายวันเดียวกัน ครูร่วมประชุมกับผู้ปกครอง

ด้าน น.ส.วิภา แก้วใส ครูบรรณารักษ์ กล่าวว่า "เด็กชอบหนังสือภาพมากกว่าที่เราคิดไว้ทุกคน"

โรงเรียนจะขยายเวลาเปิดถึงสองทุ่มในวันที่ 1 มิ.ย. 2568 และเตรียมจัดค่ายหนังสือภายใน 30 วัน ขณะที่เมื่อวานนี้ผู้ปกครองมอบหนังสือเพิ่ม
"""
BARE = "ชาวบ้านทำความสะอาดคลองร่วมกันอย่างสนุกสนาน แล้วกินข้าวด้วยกันใต้ต้นไม้ใหญ่"
YEARLESS = "เมื่อวันที่ 9 ก.ย. สมาคมจัดงานวิ่งการกุศล ส่วนวันรุ่งขึ้นจัดเสวนาเรื่องสุขภาพ และวันนี้เก็บกวาดสนาม"


@pytest.fixture(scope="module")
def news():
    return Assistant.from_text(NEWS)


def texts(bot, label, language="th"):
    return [fact.text for fact in bot.facts(language) if fact.label == label]


def test_every_row_is_cited_verbatim_in_both_languages(news, bot):
    for each in (news, bot):
        text = each.article.text
        for language in ("th", "en"):
            for fact in each.facts(language):
                assert fact.label in LABELS
                assert bool(fact.text) == (fact.citation is not None)
                if fact.citation:
                    assert text[fact.citation.start : fact.citation.end] == fact.citation.quote


def test_a_person_has_one_row_with_name_and_role(news):
    rows = texts(news, "who")
    assert [row for row in rows if "สมชาย" in row] == [rows[0]]
    assert "นายสมชาย ใจกล้า" in rows[0]
    assert "ผู้อำนวยการโรงเรียนริมคลอง" in rows[0]
    assert any(c.isascii() and c.isalpha() for c in rows[0])
    assert len(rows) == 2


def test_an_alias_names_no_second_person():
    bot = Assistant.from_text('ตำรวจจับนายปรีชา มั่นคงดี หรือ "เฮียชา" อายุ 40 ปี ที่ตลาดสด ต่อมาเฮียชารับสารภาพว่าทำจริง')
    assert len(texts(bot, "who")) == 1


def test_a_role_ends_before_what_is_said():
    bot = Assistant.from_text("นายวีระ ทองคำ ทนายความฝ่ายโจทก์ กล่าวว่า คดีนี้จบแล้ว และทุกฝ่ายพอใจผลการเจรจา")
    (row,) = texts(bot, "who")
    assert row.endswith("ทนายความฝ่ายโจทก์")


def test_the_place_of_the_event_comes_first_and_an_address_is_one_row(news):
    rows = texts(news, "where")
    assert rows[0].startswith("ลำปาง")
    assert any("ต.บ่อแฮ้ว อ.เมือง จ.ลำปาง" in row for row in rows)


def test_a_country_that_only_qualifies_is_no_place_of_the_news():
    bot = Assistant.from_text("นักวิ่งชาวเคนยาชนะการแข่งขันที่จังหวัดน่าน ท่ามกลางผู้ชมชาวไทยจำนวนมาก")
    assert not any("เคนยา" in row or "Kenya" in row for row in texts(bot, "where"))


def test_a_date_with_its_year_stands_in_both_calendars(news):
    (thai,) = (row for row in texts(news, "when") if "5 พ.ค." in row and "มิ.ย." not in row)
    assert "2568" in thai
    assert "2025" in thai
    assert any("2568" in row and "2025" in row for row in texts(news, "when", "en"))


def test_a_common_year_gets_its_buddhist_one():
    bot = Assistant.from_text("งานแสดงสินค้าจัดขึ้นเมื่อวันที่ 3 มีนาคม ค.ศ. 2024 ที่กรุงเทพฯ มีผู้ร่วมงานมาก")
    assert any("2567" in row for row in texts(bot, "when"))
    assert any("2567" in row for row in texts(bot, "when", "en"))


def test_the_timeline_is_in_order_of_time_and_vague_dates_come_last(news):
    dates = [fact.when for fact in news.facts() if fact.label == "timeline"]
    dated = [date for date in dates if date]
    assert dated == sorted(dated, key=lambda d: d.replace("?", "00"))
    assert dates == dated + [""] * (len(dates) - len(dated))
    assert dated[0] == "2024-01-?"
    assert "2025-05-05T09:30" in dated
    assert dated[-1] == "2025-06-01"


def test_a_relative_date_is_reckoned_from_one_the_text_gives_and_says_so(news):
    (same,) = (fact for fact in news.facts() if fact.label == "timeline" and "วันเดียวกัน (" in fact.text)
    assert same.when == "2025-05-05"
    assert "นับจาก" in same.text
    (before,) = (h for h in happenings(news._indexes[0]) if "เมื่อวานนี้" in news.article.text[h.start : h.end])
    assert before.value == "2025-05-05"
    assert before.base


def test_no_year_is_invented_and_today_without_a_date_of_publication_stays_vague():
    bot = Assistant.from_text(YEARLESS)
    found = {bot.article.text[h.start : h.end].strip(): h for h in happenings(bot._indexes[0])}
    assert found["วันที่ 9 ก.ย."].value == "?-09-09"
    assert found["วันรุ่งขึ้น"].value == "?-09-10"
    assert found["วันนี้"].vague
    for language in ("th", "en"):
        for fact in bot.facts(language):
            assert not any(str(year) in fact.text for year in (*range(1990, 2040), *range(2550, 2580)))


def test_the_year_before_is_not_reckoned_from_the_day_of_publication():
    text = "เผยแพร่: 13 มีนาคม 2568\n\nปี 2567 มีนักท่องเที่ยวมาเยือน 5 ล้านคน เพิ่มจากปีก่อนหน้าสองเท่า และจะทรงตัวในปีหน้า"
    found = {h.english: h for h in happenings(Assistant.from_text(text)._indexes[0])}
    assert found["the year before"].vague
    assert found["next year"].value == "2026-?-?"


def test_a_span_of_days_has_both_ends():
    bot = Assistant.from_text("งานวัดจัดขึ้นระหว่างวันที่ 11-15 มี.ค. 2568 ที่จังหวัดน่าน มีการแสดงทุกคืน")
    assert [fact.when for fact in bot.facts() if fact.label == "timeline"] == ["2025-03-11/2025-03-15"]


def test_a_count_says_what_it_counts(news):
    rows = texts(news, "how_many")
    assert any(row.endswith("120 คน") and len(row) > len("120 คน") for row in rows)
    assert any("เงินบริจาค 2.5 ล้านบาท" in row for row in rows)


def test_speech_has_its_speaker_quoted_or_reported(news):
    reported, quoted = texts(news, "said")
    assert reported.startswith("นายสมชาย ใจกล้า กล่าวว่า ห้องสมุดแห่งนี้")
    assert quoted.startswith("น.ส.วิภา แก้วใส: “เด็กชอบ")


def test_plans_are_what_is_to_come(news):
    rows = texts(news, "planned")
    assert any("จะขยายเวลาเปิด" in row or "เตรียมจัดค่าย" in row for row in rows)
    assert not any("สร้างจากเงินบริจาค" in row for row in rows)


def test_what_might_be_is_no_plan():
    bot = Assistant.from_text("ฝนอาจจะตกหนักในภาคใต้ ชาวบ้านควรจะระวังน้ำท่วม เพื่อที่จะไม่เกิดอันตราย")
    assert texts(bot, "planned") == [""]


def test_what_is_not_stated_has_one_empty_row():
    rows = Assistant.from_text(BARE).facts()
    assert [row.label for row in rows] == list(LABELS)
    assert all(not row.text and row.citation is None and not row.when for row in rows)


def test_a_language_is_thai_or_english(news):
    with pytest.raises(InputError, match='"th" or "en"'):
        news.facts("de")


def test_rows_do_not_change_from_call_to_call(news):
    again = build(news.article, news.encoder)
    assert fact_sheet(again) == news.facts() == news.facts()


def test_facts_are_quick(news):
    began = time.process_time()
    fact_sheet(build(news.article, news.encoder))
    news.facts()
    assert time.process_time() - began < 5  # the sheet itself takes some 10 ms; a busy machine is no fault of it


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_suggested_was_asked_and_is_answered(news, bot, language):
    for each in (news, bot):
        offered = each.ask("ถามอะไรได้บ้าง" if language == "th" else "What can I ask?").suggestions
        assert 1 <= len(offered) <= 4
        assert len(set(offered)) == len(offered)
        assert all(each.ask(question).answered for question in offered)


def test_suggestions_ask_few_times_and_remember():
    index = Assistant.from_text(NEWS)._indexes[0]
    asked = []

    def never(_, question):
        asked.append(question)
        return Assistant.from_text(BARE).ask("ใครเป็นนายกรัฐมนตรี")

    first = suggestions(index, "th", never)
    assert len(first) == 1  # the summary alone
    assert len(asked) <= TRIES
    assert suggestions(index, "th", never) == first
    assert len(asked) == len(set(asked))
