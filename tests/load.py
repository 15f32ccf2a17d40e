"""People at once against the served page: `python -m tests.load [PEOPLE] [SECONDS]` prints Markdown.

Each asks single questions, without history, over the page's queue with a pause of some seconds, and checks that the
answer is that to their own question. The clients run on the same machine, and their work is in the figures.
"""

import asyncio
import json
import random
import sys
import time

import httpx

from assistant.api import Assistant
from assistant.figures import percentile
from tests.screenshots import served

QUESTIONS = ("ประชุมกันที่ไหน", "Who hosted the meeting?", "5 แผนมีอะไรบ้าง", "When was it held?", "ใครประชุมกัน")
PAUSE = 5.0


async def person(client, number, until, expected, times, faults):
    """Ask until the time is over."""
    rng = random.Random(number)
    await asyncio.sleep(rng.random() * PAUSE)
    while time.monotonic() < until:
        question = rng.choice(QUESTIONS)
        begun = time.perf_counter()
        try:
            made = await client.post("/gradio_api/call/ask", json={"data": [question, []]})
            told = await client.get(f"/gradio_api/call/ask/{made.json()['event_id']}")
            answer = json.loads(told.text.split("data: ", 1)[1].split("\n", 1)[0])[0]
            if answer["text"] != expected[question]:
                faults.append(f"{question}: {answer['text'][:60]}")
        except (httpx.HTTPError, KeyError, IndexError, ValueError, TypeError) as error:
            faults.append(type(error).__name__)
        times.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(PAUSE * (0.5 + rng.random()))


async def crowd(address, people, seconds):
    """Return the milliseconds of every answer, and what went wrong."""
    bot = Assistant()
    expected = {question: bot.ask(question).text for question in QUESTIONS}
    times, faults = [], []
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
        await client.post("/api/ask", json={"question": QUESTIONS[0]})
        until = time.monotonic() + seconds
        await asyncio.gather(*(person(client, n, until, expected, times, faults) for n in range(people)))
    return times, faults


def main():
    """Serve, load, report."""
    people, seconds = (int(a) for a in (*sys.argv[1:], *("20", "120")[len(sys.argv) - 1 :]))
    with served() as address:
        times, faults = asyncio.run(crowd(address, people, seconds))
    sys.stdout.write("| people | seconds | answers | p50 / p95 / p99, ms | faults |\n| --- | --- | --- | --- | --- |\n")
    marks = " / ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99))
    sys.stdout.write(f"| {people} | {seconds} | {len(times)} | {marks} | {len(faults)} {faults[:3] or ''} |\n")


if __name__ == "__main__":
    main()
