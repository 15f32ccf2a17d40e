"""Question sets and the rules of a right answer, held against hand-written truth."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.judging import Case, Judgement, folded, in_language, judge, load_cases
from assistant.records import Answer, Citation

TEXT = "น้ำท่วมเมืองเก่า\n\nผู้ว่าฯ กล่าวว่า น้ำท่วม 1,340 ไร่ ใน ๓ อำเภอ"
CASE = Case("c-1", "th", "howmany", "น้ำท่วมกี่ไร่", (), True, (("1340 ไร่",),), (), ("1,340 ไร่",))
ROW = {
    "id": "r-1",
    "lang": "th",
    "kind": "who",
    "question": "ใคร",
    "history": [],
    "answerable": True,
    "expect": [["ผู้ว่าฯ"]],
    "reject": [],
    "evidence": ["ผู้ว่าฯ กล่าว"],
    "note": "-",
}


def cite(quote: str, start: int | None = None) -> Citation:
    begin = TEXT.index(quote) if start is None else start
    return Citation("a", quote, begin, begin + len(quote), 1)


def answer(text: str, *citations: Citation, language: Any = "th", status: Any = "answered") -> Answer:
    return Answer(text, language, status, "howmany", citations)


GOOD = answer("น้ำท่วม 1,340 ไร่", cite("น้ำท่วม 1,340 ไร่"))


def faults(case: Case, given: Answer) -> tuple[str, ...]:
    judged = judge(case, given, TEXT)
    assert judged.right == (judged.faults == ())
    return judged.faults


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_an_answer_that_keeps_every_rule_is_right() -> None:
    assert judge(CASE, GOOD, TEXT, 12.5) == Judgement("c-1", True, (), GOOD, 12.5, 0)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("1,340", "ท่วม 1340 ไร่"),
        ("1340", "ท่วม ๑,๓๔๐ ไร่"),
        ("๑๓๔๐", "ท่วม 1340 ไร่"),
        ("น้ำ", "น\u0e49\u0e4d\u0e32ท่วม"),  # sara am as one letter or as nikhahit and sara aa
        ("molisa", "พบ MOLISA"),
        ("Straße", "ถนน STRASSE"),
        ("ปี 2560", "ปี\u00a0\n 2560"),
        ("PM2.5", "ฝุ่น ＰＭ２.５"),
    ],
)
def test_matching_folds_form_case_digits_white_space_and_commas(option: str, text: str) -> None:
    assert faults(replace(CASE, expect=((option,),), evidence=()), answer(text)) == ()


@pytest.mark.parametrize(("option", "text"), [("นำ", "นาน"), ("134", "13"), ("PM2.5", "PM 2.5"), ("น้ำ", "นำ")])
def test_matching_keeps_letters_tones_and_word_gaps_apart(option: str, text: str) -> None:
    case = replace(CASE, expect=((option,),), evidence=())
    assert faults(case, answer("ไทย " + text)) == (f"missing_expected:{option}",)


def test_folding_by_hand() -> None:
    assert folded("  ๑,๓๔๐ \n ไร่ ABC ") == "1340 ไร่ abc"
    assert folded("น้ำ") == "\u0e19\u0e49\u0e4d\u0e32"


def test_every_list_needs_one_of_its_alternatives() -> None:
    case = replace(CASE, expect=(("สุโขทัย", "1,340"), ("น่าน", "ตาก")))
    assert faults(case, GOOD) == ("missing_expected:น่าน",)


def test_rejected_words_are_found_folded() -> None:
    assert faults(replace(CASE, reject=("1340", "อื่น")), GOOD) == ("rejected:1340",)


def test_answered_must_equal_answerable() -> None:
    assert faults(CASE, replace(GOOD, status="not_stated")) == ("silent",)
    assert faults(replace(CASE, answerable=False), GOOD) == ("answered_wrongly",)
    assert faults(replace(CASE, evidence=()), answer("ท่วม 1340 ไร่", status="meta")) == ()


def test_an_unanswerable_case_asks_for_no_expected_words_and_no_evidence() -> None:
    case = replace(CASE, answerable=False, reject=("9",))
    assert faults(case, answer("ข่าวไม่ได้กล่าวถึง", status="false_premise")) == ()
    shifted = answer("ข่าวไม่ได้กล่าวถึง 9", cite("ผู้ว่า", 1), status="not_stated")
    assert faults(case, shifted) == ("rejected:9", "not_verbatim")


def test_evidence_is_a_matter_of_offsets_at_any_of_its_occurrences() -> None:
    case = replace(CASE, evidence=("น้ำท่วม",))
    for start in (0, 35):
        assert TEXT[start : start + 7] == "น้ำท่วม"
        for shift, verdict in ((-3, ()), (6, ()), (7, ("no_evidence",))):
            begin = max(0, start + shift)
            cited = Citation("a", TEXT[begin : begin + 4], begin, begin + 4, 1)
            assert faults(case, answer("ท่วม 1,340 ไร่", cited)) == verdict
    before = Citation("a", TEXT[31:35], 31, 35, 1)  # ends where the evidence begins
    assert faults(case, answer("ท่วม 1,340 ไร่", before)) == ("no_evidence",)
    assert faults(case, answer("ท่วม 1,340 ไร่", before, cite("1,340"))) == ("no_evidence",)
    assert faults(case, answer("ท่วม 1,340 ไร่", before, cite("เมืองเก่า"), cite("ท่วมเมือง"))) == ()
    assert faults(case, answer("ท่วม 1,340 ไร่")) == ("no_evidence",)
    assert faults(replace(case, evidence=("ไม่มีในข่าว", "1,340")), GOOD) == ()


def test_each_citation_must_be_the_words_at_its_offsets() -> None:
    tail = Citation("a", "อำเภอ", -5, len(TEXT), 1)
    bad = judge(CASE, answer("1,340 ไร่", cite("1,340 ไร่"), cite("1,340", 2), replace(tail, end=0), tail), TEXT)
    assert (bad.faults, bad.not_verbatim) == (("not_verbatim",), 3)


def test_length_is_capped_by_the_kind_of_question() -> None:
    for kind, longest in (("howmany", 600), ("what", 600), ("list", 1200), ("quote", 1200), ("meta", 1200)):
        case = replace(CASE, kind=kind)
        assert faults(case, replace(GOOD, text="1340 ไร่".ljust(longest, "ก"))) == ()
        assert faults(case, replace(GOOD, text="1340 ไร่".ljust(longest + 1, "ก"))) == ("too_long",)


def test_the_language_field_and_the_text_must_both_be_the_questions() -> None:
    assert faults(CASE, replace(GOOD, language="en")) == ("wrong_language",)
    assert faults(replace(CASE, expect=()), replace(GOOD, text="It flooded 1,340 rai.")) == ("wrong_language",)
    assert faults(replace(CASE, lang="en", expect=()), replace(GOOD, language="en")) == ("wrong_language",)


@pytest.mark.parametrize(
    ("text", "lang", "verdict"),
    [
        ("น้ำท่วม", "th", True),
        ("พบ MOLISA และ FAO", "th", True),
        ("ประชุมกับ Ministry of Public Security", "th", True),
        ("MOLISA", "th", False),
        ("1340", "th", False),
        ("The talks were led by ไมตรี", "th", False),
        ("It was in Hanoi.", "en", True),
        ("1,340", "en", True),
        ("16 September 2016", "en", True),
        ("The governor said: “น้ำมาตอนตีสอง คว้าได้แค่พระกับยาความดัน ตู้เย็นลอยไปติดต้นมะม่วง”", "en", True),
        ("Maitri Inthusut (นายไมตรี อินทุสุต ปลัดกระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์)", "en", True),
        ("It was นายไมตรี อินทุสุต", "en", True),
        ("นายไมตรี อินทุสุต", "en", False),
        ('"น้ำท่วม"', "en", False),
        ("Answer: ครัวเรือนละเก้าพันบาททุกหลังคาเรือนในจังหวัด", "en", False),
    ],
)
def test_the_text_really_is_in_the_language(text: str, lang: str, verdict: bool) -> None:
    assert in_language(text, lang) is verdict


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        (["{"], 1, "one JSON object"),
        (["[1]"], 1, "JSON object; got list"),
        (["", "", "nul"], 3, "one JSON object"),
        ([ROW, {**ROW, "id": "r-2", "kind": "whom"}], 2, "kind must be one of who, where"),
        ([{**ROW, "lang": "de"}], 1, "lang"),
        ([ROW, ROW], 2, "id must be unique; got 'r-1'"),
        ([{k: v for k, v in ROW.items() if k != "reject"}], 1, "keys reject"),
        ([{"group": "g", "question": "ใคร"}], 1, "a paraphrase set goes after --paraphrases"),
        ([{**ROW, "answerable": "yes"}], 1, "answerable must be true or false; got 'yes'"),
        ([{**ROW, "expect": "Hanoi"}], 1, "expect must be a list of lists"),
        ([{**ROW, "expect": ["Hanoi"]}], 1, "list in expect"),
        ([{**ROW, "kind": ["who"]}], 1, "kind"),
        ([{**ROW, "expect": [[]]}], 1, "hold an alternative"),
        ([{**ROW, "expect": [[" , "]]}], 1, "something to match"),
        ([{**ROW, "reject": [3]}], 1, "reject must be strings"),
        ([{**ROW, "question": " "}], 1, "id and question"),
        ([{**ROW, "history": "ใคร"}], 1, "history must be strings"),
        (["[" * 100_000], 1, ""),
        ([{**ROW, "evidence": ["นอกข่าว"]}], 1, "verbatim part"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(tmp_path: Path, rows: list[object], line: int, says: str) -> None:
    with pytest.raises(InputError) as caught:
        load_cases(write(tmp_path / "bad.jsonl", *rows), TEXT)
    message = str(caught.value)
    assert message.startswith(f"bad.jsonl:{line}: ") and says in message and "\n" not in message


def test_a_file_that_is_no_question_set_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9\n")
    for path, says in (
        (tmp_path / "none.jsonl", "FileNotFoundError"),
        (tmp_path / "latin.jsonl", "UnicodeDecodeError"),
        (write(tmp_path / "empty.jsonl", ""), "at least one row"),
    ):
        with pytest.raises(InputError, match=f"{path.name}: .*{says}"):
            load_cases(path)


def test_rows_are_read_as_written(tmp_path: Path) -> None:
    bare = {**ROW, "id": "r-2", "question": "ใคร\u2028คะ", "evidence": ["นอกข่าว"]}
    path = write(tmp_path / "a.jsonl", ROW, "", {key: value for key, value in bare.items() if key != "note"})
    first, second = load_cases(path)
    assert first == Case("r-1", "th", "who", "ใคร", (), True, (("ผู้ว่าฯ",),), (), ("ผู้ว่าฯ กล่าว",), "-")
    assert (second.question, second.note) == ("ใคร\u2028คะ", "")
