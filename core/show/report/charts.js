// Kinds of panels: each function returns a Chart.js configuration, drawn in the colours of the page's theme.
// SPDX-License-Identifier: GPL-2.0-or-later

const DOTS_BELOW = 90;                  // visible intervals from which each one gets a dot
const AXIS_WIDTH = 72;                  // of every count axis, so that panels are aligned
const HEAT_PIXELS = 3;                  // least width of a cell of the heat map
// Ends of the colour ramp: from almost the background of a card to beyond the accent colour.
const RAMPS = {
    light: [[232, 240, 247], [104, 161, 209], [24, 80, 138], [12, 38, 84]],
    dark: [[32, 44, 56], [36, 92, 146], [92, 170, 226], [236, 245, 200]],
};

const rootStyle = getComputedStyle(document.documentElement);
const colour = (name) => rootStyle.getPropertyValue(name).trim();

function applyChartDefaults() {
    const defaults = Chart.defaults;
    defaults.font.family = getComputedStyle(document.body).fontFamily;
    defaults.font.size = 12;
    defaults.color = colour("--soft");
    defaults.borderColor = colour("--grid");
    defaults.animation = false;
    defaults.responsive = true;
    defaults.maintainAspectRatio = false;
    defaults.plugins.legend.display = false;
    defaults.layout.autoPadding = false;
    defaults.layout.padding = { right: 14, top: 6 };
    Object.assign(defaults.plugins.tooltip, { backgroundColor: colour("--ink"), titleColor: colour("--card"),
        bodyColor: colour("--card"), footerColor: colour("--card"), cornerRadius: 4, boxPadding: 4,
        bodyFont: { size: 12 }, titleFont: { size: 12 } });
}

function inLine(axis) {
    if (!axis.isHorizontal())
        axis.width = Math.max(axis.width, AXIS_WIDTH);
}

const countAxis = (title, extra = {}) => ({
    beginAtZero: true, title: { display: Boolean(title), text: title }, grid: { color: () => colour("--grid") },
    ticks: { precision: 0, callback: (value) => number(value) }, afterFit: inLine, border: { display: false }, ...extra,
});

function barChart({ labels, series, title, sideways, stacked, percent }) {
    const total = series.reduce((sum, s) => sum + s.values.reduce((a, b) => a + b, 0), 0);
    const values = countAxis(title, { stacked });
    const names = { stacked, grid: { display: false }, ticks: { autoSkip: false, maxRotation: 90 } };
    return {
        type: "bar",
        data: { labels, datasets: series.map((s) => ({ label: s.label, data: s.values, backgroundColor: s.colour,
            maxBarThickness: 46, categoryPercentage: 0.86, barPercentage: 0.92 })) },
        options: {
            indexAxis: sideways ? "y" : "x",
            interaction: { mode: "index", intersect: false, axis: sideways ? "y" : "x" },
            scales: sideways ? { x: values, y: names } : { x: names, y: values },
            plugins: { tooltip: {
                filter: (item) => item.raw > 0 || series.length === 1,
                callbacks: { label: (item) => ` ${item.dataset.label}: ${number(item.raw)}`
                    + (percent ? ` (${(100 * item.raw / total).toFixed(1)} %)` : "") },
            } },
        },
    };
}

function visibleIntervals() {
    return (view.max - view.min) / TIME.step;
}

const dotRadius = () => visibleIntervals() < DOTS_BELOW ? 2 : 0;

function intervalTitle(index) {
    const from = readableTime(startOf(index));
    return TIME.step === 1 ? from : `${from}, ${duration(TIME.step)}`;
}

// series: [{label, colour, values}]; `top`: common end of the count axis of several panels; `bare`: see timeScale().
function timeChart({ series, title, top, bare }) {
    return {
        type: "line",
        data: { datasets: series.map((s) => ({
            label: s.label, data: Array.from(s.values, (y, k) => ({ x: startOf(k), y })), borderColor: s.colour,
            backgroundColor: s.colour, borderWidth: 1.5, borderJoinStyle: "round", pointHoverRadius: 4,
            pointHitRadius: 0,
        })) },
        options: {
            elements: { point: { radius: dotRadius() } },
            parsing: false, normalized: true,
            interaction: { mode: "index", axis: "x", intersect: false },
            scales: { x: timeScale(bare), y: countAxis(title, { suggestedMax: top }) },
            plugins: { tooltip: {
                itemSort: (a, b) => b.parsed.y - a.parsed.y,
                filter: (item, k, items) => items.length === 1 || item.parsed.y > 0,
                callbacks: {
                    title: (items) => items.length ? intervalTitle(items[0].dataIndex) : "",
                    label: (item) => ` ${item.dataset.label}: ${number(item.parsed.y)}`,
                },
            } },
        },
    };
}

