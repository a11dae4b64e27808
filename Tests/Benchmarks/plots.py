# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Plots as SVG by hand: a line a peer, marks on one axis. They follow the reader's light or dark setting and say in
words what they show.
"""

import dataclasses
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

WIDTH = 860
LABELS = 262
LINE = 30
BAR = 13
TOP = 66
FOOT = 64

STYLE = """
  svg { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px;
        --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0; --ours: #0969da;
        --first: #57606a; --second: #bc4c00; --third: #8250df; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --rule: #3d444d; --ours: #58a6ff;
          --first: #9da7b1; --second: #f0883e; --third: #bc8cff; } }
  .ground { fill: var(--ground); } text { fill: var(--ink); } .title { font-size: 16px; font-weight: 600; }
  .soft { fill: var(--soft); font-size: 12px; } .ours { fill: var(--ours); font-weight: 600; }
  .rule { stroke: var(--rule); } .lead { stroke: var(--rule); stroke-dasharray: 2 4; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
"""
SERIES = ("var(--first)", "var(--second)", "var(--third)")


@dataclasses.dataclass(frozen=True)
class Mark:
    median: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Line:
    """A peer: a mark for each series, None where it has none."""

    label: str
    marks: Sequence[Mark | None]
    is_ours: bool = False


@dataclasses.dataclass(frozen=True)
class Plot:
    title: str
    subtitle: str
    unit: str
    series: Sequence[str]
    lines: Sequence[Line]
    show: Callable[[float], str]


class Canvas:
    def __init__(self, height: int, title: str, description: str) -> None:
        self.height = height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
            ' aria-labelledby="title description">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}" rx="6"/>',
        ]

    def text(self, x: float, y: float, words: str, style: str = "") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{style}">{escape(words)}</text>')

    def stroke(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>')

    def span(self, x1: float, x2: float, y: float, colour: str) -> None:
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
        )

    def shape(self, kind: int, x: float, y: float, colour: str) -> None:
        """A circle, a square, a diamond: series differ by more than colour."""
        if kind == 0:
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>')
        elif kind == 1:
            self.parts.append(f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"/>')
        else:
            points = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
            self.parts.append(f'<polygon points="{points}" fill="{colour}"/>')

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="2" fill="{colour}"/>'
        )

    def svg(self) -> str:
        return "\n".join([*self.parts, "</svg>", ""])


def width_of(words: str) -> float:
    return sum(0.0 if unicodedata.combining(letter) else 7.4 for letter in words)


def legend(canvas: Canvas, plot: Plot, are_bars: bool) -> None:
    x, y = float(LABELS), canvas.height - 14.0
    if any(line.is_ours for line in plot.lines):
        canvas.text(16, y, "blue: amnestyd", "soft")
    if len(plot.series) == 1:
        return
    for series, name in enumerate(plot.series):
        canvas.shape(1 if are_bars else series, x, y - 4, SERIES[series])
        canvas.text(x + 12, y, name, "soft")
        x += 34 + width_of(name)


def tick(plot: Plot, value: float) -> str:
    """A round value without the nought behind its point."""
    return re.sub(r"\.0+(?= |$)", "", plot.show(value))


def colour(line: Line, series: int, of: int) -> str:
    return "var(--ours)" if line.is_ours and of == 1 else SERIES[series]


def describe(plot: Plot) -> str:
    def said(line: Line) -> str:
        values = [f"{name} {plot.show(mark.median)}" for name, mark in zip(plot.series, line.marks) if mark is not None]
        return f"{line.label}: {', '.join(values)}"

    return f"{plot.subtitle}. " + "; ".join(said(line) for line in plot.lines) + f" ({plot.unit})."


def head(canvas: Canvas, plot: Plot) -> None:
    canvas.text(16, 26, plot.title, "title")
    canvas.text(16, 46, plot.subtitle, "soft")


def dots(plot: Plot) -> str:
    """Medians on a logarithmic axis, a stroke from the least to the greatest round."""
    height = TOP + LINE * len(plot.lines) + FOOT
    canvas = Canvas(height, plot.title, describe(plot))
    head(canvas, plot)
    marks = [mark for line in plot.lines for mark in line.marks if mark is not None]
    first = math.floor(math.log10(min(mark.low for mark in marks)))
    last = math.ceil(math.log10(max(mark.high for mark in marks)))
    last = max(last, first + 1)
    said = [" / ".join("–" if mark is None else plot.show(mark.median) for mark in line.marks) for line in plot.lines]
    left, right = LABELS, WIDTH - 34 - max(map(width_of, said))

    def at(value: float) -> float:
        return left + (right - left) * (math.log10(value) - first) / (last - first)

    bottom = TOP + LINE * len(plot.lines)
    for power in range(first, last + 1):
        canvas.stroke(at(10.0**power), TOP - 6, at(10.0**power), bottom, "rule")
        canvas.text(at(10.0**power), bottom + 16, tick(plot, 10.0**power), "soft middle")
    canvas.text((left + right) / 2, bottom + 32, f"{plot.unit}, logarithmic", "soft middle")
    for number, line in enumerate(plot.lines):
        y = TOP + LINE * (number + 0.5)
        canvas.text(LABELS - 12, y + 4, line.label, "end ours" if line.is_ours else "end")
        present = [(series, mark) for series, mark in enumerate(line.marks) if mark is not None]
        if present:
            canvas.stroke(left, y, max(at(mark.median) for _, mark in present), y, "lead")
        for series, mark in present:
            shade = colour(line, series, len(plot.series))
            canvas.span(at(mark.low), at(mark.high), y, shade)
            canvas.shape(series, at(mark.median), y, shade)
        canvas.text(right + 16, y + 4, said[number], "ours" if line.is_ours else "")
    legend(canvas, plot, are_bars=False)
    return canvas.svg()


def bars(plot: Plot, greatest: float) -> str:
    """Bars from nought to `greatest`, a bar a series under its peer's name."""
    step = BAR * len(plot.series) + 14
    bottom = TOP + step * len(plot.lines)
    canvas = Canvas(bottom + FOOT, plot.title, describe(plot))
    head(canvas, plot)
    left, right = LABELS, WIDTH - 70

    def at(value: float) -> float:
        return left + (right - left) * value / greatest

    for part in range(5):
        value = greatest * part / 4
        canvas.stroke(at(value), TOP - 6, at(value), bottom, "rule")
        canvas.text(at(value), bottom + 16, plot.show(value), "soft middle")
    canvas.text((left + right) / 2, bottom + 32, plot.unit, "soft middle")
    for number, line in enumerate(plot.lines):
        top = TOP + step * number
        canvas.text(
            LABELS - 12, top + BAR * len(plot.series) / 2 + 4, line.label, "end ours" if line.is_ours else "end"
        )
        for series, mark in enumerate(line.marks):
            if mark is None:
                continue
            y = top + BAR * series
            canvas.bar(left, y, at(mark.median) - left, BAR - 1, SERIES[series])
            canvas.text(at(mark.median) + 6, y + BAR - 2.5, plot.show(mark.median), "soft")
    legend(canvas, plot, are_bars=True)
    return canvas.svg()
