"""Article files: what is in them comes out exactly, and whatever cannot be read is one sentence with the remedy."""

import base64
import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from assistant import cli, ingest, settings
from assistant.article import build, load, load_folder
from assistant.errors import FileError, InputError
from assistant.parse_pdf import Line, paragraphs
from tests.files import assemble, docx, pdf, repacked

ROOT = Path(__file__).resolve().parent.parent
HEADLINE = "น้ำท่วมเมืองน่าน 12 หมู่บ้าน"
BODY = "เมื่อวันที่ 3 ส.ค. 2566 นายสมชาย ใจดี นายอำเภอเมืองน่าน เปิดเผยว่า น้ำท่วม 12 หมู่บ้าน มีผู้เดือดร้อน 340 คน"
SECOND = "ทั้งนี้ ทางอำเภอได้ตั้งศูนย์พักพิงที่โรงเรียนบ้านดู่ และแจกถุงยังชีพแล้ว 200 ชุด"
TEXT = f"{HEADLINE}\n\n{BODY}\n\n{SECOND}\n"
PAGE = f"""<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>{HEADLINE} | ข่าวน่าน</title>
<meta property="og:site_name" content="ข่าวน่าน">
<meta property="article:published_time" content="2023-08-04T09:00:00+07:00">
<script>var a = "ไม่ใช่ข่าว";</script></head><body><nav><a href="/">หน้าแรก</a></nav>
<article><h1>{HEADLINE}</h1><p>{BODY}</p><p>{SECOND}</p></article><footer>ลิขสิทธิ์</footer></body></html>"""
MARKDOWN = (
    f"# {HEADLINE}\n\n**เมื่อ**{BODY.removeprefix('เมื่อ')}\n\n[ทั้งนี้](http://127.0.0.1/){SECOND.removeprefix('ทั้งนี้')}\n"
)
PDF = pdf([HEADLINE, None, BODY[:60], BODY[60:], None, SECOND[:60], SECOND[60:], "1"], title=HEADLINE)


