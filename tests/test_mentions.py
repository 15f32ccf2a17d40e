"""What is read from a text: people by every form, bodies and places in full, figures in English, speakers."""

import pytest

from assistant import article, lexicon
from assistant.mentions import Reader
from assistant.pieces import organisations, unit_names
from tests import mentions as gold

FLOOR = {"person": 0.95, "organisation": 0.75, "place": 0.8, "date": 0.95, "time": 0.95, "number": 0.95}


def read(text, kind):
    return [m for m in Reader(article.build("ข่าวทดสอบ\n\n" + text)).read() if m.kind == kind]


@pytest.mark.parametrize("half", [gold.TUNING, gold.HELD_OUT], ids=["tuning", "held out"])
def test_mentions_of_whole_articles_keep_their_level(half):
    counts = gold.measure(half)
    for kind, floor in FLOOR.items():
        assert gold.rates(counts[kind])[2] >= floor, kind


def test_later_forms_of_a_person_are_the_same_person():
    text = (
        "นายก้องภพ ศรีวารินทร์ รัฐมนตรีช่วยว่าการกระทรวงพาณิชย์ (รมช.พาณิชย์) เปิดเผยว่า ราคาข้าวดีขึ้น "
        "นายก้องภพกล่าวว่า จะติดตามต่อ\n\nรมช.พาณิชย์กล่าวย้ำอีกครั้ง ก่อนที่นายก้องภพจะเดินทางกลับ"
    )
    people = read(text, "person")
    assert [p.text for p in people] == ["นายก้องภพ ศรีวารินทร์", "นายก้องภพ", "รมช.พาณิชย์", "นายก้องภพ"]
    assert {p.value for p in people} == {"ก้องภพ ศรีวารินทร์"}


def test_a_name_cut_by_the_end_of_a_line_is_whole():
    assert [p.value for p in read("ผู้เสียชีวิตคือนายสมชาย\nใจดี อายุ 40 ปี", "person")] == ["สมชาย ใจดี"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("โดยมีนายโทมัส ฟาน เดอร์ แบร์ก เป็นประธาน", ["นายโทมัส ฟาน เดอร์ แบร์ก"]),
        ("ด้าน พ.ต.ท.หญิง ปวีณา ใจกล้าหาญ ระบุว่า", ["พ.ต.ท.หญิง ปวีณา ใจกล้าหาญ"]),
        ("เพิ่มเจ้าหน้าที่ 64 นาย และเครื่องมือ", []),
        ("นายทะเบียนอำเภอและนายกรัฐมนตรี", []),
        ("คุณสมบัติของผู้สมัครและคุณภาพ", []),
        ("เมื่อปี 2565 นายสุวิทย์ ทองดี กล่าวว่า", ["นายสุวิทย์ ทองดี"]),
        ("ชาวบ้านเรียก “เฮียก๊วยเจ๋ง” มาคุย", ["เฮียก๊วยเจ๋ง"]),
    ],
)
def test_people_with_titles(text, names):
    assert [p.text for p in read(text, "person")] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ที่ อ.ตากใบ จ.นราธิวาส", ["อ.ตากใบ", "จ.นราธิวาส"]),
        ("พักที่โรงแรมธารา แกรนด์ อ.หาดใหญ่", ["โรงแรมธารา แกรนด์", "อ.หาดใหญ่"]),
        ("ที่จังหวัดโอซากา ไอจิ และฟุกุโอกะ", ["จังหวัดโอซากา", "ไอจิ", "ฟุกุโอกะ"]),
        ("เปิดด่านสะเดา-บูกิตกายูฮิตัมแล้ว", ["ด่านสะเดา-บูกิตกายูฮิตัม"]),
        ("อำเภอสุดท้ายที่ไฟติด", []),
        ("สอบภาษาญี่ปุ่นทุกคน", []),
    ],
)
def test_places_in_full(text, names):
    assert [p.text for p in read(text, "place")] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("รมว.ศธ. และ กกต. ประชุม", [("ศธ.", "Ministry of Education"), ("กกต.", "Election Commission")]),
        ("บริษัท ลมทะเลขนส่ง จำกัด (มหาชน) ชี้แจง", [("บริษัท ลมทะเลขนส่ง จำกัด (มหาชน)", "")]),
        ("สภาพอากาศและศาลาวัด", []),
    ],
)
def test_organisations(text, names):
    assert [(o.text, o.english) for o in read(text, "organisation")] == names


@pytest.mark.parametrize(
    ("text", "words", "english"),
    [
        ("ได้ดุล 25,350 ล้านบาท", "25,350 ล้านบาท", "25,350 million baht"),
        ("ตั้งเป้า 3.8 แสนล้านบาท", "3.8 แสนล้านบาท", "380 billion baht"),
        ("ใช้เวลา 45 นาที", "45 นาที", "45 minutes"),
        ("ขับต่อเนื่อง 11 ชั่วโมง 20 นาที", "11 ชั่วโมง 20 นาที", "11 hours 20 minutes"),
        ("รอ 2 ชั่วโมงครึ่ง", "2 ชั่วโมงครึ่ง", "2 hours and a half"),
        ("เพิ่มขึ้นร้อยละ 6.4", "ร้อยละ 6.4", "6.4%"),
        ("ใช้เวลา ๖๐–๙๐ วัน", "๖๐–๙๐ วัน", "60–90 days"),
        ("หายไปสี่หมื่น", "สี่หมื่น", "40,000"),
        ("มีสิบสองคนในนั้น", "สิบสองคน", "12 people"),
        ("ชนะ 4-3 ในเกมนี้", "4-3", "4-3"),
        ("ประชุมครั้งที่ 9 ที่นี่", "9", ""),
        ("โทร. 0 2026 5577", "0 2026 5577", "0 2026 5577"),
    ],
)
def test_numbers_with_units(text, words, english):
    assert [(n.text, n.english) for n in read(text, "number")] == [(words, english)]


def test_the_number_of_a_list_item_is_no_quantity():
    assert [n.text for n in read("ได้แก่ (1) ข้าว 2 ตัน (2) ยาง", "number")] == ["2 ตัน"]


def test_a_quotation_has_its_speaker_and_a_title_is_none():
    text = 'นางมาลี สุขใจดี ครูในหลักสูตร "รักษ์ป่าชายเลนของเรา" กล่าวว่า "เราอยากให้เด็กได้ปลูกต้นไม้ทุกปี"'
    assert [(q.text, q.detail) for q in read(text, "quotation")] == [("เราอยากให้เด็กได้ปลูกต้นไม้ทุกปี", "มาลี สุขใจดี")]


def test_the_lists_of_bodies_and_units_are_whole():
    assert len(list(lexicon.rows("organisations.tsv", 3))) > 250
    assert all(english for _, english in organisations().values())
    assert all(one and more for one, more in unit_names().values())
