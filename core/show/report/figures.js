// The figures in the order of the notebook: titles, explanations, tables and series. They are drawn elsewhere.
// SPDX-License-Identifier: GPL-2.0-or-later

const OTHERS = "others";                // last row of a table, or a series: the sum of the rest

const withoutOthers = (rows) => rows.filter((row) => row.lap !== OTHERS);
const clientRows = withoutOthers(DATA.clients.rows);    // in the order of `-z btbb,lap`: most packets first
const rankOf = new Map(clientRows.map((row, rank) => [row.lap, rank]));
const NAME_CHARACTERS = 24;
const nameOf = new Map(clientRows.filter((row) => row.name).map((row) => [row.lap, Array.from(row.name)]));

// A client in a legend: the LAP, and the name of the device.
function clientLabel(lap) {
    const name = nameOf.get(lap);
    if (!name)
        return lap;
    return `${lap} ${name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS - 3).join("")}...` : name.join("")}`;
}

const typeLabel = (code) => DATA.typeNames[code];
const sentences = (lines) => lines.map((line) => `${line}.`);

const barsNote = (rows) => rows.length > SHOWN_BARS
    ? [`The ${SHOWN_BARS} clients with most packets of ${number(rows.length)}; the table has more.`] : [];

function aggregationNote() {
    if (!TIME || TIME.factor === 1)
        return [];
    return [`For display, ${number(TIME.factor)} intervals of ${duration(TIME.interval)} are added up to one of `
        + `${duration(TIME.step)}.`];
}

const objectTable = (columns, rows) => ({ columns, count: rows.length, row: (k) => columns.map((c) => rows[k][c]) });

// As the view `io` has it: from the first interval with a packet of these series to the last. `counts` are the series
// where `series` are their sums.
function timeTable(series, counts = series) {
    const steps = Array.from({ length: TIME.count }, (_, k) => k).filter((k) => counts.some((s) => s.values[k] > 0));
    const first = steps.length ? steps[0] : 0;
    const row = (k) => [epochText(startOf(k)), isoTime(startOf(k)), ...series.map((s) => s.values[k])];
    return {
        columns: ["epoch", "time", ...series.map((s) => s.key)],
        count: steps.length ? steps[steps.length - 1] - first + 1 : 0, row: (k) => row(first + k),
    };
}

function timeFigure(id, title, read, series, notes = []) {
    return {
        id, title, read, timed: true, series, table: timeTable(series), notes: [...notes, ...aggregationNote()],
        panels: (shown) => [{ height: 300, config: timeChart({ series: shown, title: perInterval() }) }],
    };
}

function growthFigure(id, title, read, series, notes = []) {
    const grown = series.map((s) => ({ ...s, values: cumulated(s.values) }));
    const figure = timeFigure(id, title, read, grown, notes);
    figure.table = timeTable(grown, series);
    figure.panels = (shown) => [{ height: 300, config: timeChart({ series: shown, title: "packets so far" }) }];
    return figure;
}

const typeSeries = (types) => types.map(([code, packed]) => ({ key: typeLabel(code), label: typeLabel(code),
    colour: TYPE_COLOURS[code], values: unpack(packed, TIME.count) }));

function clientSeries() {
    const names = TIME.clients.map(([lap]) => lap);
    const series = TIME.clients.map(([, packed], k) => ({ key: names[k], label: clientLabel(names[k]), colour: clientColour(k),
        values: unpack(packed, TIME.count) }));
    if (TIME.others.length)
        series.push({ key: OTHERS, label: OTHERS, colour: OTHERS_COLOUR, values: unpack(TIME.others, TIME.count) });
    return series;
}

function clientsFigure() {
    const rows = clientRows;
    const shown = rows.slice(0, SHOWN_BARS);
    return {
        id: "clients", title: "Clients seen",
        read: "One bar for each client (LAP): all its packets, access codes included. A client seen only once is most "
            + "likely noise that looked like an access code.",
        notes: [...barsNote(rows), ...sentences(DATA.clients.notes)],
        table: objectTable(DATA.clients.columns, DATA.clients.rows),
        panels: () => [{ height: 300, config: barChart({ labels: shown.map((r) => r.lap), title: "packets",
            percent: true, series: [{ label: "packets", values: shown.map((r) => r.packets),
                colour: shown.map((r, k) => clientColour(k)) }] }) }],
    };
}

function headersFigure() {
    const rows = DATA.lapTypes.rows;
    const shown = withoutOthers(rows).slice(0, SHOWN_BARS);
    return {
        id: "headers", title: "Packets with header per client",
        read: "Only packets whose header was received: these clients have exchanged data. More packets were sent than "
            + "a receiver on one channel can see.",
        notes: barsNote(rows),
        table: { columns: ["lap", "packets"], count: rows.length, row: (k) => [rows[k].lap, rows[k].total] },
        panels: () => [{ height: 280, config: barChart({ labels: shown.map((r) => r.lap), title: "packets with header",
            percent: true, series: [{ label: "packets with header", values: shown.map((r) => r.total),
                colour: shown.map((r) => clientColour(rankOf.get(r.lap) ?? SHOWN_BARS)) }] }) }],
    };
}

function typesFigure() {
    const rows = DATA.types.rows;
    return {
        id: "types", title: "Packet types",
        read: "All packets with header of all clients, by the TYPE in their header. POLL and NULL keep a link alive; "
            + "DM and DH carry data; HV and EV carry voice.",
        notes: sentences(DATA.types.notes), table: objectTable(DATA.types.columns, rows),
        panels: () => [{ height: 70 + 26 * rows.length, config: barChart({ labels: rows.map((r) => r.name),
            sideways: true, title: "packets with header", percent: true, series: [{ label: "packets",
                values: rows.map((r) => r.packets), colour: rows.map((r) => TYPE_COLOURS[r.type]) }] }) }],
    };
}

function lapTypesFigure() {
    const rows = DATA.lapTypes.rows;
    const shown = withoutOthers(rows).slice(0, SHOWN_BARS);
    const series = DATA.lapTypes.columns.slice(1, -1).map((name) => ({ key: name, label: name,
        colour: TYPE_COLOURS[DATA.typeNames.indexOf(name)], values: shown.map((r) => r[name]) }));
    return {
        id: "lap-types", title: "Packet types per client",
        read: "The bars of the clients with header again, divided by packet type: what each client does with its link.",
        notes: barsNote(rows), series, table: objectTable(DATA.lapTypes.columns, rows),
        panels: (visible) => [{ height: 320, config: barChart({ labels: shown.map((r) => r.lap), stacked: true,
            title: "packets with header", series: visible }) }],
    };
}

function chosenFigures(lap, types) {
    const series = typeSeries(types);
    const subplots = timeFigure("chosen", `Packet types of ${lap} over time`,
        "One strip for each packet type of the chosen client, all on the same scale: bursts of data, polling and "
        + "silence show as patterns.", series);
    const top = series.reduce((most, s) => s.values.reduce((a, b) => Math.max(a, b), most), 0);
    subplots.tall = true;
    subplots.panels = (shown) => shown.map((s, k) => ({ height: k + 1 < shown.length ? 74 : 108, label: s.label,
        config: timeChart({ series: [s], title: "", top, bare: k + 1 < shown.length }) }));
    return [subplots, growthFigure("chosen-growth", `Packet types of ${lap}, cumulated`,
        "The same counts added up: a straight line is a steady rate, a step is a burst, a flat stretch is silence.",
        series)];
}

function rateOf(good, bad) {
    return good + bad > 0 ? 100 * bad / (good + bad) : null;
}

const CHANNELS = 79;                    // RF channels are numbered 0 to 78

const NO_CHANNEL = ["No packet of this capture has an RF channel."];

function channelFigure() {
    const rows = DATA.channels.rows;
    const known = new Map(rows.map((r) => [r.channel, r]));
    const of = (value) => Array.from({ length: CHANNELS }, (_, channel) =>
        known.has(channel) ? value(known.get(channel)) : null);
    const beyond = rows.filter((r) => r.channel >= CHANNELS).reduce((sum, r) => sum + r.packets, 0);
    const beyondNote = beyond ? [`${number(beyond)} packets name a channel above ${CHANNELS - 1}: see the table.`] : [];
    const details = of((r) => r.signal_mean === null ? ""
        : `Signal: mean ${r.signal_mean.toFixed(1)} dBm, strongest ${r.signal_max} dBm`);
    const series = [
        { key: "packets", label: "packets", colour: CLIENT_COLOURS[0], values: of((r) => r.packets) },
        { key: "hec", label: "HEC errors", colour: ERROR_COLOURS[0], hollow: true,
            values: of((r) => rateOf(r.hec_good, r.hec_bad)) },
        { key: "crc", label: "CRC errors", colour: ERROR_COLOURS[1],
            values: of((r) => rateOf(r.crc_good, r.crc_bad)) },
    ];
    const part = (shown, percent) => shown.filter((s) => (s.key !== "packets") === percent);
    return {
        id: "channels", title: "RF channels and their errors",
        read: "Above: packets on each of the 79 channels. Hopping fills them evenly, unless channels are avoided or "
            + "the receiver listens on one only. Below: percent of the checked headers (HEC) and payloads (CRC) that "
            + "were damaged.",
        notes: rows.length ? [...sentences(DATA.channels.notes), ...beyondNote] : NO_CHANNEL,
        series: rows.length ? series : [], table: objectTable(DATA.channels.columns, rows),
        panels: (shown) => [
            { height: 200, config: channelChart({ series: part(shown, false), title: "packets", percent: false,
                details }) },
            { height: 170, config: channelChart({ series: part(shown, true), title: "errors, %", percent: true,
                details }) },
        ],
    };
}

function heatFigure() {
    const rows = TIME.channels.map(([channel, packed]) => ({ channel, values: unpack(packed, TIME.count) }));
    const series = rows.map((r) => ({ key: String(r.channel), values: r.values }));
    return {
        id: "heat", title: "RF channels over time", timed: true, heat: true,
        read: "Each cell counts the packets of one channel in one stretch of time; colours are on a logarithmic scale. "
            + "A channel that fades is avoided or disturbed; a band that moves is a receiver that changes its channel.",
        notes: rows.length ? aggregationNote() : NO_CHANNEL, table: timeTable(series),
        panels: (shown, onDrawn) => rows.length ? [{ height: 420,
            config: heatChart(rows.filter((r) => r.channel < CHANNELS), onDrawn) }] : [],
    };
}

function timeFigures() {
    const clients = clientSeries();
    const strays = sentences(DATA.clients.notes);
    const types = typeSeries(TIME.types);
    const all = [{ key: "packets", label: "all packets", colour: CLIENT_COLOURS[0],
        values: unpack(TIME.all, TIME.count) }];
    return [
        timeFigure("io", "All packets over time", "Every packet, access codes included.", all),
        timeFigure("io-lap", "Packets over time per client",
            "Access codes included; the clients with most packets have a line each.", clients, strays),
        growthFigure("growth-lap", "Growth of packets per client",
            "The same counts added up from the start: steepness is the packet rate, a flat line is silence.", clients,
            strays),
        timeFigure("io-type", "Packets over time per type", "Packets with header only. Switch types off in the legend "
            + "to see the rare ones.", types),
        growthFigure("growth-type", "Growth of packets per type",
            "The same counts added up; much easier to read than the rates.", types),
    ];
}
