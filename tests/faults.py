"""What the disk, the power and other processes may do: `python -m tests.faults` writes tests/results/faults.md.

Every function returns how often a fault was tried and what was lost by it. Linux only.
"""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import httpx

from assistant import artefacts, feedback, saved
from assistant.api import Assistant
from assistant.encoder import shipped_encoder
from assistant.errors import IndexStateError, ThamKhaoError
from tests.screenshots import serving

OUT = Path(__file__).parent / "results" / "faults.md"
CHANCE = random.Random(20)


def two_indexes():
    """Return the shipped index and one that differs from it in every file."""
    index = saved.load(saved.built_folder(), saved.shipped_article(), shipped_encoder())
    halves = tuple(replace(w, end=w.end - 1) for w in index.windows)
    other = replace(index, windows=halves, tokens=replace(index.tokens, start=index.tokens.start + 1))
    return index, other


def save(index, folder):
    """Save an index of the shipped article."""
    saved.save(index, shipped_encoder(), saved.shipped_article(), folder)


def is_one_of(folder, indexes):
    """Say whether what a folder holds loads, and is one of some indexes and no mixture."""
    try:
        got = saved.load(folder, saved.shipped_article(), shipped_encoder())
    except ThamKhaoError:
        return False
    return any(got.windows == i.windows and (got.tokens.start == i.tokens.start).all() for i in indexes)


def child(work):
    """Run something in a fork of this process; return its number."""
    number = os.fork()
    if number == 0:
        code = 1
        with contextlib.suppress(BaseException):
            code = work() or 0
        os._exit(code)
    return number


def killed_builds(folder, times):
    """Kill a builder at a random moment, again and again; count the indexes that are unusable or mixed."""
    indexes = two_indexes()
    save(indexes[0], folder)
    lost = 0

    def build():
        while True:
            for index in indexes:
                save(index, folder)

    for _ in range(times):
        number = child(build)
        time.sleep(CHANCE.uniform(0.005, 0.25))
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        lost += not is_one_of(folder, indexes)
    return times, lost


def full_disks(folder, times):
    """Build where no file may grow past a random size; count old indexes that are lost and errors that are not told."""
    index, other = two_indexes()
    shutil.rmtree(folder, ignore_errors=True)
    save(index, folder)
    largest = max(p.stat().st_size for p in folder.iterdir())
    lost = 0

    def build(most):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            save(other, folder)
        except OSError:
            return 7
        return 0

    for _ in range(times):
        number = child(lambda: build(CHANCE.randrange(100, largest)))
        code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        lost += code != 7 or not is_one_of(folder, [index])
    return times, lost


def builders(folder, count):
    """Let several build at once; each must end well or say that another builds, and one index must be there."""
    indexes = two_indexes()
    save(indexes[0], folder)

    def build(index):
        try:
            save(index, folder)
        except IndexStateError:
            return 7
        return 0

    numbers = [child(lambda n=n: build(indexes[n % 2])) for n in range(count)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers]
    return count, sum(code not in (0, 7) for code in codes) + (0 not in codes) + (not is_one_of(folder, indexes))


def damaged(path, body):
    """Write a file with one bit flipped, or cut short."""
    if CHANCE.random() < 0.5:
        place = CHANCE.randrange(len(body))
        path.write_bytes(body[:place] + bytes([body[place] ^ 1 << CHANCE.randrange(8)]) + body[place + 1 :])
    else:
        path.write_bytes(body[: CHANCE.randrange(len(body))])


def refused(path, load, times):
    """Damage a file again and again; count how often it is believed, or the refusal does not name it."""
    body, believed = path.read_bytes(), 0
    for _ in range(times):
        damaged(path, body)
        try:
            load()
            believed += 1
        except ThamKhaoError as error:
            told = error.sentence("en")
            believed += path.name.split("-")[0] not in told or ";" not in told
    path.write_bytes(body)
    load()
    return times, believed


