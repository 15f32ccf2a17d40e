"""The page of a run: whole in itself, readable without seeing, and true to the figures."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from assistant.plots import bars, curves, histogram
from assistant.report import html_report
from tests.test_evaluate import REPORT

RUN = {"conditions": REPORT.conditions.to_dict(), "figures": REPORT.to_dict(), "rows": list(REPORT.rows())}
VOID = {"meta"}


class Balanced(HTMLParser):
    """Fails on a tag that is not closed in order; gathers the ids and what is referred to."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.named = [], [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        self.named += [part for name, value in attrs if name == "aria-labelledby" for part in value.split()]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_needs_nothing_else_and_names_every_plot(language):
    page = html_report(RUN, REPORT.failures(), language)
    assert not re.search(r"https?:|src=|<script|<link|@import|url\(", page)
    assert f'<html lang="{language}">' in page and "prefers-color-scheme:dark" in page
    parser = Balanced()
    parser.feed(page)
    assert parser.open == [] and len(parser.ids) == len(set(parser.ids))
    assert len(parser.named) == 2 * page.count('role="img"') == 8
    assert set(parser.named) <= set(parser.ids)
    assert page.count("<tr>") >= len(REPORT.failures())


def test_what_was_asked_and_said_cannot_become_markup():
    nasty = {**REPORT.failures()[0], "question": "<b>&", "got": '"><script>'}
    page = html_report(RUN, [nasty], "en")
    assert "&lt;b&gt;&amp;" in page and "<script>" not in page


def test_the_page_shows_the_headline_figures():
    page = html_report(RUN, REPORT.failures(), "en")
    for cell in ("42.9 %", "28.6 % (2 of 7)", "expected calibration error", "sha256 ff"):
        assert f"<td>{cell}</td>" in page
    assert "Not right (4)" in page


def attributes(svg, tag, *names):
    root = ElementTree.fromstring(svg)
    return [tuple(float(e.get(name)) for name in names) for e in root.iter(tag)]


def test_bars_are_as_long_as_their_shares():
    widths = attributes(bars("b", "t", "d", [("ก", 0.5, "50 %"), ("ข", 0.25, "25 %")]), "rect", "width")
    tracks, lengths = widths[::2], widths[1::2]
    assert tracks[0] == tracks[1] and lengths[0][0] == tracks[0][0] / 2 and lengths[1][0] == tracks[1][0] / 4


def test_a_curve_runs_through_its_points():
    svg = curves("c", "t", "d", ("x", "y"), [("one", [(0, 0), (0.5, 1), (1, 0.5)])], marks=True)
    (left, floor), (middle, top), (right, half) = attributes(svg, "circle", "cx", "cy")
    assert middle == (left + right) / 2 and half == (top + floor) / 2 and top < floor


def test_a_histogram_counts_every_value_once():
    svg = histogram("h", "t", "d", ("x", "y"), [0.0, 1.0, 2.5, 9.9, 10.0], number=10)
    heights = [h for (h,) in attributes(svg, "rect", "height")]
    unit = max(heights) / 2
    assert [round(h / unit) for h in heights] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 2]


def test_a_run_of_nothing_still_draws():
    for svg in (bars("b", "t", "d", []), curves("c", "t", "d", ("", ""), []), histogram("h", "t", "d", ("", ""), [])):
        ElementTree.fromstring(svg)
