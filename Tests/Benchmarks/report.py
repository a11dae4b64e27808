# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What was measured: printed as it comes, and kept as a table, as numbers and as plots."""

import dataclasses
import datetime
import json
import pathlib
import platform
import statistics
import subprocess
from collections.abc import Sequence

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Sample:
    """The rounds of one measurement."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)

    def over(self, other: "Sample") -> "Sample":
        """Round by round: a machine that is slower for a while is so for both."""
        return Sample(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)))


UNITS = (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1.0))


def unit(nanoseconds: float) -> tuple[str, float]:
    return next((one for one in UNITS if nanoseconds >= one[1]), UNITS[-1])


def time(nanoseconds: float) -> str:
    name, size = unit(nanoseconds)
    return f"{significant(nanoseconds / size)} {name}"


def significant(value: float) -> str:
    """Three figures, and no more than there are."""
    if value >= 100:
        return f"{round(value, -max(0, len(str(int(value))) - 3)):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def number(sample: Sample) -> str:
    return f"{significant(sample.median)} ({significant(sample.low)} to {significant(sample.high)})"


def timing(sample: Sample) -> str:
    """A time, its range in the same unit."""
    name, size = unit(sample.median)
    low, high = significant(sample.low / size), significant(sample.high / size)
    return f"{significant(sample.median / size)} {name} ({low} to {high})"


class Section:
    def __init__(self, name: str) -> None:
        self.name = name
        self.taken = datetime.date.today().isoformat()
        self.rows: list[list[str]] = []
        self.tables: list[dict] = []
        self.figures: list[dict] = []
        self.plots: dict[str, str] = {}
        self.versions: list[str] = []

    def row(self, name: str, value: str, note: str = "") -> None:
        self.rows.append([name, value, note])
        print(f"  {name:<58} {value:>16}   {note}", flush=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
        self.tables.append(
            {"title": title, "columns": list(columns), "rows": [list(row) for row in rows], "note": note}
        )
        widths = [max(len(row[at]) for row in (columns, *rows)) for at in range(len(columns))]
        print(f"  {title}")
        for row in (columns, *rows):
            cells = [
                cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths))
            ]
            print("    " + "   ".join(cells).rstrip())
        if note:
            print(f"    {note}")
        print(flush=True)

    def keep(self, group: str, subject: str, measure: str, unit: str, sample: Sample) -> None:
        """The numbers behind a table: every round."""
        self.figures.append(
            {"group": group, "subject": subject, "measure": measure, "unit": unit, "rounds": list(sample.values)}
        )

    def document(self) -> dict:
        return {
            "takenOn": self.taken,
            "versions": self.versions,
            "rows": self.rows,
            "tables": self.tables,
            "figures": self.figures,
            "plots": sorted(self.plots),
        }


def machine() -> dict[str, str]:
    processors = [
        line
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    memory = pathlib.Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()[0].split()[1]
    processor = processors[0].split(":", 1)[1].strip() if processors else platform.machine()
    release = platform.freedesktop_os_release()
    return {
        "processor": f"{len(processors) or 1} × {processor}",
        "memory": f"{int(memory) / (1 << 20):.0f} GiB",
        "system": f"{release.get('PRETTY_NAME', 'Linux')}, Linux {platform.release()}",
        "toolchains": ", ".join(
            [*map(first_line, (["swift", "--version"], ["cc", "--version"])), f"Python {platform.python_version()}"]
        ),
        "load when it began": " ".join(pathlib.Path("/proc/loadavg").read_text(encoding="utf-8").split()[:3]),
    }


def first_line(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "not found"


def write(folder: pathlib.Path, sections: Sequence[Section], order: Sequence[str], described: dict[str, str]) -> None:
    """Sections that were not measured this time stay as they were."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    measured: dict[str, dict] = dict(known.get("sections", {}))
    for section in sections:
        measured[section.name] = {"machine": described, **section.document()}
        for name, plot in section.plots.items():
            (folder / f"{name}.svg").write_text(plot, encoding="utf-8")
    kept = {name: measured[name] for name in order if name in measured}
    file.write_text(
        json.dumps({"format": FORMAT, "sections": kept}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "tables.md").write_text(markdown(kept), encoding="utf-8")


def markdown(sections: dict[str, dict]) -> str:
    lines = [
        "# Figures",
        "",
        "Written by `make bench`; [README.md](README.md) says what they mean. A cell is the median of the rounds; in"
        " brackets the least and the greatest. Every round is in [results.json](results.json).",
        "",
    ]
    for name, section in sections.items():
        lines += [
            f"## {name.capitalize()}",
            "",
            f"Taken on {section['takenOn']}: "
            + "; ".join(f"{what} {value}" for what, value in section["machine"].items())
            + ".",
            "",
        ]
        if section["versions"]:
            lines += ["Peers: " + "; ".join(section["versions"]) + ".", ""]
        for table in section["tables"]:
            lines += [
                f"### {table['title']}",
                "",
                row(table["columns"]),
                row(["---", *["--:"] * (len(table["columns"]) - 1)]),
            ]
            lines += [row(cells) for cells in table["rows"]]
            lines += ["", table["note"], ""] if table["note"] else [""]
        if section["rows"]:
            lines += [
                row(["", "measured", ""]),
                row(["---", "--:", "---"]),
                *(row(cells) for cells in section["rows"]),
                "",
            ]
    return "\n".join(lines)


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
