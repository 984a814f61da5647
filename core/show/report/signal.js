// Signal levels: of each client, and over time. Left out where the capture has none.
// SPDX-License-Identifier: GPL-2.0-or-later

const levelAxis = (extra = {}) => countAxis("signal, dBm", { beginAtZero: false, ...extra });
const levelText = (value) => `${value.toFixed(1)} dBm`;

// rows: of the view signal.
function rangeChart(rows) {
    return {
        data: { labels: rows.map((r) => r.lap), datasets: [
            { type: "line", label: "mean", data: rows.map((r) => r.signal_mean), showLine: false, pointRadius: 4,
                pointHoverRadius: 5, borderColor: colour("--ink"), backgroundColor: colour("--ink") },
            { type: "bar", label: "weakest to strongest", data: rows.map((r) => [r.signal_min, r.signal_max]),
                backgroundColor: rows.map((r) => clientColour(rankOf.get(r.lap) ?? SHOWN_BARS)), maxBarThickness: 46,
                minBarLength: 3 }] },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: { x: { grid: { display: false }, ticks: { autoSkip: false, maxRotation: 90 } }, y: levelAxis() },
            plugins: { tooltip: { callbacks: { label: ({ dataset, raw }) => ` ${dataset.label}: `
                + (Array.isArray(raw) ? `${raw[0]} to ${raw[1]} dBm` : levelText(raw)) } } },
        },
    };
}

// Dots, because a mean is that of its interval alone: most intervals of a hopping client have no packet.
function levelChart(series) {
    const config = timeChart({ series, title: "" });
    for (const dataset of config.data.datasets)
        Object.assign(dataset, { showLine: false, pointRadius: 2 });
    config.options.scales.y = levelAxis();
    Object.assign(config.options.plugins.tooltip, {
        filter: (item) => !Number.isNaN(item.parsed.y),
        callbacks: { ...config.options.plugins.tooltip.callbacks,
            label: (item) => ` ${item.dataset.label}: ${levelText(item.parsed.y)}` } });
    return config;
}

function levelSeries() {
    return TIME.signals.map(([lap, packedCounts, packedSums]) => {
        const counts = unpack(packedCounts, TIME.count);
        const sums = unpack(packedSums, TIME.count);
        return { key: lap, label: clientLabel(lap), colour: clientColour(rankOf.get(lap) ?? SHOWN_BARS), counts,
            values: sums.map((sum, k) => counts[k] ? sum / counts[k] + TIME.signalZero : NaN) };
    });
}

// As `io,by=lap,value=signal` has it, with intervals of the page; empty where there is no packet.
function levelTable(series) {
    const table = timeTable(series, series.map((s) => ({ values: s.counts })));
    const dBm = (value) => Number.isNaN(value) ? null : typeof value === "number" ? Number(value.toPrecision(6)) : value;
    return { ...table, row: (k) => table.row(k).map(dBm) };
}

function signalFigures() {
    const rows = withoutOthers(DATA.signal.rows).filter((r) => r.signal_mean !== null);
    if (!rows.length)
        return [];
    const shown = rows.slice(0, SHOWN_BARS);
    const figures = [{
        id: "signal", title: "Signal level per client",
        read: "Each bar reaches from the weakest to the strongest packet of a client, the dot is the mean. A client that "
            + "moves or fades has a long bar.",
        notes: barsNote(rows), table: objectTable(DATA.signal.columns, DATA.signal.rows),
        panels: () => [{ height: 300, config: rangeChart(shown) }],
    }];
    const series = TIME ? levelSeries() : [];
    if (series.length)
        figures.push({
            id: "signal-time", title: "Signal level over time per client", timed: true, series,
            read: "The mean level of each interval: a client that comes nearer rises. Only intervals with packets have a "
                + "dot.",
            notes: aggregationNote(), table: levelTable(series),
            panels: (visible) => [{ height: 300, config: levelChart(visible) }],
        });
    return figures;
}
