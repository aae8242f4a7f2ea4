"""Charts: their words escaped, their numbers told, nothing that a content policy refuses."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from reports import charts
from reports.charts import Bars, Columns, Curve

COLUMNS = Columns("Decisions", ["1 Nov", "8 Nov"], ["In time", "Late"], [[5, 1], [8, 0]])
CHARTS = (
    COLUMNS,
    Columns("Received", [f"{day} Nov" for day in range(1, 15)], ["All"], [[day] for day in range(14)]),
    Bars("Declined", ["We <do> & “cover”", "x" * 90], [12, None]),
    Bars("Nothing", [], []),
    Curve("Days", ["Nov", "Dec", "Jan"], [2, None, 4.5], [(1, 3), None, (2, 7)], "Working days"),
)


@pytest.mark.parametrize("chart", CHARTS)
def test_it_is_xml_with_a_title_a_description_and_no_style(chart: charts.Chart) -> None:
    drawn = charts.svg(chart, "one")
    root = ET.fromstring(drawn)
    names = [row.tag.rpartition("}")[2] for row in root.iter()]
    assert names[1:3] == ["title", "desc"]
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "one-title one-desc"
    assert not [
        row for row in root.iter() if "style" in row.attrib or ("class" in row.attrib and row is not root)
    ]
    assert charts.svg(chart, "one") == drawn


def test_the_description_tells_every_number() -> None:
    assert charts.described(COLUMNS) == "1 Nov: 5 in time, 1 late; 8 Nov: 8 in time, 0 late"
    assert charts.described(CHARTS[2]).endswith(": from 1 to 7")


def test_parts_differ_by_pattern_and_are_named() -> None:
    drawn = charts.svg(COLUMNS, "one")
    assert {"currentColor", "url(#one-hatch)"} <= {row.get("fill") for row in ET.fromstring(drawn).iter()}
    assert ">In time</text>" in drawn
    assert ">Late</text>" in drawn


def test_no_bar_is_higher_than_its_room() -> None:
    for number in (1, 3, 7, 12, 99, 100, 101, 2_600, 987_654):
        drawn = charts.svg(Columns("Any", ["Nov"], ["All"], [[number]]), "one")
        heights = [
            float(row.get("height", 0)) for row in ET.fromstring(drawn).iter() if row.tag.endswith("rect")
        ]
        assert heights
        assert max(heights) <= charts.HEIGHT - charts.FOOT - charts.TOP


def test_labels_that_would_touch_are_left_out_and_not_written_over_each_other() -> None:
    chart = Columns("Received", [f"{month} 2026" for month in range(60)], ["All"], [[1]] * 60)
    labels = [
        row for row in ET.fromstring(charts.svg(chart, "one")).iter() if row.text and "2026" in row.text
    ]
    shown = [float(row.get("x", 0)) for row in labels if row.tag.endswith("text")]
    gaps = [after - before for before, after in pairwise(shown)]
    assert min(gaps) > len("10 2026") * charts.LETTER