def damaged_index(folder, times):
    """Damage every file of a saved index."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(saved.built_folder(), folder)
    for path in sorted(p for p in folder.iterdir() if p.name != "lock"):
        yield (
            path.name,
            *refused(path, lambda: saved.load(folder, saved.shipped_article(), shipped_encoder()), times),
        )


def damaged_artefacts(folder, times):
    """Damage every table and every file of the models."""
    shutil.rmtree(folder, ignore_errors=True)
    real, find = artefacts.DATA, artefacts.data_folder
    files = {artefacts.shown(p): p for p in artefacts.files()}
    try:
        artefacts.DATA, artefacts.data_folder = folder / "data", lambda _: folder / "index"
        for name, source in files.items():
            path = folder / name.replace("assistant/data", "data")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            if name.startswith("index/"):
                model = folder / "index" / name.split("/")[1]
                shutil.copytree(find("index") / model.name, model, dirs_exist_ok=True)
                yield name, *refused(path, lambda m=model: artefacts.check_model(m), times)
            else:
                yield name, *refused(path, lambda p=path: artefacts.read(p), times)
    finally:
        artefacts.DATA, artefacts.data_folder = real, find


def damaged_archive(folder, times):
    """Damage every file of an archive of two articles."""
    from assistant.archive import build_archive

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "news").mkdir(parents=True)
    for name in ("ฝนตกหนักที่เชียงใหม่เมื่อวันที่ 2 มกราคม 2567", "ไฟไหม้ตลาดที่ตรังเมื่อวันที่ 3 มกราคม 2567"):
        (folder / "news" / f"{name[:5]}.txt").write_text(name, encoding="utf-8")
    archive = folder / "archive"
    build_archive(archive, [folder / "news"], workers=1)

    def load():
        bot = Assistant.from_index(archive)
        bot.search("ฝน")
        assert all(article.text for article in bot.articles)

    for path in sorted(p for p in archive.rglob("*") if p.is_file() and p.name != "lock"):
        yield path.name[:24], *refused(path, load, times)


def killed_feedback(folder, rows):
    """Kill a writer of feedback at random moments until so many rows were acknowledged; count those that are gone."""
    path = folder / "feedback.jsonl"
    path.unlink(missing_ok=True)
    acknowledged = set()
    while len(acknowledged) < rows:
        ours, theirs = os.pipe()

        first = 10 * len(acknowledged)

        def write(theirs=theirs, first=first):
            for number in range(first, 10**9):
                feedback.append(path, {"id": number, "question": "ใครประชุมกัน"}, 10**9)
                os.write(theirs, f"{number}\n".encode())

        number = child(write)
        os.close(theirs)
        time.sleep(CHANCE.uniform(0.05, 0.6))
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        with os.fdopen(ours, "rb") as told:
            acknowledged |= {int(line) for line in told.read().splitlines(keepends=True) if line.endswith(b"\n")}
    kept = set()
    for line in path.read_bytes().splitlines():
        with contextlib.suppress(ValueError):
            kept.add(json.loads(line)["id"])
    return len(acknowledged), len(acknowledged - kept)


def stopped_server(people):
    """Stop the server while people wait for answers; count those who get neither an answer nor a clear refusal.

    Of the people only those count whose question was let in before the door was shut.
    """
    with serving() as (address, process):
        httpx.post(f"{address}/api/ask", json={"question": "ใครประชุมกัน"}, timeout=60)

        def ask(number):
            try:
                return httpx.post(
                    f"{address}/api/ask", json={"question": f"ใครประชุมกัน {number}"}, timeout=30
                ).status_code
            except httpx.HTTPError as error:
                return type(error).__name__

        with ThreadPoolExecutor(people) as pool:
            open_answers = [pool.submit(ask, n) for n in range(people)]
            next(as_completed(open_answers))
            begun = time.monotonic()
            process.terminate()
            codes = [answer.result() for answer in open_answers]
        ended = process.wait(20)
        late = time.monotonic() - begun > 12
    inside = [code for code in codes if code != "ConnectError"]  # the others came after the door was shut
    return len(inside), sum(code not in (200, 503) for code in inside) + (ended not in (0, 143)) + late


SURROUNDINGS = (
    {"TZ": "Pacific/Kiritimati"},
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"HOME": "/nonexistent", "TMPDIR": "/tmp"},
    {"PYTHONHASHSEED": "7"},
)


def surroundings():
    """Ask in odd surroundings; count answers that differ."""
    command = [sys.executable, "-m", "assistant.cli", "ask", "ประชุมกันที่ไหน", "--json"]

    def answer(changed):
        done = subprocess.run(command, env={**os.environ, **changed}, capture_output=True, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    plain = answer({})
    return len(SURROUNDINGS), sum(answer(changed) != plain for changed in SURROUNDINGS)


def report(folder, times):
    """Yield a row of the report for every fault."""
    yield "kill −9 during an index build: unusable or mixed", *killed_builds(folder / "killed", times)
    yield "no room on the disk: old index lost, or no error", *full_disks(folder / "full", times // 2)
    for count in (2, 8):
        yield f"{count} builders at once: failed or mixed", *builders(folder / "builders", count)
    for name, *row in damaged_index(folder / "index", 2 * times):
        yield f"bit flips and cuts, index `{name}`: believed or not named", *row
    for name, *row in damaged_artefacts(folder / "artefacts", 2 * times):
        yield f"bit flips and cuts, `{name}`: believed or not named", *row
    for name, *row in damaged_archive(folder / "archive", 2 * times):
        yield f"bit flips and cuts, archive `{name}`: believed or not named", *row
    yield "kill −9 of a feedback writer: acknowledged rows lost", *killed_feedback(folder, 100 * times)
    yield "SIGTERM with open answers: cut off", *stopped_server(20)
    yield "other time zone, encoding, home, hash seed: another answer", *surroundings()


def main():
    """Try every fault; write the report."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    lines = ["# Faults", "", f"`python -m tests.faults {times}`", "", "| fault | tried | bad |", "| --- | --- | --- |"]
    with tempfile.TemporaryDirectory() as folder:
        for name, tried, bad in report(Path(folder), times):
            lines.append(f"| {name} | {tried:,} | {bad} |")
            sys.stdout.write(lines[-1] + "\n")
            sys.stdout.flush()
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
