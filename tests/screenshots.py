"""Take the gallery of the README from the running page: `make screenshots`.

Writes `docs/screens/LANGUAGE-WIDTH-THEME.png` for both languages and themes, on a desk and on a phone.
"""

import contextlib
import os
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

from tests.browser import CHROMIUM, Browser

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screens"
SIZES = {1440: 900, 390: 844}
ASKED = {"th": "ประชุมกันที่ไหน เมื่อไหร่", "en": "Where was the meeting held?"}


def shoot(address):
    """Ask a question in each language, size and theme, and keep what is seen."""
    for language, width, theme in product(ASKED, SIZES, ("light", "dark")):
        with Browser(width=width, height=SIZES[width], language=language, theme=theme) as reader:
            reader.open(f"{address}/?lang={language}")
            reader.wait("document.querySelector('#tk-starters button')")
            reader.ask(ASKED[language])
            time.sleep(1.5)
            reader.picture(OUT / f"{language}-{width}-{theme}.png")


@contextlib.contextmanager
def serving(host="127.0.0.1", **settings):
    """Serve the page on a free port; yield its address and process."""
    code = f"from assistant.page import serve; serve({host!r}, 0)"
    env = {**os.environ, "THAMKHAO_FEEDBACK": "", **settings}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip(), server
        finally:
            server.terminate()


@contextlib.contextmanager
def served():
    """Serve the page on a free port; yield its address."""
    with serving() as (address, _):
        yield address


def main():
    """Take the pictures."""
    if CHROMIUM is None:
        sys.exit("Chromium must be on the PATH; on Debian: apt-get install chromium fonts-thai-tlwg")
    OUT.mkdir(parents=True, exist_ok=True)
    with served() as address:
        shoot(address)


if __name__ == "__main__":
    main()
