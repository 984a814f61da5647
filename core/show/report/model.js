// The numbers of the report: reading the embedded data, counts per interval, local time, colours.
// SPDX-License-Identifier: GPL-2.0-or-later

const DATA = JSON.parse(document.getElementById("data").textContent);
// The tables of the views: rows of values -> rows of named values.
for (const name of ["summary", "clients", "types", "lapTypes", "channels", "signal", "links", "findings", "timeline", "piconets"]
    .filter((name) => DATA[name]))
    DATA[name].rows = DATA[name].rows.map((row) => Object.fromEntries(DATA[name].columns.map((c, k) => [c, row[k]])));
const TIME = DATA.time;                 // start, step (seconds), count, interval, factor and the series; null: no times

const SHOWN_BARS = window.innerWidth < 640 ? 12 : 30;

const CLIENT_COLOURS = ["#3b78b5", "#e58b2a", "#46a05a", "#d1495b", "#8a63b8", "#2aa6a1", "#b8892f", "#d977ab",
    "#7a8f3c", "#5f7fd9"];
const OTHERS_COLOUR = "#8f99a3";
// One colour for each TYPE code: grey for packets without payload, green for DM, blue for DH, warm colours for voice.
const TYPE_COLOURS = ["#9aa5b1", "#64788c", "#a86bb3", "#2e8b57", "#2f6fb5", "#e2a33a", "#d97f2b", "#c2571f",
    "#7b5cc4", "#b3a02e", "#63b682", "#5a9bd8", "#dc6a84", "#aa3553", "#93c98a", "#86bdea"];
const ERROR_COLOURS = ["#d1495b", "#8a63b8"];

const clientColour = (rank) => rank < CLIENT_COLOURS.length ? CLIENT_COLOURS[rank] : OTHERS_COLOUR;

// A series is stored as index step, value, index step, value ... of its non-empty intervals.
function unpack(packed, count) {
    const dense = new Float64Array(count);
    for (let k = 0, index = 0; k + 1 < packed.length; k += 2) {
        index += packed[k];
        dense[index] = packed[k + 1];
    }
    return dense;
}

function cumulated(values) {
    let sum = 0;
    return Float64Array.from(values, (v) => sum += v);
}

function added(series, count) {
    const sum = new Float64Array(count);
    for (const values of series)
        for (let k = 0; k < count; k++)
            sum[k] += values[k];
    return sum;
}

// Local time of the machine that wrote the report: DATA.zones lists [from this time on, seconds east of UTC].
function utcOffset(epoch) {
    let offset = 0;
    for (const [from, east] of DATA.zones)
        if (from === null || epoch >= from)
            offset = east;
    return offset;
}

const pad = (n, width = 2) => String(n).padStart(width, "0");

function offsetText(east) {
    const minutes = Math.abs(Math.round(east / 60));
    return (east < 0 ? "-" : "+") + pad(Math.floor(minutes / 60)) + ":" + pad(minutes % 60);
}

// ".500": the fraction of a second, in as many digits as the length of an interval needs, or nothing.
const FRACTION_DIGITS = !TIME || TIME.interval % 1 === 0 ? 0 : [3, 6, 9].find((digits) =>
    Math.abs(TIME.interval * 10 ** digits - Math.round(TIME.interval * 10 ** digits)) < 1e-6) || 9;

function splitSecond(epoch) {
    const unit = 10 ** FRACTION_DIGITS;
    let whole = Math.floor(epoch);
    let parts = Math.round((epoch - whole) * unit);
    if (parts >= unit)
        [whole, parts] = [whole + 1, 0];
    return { whole, fraction: parts && FRACTION_DIGITS ? `.${pad(parts, FRACTION_DIGITS)}` : "" };
}

function epochText(epoch) {
    const { whole, fraction } = splitSecond(epoch);
    return whole + fraction;
}

function localParts(epoch, east = utcOffset(epoch)) {
    const { whole, fraction } = splitSecond(epoch);
    const shifted = new Date((whole + east) * 1000).toISOString();      // [+-00]YYYY-MM-DDTHH:MM:SS.000Z
    const [date, clock] = shifted.split("T");
    return { date, minute: clock.slice(0, 5), second: clock.slice(0, 8) + fraction };
}

function isoTime(epoch) {
    const parts = localParts(epoch);
    return `${parts.date}T${parts.second}${offsetText(utcOffset(epoch))}`;
}

function readableTime(epoch, east) {
    const parts = localParts(epoch, east);
    return `${parts.date} ${parts.second}`;
}

const startOf = (index) => TIME.start + index * TIME.step;

function duration(seconds) {
    const units = [[86400, "d"], [3600, "h"], [60, "min"]];
    const texts = [];
    let rest = seconds;
    for (const [length, unit] of units) {
        const whole = Math.floor(rest / length);
        rest -= whole * length;
        if (whole)
            texts.push(`${whole} ${unit}`);
    }
    if (rest || !texts.length)
        texts.push(`${Number(rest.toFixed(texts.length ? 0 : 3))} s`);
    return texts.slice(0, 2).join(" ");
}

const number = (value) => Number.isInteger(value) ? value.toLocaleString("en-US") : value;

const perInterval = () => TIME.step === 1 ? "packets per second" : `packets per ${duration(TIME.step)}`;
