"""The report, opened in a browser: what a reader sees there equals what the CSV views print.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import os
import re
import shlex
import struct
from pathlib import Path

import pytest

import btbbtest
import btbb_encode
from browser import Browser

from random_capture import random_capture

SAMPLES = ("pandas_demo.pcapbtbb", "every_type.pcapbtbb", "every_type_rf.pcap", "damaged.pcapbtbb", "internalblue.pcapng",
           "epoch_1970.pcapbtbb", "order.pcapbtbb")
# Figure -> the view whose CSV its table repeats; in the order of the notebook, and what goes beyond it.
VIEWS = {"clients": "lap", "types": "type", "lap-types": "lap-type", "io": "io", "io-lap": "io,by=lap,min=2,top=10",
         "growth-lap": "io,by=lap,min=2,top=10,cumulative=yes", "io-type": "io,by=type",
         "growth-type": "io,by=type,cumulative=yes", "channels": "channel", "heat": "io,by=channel"}
FIGURES = ["clients", "headers", "types", "lap-types", "io", "io-lap", "growth-lap", "io-type", "growth-type", "chosen",
           "chosen-growth", "channels", "heat", "links", "findings", "timeline"]
HOSTILE = "</script><script>window.hostile=1</script><img src=x onerror=window.hostile=1>"

READ_TABLE = """
const details = document.querySelector(`#${arguments[0]} details`);
details.open = true;
details.dispatchEvent(new Event("toggle"));
const more = [...details.querySelectorAll("button")].find((b) => b.textContent === "Show all rows");
if (more) more.click();
const text = (cell) => cell.className === "num" ? cell.textContent.replaceAll(",", "") : cell.textContent;
return [...details.querySelectorAll("tr")].map((row) => [...row.children].map(text));
"""
READ_CHARTS = """
draw(figures.find((f) => f.id === arguments[0]));
return [...document.querySelectorAll(`#${arguments[0]} canvas`)].map((c) => Chart.getChart(c)).map((chart) => ({
    labels: chart.data.labels, x: chart.options.scales.x, series: chart.data.datasets.map((d) =>
        ({ label: d.label, data: Array.from(d.data, (v) => v !== null && typeof v === "object" && "y" in v ? v.y : v) })) }));
"""
READ_RANGES = """
return figures.filter((f) => f.timed).flatMap((f) => { draw(f); if (f.stale) updateView(f); return f.drawn; })
    .map((p) => [p.chart.scales.x.min, p.chart.scales.x.max]);
