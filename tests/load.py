"""People at once against the served page: `python -m tests.load [PEOPLE] [SECONDS]` writes tests/results/load.md.

Each person asks single questions over the page's queue with about five seconds of thought between them, and checks that
the answer is that to their own question. Then the same beside a hostile user who never stops and comes by the address
that other machines would use, and a burst of 200 questions at once. The clients run on the same machine, and their work
is in the figures.
"""

import asyncio
import json
import os
import random
import socket
import sys
import time
from pathlib import Path

import httpx

from assistant.api import Assistant
from assistant.figures import percentile
from tests.hostile import TEXTS
from tests.screenshots import serving

QUESTIONS = ("ประชุมกันที่ไหน", "Who hosted the meeting?", "5 แผนมีอะไรบ้าง", "When was it held?", "ใครประชุมกัน")
PAUSE, BURST = 5.0, 200
OUT = Path(__file__).parent / "results" / "load.md"


async def asked(client, question):
    """Ask over the page's queue; return the answer."""
    made = await client.post("/gradio_api/call/ask", json={"data": [question, []]})
    told = await client.get(f"/gradio_api/call/ask/{made.json()['event_id']}")
    return json.loads(told.text.split("data: ", 1)[1].split("\n", 1)[0])[0]


async def person(client, number, until, expected, times, faults):
    """Ask until the time is over."""
    rng = random.Random(number)
    await asyncio.sleep(rng.random() * PAUSE)
    while time.monotonic() < until:
        question = rng.choice(QUESTIONS)
        begun = time.perf_counter()
        try:
            answer = await asked(client, question)
            if answer["text"] != expected[question]:
                faults.append(f"{question}: {answer['text'][:60]}")
        except (httpx.HTTPError, KeyError, IndexError, ValueError, TypeError) as error:
            faults.append(type(error).__name__)
        times.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(PAUSE * (0.5 + rng.random()))


def foe(client):
    """Return what sends hostile text without a pause until a time is over."""

    async def sends(until):
        while time.monotonic() < until:
            for text in TEXTS.values():
                try:
                    await client.post("/api/ask", json={"question": str(text)}, timeout=10)
                    await client.post("/api/ask", content=b"[" * 60_000, headers={"content-type": "application/json"})
                except (httpx.HTTPError, UnicodeEncodeError, ValueError):
                    await asyncio.sleep(0.01)
                if time.monotonic() >= until:
                    return

    return sends


async def crowd(client, people, seconds, expected, *, beside=()):
    """Return the milliseconds of every answer, and what went wrong."""
    times, faults = [], []
    until = time.monotonic() + seconds
    everyone = [person(client, n, until, expected, times, faults) for n in range(people)]
    await asyncio.gather(*everyone, *(other(until) for other in beside))
    return times, faults


async def burst(client, expected):
    """Ask 200 questions at once; return seconds until the last was answered or refused, and how many were what."""
    begun = time.perf_counter()
    sent = [client.post("/api/ask", json={"question": QUESTIONS[n % len(QUESTIONS)]}) for n in range(BURST)]
    got = await asyncio.gather(*sent, return_exceptions=True)
    seconds = time.perf_counter() - begun
    answered = sum(
        isinstance(g, httpx.Response) and g.status_code == 200 and g.json()["text"] in expected.values() for g in got
    )
    refused = sum(isinstance(g, httpx.Response) and g.status_code == 503 and "error" in g.json() for g in got)
    return seconds, answered, refused, BURST - answered - refused


def own_address():
    """Return the address by which other machines would reach this one, or the loopback where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of UDP: nothing is sent
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


async def measure(address, people, seconds):
    """Yield the rows of the report."""
    bot = Assistant()
    expected = {question: bot.ask(question).text for question in QUESTIONS}
    limits = httpx.Limits(max_connections=None)
    stranger = address.replace("127.0.0.1", own_address())
    async with (
        httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client,
        httpx.AsyncClient(base_url=stranger, timeout=30) as hostile,
    ):
        await client.post("/api/ask", json={"question": QUESTIONS[0]})
        for name, beside, span in (("alone", (), seconds), ("beside a hostile user", (foe,), max(30, seconds // 5))):
            times, faults = await crowd(client, people, span, expected, beside=[other(hostile) for other in beside])
            shown = " / ".join(f"{percentile(times, p):.0f}" for p in (0.5, 0.95, 0.99))
            yield f"| {people} people, {name} | {span} s | {len(times)} answers | {shown} ms | {len(faults)} faults |"
        took, answered, refused, lost = await burst(client, expected)
        yield f"| {BURST} at once | {took:.1f} s | {answered} answered | {refused} refused with 503 | {lost} faults |"


async def report(address, people, seconds):
    """Return the report as Markdown."""
    lines = [
        "# Load",
        "",
        f"`python -m tests.load {people} {seconds}` on {os.cpu_count()} cores, clients on the same machine, load "
        f"{os.getloadavg()[0]:.1f} at the start.",
        "",
        "| who | how long | answers | p50 / p95 / p99 | faults |",
        "| --- | --- | --- | --- | --- |",
    ]
    async for row in measure(address, people, seconds):
        lines.append(row)
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
    return "\n".join(lines) + "\n"


def main():
    """Serve, load, report."""
    people, seconds = (int(a) for a in (*sys.argv[1:], *("50", "600")[len(sys.argv) - 1 :]))
    with serving("0.0.0.0", THAMKHAO_PASSWORD="off") as (told, _):
        address = told.replace("0.0.0.0", "127.0.0.1")
        OUT.write_text(asyncio.run(report(address, people, seconds)), encoding="utf-8")


if __name__ == "__main__":
    main()
