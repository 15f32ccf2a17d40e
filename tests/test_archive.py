"""An archive: what is added, changed and removed shows, nothing half built or damaged is ever served."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant, cli, corpus, durable, generations
from assistant.analysis import lexicon_vocabulary
from assistant.archive import build_archive
from assistant.corpus import Corpus
from assistant.encoder import shipped_encoder
from assistant.errors import IndexStateError, InputError
from assistant.interface import words
from assistant.postings import K1, B, Bags, Postings, join
from assistant.question import understand
from assistant.shelf import Filter

ROOT = Path(__file__).resolve().parent.parent
ITEMS = {
    "rice": (
        "ชาวนาเชียงใหม่เก็บเกี่ยวข้าวหอมมะลิ",
        "เมื่อวันที่ 3 ธันวาคม 2566 นายสมชาย ใจดี ประธานสหกรณ์ชาวนา กล่าวว่า ปีนี้ขายข้าวได้ 14,000 ตัน",
        "ข่าวเกษตร",
        "4 ธันวาคม 2566",
    ),
    "football": (
        "ทีมฟุตบอลหญิงไทยคว้าแชมป์ที่ชลบุรี",
        "นางสาวมาลี แก้วใส กัปตันทีม ยิงประตูชัยนาทีสุดท้าย ต่อหน้าผู้ชม 5,200 คน",
        "ข่าวกีฬา",
        "9 มีนาคม 2567",
    ),
    "flood": (
        "น้ำท่วมเมืองน่าน อพยพ 12 หมู่บ้าน",
        "นายวิชัย มั่นคง ผู้ว่าราชการจังหวัดน่าน เปิดศูนย์พักพิงที่โรงเรียนสตรีศรีน่าน",
        "ข่าวเหนือ",
        "20 สิงหาคม 2567",
    ),
    "train": (
        "รถไฟสายใหม่ไปหนองคายเปิดเดินรถ",
        "การรถไฟแห่งประเทศไทยเปิดเดินรถเที่ยวแรก มีผู้โดยสาร 830 คน ใช้เวลา 9 ชั่วโมง",
        "ข่าวเดินทาง",
        "1 กรกฎาคม 2567",
    ),
    "museum": (
        "พิพิธภัณฑ์เรือเปิดที่สงขลา",
        "นางอรทัย ทะเลงาม ผู้อำนวยการพิพิธภัณฑ์ กล่าวว่า มีเรือโบราณจัดแสดง 27 ลำ",
        "ข่าวใต้",
        "15 พฤศจิกายน 2567",
    ),
    "dust": (
        "ฝุ่นละอองในลำปางเกินมาตรฐาน",
        "กรมควบคุมมลพิษเตือนประชาชนสวมหน้ากาก หลังวัดค่าฝุ่นได้ 142 ไมโครกรัม",
        "ข่าวเหนือ",
        "2 กุมภาพันธ์ 2567",
    ),
}
NEWS = {
    name: f"{head}\n\n{body}\n\nที่มา: {publisher}\nเผยแพร่เมื่อ {day}\n"
    for name, (head, body, publisher, day) in ITEMS.items()
}


def put(folder, news=NEWS):
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in news.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Return an archive that no test changes, beside the files it was made from."""
    folder = tmp_path_factory.mktemp("standing")
    build_archive(folder / "archive", [put(folder / "news")])
    return folder / "archive"