"""


@pytest.fixture(scope="module")
def browser():
    chromium = Browser()
    yield chromium
    chromium.close()


@pytest.fixture
def page(browser, workdir):
    """page(capture, "key=value", ...): writes the report of a capture and opens it; returns its path."""
    def write(capture, *keys, **run):
        path = workdir / "report.html"
        btbbtest.tshark("-q", "-r", capture, "-z", ",".join(["btbb,report", f"file={path}", *keys]), **run)
        browser.open(path)
        return path
    yield write
    browser.check()


def view_text(capture, name, *filters, **run):
    name, _, keys = name.partition(",")
    return btbbtest.tshark("-q", "-r", capture, "-z", ",".join(filter(None, [f"btbb,{name},format=csv", keys, *filters])),
                           **run).stdout


def view(capture, name, *filters, **run):
    """Rows of a CSV view, the header first."""
    return list(csv.reader(io.StringIO(view_text(capture, name, *filters, **run))))


def all_views(capture):
    """Figure -> rows of its view; tshark reads the capture once."""
    folder = btbbtest.tmpdir()
    wanted = [f"btbb,{view_of},format=csv,file={folder}/{figure}" for figure, view_of in VIEWS.items()]
    btbbtest.tshark("-q", "-r", capture, *(word for statistic in wanted for word in ("-z", statistic)))
    return {figure: list(csv.reader((folder / figure).read_text(encoding="utf-8").splitlines())) for figure in VIEWS}


def numbers(rows):
    """Numbers as numbers, so that 5 equals 5.0 and nothing depends on how many digits are printed."""
    return [[float(cell) if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell) else cell for cell in row] for row in rows]


def table(browser, figure):
    return browser.js(READ_TABLE, figure)


def check_tables(browser, capture):
    views = all_views(capture)
    for figure, expected in views.items():
        assert numbers(table(browser, figure)) == numbers(expected), figure
    assert table(browser, "headers") == [["lap", "packets"]] + [[row[0], row[-1]] for row in views["lap-types"][1:]]


@pytest.mark.parametrize("name", SAMPLES)
def test_tables_of_samples(browser, page, name):
    page(btbbtest.sample(name))
    check_tables(browser, btbbtest.sample(name))


# In the last one, the last second has only packets that are in no series of its types.
@pytest.mark.parametrize("link_type, seed", ((1, None), (255, None), (255, 2195765965)))
def test_tables_of_random_captures(browser, page, capture, link_type, seed):
    seed = seed or int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}")
    path = capture(random_capture(seed, link_type))
    page(path)
    check_tables(browser, path)


def test_interval_of_a_fraction(browser, page):
    """Bins of half a second: stamps with and without fraction are written as in the CSV."""
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path, "interval=0.5")
    assert table(browser, "io") == view(path, "io,interval=0.5")


def test_local_time_through_a_change_of_offset(browser, page, capture):
    """Central European clocks went back at 2012-10-28 01:00 UTC; the browser's own zone plays no part."""
    start = 1351385940 * btbb_encode.NS
    frames = [btbb_encode.legacy(0x4831dd, "POLL", uap=0x61)] * 120
    path = capture(btbb_encode.pcap(btbb_encode.stamped(frames, step=btbb_encode.NS, start=start)))
    zone = {"TZ": "Europe/Berlin"}
    page(path, env=zone)
    rows = table(browser, "io")
    assert rows == view(path, "io", env=zone)
    assert rows[60][1] == "2012-10-28T02:59:59+02:00" and rows[61][1] == "2012-10-28T02:00:00+01:00"
    assert browser.js("return document.getElementById('time-range').textContent") == \
        "2012-10-28 02:59:00 to 2012-10-28 02:01:00 (UTC+02:00)"


def test_order_titles_and_reading_aids(browser, page):
    page(btbbtest.sample("pandas_demo.pcapbtbb"))
    figures = browser.js("return [...document.querySelectorAll('section.figure')].map((s) => [s.id,"
                         " s.querySelector('h2').textContent, s.querySelector('.read').textContent])")
    assert [figure[0] for figure in figures] == FIGURES
    for _, title, read in figures:
        assert len(title) > 5 and len(read) > 20 and read.endswith(".")
    notes = browser.js("return document.querySelector('#clients .note').textContent")
    assert notes == "94 clients seen once are not shown."


def test_bars_show_the_tables(browser, page):
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path)
    laps, types, both = view(path, "lap")[1:], view(path, "type")[1:], view(path, "lap-type")
    charts = {figure: browser.js(READ_CHARTS, figure)[0] for figure in ("clients", "headers", "types", "lap-types")}
    assert charts["clients"]["labels"] == [row[0] for row in laps]
    assert charts["clients"]["series"][0]["data"] == [int(row[5]) for row in laps]
    assert charts["headers"]["series"][0]["data"] == [int(row[-1]) for row in both[1:]]
    assert charts["types"]["labels"] == [row[1] for row in types]
    assert charts["types"]["series"][0]["data"] == [int(row[2]) for row in types]
    assert charts["lap-types"]["series"] == [{"label": name, "data": [int(row[k]) for row in both[1:]]}
                                             for k, name in enumerate(both[0]) if 0 < k < len(both[0]) - 1]


def test_curves_show_the_tables(browser, page):
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path)
    for figure in ("io-lap", "growth-lap", "io-type", "growth-type"):
        header, *rows = view(path, VIEWS[figure])
        assert browser.js(READ_CHARTS, figure)[0]["series"] == [
            {"label": name, "data": [int(row[k]) for row in rows]} for k, name in enumerate(header) if k > 1], figure
    assert browser.js(READ_CHARTS, "io")[0]["series"][0]["data"] == [int(row[2]) for row in view(path, "io")[1:]]


