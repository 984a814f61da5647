// The numbers of the report: reading the embedded data, counts per interval, local time, colours.
// SPDX-License-Identifier: GPL-2.0-or-later

const DATA = JSON.parse(document.getElementById("data").textContent);
for (const name of ["clients", "types", "lapTypes", "channels"])        // rows of values -> rows of named values
    DATA[name].rows = DATA[name].rows.map((row) => Object.fromEntries(DATA[name].columns.map((c, k) => [c, row[k]])));
const TIME = DATA.time;                 // start, step (seconds), count, interval, factor and the series; null: no times

const SHOWN_CLIENTS = 10;               // curves that can still be told apart
const SHOWN_BARS = 30;

const CLIENT_COLOURS = ["#3b78b5", "#e58b2a", "#46a05a", "#d1495b", "#8a63b8", "#2aa6a1", "#b8892f", "#d977ab",
    "#7a8f3c", "#5f7fd9"];
const OTHERS_COLOUR = "#8f99a3";
// One colour for each TYPE code: the greys are the packets without payload, the greens DM, the blues DH, the warm ones voice.
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

function localParts(epoch, decimals) {
    const scale = 10 ** decimals;
    const shifted = new Date(Math.round((epoch + utcOffset(epoch)) * scale) * 1000 / scale);
    const date = `${shifted.getUTCFullYear()}-${pad(shifted.getUTCMonth() + 1)}-${pad(shifted.getUTCDate())}`;
    const fraction = decimals ? "." + pad(shifted.getUTCMilliseconds(), 3).slice(0, decimals) : "";
    const minute = `${pad(shifted.getUTCHours())}:${pad(shifted.getUTCMinutes())}`;
    return { date, minute, second: `${minute}:${pad(shifted.getUTCSeconds())}${fraction}` };
}

function decimalsOf(step) {
    return step % 1 === 0 ? 0 : 3;
}

function isoTime(epoch, decimals = 0) {
    const parts = localParts(epoch, decimals);
    return `${parts.date}T${parts.second}${offsetText(utcOffset(epoch))}`;
}

function readableTime(epoch, decimals = 0) {
    const parts = localParts(epoch, decimals);
    return `${parts.date} ${parts.second}`;
}

const startOf = (index) => Math.round((TIME.start + index * TIME.step) * 1000) / 1000;

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
        texts.push(`${Number(rest.toFixed(3))} s`);
    return texts.slice(0, 2).join(" ");
}

const number = (value) => typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 6 }) : value;

const perInterval = () => TIME.step === 1 ? "packets per second" : `packets per ${duration(TIME.step)}`;
