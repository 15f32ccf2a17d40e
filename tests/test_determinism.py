"""The same question on the same index gives the same bytes, whatever a process hashes strings with."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASK = """
import json, pathlib, sys
from assistant import Assistant
questions = ["ประชุมกันที่ไหน", "ใครประชุมกันบ้าง", "แผนปฏิบัติการมีกี่แผน อะไรบ้าง", "ทำไมต้องประชุม", "ใช้งบประมาณเท่าไหร่",
             "ใครเป็นทูตไทยที่ฮานอย", "สรุปข่าวให้หน่อย", "Who met, and where?", "What are the five plans?",
             "Was the meeting in Bangkok?", "What is MOLISA?", "krai pen jao phap", "hello", "ใครพูดว่าอะไร"]
bots = [Assistant(), Assistant.from_file(pathlib.Path("tests/questions/visit.txt"))]
for bot in bots:
    for question in questions:
        told = bot.ask(question, history=questions[:2]).to_dict()
        sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode() + b"\\n")
"""


def test_two_processes_give_the_same_bytes():
    said = []
    for seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", ASK], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        )
        assert done.returncode == 0, done.stderr.decode()
        said.append(done.stdout)
    assert said[0].count(b"\n") == 28
    assert said[0] == said[1] == said[2]
