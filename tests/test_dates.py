"""Dates, times and years in Thai text, against values worked out by hand (Common Era = Buddhist Era - 543)."""

import time
from itertools import pairwise

import pytest

from assistant.dates import common_era, find_dates, month_number
from assistant.thai import normalize

# text, the words that state the date, value, English, grain
STATED = [
    ("เมื่อวันที่ 5 มกราคม 2567 มีฝน", "วันที่ 5 มกราคม 2567", "2024-01-05", "5 January 2024 (B.E. 2567)", "day"),
    ("วันที่ 5 มกราคม พ.ศ. 2567", "วันที่ 5 มกราคม พ.ศ. 2567", "2024-01-05", "5 January 2024 (B.E. 2567)", "day"),
    ("วันที่ 5 มกราคม ค.ศ. 2024", "วันที่ 5 มกราคม ค.ศ. 2024", "2024-01-05", "5 January 2024", "day"),
    ("วันที่ ๒๙ กุมภาพันธ์ ๒๕๖๗", "วันที่ 29 กุมภาพันธ์ 2567", "2024-02-29", "29 February 2024 (B.E. 2567)", "day"),
    ("วันจันทร์ที่ 8 เมษายน 2567", "วันจันทร์ที่ 8 เมษายน 2567", "2024-04-08", "8 April 2024 (B.E. 2567)", "day"),
    ("3 ธ.ค. 2566", "3 ธ.ค. 2566", "2023-12-03", "3 December 2023 (B.E. 2566)", "day"),
    ("17 ก.ค.2560", "17 ก.ค.2560", "2017-07-17", "17 July 2017 (B.E. 2560)", "day"),
    ("วันที่ 9 พ.ย.", "วันที่ 9 พ.ย.", "?-11-09", "9 November", "day"),
    ("ช่วงเช้าวันที่ 6 มิ.ย.", "ช่วงเช้าวันที่ 6 มิ.ย.", "?-06-06", "the morning of 6 June", "day"),
    ("ช่วงบ่ายของวันที่ 1 ม.ค.", "ช่วงบ่ายของวันที่ 1 ม.ค.", "?-01-01", "the afternoon of 1 January", "day"),
    ("ระหว่างวันที่ 12-14 กุมภาพันธ์", "วันที่ 12-14 กุมภาพันธ์", "?-02-12", "12–14 February", "day"),
    ("5-7 มี.ค. 2568", "5-7 มี.ค. 2568", "2025-03-05", "5–7 March 2025 (B.E. 2568)", "day"),
    ("เมื่อวันที่ 15 สิงหาคมนี้", "วันที่ 15 สิงหาคมนี้", "?-08-15", "15 August", "day"),
    ("ใน เดือนเมษายน", "เดือนเมษายน", "?-04-?", "April", "month"),
    ("เดือนมีนาคม 2566", "เดือนมีนาคม 2566", "2023-03-?", "March 2023 (B.E. 2566)", "month"),
    ("ตุลาคม 2565", "ตุลาคม 2565", "2022-10-?", "October 2022 (B.E. 2565)", "month"),
    ("มกราคม-มีนาคม 2567", "มกราคม-มีนาคม 2567", "2024-01-?", "January to March 2024 (B.E. 2567)", "month"),
    ("ปี 2565", "ปี 2565", "2022-?-?", "2022 (B.E. 2565)", "year"),
    ("ปี พ.ศ. 2500", "ปี พ.ศ. 2500", "1957-?-?", "1957 (B.E. 2500)", "year"),
    ("ปี ค.ศ. 2019", "ปี ค.ศ. 2019", "2019-?-?", "2019", "year"),
    ("แผน (2566-2570)", "2566-2570", "2023/2027", "2023–2027 (B.E. 2566–2570)", "years"),
    ("ปี 2566/67", "ปี 2566/67", "2023/2024", "2023–2024 (B.E. 2566–2567)", "years"),
    ("ตลอดปี 2567 ถึง 2569", "ปี 2567 ถึง 2569", "2024/2026", "2024–2026 (B.E. 2567–2569)", "years"),
    ("ช่วง 2018-2022", "2018-2022", "2018/2022", "2018–2022", "years"),
    ("เวลา 09.30 น.", "เวลา 09.30 น.", "09:30", "09:30", "time"),
    ("เวลาประมาณ 14:05 น.", "เวลาประมาณ 14:05 น.", "14:05", "14:05", "time"),
    ("ราว 8.30 น.", "8.30 น.", "08:30", "08:30", "time"),
    ("แผน พ.ศ. 2568–2572", "พ.ศ. 2568-2572", "2025/2029", "2025–2029 (B.E. 2568–2572)", "years"),
    ("วันที่ 5 ถึง 9 เมษายน", "วันที่ 5 ถึง 9 เมษายน", "?-04-05", "5–9 April", "day"),
    ("วันที่ 11 มี.ค.68", "วันที่ 11 มี.ค.68", "?-03-11", "11 March '68", "day"),
    ("วันที่ 29 ก.พ. 67 ชุดลาดตระเวน", "วันที่ 29 ก.พ. 67", "?-02-29", "29 February '67", "day"),
    ("11/03/2568", "11/03/2568", "2025-03-11", "11 March 2025 (B.E. 2568)", "day"),
    ("ในปี 67 ", "ปี 67", "?-?-?", "'67", "year"),
    ("ปลายปีนี้", "ปลายปีนี้", "", "late this year", "relative"),
    ("ปลายเดือน ธ.ค.นี้", "ปลายเดือน ธ.ค.นี้", "?-12-?", "late December", "month"),
    ("ต้นปี 2569", "ต้นปี 2569", "2026-?-?", "early 2026 (B.E. 2569)", "year"),
    ("คาดไตรมาส 2/2568", "ไตรมาส 2/2568", "2025-?-?", "quarter 2 of 2025 (B.E. 2568)", "quarter"),
    ("ไตรมาสแรก", "ไตรมาสแรก", "?-?-?", "the first quarter", "quarter"),
    ("เวลา 15.20-16.00 น.", "เวลา 15.20-16.00 น.", "15:20", "15:20–16:00", "time"),
    ("ตอนบ่ายสาม", "บ่ายสาม", "15:00", "15:00", "time"),
    ("เวลาประมาณ 9 โมงเช้า", "เวลาประมาณ 9 โมงเช้า", "09:00", "09:00", "time"),
    ("เมื่อตีสอง", "ตีสอง", "02:00", "02:00", "time"),
    ("สองทุ่มครึ่ง", "สองทุ่มครึ่ง", "20:30", "20:30", "time"),
    ("พรุ่งนี้เช้า", "พรุ่งนี้เช้า", "", "the morning of tomorrow", "relative"),
    ("ภายใน 30 วัน", "ภายใน 30 วัน", "", "within 30 days", "relative"),
    ("สัปดาห์หน้า", "สัปดาห์หน้า", "", "next week", "relative"),
    ("ในวันเดียวกัน", "วันเดียวกัน", "", "the same day", "relative"),
    ("ช่วงค่ำวันเดียวกัน", "ช่วงค่ำวันเดียวกัน", "", "the evening of the same day", "relative"),
]
SILENT = [
    "งบประมาณ 2,560 ล้านบาท",
    "น้ำ 2560 ลูกบาศก์เมตร",
    "โทร 1669",
    "ราคา 25.50 บาท",
    "มีผู้ป่วย 17 คน",
    "บ้านเลขที่ 12/2563",
    "นายมกราคม ใจดี",
    "ม.ค.",
    "มาตรา 44",
    "อายุ 45 ปี",
    "ถนน 304",
    "ครั้งที่ 7",
    "วันที่ดีที่สุด",
    "12.5 กิโลเมตร",
    "ที่นี่มีนา",
    "",
]


