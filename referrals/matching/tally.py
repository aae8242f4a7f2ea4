"""Gathers what the rules say, in the order in which it is read."""

from dataclasses import dataclass, field

from referrals.matching.terms import Caution, Point, Rule, Rules, Stop

NONE = Rule()


@dataclass(slots=True)
class Tally:
    """Points, stops and cautions so far."""

    rules: Rules
    points: list[Point] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)

    def number(self, code: str) -> int:
        """What the table says of a code; 0 for what it does not have."""
        return self.rules.get(code, NONE).points

    def point(self, code: str, text: str, times: int = 1, most: str = "") -> None:
        """So many points, as often as it holds, and no further than the bound; nothing that weighs nothing."""
        points = self.number(code) * times
        if most:
            bound = self.number(most)
            points = min(points, bound) if bound >= 0 else max(points, bound)
        if points:
            self.points.append(Point(text, points))

    def lacks(self, code: str, text: str, sentence: str) -> None:
        """Something that is not as it should be: points against, or a stop, as the table has it."""
        rule = self.rules.get(code, NONE)
        if rule.stops:
            self.stops.append(Stop(code, sentence, "manager" if rule.stops == "manager" else ""))
        else:
            self.point(code, text)

    def caution(self, code: str, sentence: str) -> None:
        self.cautions.append(Caution(code, sentence))
