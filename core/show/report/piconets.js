// The piconets: their clocks as a table, and a strip of the channels in use over time. Left out where clocks are not sought.
// SPDX-License-Identifier: GPL-2.0-or-later

const PICONET_COLUMNS = ["file", "lap", "uap", "nap", "first", "span", "packets", "explained", "unexplained", "slots",
    "clk", "source", "confidence", "drift", "jump", "hopping", "details"];
const STRIPS = 12;

// A map as a report has it: LAP, part, source, frame, from, to, used and known channels.
const mapOf = ([lap, part, source, frame, from, to, used, known]) =>
    ({ lap, part, source, frame, from, to, used: BigInt(`0x${used}`), known: BigInt(`0x${known}`), usedText: used,
        knownText: known });
const hasChannel = (set, channel) => (set >> BigInt(channel) & 1n) === 1n;

// One strip for each piconet and source. Each map holds until the next one of its part does.
function channelStrips(maps) {
    const strips = new Map();
    for (const map of maps) {
        const name = `${clientLabel(map.lap)}, ${map.source === "LMP" ? "LMP_set_AFH" : "from hops"}`;
        const strip = strips.get(name) || [];
        const last = strip[strip.length - 1];
        if (last && last.part === map.part && last.from <= map.from)
            last.to = map.from;
        strips.set(name, [...strip, { ...map, to: Math.max(map.to, map.from + TIME.step) }]);
    }
    return [...strips];
}

function stripChart(maps) {
    const paint = {
        id: "strip",
        beforeDatasetsDraw(chart) {
            const { ctx, chartArea: { left, right, top, bottom }, scales: { x, y } } = chart;
            const high = Math.abs(y.getPixelForValue(1) - y.getPixelForValue(0));
            ctx.save();
            ctx.beginPath();
            ctx.rect(left, top, right - left, bottom - top);
            ctx.clip();
            for (const map of maps)
                for (let channel = 0; channel < CHANNELS; channel++) {
                    if (!hasChannel(map.known, channel))
                        continue;
                    const start = x.getPixelForValue(map.from);
                    ctx.fillStyle = hasChannel(map.used, channel) ? CLIENT_COLOURS[2] : ERROR_COLOURS[0];
                    ctx.fillRect(start, y.getPixelForValue(channel) - high / 2,
                        Math.max(x.getPixelForValue(map.to) - start, 1), high);
                }
            ctx.restore();
        },
    };
    return { type: "scatter", data: { datasets: [] }, plugins: [paint], options: { events: [], scales: {
        x: timeScale(), y: channelAxis() } } };
}

function stripFigure() {
    const maps = DATA.maps.map(mapOf);
    const strips = channelStrips(maps);
    const notes = strips.length > STRIPS ? [`The first ${STRIPS} of ${number(strips.length)}; the table has all.`] : [];
    return {
        id: "maps", title: "Channel maps over time", timed: true, notes,
        read: "The RF channels that adaptive frequency hopping uses, green, and avoids, red; blank where hops do not show it. "
            + "A map from hops holds from the packet that showed it, one of LMP_set_AFH from its instant on.",
        table: { columns: ["lap", "part", "source", "frame", "from", "map", "map_known"], count: maps.length,
            row: (k) => [maps[k].lap, maps[k].part, maps[k].source, maps[k].frame, isoTime(maps[k].from), maps[k].usedText,
                maps[k].knownText] },
        panels: () => strips.slice(0, STRIPS).map(([label, shown]) => ({ height: 150, label, config: stripChart(shown) })),
    };
}

function piconetFigures() {
    if (!DATA.piconets || !DATA.piconets.rows.length)
        return [];
    const table = tableFigure("piconets", "Clocks of piconets",
        "One row for each piconet and part of the capture: its clock in the slot of the first packet, where the clock is "
        + "from, how well it explains the packets, and how the capturing device's clock differs.",
        DATA.piconets, PICONET_COLUMNS);
    return DATA.maps.length && TIME ? [table, stripFigure()] : [table];
}
