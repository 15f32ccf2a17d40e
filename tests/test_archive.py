"""An archive: what is added, changed and removed shows, nothing half built or damaged is ever served."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant, cli, durable, generations
from assistant.archive import build_archive
from assistant.errors import IndexStateError, InputError
from assistant.interface import words
from tests.conftest import NEWS, put

ROOT = Path(__file__).resolve().parent.parent


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


@pytest.mark.slow
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


def test_every_sentence_of_the_commands_is_there_in_both_languages():
    assert {k for k in words()["th"] if k.startswith(("archive_", "help_"))} == {
        k for k in words()["en"] if k.startswith(("archive_", "help_"))
    }
