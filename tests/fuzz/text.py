"""Clean-up and words of any text: nothing is raised, nothing lost, and a second clean-up changes nothing."""

import itertools
import sys

import atheris

with atheris.instrument_imports(include=["assistant.thai", "assistant.interface"]):
    from assistant import interface, thai


def one(data):
    """Hold what `thai` and `interface` promise against the text of some bytes."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(sys.maxsize)
    held(text)
    held(data.decode("utf-8", "replace"))


def held(text):
    """Raise AssertionError where a promise is broken."""
    normal = thai.normalize(text)
    assert thai.normalize(normal.text).text == normal.text, "clean-up must be idempotent"
    assert len(normal.offsets) == len(normal.text) + 1
    found = thai.tokens(normal.text)
    between = [normal.text[a.end : b.start] for a, b in itertools.pairwise(found)]
    assert all(not gap.strip() for gap in between), "a word was lost"
    assert all(normal.text[t.start : t.end] == t.text for t in found)
    thai.fold(text)
    shown = interface.escaped(text)
    assert "<" not in shown and "\ud800" not in shown
    interface.clean(text).encode()
    assert "\x1b" not in interface.visible(text)


if __name__ == "__main__":
    atheris.Setup([*sys.argv, "-timeout=5", "-report_slow_units=1", "-max_len=2000"], one)
    atheris.Fuzz()
