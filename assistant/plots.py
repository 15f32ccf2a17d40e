"""Small plots as SVG text: bars, curves and a histogram, coloured by the page's CSS variables.

Written here rather than drawn by a plotting library: four plain plots need about a hundred lines, their text stays
text (searchable, in the page's fonts, Thai shaped by the browser), and nothing of tens of megabytes is installed.
Every plot has a title and a description for readers who do not see it.
"""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 16, 52
ROW = 26  # height of a bar and its gap
LABELS = 200  # width for the labels of bars

Points = Sequence[tuple[float, float]]


def _svg(name: str, title: str, description: str, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "middle", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(text)}</text>'


def _line(a: tuple[float, float], b: tuple[float, float], css: str) -> str:
    return f'<line class="{css}" x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"/>'


def bars(name: str, title: str, description: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Draw horizontal bars.

    Args:
        name: an identifier, unique in the page.
        title: what the plot shows.
        description: what it says, in a sentence.
        rows: label, length from 0 to 1, and what is written at the end of each bar.
    """
    body, room = [], WIDTH - LABELS - 130
    for at, (label, length, told) in enumerate(rows):
        y = at * ROW
        body += [
            _text(LABELS - 8, y + 17, label, "end"),
            f'<rect class="track" x="{LABELS}" y="{y + 4}" width="{room}" height="{ROW - 8}"/>',
            f'<rect class="s0" x="{LABELS}" y="{y + 4}" width="{room * length:.1f}" height="{ROW - 8}"/>',
            _text(LABELS + room + 8, y + 17, told, "start"),
        ]
    return _svg(name, title, description, max(1, len(rows)) * ROW, body)


class _Frame:
    """The axes of a plot: both start at 0; x and y end at the limits given."""

    def __init__(self, x_end: float, y_end: float) -> None:
        self.x_end, self.y_end = x_end or 1.0, y_end or 1.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is drawn."""
        across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return LEFT + across * x / self.x_end, TOP + up * (1 - y / self.y_end)

    def axes(self, x_label: str, y_label: str, steps: int = 5) -> list[str]:
        """Draw the axes with their ticks, grid and labels."""
        body = []
        for step in range(steps + 1):
            x, y = self.x_end * step / steps, self.y_end * step / steps
            body += [
                _line(self.at(0, y), self.at(self.x_end, y), "grid"),
                _text(self.at(x, 0)[0], HEIGHT - BOTTOM + 18, f"{x:.3g}"),
                _text(LEFT - 8, self.at(0, y)[1] + 4, f"{y:.3g}", "end"),
            ]
        middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
        turned = f' transform="rotate(-90 16 {middle:.1f})"'
        return [
            *body,
            _text(LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 10, x_label),
            _text(16, middle, y_label, extra=turned),
        ]


def curves(
    name: str,
    title: str,
    description: str,
    labels: tuple[str, str],
    series: Sequence[tuple[str, Points]],
    *,
    y_end: float = 1.0,
    diagonal: bool = False,
    marks: bool = False,
) -> str:
    """Draw one or more lines over the unit interval, with a legend when there are several.

    Args:
        name: an identifier, unique in the page.
        title: what the plot shows.
        description: what it says, in a sentence.
        labels: of the x and the y axis.
        series: name and points of each line, x from 0 to 1.
        y_end: where the y axis ends.
        diagonal: draw the line y = x too.
        marks: draw a dot at every point.
    """
    frame = _Frame(1.0, y_end)
    body = frame.axes(*labels)
    if diagonal:
        body.append(_line(frame.at(0, 0), frame.at(1, 1), "ideal"))
    for number, (label, points) in enumerate(series):
        placed = [frame.at(x, min(y, y_end)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        body.append(f'<polyline class="l{number}" points="{path}"/>')
        body += [f'<circle class="s{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in placed] if marks else []
        if len(series) > 1:
            y = TOP + 14 + 20 * number
            body += [_line((LEFT + 12, y - 4), (LEFT + 36, y - 4), f"l{number}"), _text(LEFT + 42, y, label, "start")]
    return _svg(name, title, description, HEIGHT, body)


def histogram(
    name: str, title: str, description: str, labels: tuple[str, str], values: Sequence[float], number: int = 30
) -> str:
    """Draw how many values lie in each of a number of equal steps from 0 to the greatest value."""
    end = max(values, default=1.0) or 1.0
    counts = [0] * number
    for value in values:
        counts[min(number - 1, int(value / end * number))] += 1
    frame = _Frame(end, max(counts))
    body = frame.axes(*labels)
    for step, count in enumerate(counts):
        left, top = frame.at(end * step / number, count)
        right, floor = frame.at(end * (step + 1) / number, 0)
        body.append(
            f'<rect class="s0" x="{left + 0.5:.1f}" y="{top:.1f}" width="{right - left - 1:.1f}" '
            f'height="{floor - top:.1f}"/>'
        )
    return _svg(name, title, description, HEIGHT, body)