def read(text):
    clean = normalize(text).text
    return clean, find_dates(clean)


@pytest.mark.parametrize(("text", "words", "value", "english", "grain"), STATED)
def test_a_date_is_read_as_it_is_stated(text, words, value, english, grain):
    clean, found = read(text)
    assert [(clean[w.start : w.end], w.value, w.english, w.grain) for w in found] == [(words, value, english, grain)]


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_read_where_no_date_is_stated(text):
    assert read(text)[1] == []


@pytest.mark.parametrize("text", ["3 ธ.ค. 66", "3 ธ.ค.66", "วันที่ 3 ธันวาคม 66 ที่ศาลากลาง"])
def test_a_year_of_two_digits_is_kept_and_its_century_is_not_guessed_wrong(text):
    clean, (found,) = read(text)
    assert clean[found.start : found.end].endswith("66")
    assert found.value in ("?-12-03", "2023-12-03")
    assert "66" in found.english


@pytest.mark.parametrize(
    ("text", "value", "english"),
    [
        ("วันที่ 17 ก.ย. 50 คนเดินทาง", "?-09-17", "17 September"),
        ("วันที่ 17 กันยายน 12.30 น.", "?-09-17", "17 September"),
        ("1 มกราคม 1 คน", "?-01-01", "1 January"),
        ("วันที่ 2 มี.ค. 15,000 คน", "?-03-02", "2 March"),
    ],
)
def test_a_number_after_a_date_is_no_year(text, value, english):
    found = read(text)[1][0]
    assert (found.value, found.english) == (value, english)