@pytest.fixture
def put(tmp_path):
    """Return a way to write a file and get its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refused(path):
    with pytest.raises(FileError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert ";" in message  # what is wrong; what to do
    assert str(Path(path).parent) not in message or str(Path(path).parent) in (".", "/")
    return caught.value.code


# What is in a file comes out.


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        "หัวข้อ\r\r\nเน\u0e49\u0e4d\u0e32ท่วม\u200b ๑๒ คน\x07\u2028ข่าว\ufeff \uf70a\n".encode(),
    ],
)
def test_a_text_file_comes_out_exactly(put, raw):
    assert load(put("a.txt", raw)).text.encode() == raw


@profile(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_comes_out_exactly(tmp_path_factory, text):
    text = "ก" + text
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode())
    assert ingest.read(path).text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [("\ufeff", "utf-8"), ("\ufeff", "utf-16-le"), ("\ufeff", "utf-16-be"), ("\ufeff", "utf-32-le"), ("", "cp874")],
)
def test_other_encodings_give_the_same_text_without_the_mark(put, mark, encoding):
    assert load(put("a.txt", (mark + TEXT).encode(encoding))).text == TEXT


@pytest.mark.parametrize(
    "raw",
    [
        "Le café déjà vu, un été à Genève où naît l'élève".encode("latin-1"),
        "Новости дня: сегодня в городе прошёл дождь".encode("cp1251"),
        "日本語のニュース記事です".encode("shift-jis"),
        "中文新闻报道今天下雨".encode("gbk"),
        TEXT.encode()[:100] + b"\xff" + TEXT.encode()[100:],
        TEXT.encode()[:-2],
        b"\xff\xfe\x00",
    ],
)
def test_bytes_in_another_encoding_are_refused_not_guessed(put, raw):
    assert refused(put("a.txt", raw)) == "encoding"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", PAGE),
        ("a.HTM", PAGE),
        ("a.html", "\ufeff" + PAGE),
        ("a.html", PAGE.replace("utf-8", "windows-874").encode("cp874")),
        ("a.md", MARKDOWN),
        ("a.pdf", PDF),
        ("a.docx", docx(HEADLINE, BODY, SECOND, title=HEADLINE)),
    ],
)
def test_every_kind_of_file_gives_the_words_that_stand_in_it(put, name, content):
    article = load(put(name, content))
    assert [line for line in article.text.split("\n") if line] == [HEADLINE, BODY, SECOND]
    assert (article.id, article.title) == ("a", HEADLINE)
    assert [b.kind for b in article.blocks] == ["headline", "lead", "paragraph"]
    assert all(article.text[c.start : c.end].strip() for c in article.clauses)


def test_a_page_says_who_published_it_and_when(put):
    article = load(put("a.html", PAGE))
    assert (article.publisher, article.date) == ("ข่าวน่าน", "2023-08-04")


def test_a_small_page_without_an_article_still_gives_its_words(put):
    assert load(put("a.html", f"<p>{HEADLINE}</p><p>{BODY}<br>{SECOND}</p>")).text.split("\n") == [
        HEADLINE,
        BODY,
        SECOND,
    ]


def test_markdown_keeps_lists_and_reads_its_front_matter(put):
    text = (
        f'---\ntitle: "{HEADLINE}"\ndate: 4 สิงหาคม 2566\nsource: ข่าวน่าน\n---\n{BODY}\n\n3. หนึ่ง\n4. *สอง*\n\n- `สาม`\n'
    )
    article = load(put("a.md", text))
    assert article.text.split("\n") == [HEADLINE, "", BODY, "", "3. หนึ่ง", "4. สอง", "- สาม"]
    assert (article.title, article.publisher, article.date) == (HEADLINE, "ข่าวน่าน", "2023-08-04")


def test_a_word_file_keeps_its_lists_and_tables(put):
    lines = [HEADLINE, ("หนึ่ง", "List Number"), ("สอง", "List Number"), ("สาม", "List Bullet")]
    assert load(put("a.docx", docx(*lines))).text.split("\n") == [HEADLINE, "1. หนึ่ง", "2. สอง", "- สาม"]


def test_printed_lines_are_joined_into_paragraphs_without_a_space_in_a_thai_word():
    full = "ก" * 40
    lines = [Line("พาด" * 13, 800, 18), Line(full, 770, 12), Line(full + " ", 755, 12), Line(full, 740, 12)]
    lines += [Line("จบ", 725, 12), Line(full, 710, 12), Line("1. หนึ่ง", 695, 12), Line(full, 660, 12)]
    joined = ["พาด" * 13, "", full + full + " " + full + "จบ", full, "1. หนึ่ง", "", full]
    assert paragraphs(lines).split("\n") == joined


def test_a_quote_from_a_parsed_file_is_in_its_text(put):
    from assistant import Assistant

    for name, content in (("a.html", PAGE), ("a.pdf", PDF)):
        bot = Assistant.from_file(put(name, content))
        answer = bot.ask("น้ำท่วมกี่หมู่บ้าน")
        assert "12" in answer.text
        assert answer.citations
        assert all(bot.article.text[c.start : c.end] == c.quote for c in answer.citations)


def test_side_files_beside_a_text_file_are_used(put):
    put("a.provenance.json", '{"id": "nan-1", "publisher": "ข่าวน่าน", "date": "2023-08-04"}')
    put("a.translation.jsonl", json.dumps({"th": SECOND, "en": "A shelter was set up."}) + "\n")
    article = load(put("a.txt", TEXT))
    assert (article.id, article.publisher, article.date) == ("nan-1", "ข่าวน่าน", "2023-08-04")
    assert [article.text[a.start : a.end] for a in article.translation] == [SECOND]


# What a text says of its own publication.


@pytest.mark.parametrize(
    ("before", "day"),
    [
        ("วันศุกร์ที่ 22 พฤศจิกายน 2567\nพิมพ์\n", "2024-11-22"),
        ("วันศุกร์ที่ ๒๒ พฤศจิกายน ๒๕๖๗\n22/11/2567\nพิมพ์\n", "2024-11-22"),
        ("เผยแพร่: วันศุกร์ที่ 22 พฤศจิกายน พ.ศ. 2567\n", "2024-11-22"),
        ("เผยแพร่เมื่อ 22 พ.ย. 2567 เวลา 10.30 น.\n", "2024-11-22"),
        ("22 พ.ย. 2024 10:30\n", "2024-11-22"),
        ("2024-11-22\n", "2024-11-22"),
        ("31/2/2567\n", ""),
        ("พิมพ์\n", ""),
        ("", ""),
    ],
)
def test_a_date_line_or_a_button_is_no_headline(before, day):
    article = build(before + TEXT)
    kinds = [b.kind for b in article.blocks]
    if day or "พิมพ์" in before or not before:
        assert (article.title, kinds[-3:]) == (HEADLINE, ["headline", "lead", "paragraph"])
    assert article.date == day


def test_the_date_may_stand_under_the_headline_or_at_the_end():
    assert build(f"{HEADLINE}\n4 สิงหาคม 2566 | 09:00 น.\n\n{BODY}\n").date == "2023-08-04"
    article = build(f"{TEXT}\nที่มา: ข่าวน่าน\nวันที่เผยแพร่: 4 ส.ค. 2566\n")
    assert (article.publisher, article.date) == ("ข่าวน่าน", "2023-08-04")


def test_the_day_of_what_happened_is_not_the_day_of_publication():
    assert build(TEXT).date == ""
    assert build(f"วันที่ 3 สิงหาคม 2566 น้ำท่วมเมืองน่าน\n\n{BODY}").date == ""


# What cannot be read is one sentence.


def locked(data):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


LOOP = assemble(
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
        b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 2 >>",
    ]
)
WORD = docx(HEADLINE, BODY)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = b'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>'.decode().encode("utf-16")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.txt", b"", "empty"),
        ("a.pdf", b"", "empty"),
        ("a.txt", b" \r\n\t\n", "empty"),
        ("a.txt", "\ufeff\n", "empty"),
        ("a.txt", "English only.", "no_thai"),
        ("a.html", "<p>English only, and nothing else at all.</p>", "no_thai"),
        ("a.txt", "ก" * 300_001, "too_long"),
        ("a.md", "ก" * 300_001, "too_long"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "binary"),
        ("a.txt", TEXT.encode("utf-16-le"), "binary"),
        ("a.txt", TEXT + "\0", "binary"),
        ("a.doc", TEXT, "suffix"),
        ("a", TEXT, "suffix"),
        ("a.txt", PDF, "mismatch"),
        ("a.txt", WORD, "mismatch"),
        ("a.txt", PNG, "mismatch"),
        ("a.md", PNG, "mismatch"),
        ("a.txt", PAGE, "mismatch"),
        ("a.pdf", TEXT, "not_kind"),
        ("a.docx", TEXT, "not_kind"),
        ("a.docx", PDF, "not_kind"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_word"),
        ("a.docx", repacked(docx(HEADLINE), {})[:-300], "broken"),
        ("a.docx", docx(), "no_text"),
        ("a.docx", repacked(WORD, {"word/vbaProject.bin": b"x"}), "macro"),
        ("a.docx", repacked(WORD, {"word/document.xml": ENTITY}), "entities"),
        ("a.docx", repacked(WORD, {"docProps/core.xml": LAUGHS}), "entities"),
        ("a.docx", repacked(WORD, {"word/media/big.bin": bytes(60_000_000)}), "bomb"),
        ("a.docx", repacked(WORD, {"word/document.xml": b"<a>" + b" " * 21_000_000 + b"</a>"}), "bomb"),
        ("a.pdf", locked(PDF), "encrypted"),
        ("a.pdf", pdf(b""), "scanned"),
        ("a.pdf", PDF[: len(PDF) // 2], "truncated"),
        ("a.pdf", LOOP, "broken"),
        ("a.pdf", b"%PDF-1.4\n" + bytes(500) + b"%%EOF", "broken"),
        ("a.html", "<html><script>document.write('ข่าวน้ำท่วม')</script><noscript>ข่าว</noscript></html>", "scripts"),
        ("a.md", "---\n---\n", "no_text"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(put, name, content, key):
    assert refused(put(name, content)) == key


@pytest.mark.parametrize("piece", ['<a b="', "<a", "<!--", "</", "<?", "<![", "<div>"])
def test_pages_that_stop_other_parsers_are_read_or_refused(put, piece):
    with pytest.raises(FileError):
        load(put("a.html", piece * (100_000 // len(piece))))
    assert HEADLINE in load(put("a.html", f"<p>{HEADLINE}</p>{piece * 200}")).text


def test_a_word_file_with_paths_that_lead_out_writes_nothing(put, tmp_path):
    path = put("a.docx", repacked(WORD, {"../../evil.txt": b"x", "/evil.txt": b"x"}))
    assert load(path).text.split("\n") == [HEADLINE, BODY]
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]


def test_a_file_over_the_limit_is_refused_before_it_is_read(put, monkeypatch):
    path = put("a.txt", TEXT)
    with path.open("r+b") as stream:
        stream.truncate(2 << 20)
    monkeypatch.setenv("THAMKHAO_FILE_MB", "1")
    assert refused(path) == "too_large"
    monkeypatch.setenv("THAMKHAO_FILE_MB", "many")
    with pytest.raises(InputError, match="THAMKHAO_FILE_MB must be a whole number from 1 to 1,000; got 'many'"):
        load(path)


def test_a_parser_that_takes_too_long_is_ended(put, monkeypatch):
    monkeypatch.setenv("THAMKHAO_PARSE_SECONDS", "1")
    assert refused(put("a.md", HEADLINE + "\n\n" + "[" * 500_000)) == "slow"


def test_a_parser_that_takes_too_much_memory_is_ended(put, monkeypatch):
    monkeypatch.setenv("THAMKHAO_PARSE_MB", "64")
    monkeypatch.setenv("THAMKHAO_PARSE_SECONDS", "60")
    assert refused(put("a.html", PAGE + f"<p>{BODY}</p>" * 12_000)) in ("heavy", "broken")


def test_a_page_of_text_that_unfolds_is_cut_off(put):
    path = put("a.pdf", pdf(*[[BODY] * 38] * 90, squeeze=True))
    assert path.stat().st_size < 100_000
    assert refused(path) in ("too_long", "slow")  # the latter on a machine with much other work


@pytest.mark.parametrize(
    ("name", "key"),
    [("/no/such.txt", "missing"), ("no\0name.txt", "bad_name"), ("ก" * 300 + ".txt", "bad_name"), ("/", "folder")],
)
def test_a_path_that_leads_to_no_file_is_one_sentence(name, key):
    assert refused(Path(name)) == key


def test_folders_pipes_devices_and_links_to_themselves_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "folder.txt").mkdir()
    keys = {"pipe": "not_file", "loop": "loop", "device": "not_file", "folder": "folder"}
    assert {name: refused(tmp_path / f"{name}.txt") for name in keys} == keys


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_sentence(put):
    path = put("a.txt", TEXT)
    path.chmod(0)
    assert refused(path) == "denied"


def test_permission_denied_by_the_system_is_one_sentence(put, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    path = put("a.txt", TEXT)
    monkeypatch.setattr(ingest.os, "open", denied)
    assert refused(path) == "denied"


@pytest.mark.parametrize(
    "name", ["a\u202egnp.txt", "a\nb.txt", "a\x1b[31m.txt", "CON.txt", "ข่าว.txt", "ก" * 80 + ".txt", "{}%s.txt"]
)
def test_odd_names_are_read_and_named_safely(put, name):
    assert load(put(name, TEXT)).text == TEXT
    put(name, "English only.")
    with pytest.raises(FileError) as caught:
        load(put(name, "English only."))
    assert not re.search("[\x00-\x1f\u202a-\u202e]", str(caught.value))
    assert len(str(caught.value)) < 250


def test_every_reason_can_be_said_in_both_languages(put, monkeypatch):
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    with pytest.raises(FileError, match="ว่างเปล่า") as caught:
        load(put("a.txt", ""))
    assert caught.value.sentence("th") == str(caught.value)
    assert caught.value.sentence("en") == "a.txt is empty; put the text of a Thai article into it"


# Folders.


def test_a_folder_is_an_archive_and_says_what_it_left_out(put, tmp_path, caplog):
    from assistant import Assistant

    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("a.txt", "b/a.txt", "b/c.html", "b/bad.pdf", "README.md", ".hidden/d.txt", "a.glossary.json", "x.png"):
        put(
            name,
            {"b/c.html": PAGE, "b/bad.pdf": b"%PDF-", "README.md": "English", "a.glossary.json": "[]"}.get(name, TEXT),
        )
    with caplog.at_level(logging.WARNING, "thamkhao"):
        bot = Assistant.from_folder(tmp_path)
    assert [a.id for a in bot.articles] == ["a.txt", "b/a.txt", "c"]
    assert [name for name, _ in bot.skipped] == ["README.md", "b/bad.pdf"]
    assert [r.getMessage() for r in caplog.records] == [f"skipped {name}: {why}" for name, why in bot.skipped]
    assert Assistant.from_file(tmp_path / "a.txt").skipped == []
    assert {p.article for p in bot.search("น้ำท่วมที่น่าน", k=9)} <= {a.id for a in bot.articles}


def test_a_folder_without_a_readable_article_is_one_sentence(put, tmp_path, monkeypatch):
    with pytest.raises(FileError, match="found none"):
        load_folder(tmp_path)
    path = put("a.txt", "English")
    put("b.txt", "")
    with pytest.raises(FileError, match="2 skipped"):
        load_folder(tmp_path)
    with pytest.raises(FileError, match="not a folder"):
        load_folder(path)
    with pytest.raises(FileError, match="not found"):
        load_folder(tmp_path / "none")
    monkeypatch.setenv("THAMKHAO_FOLDER_FILES", "1")
    with pytest.raises(FileError, match="at most 1 "):
        load_folder(tmp_path)


# Around it.


def test_the_command_line_takes_every_kind_of_file(put, capsys):
    for name, content in (("a.pdf", PDF), ("a.docx", WORD)):
        assert cli.main(["ask", "น้ำท่วมกี่หมู่บ้าน", "--article", str(put(name, content)), "--json"]) == 0
        assert "12" in json.loads(capsys.readouterr().out)["text"]
    assert cli.main(["facts", "--article", str(put("a.pdf", pdf(b"")))]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_the_parser_process_loads_nothing_of_the_engine():
    code = "import sys, assistant.parse_child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert not {"numpy", "faiss", "pythainlp", "assistant.article", "pypdf", "lxml", "docx"} & set(loaded.split())


def test_the_parser_process_takes_no_module_from_the_folder_it_runs_in(put, tmp_path, monkeypatch):
    put("pypdf.py", "raise SystemExit(9)")
    path = put("a.pdf", PDF)
    monkeypatch.chdir(tmp_path)
    assert HEADLINE in load(path).text


def test_the_settings_stand_in_the_readme_with_their_defaults():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in settings.SETTINGS:
        cells = [f"`{row.name}`", row.default, row.unit, row.why]
        assert "| " + " | ".join(cells).replace("  ", " ") + " |" in readme, row.name
