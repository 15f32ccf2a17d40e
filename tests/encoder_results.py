"""Measure the encoder in use on data it never saw: `python -m tests.encoder_results DATA > tests/results/encoder.md`.

DATA holds `pud.en-th.tsv`, `flores200-devtest.en-th.tsv` and `xquad-dev.{th,en}.json` (training/README.md says which).
Neither torch nor sentence-transformers is loaded for the shipped encoder; speed is taken in fresh processes.
"""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))
FILES = ("pud.en-th.tsv", "flores200-devtest.en-th.tsv", "xquad-dev.th.json", "xquad-dev.en.json")
ROUNDS = 5
SPEED = """
import json, pathlib, statistics, sys, time
begun = time.perf_counter()
from assistant.encoder import shipped_encoder
encoder = shipped_encoder()
loaded = time.perf_counter() - begun
texts = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
alone = []
for text in texts[:100]:
    begun = time.perf_counter()
    encoder.encode([text], query=True)
    alone.append(time.perf_counter() - begun)
begun = time.perf_counter()
encoder.encode(texts)
rate = len(texts) / (time.perf_counter() - begun)
from assistant import Assistant
bot = Assistant()
bot.ask("ใครประชุมกัน"), bot.ask("Who met?")
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.is_file() else []
resident = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
print(json.dumps([loaded, statistics.median(alone) * 1000, rate, resident]))
"""
# Published by MTEB: NTREX is the share of bitext pairs found, Belebele the first hit; other test sets than ours.
PUBLISHED = (
    ("bge-m3", ".992", ".827"),
    ("multilingual-e5-small", ".969", ".729"),
    ("LaBSE", ".955", ".566"),
    ("potion-multilingual-128M", ".716", ".339"),
    ("all-MiniLM-L6-v2", ".250", ".144"),
)


def speed(texts: list[str], scratch: Path) -> tuple[list[float], list[float]]:
    """Return medians and worst of load (s), one question (ms), texts a second and resident memory (MB)."""
    scratch.write_text(json.dumps(texts), encoding="utf-8")
    command = [sys.executable, "-c", SPEED, str(scratch)]
    rounds = []
    for _ in range(ROUNDS):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rounds.append(json.loads(done.stdout.splitlines()[-1]))
    load, alone, rate, resident = zip(*rounds, strict=True)
    medians = [statistics.median(column) for column in (load, alone, rate, resident)]
    return medians, [max(load), max(alone), min(rate), max(resident)]


def roads() -> str:
    """Return the table of roads tried from the model card."""
    card = (ROOT / "index" / "encoder" / "MODEL_CARD.md").read_text(encoding="utf-8")
    found = re.search(r"^\| road .*?(?=\n\n)", card, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def table(*rows: tuple[str, ...]) -> str:
    """Return rows as a Markdown table, the first its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def third(value: float) -> str:
    """Return a share with three decimals and no leading zero."""
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1.000"


def report(folder: Path) -> str:
    """Measure and return the whole report."""
    import evaluate

    import assistant
    from assistant.encoder import model_directory, shipped_encoder

    encoder = shipped_encoder()
    begun = time.perf_counter()
    found = evaluate.measure(assistant.encode, folder, ask=partial(assistant.encode, query=True))
    spent = time.perf_counter() - begun
    _, english = evaluate.xquad(folder / "xquad-dev.en.json")
    _, thai = evaluate.xquad(folder / "xquad-dev.th.json")
    short = [text for pair in zip(english, thai, strict=True) for _, text, _ in pair][:600]
    scratch = Path(os.environ.get("TMPDIR", "/tmp")) / f"encoder-texts-{os.getpid()}.json"
    try:
        medians, worst = speed(short, scratch)
    finally:
        scratch.unlink(missing_ok=True)
    busy = f"{os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else "–"
    size = sum(p.stat().st_size for p in model_directory().rglob("*") if p.is_file()) / 1e6
    torch = "no" if "torch" not in sys.modules else "yes"
    pud, flores = found["pud"], found["flores"]
    parts = [
        "# The encoder, measured",
        table(
            ("condition", "value"),
            ("made by", "`python -m tests.encoder_results DATA`"),
            ("date", str(date.today())),
            ("encoder", f"{encoder.name}, {encoder.dimension} numbers, fingerprint {encoder.fingerprint[:16]}"),
            ("Python, platform", f"{platform.python_version()}, {platform.system()} {platform.machine()}"),
            ("cores; load average over 5 minutes", f"{os.cpu_count()}; {busy} (others were using them)"),
            ("torch in the process", torch),
            ("data", "PUD 1,000 pairs; FLORES-200 devtest 1,012 pairs; XQuAD, 24 of 48 articles: 120 passages"),
        ),
        "## Found right, on data it was not trained on",
        "Nearest neighbour by cosine among all sentences of the other language:",
        table(
            ("hit@1", "en→th", "th→en"),
            ("PUD", third(pud["en_th"]), third(pud["th_en"])),
            ("FLORES-200", third(flores["en_th"]), third(flores["th_en"])),
        ),
        "A question's passage among 120 (632 questions), by the passage whole, by its best window, by both added:",
        table(
            ("R@1 / R@5", "whole", "windows", "both"),
            *(
                (label, *(f"{third(v['r1'])} / {third(v['r5'])}" for v in found[key].values()))
                for label, key in (
                    ("en question → th passage", "xquad_en_th"),
                    ("th question → th passage", "xquad_th_th"),
                    ("en question → en passage", "xquad_en_en"),
                )
            ),
        ),
        "## Speed and size",
        f"{ROUNDS} fresh processes; {len(short)} questions of XQuAD, half Thai, half English.",
        table(
            ("measure", "median", "worst"),
            ("load, imports included, s", f"{medians[0]:.2f}", f"{worst[0]:.2f}"),
            ("one question (median of 100), ms", f"{medians[1]:.1f}", f"{worst[1]:.1f}"),
            ("questions in one call, texts/s", f"{medians[2]:.0f}", f"{worst[2]:.0f}"),
            ("resident memory of an assistant that has answered, MB", f"{medians[3]:.0f}", f"{worst[3]:.0f}"),
            ("files, MB", f"{size:.1f}" if size else "–", ""),
            ("all of the measuring above, s", f"{spent:.0f}", ""),
        ),
        "## Others, as published",
        "By MTEB, on **other test sets than ours**: news sentences (NTREX) and passages (Belebele).\n"
        "Not to be set beside the figures above one against one; they say what such encoders reach.",
        table(("model", "NTREX en→th", "Belebele en→th hit@1"), *PUBLISHED),
        "## Roads tried",
        "From the model card, measured when each was trained:",
        roads(),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Print the report."""
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else Path()
    missing = [name for name in FILES if not (folder / name).is_file()]
    if len(sys.argv) != 2 or missing:
        wanted = f"{__spec__.name if __spec__ else 'tests.encoder_results'} DATA"
        sys.stderr.write(
            f"a folder with {', '.join(FILES)} is needed; lacks {', '.join(missing)}; python -m {wanted}\n"
        )
        return 2
    sys.stdout.write(report(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
