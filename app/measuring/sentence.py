"""What the data say, how sure that is, and what would be needed to tell more: in plain Swedish, under every chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.measuring.charts import Chart, Mark, Signal, Stretch
from app.measuring.icons import Assurance, icons
from app.measuring.judging import State
from app.measuring.points import Better
from app.measuring.runs import ENOUGH, WEAK
from app.measuring.wording import Scale, cadence, day_words, points_word

# How often Anhøj's rules see a change where there is none: simulated, 24 points; the benchmarks say it again.
FALSE_ALARMS = "ungefär 3 av 100 serier där inget har ändrats"
# So many excluded points are told with their reasons; the table tells all.
MOST_EXCLUDED = 3


@dataclass(frozen=True)
class Conclusion:
    """``finding``: what the data say. ``certainty``: how sure that is. ``needed``: what it would take to tell more.

    ``aim``: whether the target is reached, where there is one. ``excluded``: which points do not count, and why.
    """

    finding: str
    certainty: str
    needed: str
    aim: str = ""
    excluded: str = ""

    @property
    def beside(self) -> str:
        """What stands in small print under the finding."""
        return " ".join(part for part in (self.excluded, self.certainty, self.needed) if part)

    def __str__(self) -> str:
        return " ".join(part for part in (self.finding, self.aim, self.beside) if part)


def sentence(chart: Chart) -> str:
    """The conclusion as running text."""
    return str(conclude(chart))


def conclude(chart: Chart) -> Conclusion:
    """What the phase that goes on says."""
    return _Teller(chart).conclusion()


class _Teller:
    """Puts the conclusion of one chart together."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.stretch = chart, chart.now
        self.runs = self.stretch.runs
        self.scale = Scale(chart)
        self.every = cadence([mark.on for mark in chart.marks])
        self.line = "medianen" if chart.kind.centre_is_median else "medelvärdet"

    def conclusion(self) -> Conclusion:
        return replace(self._concluded(), excluded=self._excluded())

    def _concluded(self) -> Conclusion:
        if not self.stretch.counted:
            return self._nothing()
        if not self.stretch.base:
            return self._without_base()
        parts = self._few() if not self.runs.enough else self._changed() if self.runs.signal else self._unchanged()
        outside = self._outside()
        finding = f"{self._since()}{parts.finding}"
        if outside:
            finding = f"{finding} {outside}"
        return replace(parts, finding=finding, aim=self._target())

    def _nothing(self) -> Conclusion:
        needed = f"Det behövs minst {ENOUGH} mätpunkter för att se om något har förändrats."
        if any(mark.state is State.SUPPRESSED for mark in self.stretch.marks):
            found = f"Inga mätvärden kan visas, eftersom grupperna är mindre än {self.chart.options.smallest}."
            return Conclusion(found, "", needed)
        if any(mark.state is State.EXCLUDED for mark in self.stretch.marks):
            found = "Alla mätpunkter är undantagna, så det går inte att säga om något har förändrats."
            return Conclusion(f"{self._since()}{found}", "", needed)
        return Conclusion("Det finns inga mätvärden än: för få mätpunkter för att säga något.", "", needed)

    def _without_base(self) -> Conclusion:
        return Conclusion(
            "Så många mätpunkter i baslinjen är undantagna att det inte finns någon linje att jämföra med.",
            "",
            "Lås linjerna vid fler mätpunkter, eller räkna någon av de undantagna igen.",
        )

    def _excluded(self) -> str:
        """Which points do not count, with their reasons; of many only the latest."""
        marks = [mark for mark in self.chart.marks if mark.state is State.EXCLUDED]
        if not marks:
            return ""
        reasons = [mark.reason.strip().rstrip(".") for mark in marks]
        days = [self._day(mark) for mark in marks]
        told = [f"{day} ({reason})" if reason else day for day, reason in zip(days, reasons, strict=True)]
        if len(told) > MOST_EXCLUDED:
            told = [f"{len(told) - MOST_EXCLUDED} tidigare", *told[-MOST_EXCLUDED:]]
        words = "Undantagen, och ritad som ett kryss" if len(marks) == 1 else "Undantagna, och ritade som kryss"
        return f"{words}: {' och '.join(filter(None, (', '.join(told[:-1]), told[-1])))}."

    def _few(self) -> Conclusion:
        counted, useful = len(self.stretch.counted), self.runs.n_useful
        if counted > 1 and not useful:
            why = f"alla {counted} värden är lika, {self.scale.words(self.stretch.counted[0].value or 0)}."
        elif counted > useful:
            why = f"bara {useful} ligger bredvid {self.line}, och {counted - useful} på den."
        else:
            why = f"bara {useful}."
        needed = f"Det behövs minst {ENOUGH} som inte ligger på {self.line}, alltså minst {ENOUGH - useful} till."
        return Conclusion(f"För få mätpunkter för att säga om något har förändrats: {why}", "", needed)

    def _changed(self) -> Conclusion:
        runs = self.runs
        run = self._latest_long_run()
        if run:
            side = "över" if run[-1].side > 0 else "under"
            finding = (
                f"{self._verdict(run)}: {len(run)} mätpunkter i rad ligger {side} {self._centre(run[-1])}, från"
                f" {self._day(run[0])} till {self._day(run[-1])}. Av en slump blir det högst {runs.longest_run_max}."
            )
        else:
            finding = (
                f"Något har förändrats: kurvan korsar {self._centre(self.stretch.counted[-1])} bara"
                f" {_times(runs.crossings)}. Av en slump blir det minst {runs.crossings_min}. Nivån har flyttats, eller"
                " går upp och ner i vågor."
            )
        return Conclusion(
            finding,
            f"Det är ganska säkert: ett så tydligt mönster uppstår av en slump i {FALSE_ALARMS}.",
            "Diagrammet säger inte varför. Jämför med vad ni gjorde, och när.",
        )

    def _unchanged(self) -> Conclusion:
        useful = self.runs.n_useful
        finding = (
            "Inget tyder på en bestående förändring: värdena varierar kring"
            f" {self._centre(self.stretch.counted[-1])} som de gör av en slump."
        )
        if self.runs.weak:
            return Conclusion(
                finding,
                f"Det är osäkert, för med bara {useful} mätpunkter syns bara stora förändringar.",
                f"Fortsätt mäta till minst {WEAK}, alltså {WEAK - useful} till.",
            )
        certainty = (
            f"Med {useful} mätpunkter skulle en tydlig förändring troligen synas, men en liten kan döljas av slumpen."
        )
        return Conclusion(finding, certainty, "För att se mindre förändringar behövs fler mätpunkter.")

    def _outside(self) -> str:
        marks = [mark for mark in self.stretch.marks if mark.outside]
        if not marks:
            return ""
        last = marks[-1]
        one = f"{self._day(last)} ({self.scale.words(last.value or 0)})"
        if len(marks) == 1:
            told = f"En mätpunkt ligger utanför gränserna, {one}. Då hände troligen något särskilt."
        else:
            told = f"{len(marks)} mätpunkter ligger utanför gränserna, senast {one}. Då hände troligen något särskilt."
        if self.stretch.preliminary:
            told += f" Gränserna är preliminära, för de bygger på bara {points_word(len(self.stretch.base))}."
        return told

    def _target(self) -> str:
        target, better = self.chart.options.target, self.chart.options.better
        last = self.stretch.counted[-1]
        if target is None or better is Better.NEUTRAL or last.centre is None or not self.runs.enough:
            return ""
        words, assured = self.scale.words(float(target)), icons(self.chart).assurance
        if assured:
            return {
                Assurance.PASSES: f"Målet {words} nås varje gång, om inget ändras.",
                Assurance.FAILS: f"Målet {words} nås inte utan att något ändras.",
                Assurance.BY_CHANCE: f"Målet {words} nås ibland, av en slump.",
            }[assured]
        reached = last.centre >= float(target) if better is Better.UP else last.centre <= float(target)
        return f"{self.line.capitalize()} har {'' if reached else 'inte '}nått målet {words}."

    def _verdict(self, run: Sequence[Mark]) -> str:
        """What has happened, and whether that is good, where the run goes on and it is known which way is better."""
        goes_on = run[-1] is [mark for mark in self.stretch.counted if mark.side][-1]
        if not goes_on:
            return "Något förändrades under en tid"
        better = {Better.UP: 1, Better.DOWN: -1, Better.NEUTRAL: 0}[self.chart.options.better]
        if not better:
            return "Något har förändrats"
        return "Det har blivit bättre" if run[-1].side == better else "Det har blivit sämre"

    def _latest_long_run(self) -> list[Mark]:
        useful = [mark for mark in self.stretch.counted if mark.side]
        split = [list(run) for _, run in groupby(useful, key=lambda mark: mark.side)]
        return next((run for run in reversed(split) if Signal.LONG_RUN in run[0].signals), [])

    def _since(self) -> str:
        phase = self.stretch.phase
        if phase is None or len(self.chart.stretches) == 1:
            return ""
        return f"Sedan {day_words(phase.begins, self.every)} ({phase.note.strip()}): "

    def _centre(self, mark: Mark) -> str:
        return self.line if mark.centre is None else f"{self.line} {self.scale.words(mark.centre)}"

    def _day(self, mark: Mark) -> str:
        return day_words(mark.on, self.every)


def _times(count: int) -> str:
    return "en gång" if count == 1 else f"{count} gånger"


def stretch_rules(stretch: Stretch) -> str:
    """The rules and what they found in a stretch, for the small print under a chart."""
    runs = stretch.runs
    if runs.longest_run_max is None:
        return ""
    return (
        f"Längsta serien på samma sida om linjen: {runs.longest_run} (upp till {runs.longest_run_max} kan vara slump)."
        f" Korsningar av linjen: {runs.crossings} (ner till {runs.crossings_min} kan vara slump)."
        f" Mätpunkter bredvid linjen: {runs.n_useful}."
    )
