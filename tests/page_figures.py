"""Measure the page in headless Chromium: `python -m tests.page_figures [axe.min.js]`.

Prints Markdown: from Enter to the answer and its marked words, from the first byte to a page that can be asked, bytes
without the font, requests to elsewhere, and, with axe-core's script (npm `axe-core`), its findings in both languages
and themes.
"""

import json
import sys
import time
from itertools import product
from pathlib import Path

from assistant.figures import percentile
from tests.browser import Browser
from tests.screenshots import ASKED, served

ROUNDS = 20
RUN = """axe.run(document).then(found => JSON.stringify({passes: found.passes.length,
  violations: found.violations.map(v => [v.impact, v.id, v.nodes.length])}))"""


def asked(reader, language):
    """Return the milliseconds from Enter to the answer on screen with its words marked."""
    reader.js("document.querySelector('#tk-clear').click()")
    reader.wait("!document.querySelector('#tk-log .tk-answer, #tk-article mark')")
    begun = time.perf_counter()
    reader.ask(ASKED[language])
    reader.wait("document.querySelector('#tk-article mark')")
    return 1000 * (time.perf_counter() - begun)


def speed(address):
    """Yield rows of figures of one visit in each language."""
    for language in ASKED:
        with Browser(language=language) as reader:
            reader.open(f"{address}/?lang={language}")
            timing = json.loads(reader.js("JSON.stringify(performance.getEntriesByType('navigation')[0])"))
            ready = reader.js("performance.now()") - timing["responseStart"]
            loaded = json.loads(reader.js("JSON.stringify(performance.getEntriesByType('resource'))"))
            weight = timing["transferSize"] + sum(r["transferSize"] for r in loaded if "/fonts/" not in r["name"])
            times = [asked(reader, language) for _ in range(ROUNDS)]
            own = (address, "data:", "blob:", "about:")
            elsewhere = [url for url in reader.requests() if not url.startswith(own)]
            yield (
                f"| {language} | {percentile(times, 0.5):.0f} / {percentile(times, 0.95):.0f} | {ready:.0f} "
                f"| {weight / 1000:.0f} | {len(elsewhere)} | {len(reader.errors())} |"
            )


def findings(address, script):
    """Yield rows of axe-core's findings."""
    for language, theme in product(ASKED, ("light", "dark")):
        with Browser(language=language, theme=theme) as reader:
            reader.open(f"{address}/?lang={language}")
            reader.ask(ASKED[language])
            reader.call("Runtime.evaluate", expression=script)
            told = reader.call("Runtime.evaluate", expression=RUN, awaitPromise=True, returnByValue=True)
            found = json.loads(told["result"]["value"])
            yield f"| {language} | {theme} | {found['passes']} | {found['violations'] or 'none'} |"


def main():
    """Print the tables."""
    write = sys.stdout.write
    with served() as address:
        write("| language | Enter → answer, ms, p50 / p95 | ready after first byte, ms | KB | elsewhere | errors |\n")
        write("| --- | --- | --- | --- | --- | --- |\n")
        for row in speed(address):
            write(row + "\n")
        if len(sys.argv) > 1:
            write("\n| language | theme | axe rules passed | violations |\n| --- | --- | --- | --- |\n")
            for row in findings(address, Path(sys.argv[1]).read_text(encoding="utf-8")):
                write(row + "\n")


if __name__ == "__main__":
    main()