def test_error_rates(browser, page):
    path = btbbtest.sample("damaged.pcapbtbb")
    page(path)
    rates = [{"HEC errors": {}, "CRC errors": {}} for _ in range(2)]
    for row in view(path, "channel")[1:]:
        for name, good, bad in (("HEC errors", *map(int, row[5:7])), ("CRC errors", *map(int, row[7:9]))):
            if good + bad and int(row[0]) < 79:
                rates[0][name][int(row[0])] = 100 * bad / (good + bad)
    for series in browser.js(READ_CHARTS, "channels")[1]["series"]:
        rates[1][series["label"]] = {k: v for k, v in enumerate(series["data"]) if v is not None}
    assert rates[0]["HEC errors"] and rates[1] == rates[0]


@pytest.mark.parametrize("name", ("every_type_rf.pcap", "hops.pcap"))
def test_signal(browser, page, name):
    """Tables and charts of the levels are the views `signal` and `io,value=signal`."""
    path = btbbtest.sample(name)
    page(path)
    levels = view(path, "signal,min=2")
    over_time = view(path, "io,by=lap,value=signal,min=2,top=10")
    assert numbers(table(browser, "signal")) == numbers(levels)
    assert numbers(table(browser, "signal-time")) == numbers(over_time)
    bars = browser.js(READ_CHARTS, "signal")[0]
    known = [row for row in levels[1:] if row[3] and row[0] != "others"][:30]
    assert known and bars["labels"] == [row[0] for row in known]
    assert [series["data"] for series in bars["series"]] == [
        [float(row[3]) for row in known], [[float(row[2]), float(row[4])] for row in known]]
    drawn = browser.js(READ_CHARTS, "signal-time")[0]["series"]
    assert [series["label"] for series in drawn] == over_time[0][2:]
    assert [[float(f"{v:.6g}") for v in series["data"] if v is not None] for series in drawn] == [
        [float(row[k]) for row in over_time[1:] if row[k]] for k in range(2, len(over_time[0]))]


def test_no_signal_no_figure(browser, page):
    page(btbbtest.sample("pandas_demo.pcapbtbb"))
    assert browser.js("return document.querySelector('#signal')") is None


@pytest.mark.parametrize("choice", (0, 1))
def test_chosen_client(browser, page, choice):
    """Types over time of every client with headers, as a filter on its LAP gives them, within the whole capture's time."""
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path)
    laps = browser.js("return [...document.getElementById('client').options].map((o) => o.textContent)")
    assert laps == [row[0] for row in view(path, "lap-type")[1:]]
    browser.js("const s = document.getElementById('client'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
               str(choice))
    expected = view(path, "io,by=type", f"btbb.lap == {laps[choice]}")
    shown = [row for row in table(browser, "chosen") if row[0] == "epoch" or any(cell != "0" for cell in row[2:])]
    assert shown == [row for row in expected if row[0] == "epoch" or any(cell != "0" for cell in row[2:])]
    assert table(browser, "chosen-growth")[-1][2:] == [str(sum(int(row[k]) for row in expected[1:]))
                                                       for k in range(2, len(expected[0]))]
    panels = browser.js(READ_CHARTS, "chosen")
    assert [panel["series"][0]["label"] for panel in panels] == expected[0][2:]


def drag(browser, figure, start, end, shift=False):
    """Press at a share of the figure's time axis, move, release."""
    area = browser.js("const f = figures.find((x) => x.id === arguments[0]); f.section.scrollIntoView(); draw(f);"
                      "const p = f.drawn[0], r = p.canvas.getBoundingClientRect(), a = p.chart.chartArea;"
                      "return [r.left + a.left, a.right - a.left, r.top + (a.top + a.bottom) / 2]", figure)
    mouse = {"button": "left", "y": area[2], "clickCount": 1, "modifiers": 8 if shift else 0}
    for kind, share in (("mousePressed", start), ("mouseMoved", (start + end) / 2), ("mouseMoved", end), ("mouseReleased", end)):
        browser.command("Input.dispatchMouseEvent", type=kind, x=area[0] + area[1] * share, buttons=1, **mouse)