// Something per RF channel, 0 to 78. series: [{label, colour, values}]; `percent`: rates as dots instead of counts as
// bars; `details`: a further line of the tooltip for each channel.
function channelChart({ series, title, percent, details }) {
    const looks = percent ? { showLine: false, pointRadius: 3.5, pointHoverRadius: 5, borderWidth: 2, clip: 8 }
        : { categoryPercentage: 1, barPercentage: 0.86 };
    return {
        type: percent ? "line" : "bar",
        data: { labels: details.map((text, channel) => channel), datasets: series.map((s) => ({ label: s.label,
            data: s.values, borderColor: s.colour, backgroundColor: s.hollow ? "transparent" : s.colour, ...looks })) },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: {
                x: { offset: true, grid: { display: false }, title: { display: percent, text: "RF channel" },
                    ticks: { display: percent, maxRotation: 0, autoSkipPadding: 8 } },
                y: countAxis(title, { suggestedMax: percent ? 5 : undefined }),
            },
            plugins: { tooltip: {
                filter: (item) => item.raw !== null,
                callbacks: {
                    title: (items) => items.map(({ label }) => `RF channel ${label}, ${2402 + Number(label)} MHz`)[0],
                    label: ({ dataset, raw }) => ` ${dataset.label}: ${percent ? `${raw.toFixed(2)} %` : number(raw)}`,
                    footer: (items) => items.length ? details[items[0].dataIndex] : "",
                },
            } },
        },
    };
}

function rampColour(share) {
    const stops = RAMPS[document.documentElement.dataset.theme === "dark" ? "dark" : "light"];
    const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const mix = stops[low].map((c, k) => Math.round(c + (stops[low + 1][k] - c) * (place - low)));
    return `rgb(${mix.join(",")})`;
}

// Sums of `merged` neighbouring intervals in the visible range, so that a cell never gets thinner than HEAT_PIXELS.
function heatCells(rows, width) {
    const merged = Math.max(1, Math.ceil(visibleIntervals() * HEAT_PIXELS / Math.max(width, 1)));
    const first = Math.max(0, Math.floor((view.min - TIME.start) / TIME.step / merged));
    const last = Math.min(Math.ceil(TIME.count / merged) - 1, Math.floor((view.max - TIME.start) / TIME.step / merged));
    const cells = [];
    let most = 0;
    for (const { channel, values } of rows)
        for (let column = first; column <= last; column++) {
            let sum = 0;
            for (let k = column * merged; k < Math.min((column + 1) * merged, TIME.count); k++)
                sum += values[k];
            if (sum)
                cells.push({ channel, column, sum });
            most = Math.max(most, sum);
        }
    return { merged, cells, most };
}

const heatShare = (sum, most) => most > 1 ? 0.12 + 0.88 * Math.log(sum) / Math.log(most) : 1;

const channelAxis = () => ({
    min: -0.5, max: 78.5, afterFit: inLine, grid: { display: false }, title: { display: true, text: "RF channel" },
    afterBuildTicks: (axis) => { axis.ticks = [0, 13, 26, 39, 52, 65, 78].map((value) => ({ value })); },
});

// The cells are painted by a plugin of the chart between its axes; the chart itself holds no data.
function heatChart(rows, onDrawn) {
    const paint = {
        id: "heat",
        beforeDatasetsDraw(chart) {
            const { left, right, top, bottom } = chart.chartArea;
            const heat = chart.heat = heatCells(rows, right - left);
            const high = Math.abs(chart.scales.y.getPixelForValue(1) - chart.scales.y.getPixelForValue(0));
            chart.ctx.save();
            chart.ctx.beginPath();
            chart.ctx.rect(left, top, right - left, bottom - top);
            chart.ctx.clip();
            for (const { channel, column, sum } of heat.cells) {
                const x = chart.scales.x.getPixelForValue(startOf(column * heat.merged));
                const end = chart.scales.x.getPixelForValue(startOf((column + 1) * heat.merged));
                chart.ctx.fillStyle = rampColour(heatShare(sum, heat.most));
                chart.ctx.fillRect(x, chart.scales.y.getPixelForValue(channel) - high / 2, Math.max(end - x, 1), high);
            }
            chart.ctx.restore();
            onDrawn(heat);
        },
    };
    return {
        type: "scatter", data: { datasets: [] }, plugins: [paint],
        options: { events: [], scales: {
            x: timeScale(),
            y: channelAxis(),
        } },
    };
}

// Text for the cell under the pointer, or "".
function heatText(chart, x, y) {
    const { heat, chartArea: area, scales } = chart;
    if (!heat || x < area.left || x > area.right || y < area.top || y > area.bottom)
        return "";
    const channel = Math.round(scales.y.getValueForPixel(y));
    const column = Math.floor((scales.x.getValueForPixel(x) - TIME.start) / TIME.step / heat.merged);
    const cell = heat.cells.find((c) => c.channel === channel && c.column === column);
    return `Channel ${channel}, ${readableTime(startOf(column * heat.merged))}`
        + ` (${duration(heat.merged * TIME.step)}): ${number(cell ? cell.sum : 0)} packets`;
}
