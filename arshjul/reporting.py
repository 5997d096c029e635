"""A rehearsal's report as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE
from rich.table import Table

from arshjul.rehearsal import RehearsedCycle, Report

BAR = 30
"""The longest bar of the workload, in characters."""


def tables(report: Report) -> Iterator[Table]:
    """One table for each cycle, then the workload by month and the sums."""
    for cycle in report.cycles:
        yield _cycle(cycle)
    yield _months(report)
    yield _sums(report)


def _cycle(cycle: RehearsedCycle) -> Table:
    state = "klar" if cycle.state == "completed" else "inte i mål"
    table = Table(
        title=f"Utbildningsplan {cycle.plan_year} ({state})", box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False
    )
    for name in ("Steg", "Öppnar", "Stänger", "Öppnades", "Klart"):
        table.add_column(name, no_wrap=True)
    table.add_column("Uppg", justify="right")
    table.add_column("Svar", justify="right")
    table.add_column("Sent")
    for step in cycle.steps:
        days = [
            (step.opens or "")[:10],
            step.closes[:10],
            (step.opened_at or "–")[:10],
            (step.completed_at or "–")[:10],
        ]
        table.add_row(step.id, *days, str(step.tasks), str(step.answered), "ja" if step.late else "")
    return table


def _months(report: Report) -> Table:
    table = Table("Månad", box=SIMPLE, padding=(0, 1, 0, 0), title="Arbete per månad")
    for name in ("Nya uppgifter", "Svar", "Meddelanden"):
        table.add_column(name, justify="right")
    table.add_column("")
    most = max((month.answered for month in report.months), default=0) or 1
    for month in report.months:
        counts = (month.opened, month.answered, month.messages)
        table.add_row(month.month, *(str(count) for count in counts), "█" * round(BAR * month.answered / most))
    return table


def _sums(report: Report) -> Table:
    table = Table(box=SIMPLE, show_header=False, title="Sammanlagt")
    table.add_row("Händelser i historiken", str(report.events))
    table.add_row("Historiken går att verifiera", "ja" if report.verified else "nej")
    table.add_row("Meddelanden", str(report.messages))
    table.add_row("Flest omgångar samtidigt", str(report.max_live_cycles))
    table.add_row("Sekunder", f"{report.seconds:.1f}".replace(".", ","))
    return table