def the_range(browser):
    """The range that all time figures show; they must agree."""
    browser.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    ranges = browser.js(READ_RANGES)
    assert len(ranges) >= 10 and all(r == ranges[0] for r in ranges), ranges
    return ranges[0]


def test_time_figures_move_together(browser, page):
    page(btbbtest.sample("pandas_demo.pcapbtbb"))
    first, last = the_range(browser)
    assert last - first == len(table(browser, "io")) - 1
    span = last - first
    drag(browser, "growth-lap", 0.25, 0.75)
    assert the_range(browser) == pytest.approx([first + span / 4, last - span / 4], abs=1)
    text = browser.js("return document.getElementById('time-range').textContent")
    assert text.startswith("2012-06-1") and text != ""
    drag(browser, "io-type", 0.6, 0.4, shift=True)
    assert the_range(browser) == pytest.approx([first + span * 0.35, last - span * 0.15], abs=1)
    before = the_range(browser)
    browser.js("document.querySelector('[data-act=left]').click()")
    after = the_range(browser)
    assert after[0] < before[0] and after[1] - after[0] == pytest.approx(before[1] - before[0])
    browser.js("document.querySelector('#heat canvas').dispatchEvent(new WheelEvent('wheel',"
               " { deltaY: 100, ctrlKey: true, bubbles: true, cancelable: true, clientX: 700 }))")
    wider = the_range(browser)
    assert wider[1] - wider[0] == pytest.approx((after[1] - after[0]) * 1.25)
    browser.js("document.querySelector('#io canvas').dispatchEvent(new KeyboardEvent('keydown', { key: '0' }))")
    assert the_range(browser) == [first, last]
    for _ in range(40):
        browser.js("document.querySelector('[data-act=in]').click()")
    nearest = the_range(browser)
    assert nearest[1] - nearest[0] == pytest.approx(4)
    browser.js("document.querySelector('#io canvas').dispatchEvent(new MouseEvent('dblclick'))")
    assert the_range(browser) == [first, last]


def test_hover_names_the_values(browser, page):
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path)
    drag(browser, "io", 0.5, 0.5)
    tip = browser.wait(lambda: browser.js("const t = Chart.getChart(document.querySelector('#io canvas')).tooltip;"
                                          "return t.opacity ? [t.dataPoints[0].dataIndex, t.title[0], t.body[0].lines[0]] : null"),
                       "tooltip")
    row = view(path, "io")[1 + tip[0]]
    assert tip[1] == row[1][:19].replace("T", " ")
    assert tip[2].strip() == f"all packets: {row[2]}"


def test_series_are_switched(browser, page):
    page(btbbtest.sample("pandas_demo.pcapbtbb"))
    labels = [series["label"] for series in browser.js(READ_CHARTS, "io-type")[0]["series"]]
    assert "POLL" in labels
    click = ("const b = [...document.querySelectorAll('#io-type .legend button')].find((b) => b.textContent === 'POLL');"
             "b.click(); return b.getAttribute('aria-pressed')")
    assert browser.js(click) == "false"
    assert [s["label"] for s in browser.js(READ_CHARTS, "io-type")[0]["series"]] == [x for x in labels if x != "POLL"]
    assert browser.js(click) == "true"
    assert [s["label"] for s in browser.js(READ_CHARTS, "io-type")[0]["series"]] == labels


def saved(browser, figure, button, ending):
    for old in Path(browser.downloads).iterdir():
        old.unlink()
    browser.js("[...document.querySelectorAll(`#${arguments[0]} button`)].find((b) => b.textContent === arguments[1]).click()",
               figure, button)

    def complete():
        """Chromium holds the name with an empty file until the whole one, then moves that there."""
        return next((path for path in Path(browser.downloads).glob(f"*{ending}") if path.stat().st_size > 0), None)

    return browser.wait(complete, f"{ending} file").read_bytes()


@pytest.mark.parametrize("figure", ("clients", "types", "io", "growth-type"))
def test_saved_data_is_the_csv_view(browser, page, figure):
    path = btbbtest.sample("pandas_demo.pcapbtbb")
    page(path)
    assert saved(browser, figure, "Data (CSV)", ".csv").decode() == view_text(path, VIEWS[figure])