@pytest.fixture
def archive(standing, tmp_path):
    """Return a copy of it, with its files."""
    shutil.copytree(standing.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "archive"


@pytest.fixture
def news(archive):
    return archive.parent / "news"


@pytest.fixture(scope="module")
def bot(standing):
    return Assistant.from_index(standing)


def segment_names(folder):
    return {path.name for path in folder.glob("segments/*/*.segment")}


def test_what_is_added_changed_and_removed_shows_and_the_rest_is_not_read_again(archive, news):
    before = {p.name: p.stat().st_mtime_ns for p in archive.glob("segments/*/*.segment")}
    (news / "new.txt").write_text("ตลาดน้ำแห่งใหม่เปิดที่อยุธยา\n\nมีร้านค้า 64 ร้าน", encoding="utf-8")
    (news / "rice.txt").write_text(NEWS["rice"].replace("14,000", "15,500"), encoding="utf-8")
    (news / "dust.txt").unlink()
    report = build_archive(archive, [news], prune=True)
    assert (report.added, report.replaced, report.removed, report.kept) == (["new"], ["rice"], ["dust"], 4)
    after = {p.name: p.stat().st_mtime_ns for p in archive.glob("segments/*/*.segment")}
    assert {name: after[name] for name in before if name in after} == before
    bot = Assistant.from_index(archive)
    assert [a.id for a in bot.articles] == ["flood", "football", "museum", "new", "rice", "train"]
    assert "15,500" in bot.find_article("rice").text
    assert bot.search("ตลาดน้ำ", k=1)[0].article == "new"


def test_an_article_is_removed_by_its_id_and_an_unknown_id_is_an_error(archive):
    assert build_archive(archive, remove=["flood"]).removed == ["flood"]
    assert "flood" not in [a.id for a in Assistant.from_index(archive).articles]
    with pytest.raises(InputError, match="no article 'flood'"):
        build_archive(archive, remove=["flood"])


def test_without_prune_an_article_outlives_its_file(archive, news):
    (news / "dust.txt").unlink()
    build_archive(archive, [news])
    assert "142" in Assistant.from_index(archive).find_article("dust").text


def test_a_second_run_changes_nothing(archive, news):
    before = {p: p.read_bytes() for p in archive.rglob("*") if p.is_file()}
    report = build_archive(archive, [news])
    assert (report.kept, report.added, report.replaced) == (6, [], [])
    assert {p: p.read_bytes() for p in archive.rglob("*") if p.is_file()} == before


def test_the_way_it_came_about_does_not_show(archive, news, tmp_path):
    grown = tmp_path / "grown"
    for name in ("train", "dust", "rice", "museum", "football", "flood"):
        build_archive(grown, [news / f"{name}.txt"])
    last = [generations.folder_of(f, generations.current(f).number) for f in (archive, grown)]
    for name in ("tables.safetensors", "vectors.faiss"):
        assert (last[0] / name).read_bytes() == (last[1] / name).read_bytes()


def test_an_unreadable_file_is_one_line_and_the_rest_goes_on(tmp_path, capsys, news):
    (news / "bad.txt").write_bytes(b"%PDF-1.7 no text")
    (news / "empty.txt").write_bytes(b"")
    assert cli.main(["index", str(news), "--out", str(tmp_path / "a"), "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "6 articles" in out and "2 skipped" in out
    assert len(Assistant.from_index(tmp_path / "a").articles) == 6


def test_two_files_of_one_name_get_ids_of_their_own(tmp_path, news):
    put(news / "inner", {"rice": "ข้าวญี่ปุ่นราคาขึ้น\n\nราคา 99 บาท"})
    build_archive(tmp_path / "a", [news])
    bot = Assistant.from_index(tmp_path / "a")
    assert {a.id for a in bot.articles} == {*NEWS, "inner/rice.txt"}
    assert bot.find_article("rice").text == NEWS["rice"]


QUESTIONS = [
    ("ขายข้าวได้กี่ตัน", "rice"),
    ("Who is the captain of the football team?", "football"),
    ("พิพิธภัณฑ์เรือเปิดที่ไหน", "museum"),
]


@pytest.mark.parametrize(("question", "source"), QUESTIONS)
def test_an_answer_names_its_article_and_a_reopened_archive_gives_the_same(standing, bot, question, source):
    answer = bot.ask(question)
    assert answer.answered
    assert {c.article for c in answer.citations} == {source}
    assert all(bot.find_article(c.article).text[c.start : c.end] == c.quote for c in answer.citations)
    assert Assistant.from_index(standing).ask(question) == answer


def test_search_ranks_as_a_corpus_in_memory_does(standing, bot):
    shelf = Assistant.from_folder(standing.parent / "news")
    for query in ("ข้าวหอมมะลิ", "the winning goal", "น้ำท่วมที่น่าน"):
        ours, theirs = bot.search(query, k=4), shelf.search(query, k=4)
        assert ours[0].article == theirs[0].article
        assert [p.text for p in ours] == [bot.find_article(p.article).text[p.start : p.end] for p in ours]
        assert ours[0].dense == pytest.approx(theirs[0].dense, abs=2e-3)


def test_filters_choose_by_day_and_publisher(bot):
    def found(**wanted):
        return {p.article for p in bot.search("ข่าว", k=50, **wanted)}

    assert found(since="2024-07") == {"train", "flood", "museum"}
    assert found(until="2024-02-02") == {"rice", "dust"}
    assert found(since="2567", until="2567-03") == {"dust", "football"}
    assert found(source="ข่าวเหนือ") == {"flood", "dust"}
    assert found(source="nobody") == set()
    assert bot.ask("ขายข้าวได้กี่ตัน", since="2024").status != "answered"
    assert bot.ask("ขายข้าวได้กี่ตัน", until="2023").citations[0].article == "rice"
    assert bot.ask("who?", source="nobody").text == "No article is from the days or the publisher you chose."
    with pytest.raises(InputError, match="since must be"):
        bot.ask("x", since="yesterday")


def test_the_command_line_asks_and_searches_an_archive(standing, capsys):
    assert cli.main(["ask", "ขายข้าวได้กี่ตัน", "--index", str(standing)]) == 0
    assert "14,000" in (out := capsys.readouterr().out) and "rice" in out.splitlines()[-1]
    assert cli.main(["search", "น้ำท่วม", "--index", str(standing), "--until", "2023", "-k", "1"]) == 0
    assert "rice" in capsys.readouterr().out
    assert cli.main(["index", "--list", "--out", str(standing)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert cli.main(["ask", "ใคร", "--index", str(standing / "segments")]) == 2
    assert "thamkhao index" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["tables.safetensors", "vectors.faiss", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "pipe"])
def test_a_damaged_file_is_refused_with_the_remedy_and_building_mends_it(archive, news, name, damage):
    path = generations.folder_of(archive, 1) / name
    body = bytearray(path.read_bytes())
    path.unlink()
    if damage == "cut":
        path.write_bytes(body[:-7])
    elif damage == "flip":
        body[len(body) // 2] ^= 4
        path.write_bytes(body)
    elif damage == "pipe":
        os.mkfifo(path)
    with pytest.raises(IndexStateError, match=rf"{name}.*thamkhao index"):
        Assistant.from_index(archive)
    if name == "manifest.json":
        (archive / "CURRENT").unlink()
    build_archive(archive, [news])
    assert Assistant.from_index(archive).ask("ขายข้าวได้กี่ตัน").answered


def test_a_damaged_segment_is_refused_by_name_and_made_again(archive, news):
    entry = next(e for e in generations.current(archive).entries if e.id == "rice")
    path = next(archive.glob(f"segments/*/{entry.segment}"))
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    bot = Assistant.from_index(archive)
    with pytest.raises(IndexStateError, match=r"damaged \(article rice\); run `thamkhao index"):
        bot.find_article("rice")
    build_archive(archive)
    assert "14,000" in bot.find_article("rice").text


def test_another_encoder_is_refused_and_the_archive_can_be_made_again_for_it(archive, news):
    class Other:
        name, dimension, fingerprint, prefixes = "other", 8, "x", ("", "")

        def encode(self, texts, *, query=False):
            rows = np.array([[1 + (len(t) >> i) % 2 for i in range(8)] for t in texts], dtype=np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    with pytest.raises(IndexStateError, match=r"another encoder.*thamkhao index"):
        Assistant.from_index(archive, encoder=Other())
    for path in news.iterdir():
        path.unlink()
    build_archive(archive, encoder=Other())  # from the texts it keeps
    assert Assistant.from_index(archive, encoder=Other()).search("ข้าวหอมมะลิ", k=1)[0].article == "rice"


@pytest.mark.parametrize("step", range(9))
def test_an_error_at_any_step_leaves_the_old_generation_serving(archive, news, monkeypatch, step):
    (news / "new.txt").write_text("ตลาดน้ำแห่งใหม่เปิดที่อยุธยา\n\nมีร้านค้า 64 ร้าน", encoding="utf-8")
    real, calls = durable.write, []

    def failing(path, *parts):
        calls.append(path)
        if len(calls) > step:
            raise OSError(28, "No space left on device", str(path))
        real(path, *parts)

    monkeypatch.setattr(durable, "write", failing)
    try:
        build_archive(archive, [news])
    except OSError:
        assert len(Assistant.from_index(archive).articles) == 6
    monkeypatch.undo()
    assert build_archive(archive, [news]).articles == 7
    assert len(Assistant.from_index(archive).articles) == 7
    assert not list(archive.rglob(f"*{durable.UNFINISHED}*"))


def start(news, folder):
    command = [sys.executable, "-m", "assistant.cli", "index", str(news), "--out", str(folder), "--workers", "1"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_a_builder_killed_in_the_middle_loses_nothing(tmp_path):
    many = {f"n{i:02d}": f"{NEWS['rice']}\n\nข่าวที่ {i} " + NEWS["flood"] * 6 for i in range(24)}
    news, folder = put(tmp_path / "news", many), tmp_path / "archive"
    kept: set[str] = set()
    for finished in (2, 8):
        builder = start(news, folder)
        until = time.monotonic() + 120
        while len(segment_names(folder)) < finished and builder.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        builder.send_signal(signal.SIGKILL)
        builder.communicate()
        assert kept <= segment_names(folder)
        kept = segment_names(folder)
        with pytest.raises(IndexStateError, match="no archive"):
            Assistant.from_index(folder)
    report = build_archive(folder, [news])
    assert report.reused == len(kept) >= 8
    assert Counter(a.id for a in Assistant.from_index(folder).articles) == Counter(dict.fromkeys(many, 1))


def test_two_builders_do_not_collide(archive, news, capsys):
    with durable.sole_writer(archive / "lock", "held"):
        assert cli.main(["index", str(news), "--out", str(archive)]) == 2
        other = start(news, archive)
        assert "another process" in other.communicate(timeout=120)[1]
        assert other.returncode == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "another process" in error
    assert build_archive(archive, [news]).kept == 6


@pytest.mark.slow
def test_workers_give_what_one_process_gives(tmp_path, archive, news):
    build_archive(tmp_path / "crew", [news], workers=2)
    both = [generations.folder_of(f, generations.current(f).number) for f in (archive, tmp_path / "crew")]
    assert len({(folder / "vectors.faiss").read_bytes() for folder in both}) == 1


def test_approximate_lists_find_what_comparing_every_row_finds(tmp_path, news, monkeypatch):
    many = {f"n{i:02d}": f"{text}\n\nข่าวที่ {i}" for i, text in enumerate([*NEWS.values()] * 8)}
    folder = tmp_path / "large"
    monkeypatch.setattr(generations, "FLAT_MOST", 40)
    monkeypatch.setattr(corpus, "NEAREST", 30)
    monkeypatch.setattr(corpus, "LEXICAL_BEST", 20)
    build_archive(folder, [put(tmp_path / "many", many)])
    bot = Assistant.from_index(folder)
    assert bot._indexes.corpus()._lists is not None
    exact = Corpus.of(
        [
            generations.segments.read(generations.segments.path_of(folder, e.segment), e.id).leaf
            for e in bot._indexes.entries
        ]
    )
    for query in ("ข้าวหอมมะลิ", "the winning goal of the match"):
        question, vector = understand(query, lexicon_vocabulary()), shipped_encoder().encode([query], query=True)[0]
        near, all_of_them = bot._indexes.corpus().rank(question, vector, 5), exact.rank(question, vector, 5)
        assert near.scores == pytest.approx(all_of_them.scores, abs=1e-6)
        only = bot._indexes.passing(Filter.of("2024", None, None))
        assert only[bot._indexes.corpus().article[bot._indexes.corpus().rank(question, vector, 9, only).passages]].all()


def test_joined_postings_score_as_the_formula_says():
    rng = np.random.default_rng(3)
    parts = [[Counter(rng.choice(list("abcdef"), size=9).tolist()) for _ in range(4)] for _ in range(3)]
    bags = [bag for part in parts for bag in part]
    scores = Postings(join([Bags.of(part) for part in parts])).scores([["a"]])
    for row, bag in enumerate(bags):
        assert scores[row] == pytest.approx(bag["a"] * (K1 + 1) / (bag["a"] + K1 * (1 - B + B)), abs=1e-6)


def test_every_sentence_of_the_commands_is_there_in_both_languages():
    assert {k for k in words()["th"] if k.startswith(("archive_", "help_"))} == {
        k for k in words()["en"] if k.startswith(("archive_", "help_"))
    }