@pytest.mark.parametrize("text", ["วันที่ 40 มกราคม", "วันที่ 0 มกราคม 2567", "25.61 น.", "เวลา 31.00 น."])
def test_a_day_or_an_hour_that_cannot_be_is_not_read_as_one(text):
    assert not [w for w in read(text)[1] if w.grain in ("day", "time")]


def test_a_span_over_two_months_names_both_ends():
    found = read("ระหว่างวันที่ 28 กุมภาพันธ์ - 2 มีนาคม 2567")[1]
    assert [w.value for w in found] == ["?-02-28", "2024-03-02"]


@pytest.mark.parametrize("text", ["เวลา 13.00-16.00 น.", "เวลา 13.00 - 16.00 น.", "13.00 น. ถึง 16.00 น."])
def test_a_span_of_hours_states_when_it_begins(text):
    assert read(text)[1][0].value == "13:00"


def test_several_dates_are_found_in_order_and_never_overlap():
    clean, found = read("วันที่ 3 พ.ค. เวลา 10.00 น. และวันที่ 9 มิ.ย. 2567 ตามแผนปี 2566-2570")
    assert [w.value for w in found] == ["?-05-03", "10:00", "2024-06-09", "2023/2027"]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [clean[w.start : w.end].strip() for w in found] == [clean[w.start : w.end] for w in found]


@pytest.mark.parametrize(
    "run", [" " * 600, "\n" * 600, "ม.ค." + " " * 600 + "ก", "1" * 2000, "1 " * 1000, "วันที่ " * 500, "ช่วง" * 1000]
)
def test_no_text_takes_long_to_search(run):
    begun = time.thread_time()
    find_dates(run)
    assert time.thread_time() - begun < 0.5


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("มกราคม", 1),
        ("ก.พ.", 2),
        ("มี.ค", 3),
        ("เมษายน", 4),
        ("พ.ค.", 5),
        ("มิถุนายน", 6),
        ("ก.ค.", 7),
        ("สิงหาคม", 8),
        ("ก.ย.", 9),
        ("ตุลาคม", 10),
        ("พ.ย", 11),
        ("ธันวาคม", 12),
        ("เดือน", 0),
        ("", 0),
    ],
)
def test_months_are_numbered(name, number):
    assert month_number(name) == number


@pytest.mark.parametrize(
    ("year", "wanted"), [("2567", 2024), ("พ.ศ. 2475", 1932), (2024, 2024), ("1999", 1999), ("", 0)]
)
def test_buddhist_years_become_common_ones_and_common_ones_stay(year, wanted):
    assert common_era(year) == wanted