@pytest.mark.parametrize("figure, panels", (("clients", 1), ("chosen", 5), ("heat", 1)))
def test_saved_picture(browser, page, figure, panels):
    page(btbbtest.sample("pandas_demo.pcapbtbb"))
    png = saved(browser, figure, "Picture (PNG)", ".png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    drawn = browser.js("return figures.find((f) => f.id === arguments[0]).drawn.map((p) =>"
                       " [p.canvas.clientWidth, p.canvas.clientHeight])", figure)
    assert len(drawn) == panels
    assert width == drawn[0][0] + 32 and height > sum(size[1] for size in drawn)


def test_hostile_text_stays_text(browser, page, capture):
    frames = [btbb_encode.legacy(0x4831dd, "POLL", uap=0x61)] * 3
    path = capture(btbb_encode.pcap(btbb_encode.stamped(frames)))
    report = page(path, f'btbb || frame.comment == "{HOSTILE}"')
    assert browser.js("return document.getElementById('subtitle').textContent") == \
        f'Only packets that match: btbb || frame.comment == "{HOSTILE}"'
    assert browser.js("return window.hostile") is None and browser.js("return document.images.length") == 0
    assert "window.hostile" in report.read_text() and HOSTILE not in report.read_text()


def test_command_writes_the_same_page(browser, page, workdir):
    """The command shows the name of the file too; file names may be hostile."""
    name = "<img src=x onerror=window.hostile=1>&amp;\"'`.pcap"
    path, report = workdir / name, workdir / "command.html"
    path.write_bytes(btbbtest.sample("pandas_demo.pcapbtbb").read_bytes())
    of_tshark = page(path).read_text(encoding="utf-8")
    btbbtest.run(btbbtest.BUILD / "command" / "btbb", "report", "-o", report, path)
    browser.open(report)
    assert browser.js("return document.getElementById('title').textContent") == name
    assert browser.js("return document.title") == f"{name} - Bluetooth Baseband report"
    assert browser.js("return window.hostile") is None and browser.js("return document.images.length") == 0

    def same(text):
        return re.sub(r'"capture":"(?:[^"\\]|\\.)*"|"written":\[[^\]]*\]', "", text)

    assert same(report.read_text(encoding="utf-8")) == same(of_tshark)


def test_connections(browser, page):
    """Tables of the views links, findings and timeline after the figures; the name of a client in legends."""
    capture = btbbtest.shared("captures/bluffs-lsc-pixelbuds.pcapng")
    page(capture)
    sections = browser.js("return [...document.querySelectorAll('section.figure')].map((s) => s.id)")
    assert sections[-3:] == ["links", "findings", "timeline"]
    for figure in sections[-3:]:
        shown, printed = table(browser, figure), view(capture, figure)
        places = [printed[0].index(name) for name in shown[0]]
        assert len(places) > 6 or figure == "findings"
        assert numbers(shown) == numbers([[row[place] for place in places] for row in printed]), figure
    assert browser.js("return clientLabel('f7:67:95')") == "f7:67:95 Pixel Buds A-Series d..."
    assert browser.js("return [...document.querySelectorAll('#links button')].map((b) => b.textContent)") == ["Data (CSV)"]


def test_piconets(browser, page):
    """With clock=auto: the view piconets as a table, and its channel maps as strips, one for each piconet and source."""
    capture = btbbtest.sample("encrypted_e0_rf_clear.pcap")
    page(capture, "clock=auto")
    sections = browser.js("return [...document.querySelectorAll('section.figure')].map((s) => s.id)")
    assert sections[-2:] == ["piconets", "maps"]
    shown, printed = table(browser, "piconets"), view(capture, "piconets")
    assert shown[0][-1] == "details" and len(shown) == len(printed) == 7
    places = [printed[0].index(name) for name in shown[0][:-1]]
    assert numbers([row[:-1] for row in shown]) == numbers([[row[place] for place in places] for row in printed])
    drawn = browser.js("const f = figures.find((f) => f.id === 'maps'); draw(f); return f.drawn.map((p) => p.label)")
    assert drawn == ["63:a1:e5, LMP_set_AFH", "18:f0:7c, LMP_set_AFH", "2d:9b:40, from hops", "2d:9b:40, LMP_set_AFH",
                     "41:c6:f3, from hops", "41:c6:f3, LMP_set_AFH", "55:aa:19, LMP_set_AFH"]
    maps = [dict(zip(("lap", "part", "source", "frame", "from", "map", "map_known"), row)) for row in table(browser, "maps")[1:]]
    last = {(row["lap"], row["source"]): row["map"] for row in maps}
    by_name = [dict(zip(printed[0], row)) for row in printed[1:]]
    assert last == {(row["lap"], source): row[key] for row in by_name for source, key in (("hops", "map"), ("LMP", "lmp_map"))
                    if row[key]}


def test_nothing_from_elsewhere(browser, page):
    text = page(btbbtest.sample("pandas_demo.pcapbtbb")).read_text(encoding="utf-8")
    assert browser.js("return performance.getEntriesByType('resource').length") == 0
    assert browser.js("return document.querySelectorAll('[src], link, iframe, object, embed').length") == 0
    assert not re.search(r"""(src|href)\s*=\s*["']?\s*(https?:)?//""", text)
    policy = browser.js("return document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    assert policy.startswith("default-src 'none';") and "http" not in policy and "unsafe" not in policy
    assert browser.js("""const node = document.createElement("script");
        node.textContent = "window.injected = true";
        document.body.append(node);
        return window.injected === undefined""")
    browser.driver.get_log("browser")
    assert browser.js("""try { new Image().src = "http://127.0.0.1:9/x.png"; } catch (e) {}
        return document.getElementById("licence").textContent.includes("Permission is hereby granted")""")
    blocked = browser.wait(lambda: [e["message"] for e in browser.driver.get_log("browser")
                                    if "Content Security Policy" in e["message"]], "refusal")
    assert "127.0.0.1:9" in blocked[0]


def test_documentation(browser, page, workdir):
    """The commands of docs/report.md work; its list of figures is the page's, with the views that have the same numbers."""
    text = (btbbtest.REPO / "docs" / "report.md").read_text(encoding="utf-8")
    commands = btbbtest.shell_blocks("report.md")[0].splitlines()
    assert len(commands) == 2
    for command in commands:
        program, *words = shlex.split(command.replace("sample-captures/", f"{btbbtest.REPO}/sample-captures/"))
        path = btbbtest.BUILD / "command" / "btbb" if program == "btbb" else program
        btbbtest.run(path, *words, cwd=workdir)
        browser.open(workdir / "report.html")
        (workdir / "report.html").unlink()
    titles = browser.js("return [...document.querySelectorAll('section.figure h2')].map((h) => h.textContent)")
    client = browser.js("return document.getElementById('client').selectedOptions[0].textContent")
    rows = re.findall(r"^\| ([A-Z][^|]*) \| (?:In [\d, ]+|-) \| ([^|]*) \|$", text, re.M)
    missing = ("Signal level", "Clocks of piconets", "Channel maps")    # see test_signal() and test_piconets()
    rows = [row for row in rows if not row[0].startswith(missing)]
    assert [row[0] for row in rows] == [title.replace(client, "a chosen client") for title in titles]
    assert {figure: row[1] for figure, row in zip(FIGURES, rows) if figure in VIEWS} == \
        {figure: f"`-z btbb,{name}`" for figure, name in VIEWS.items()}


@pytest.mark.parametrize("name", ("empty.pcapbtbb", "foreign.pcap"))
def test_capture_without_packets(browser, page, name):
    page(btbbtest.sample(name))
    assert browser.js("return [...document.querySelectorAll('section.figure')].map((s) => s.id)") == \
        ["clients", "headers", "types", "lap-types", "channels"]
    assert table(browser, "clients") == view(btbbtest.sample(name), "lap")


def test_gap_of_years(browser, page):
    """What the view `io` refuses is added up here."""
    path = btbbtest.sample("years.pcapbtbb")
    page(path)
    assert browser.js("return [TIME.factor, TIME.step]") == [86400, 86400]
    rows = table(browser, "io")
    assert len(rows) == 1 + 1820752000 // 86400 - 1600000000 // 86400 + 1, "the header, and a row for each day"
    assert [row[2] for row in rows[1:] if row[2] != "0"] == ["3", "3"]


def day_long(packets):
    """A day of three clients on all channels, 86,400 seconds and more cells than a screen has pixels."""
    kinds = ("POLL", "NULL", "DM1", "DH1")
    frames = (btbb_encode.legacy(0x4831dd + k % 3, kinds[k % 4], uap=0x61, channel=k * 7 % 79) for k in range(packets))
    return btbb_encode.pcap(btbb_encode.stamped(frames, step=86400 * btbb_encode.NS // packets, start=1339545600 * btbb_encode.NS))


def test_day_long_capture_is_added_up(browser, page, capture):
    path = capture(day_long(40000))
    report = page(path)
    assert report.stat().st_size < 1_500_000
    assert browser.js("return [TIME.factor, TIME.step, TIME.count]") == [30, 30, 2880]
    assert "For display, 30 intervals of 1 s are added up to one of 30 s." in \
        browser.js("return [...document.querySelectorAll('#io .note')].map((n) => n.textContent)")
    for figure in ("io", "io-type", "heat"):
        assert saved(browser, figure, "Data (CSV)", ".csv").decode() == view_text(path, f"{VIEWS[figure]},interval=30"), figure
    assert table(browser, "io") == view(path, "io,interval=30")


def test_usable_on_a_phone(browser, page):
    browser.size(400, 800)
    try:
        page(btbbtest.sample("pandas_demo.pcapbtbb"))
        browser.js("figures.forEach(draw)")
        width = browser.js("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1] <= 400
        assert browser.js("return [...document.querySelectorAll('canvas')].every((c) => c.clientWidth > 250)")
    finally:
        browser.size(1400, 1000)


def test_light_and_dark(browser, page):
    colours = {}
    for scheme in ("light", "dark"):
        browser.media(scheme)
        page(btbbtest.sample("every_type.pcapbtbb"))
        colours[scheme] = browser.js("return [getComputedStyle(document.body).backgroundColor, Chart.defaults.color]")
    assert colours["light"][0] == "rgb(246, 247, 248)" and colours["dark"][0] == "rgb(20, 24, 29)"
    browser.js("const b = document.getElementById('theme'); b.click()")     # system -> light
    assert browser.js("return [getComputedStyle(document.body).backgroundColor, Chart.defaults.color]") == colours["light"]
    browser.media("light")


def test_prints_all_figures_in_light_colours(browser, page):
    browser.media("dark")
    try:
        page(btbbtest.sample("pandas_demo.pcapbtbb"))
        browser.js("window.addEventListener('beforeprint', () => { window.printed = [document.documentElement.dataset.theme,"
                   "figures.every((f) => f.drawn)]; })")
        pdf = browser.command("Page.printToPDF", printBackground=True)["data"]
        assert len(pdf) > 20000
        assert browser.js("return window.printed") == ["light", True]
        assert browser.js("return document.documentElement.dataset.theme") == "dark"
    finally:
        browser.media("light")


@pytest.mark.parametrize("place", ("missing/out.html", "."))
def test_path_that_cannot_be_written(workdir, place):
    path = workdir / place
    done = btbbtest.tshark("-q", "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-z", f"btbb,report,file={path}", check=False)
    lines = done.stderr.strip().splitlines()
    assert done.returncode != 0 and len(lines) == 1 and str(path) in lines[0], done.stderr
    assert list(workdir.iterdir()) == []


def test_existing_file_is_replaced_when_complete(workdir):
    path = workdir / "out.html"
    path.write_text("before")
    if os.geteuid() == 0:
        os.chown(path, btbbtest.USER, btbbtest.USER)
    btbbtest.tshark("-q", "-r", btbbtest.sample("pandas_demo.pcapbtbb"), "-z", f"btbb,report,file={path}")
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
    assert [p.name for p in workdir.iterdir()] == ["out.html"]
