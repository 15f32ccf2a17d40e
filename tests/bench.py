"""Time the assistant: `python -m tests.bench` prints a Markdown table, conditions first.

Every measurement runs in a fresh process; rounds alternate between the rows, so a busy spell hits them all.
"""

import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

ROUNDS = 5
QUESTION_ROUNDS = 3  # of hundreds of questions each
PATIENCE = 120.0  # seconds until one measurement counts as failed
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
COMMAND = Path(sys.executable).with_name("thamkhao")
CLI = (
    [str(COMMAND)]
    if COMMAND.is_file()
    else [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())"]
)
LOAD = """
import time
from assistant import Assistant
begun = time.perf_counter()
Assistant()
print(time.perf_counter() - begun)
"""
QUESTIONS = """
import json, pathlib, sys
from assistant import Assistant
from assistant.evaluate import evaluate
report = evaluate([pathlib.Path(name) for name in sys.argv[1:]], Assistant())
print(json.dumps([[case.lang, judged.milliseconds / 1000] for case, judged in zip(report.cases, report.judgements)]))
"""


class NotMeasuredError(Exception):
    """A measured process failed; the text is the last line it wrote."""


def last_line(command: list[str]) -> str:
    """Run a command at the root of the clone and return the last line it prints."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE * 5,
            encoding="utf-8",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasuredError(type(error).__name__) from error
    if done.returncode:
        raise NotMeasuredError((done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1])
    return (done.stdout.strip() or " ").splitlines()[-1]


def wall(command: list[str]) -> float:
    """Return the seconds a command takes from start to exit."""
    begun = time.perf_counter()
    last_line(command)
    return time.perf_counter() - begun


def python(code: str) -> list[str]:
    """Return the command that runs some code in a fresh interpreter."""
    return [sys.executable, "-c", code]


def first_page() -> float:
    """Return the seconds from the start of `thamkhao serve` on a free loopback port to the page's first 200."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    server = subprocess.Popen(
        [*CLI, "serve", "--host", "127.0.0.1", "--port", str(port)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        while time.perf_counter() - begun < PATIENCE:
            if server.poll() is not None:
                raise NotMeasuredError(f"the server exits with {server.returncode}")
            try:
                with opener.open(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as reply:
                    if reply.status == 200:
                        return time.perf_counter() - begun
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        raise NotMeasuredError(f"no page in {PATIENCE:g} s")
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


# Each row: what is timed, how, and the row it is held against.
ROWS: tuple[tuple[str, Callable[[], float], str], ...] = (
    ("bare python", partial(wall, python("pass")), ""),
    ("import assistant, fresh interpreter", partial(wall, python("import assistant")), "bare python"),
    ("thamkhao ask, cold, start to exit", partial(wall, [*CLI, "ask", "ใครประชุมกัน"]), ""),
    ("Assistant() after the import", lambda: float(last_line(python(LOAD))), ""),
    ("import gradio, fresh interpreter", partial(wall, python("import gradio")), ""),
    ("thamkhao serve to the page's first 200", first_page, "import gradio, fresh interpreter"),
)


def question_times() -> dict[str, list[float]]:
    """Return per language the seconds of every question of tests/questions, asked once in a fresh process."""
    sets = sorted(str(path) for path in (ROOT / "tests" / "questions").glob("shipped.*.jsonl"))
    times: dict[str, list[float]] = {}
    for lang, seconds in json.loads(last_line([*python(QUESTIONS), *sets])):
        times.setdefault(lang, []).append(seconds)
    return times


def measure() -> tuple[dict[str, list[float]], dict[str, str]]:
    """Return the seconds of every row, round by round, and why a row could not be measured."""
    taken: dict[str, list[float]] = {name: [] for name, _, _ in ROWS}
    failed: dict[str, str] = {}
    for _ in range(ROUNDS):
        for name, timed, _ in ROWS:
            if name not in failed:
                try:
                    taken[name].append(timed())
                except NotMeasuredError as error:
                    failed[name] = str(error)
    for _ in range(QUESTION_ROUNDS):
        try:
            for lang, seconds in question_times().items():
                cuts = statistics.quantiles(seconds, n=20, method="inclusive")
                taken.setdefault(f"warm question, {lang}, p50 of {len(seconds)}", []).append(statistics.median(seconds))
                taken.setdefault(f"warm question, {lang}, p95 of {len(seconds)}", []).append(cuts[18])
        except NotMeasuredError as error:
            failed["warm question"] = str(error)
            break
    return taken, failed


def processor() -> str:
    """Return the processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def report(taken: dict[str, list[float]], failed: dict[str, str], busy: tuple[str, str]) -> str:
    """Return the tables: conditions, then median, range and ratio of every row."""
    sets = ", ".join(sorted(path.name for path in (ROOT / "tests" / "questions").glob("shipped.*.jsonl")))
    lines = [
        "| condition | value |",
        "| --- | --- |",
        f"| Python | {platform.python_version()} |",
        f"| platform | {platform.platform()} |",
        f"| processor | {processor()}, {os.cpu_count()} threads |",
        f"| load average before, after | {busy[0]}, {busy[1]} |",
        f"| date | {date.today().isoformat()} |",
        f"| question sets | {sets} |",
        f"| command | {'the installed script' if COMMAND.is_file() else 'assistant.cli by python -c'} |",
        "| clock | wall time; fresh process each; files in the system's cache |",
        "",
        "| measured | median | least to most | runs | ratio |",
        "| --- | --- | --- | --- | --- |",
    ]
    held = {name: against for name, _, against in ROWS}
    for name, seconds in taken.items():
        if not seconds or name in failed:
            continue
        base = taken.get(held.get(name, ""), [])
        ratio = f"{statistics.median(seconds) / statistics.median(base):.2f} × {held[name]}" if base else "–"
        lines.append(
            f"| {name} | {shown(statistics.median(seconds))} | {shown(min(seconds))} to {shown(max(seconds))} "
            f"| {len(seconds)} | {ratio} |"
        )
    return "\n".join([*lines, *(f"| {name} | not measured: {why} | – | – | – |" for name, why in failed.items()), ""])


def shown(seconds: float) -> str:
    """Return a time with three digits, in seconds or milliseconds."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def load_average() -> str:
    """Return the system's one-minute load, where it tells it."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def main() -> int:
    """Measure, print, and return 0, or 1 when a row could not be measured."""
    before = load_average()
    wall(python("import assistant, gradio"))  # once, so that every round finds the files in the cache
    taken, failed = measure()
    sys.stdout.write(report(taken, failed, (before, load_average())))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
