"""The served page for a long time: `python -m tests.soak [SECONDS] [PER_SECOND]` writes tests/results/soak.md.

Questions come over the page's queue at an even rate, whether or not the earlier ones are answered; memory and open
files of the server are read once a minute. Linux only.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx

from assistant.figures import percentile
from tests.load import QUESTIONS, asked
from tests.screenshots import serving

OUT = Path(__file__).parent / "results" / "soak.md"


def memory(process):
    """Return the resident memory of a process in MB, and its open files."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024, len(list(Path(f"/proc/{process}/fd").iterdir()))


async def one(client, number, times, faults):
    """Ask one question."""
    begun = time.perf_counter()
    try:
        await asked(client, QUESTIONS[number % len(QUESTIONS)])
    except (httpx.HTTPError, KeyError, IndexError, ValueError, TypeError) as error:
        faults.append(type(error).__name__)
    times.append(1000 * (time.perf_counter() - begun))


async def soak(address, process, seconds, rate):
    """Return a row a minute: minute, MB, files, p95 and faults of that minute."""
    rows, times, faults, waiting = [], [], [], set()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
        begun, sent = time.monotonic(), 0
        while (now := time.monotonic() - begun) < seconds:
            while sent < now * rate:
                task = asyncio.create_task(one(client, sent, times, faults))
                waiting.add(task)
                task.add_done_callback(waiting.discard)
                sent += 1
            if now >= 60 * (len(rows) + 1):
                rows.append((len(rows) + 1, *memory(process), percentile(times, 0.95), len(faults)))
                times.clear()
            await asyncio.sleep(0.02)
        await asyncio.gather(*waiting)
    rows.append((len(rows) + 1, *memory(process), percentile(times, 0.95), len(faults)))
    return rows, sent


def main():
    """Serve, soak, report."""
    seconds, rate = (int(a) for a in (*sys.argv[1:], *("1800", "20")[len(sys.argv) - 1 :]))
    with serving() as (address, process):
        rows, sent = asyncio.run(soak(address, process.pid, seconds, rate))
    after = [row for row in rows if row[0] >= 5] or rows
    grown = after[-1][1] - after[0][1]
    lines = [
        "# Soak",
        "",
        f"`python -m tests.soak {seconds} {rate}` on {os.cpu_count()} cores, client on the same machine, load "
        f"{os.getloadavg()[0]:.1f} at the end: {sent:,} questions, {rows[-1][4]} faults. "
        f"Memory grew by {grown:.0f} MB after minute {after[0][0]}.",
        "",
        "| minute | memory, MB | open files | p95, ms |",
        "| --- | --- | --- | --- |",
        *(f"| {n} | {mb:.0f} | {files} | {p95:.0f} |" for n, mb, files, p95, _ in rows),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
