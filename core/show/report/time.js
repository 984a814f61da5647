// The shared time axis: one visible range for all time figures, its ticks, and the ways to move it.
// SPDX-License-Identifier: GPL-2.0-or-later

const TICK_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
    1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 2592000, 7776000, 31536000, 157680000];
const LEAST_INTERVALS = 4;              // nearest zoom
const DRAG_PIXELS = 5;                  // a shorter drag is a click

const wholeRange = TIME ? { min: TIME.start, max: TIME.start + TIME.count * TIME.step }
    : { min: 0, max: 1 };
const view = { ...wholeRange };
const viewListeners = [];

function setView(min, max) {
    const whole = wholeRange.max - wholeRange.min;
    const span = Math.min(Math.max(max - min, Math.min(LEAST_INTERVALS * (TIME ? TIME.step : 1), whole)), whole);
    const start = Math.min(Math.max((min + max - span) / 2, wholeRange.min), wholeRange.max - span);
    view.min = start;
    view.max = start + span;
    for (const listener of viewListeners)
        listener();
}

function zoomBy(factor, centre = (view.min + view.max) / 2) {
    setView(centre - (centre - view.min) * factor, centre + (view.max - centre) * factor);
}

function moveBy(share) {
    const shift = (view.max - view.min) * share;
    const room = shift < 0 ? Math.max(shift, wholeRange.min - view.min) : Math.min(shift, wholeRange.max - view.max);
    setView(view.min + room, view.max + room);
}

const viewActions = {
    left: () => moveBy(-0.4),
    right: () => moveBy(0.4),
    in: () => zoomBy(0.5),
    out: () => zoomBy(2),
    all: () => setView(wholeRange.min, wholeRange.max),
};

const KEY_ACTIONS = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", 0: "all" };

// Ticks at round local times; the first one and the first of each day include the date.
function timeTicks(axis) {
    const room = Math.max(2, Math.floor(axis.width / 90));
    const step = TICK_STEPS.find((s) => (axis.max - axis.min) / s <= room) || TICK_STEPS[TICK_STEPS.length - 1];
    const east = utcOffset(axis.min);
    const ticks = [];
    let day = "";
    for (let k = Math.ceil((axis.min + east) / step); ticks.length <= room + 1; k++) {
        const value = Number((k * step - east).toFixed(3));
        if (value > axis.max)
            break;
        const parts = localParts(value);
        const clock = step < 60 ? parts.second : parts.minute;
        ticks.push({ value, label: parts.date === day ? [clock] : [clock, parts.date] });
        day = parts.date;
    }
    return ticks;
}

// `bare`: no labels, for a panel above another one with the same axis.
function timeScale(bare = false) {
    return {
        type: "linear", min: view.min, max: view.max, afterBuildTicks: (axis) => { axis.ticks = timeTicks(axis); },
        ticks: { display: !bare, maxRotation: 0, autoSkip: false,
            callback: (value, index, ticks) => ticks[index].label },
        grid: { color: () => colour("--grid") },
    };
}

// Mouse, wheel, touch and keyboard on one panel with a time axis.
function attachTimeControl(panel) {
    const { canvas, box } = panel;
    const band = box.appendChild(document.createElement("div"));
    band.className = "selection";
    const touches = new Map();
    let drag = null;

    const left = () => panel.chart.chartArea.left;
    const width = () => panel.chart.chartArea.right - left();
    const timeAt = (x) => view.min + Math.min(Math.max((x - left()) / width(), 0), 1) * (view.max - view.min);
    const xOf = (event) => event.clientX - canvas.getBoundingClientRect().left;

    function showBand(x) {
        const [from, to] = [drag.x, Math.min(Math.max(x, left()), left() + width())].sort((a, b) => a - b);
        const area = panel.chart.chartArea;
        Object.assign(band.style, { display: "block", left: `${from}px`, width: `${to - from}px`, top: `${area.top}px`,
            height: `${area.bottom - area.top}px` });
    }

    function pinch() {
        const [a, b] = [...touches.values()];
        const spread = Math.max(Math.abs(a.x - b.x), 20);
        const before = Math.max(Math.abs(a.x0 - b.x0), 20);
        const held = drag.min + ((a.x0 + b.x0) / 2 - left()) / width() * (drag.max - drag.min);
        const span = (drag.max - drag.min) * before / spread;
        const min = held - ((a.x + b.x) / 2 - left()) / width() * span;
        setView(min, min + span);
    }

    canvas.addEventListener("pointerdown", (event) => {
        const x = xOf(event);
        if (event.pointerType === "touch") {
            touches.set(event.pointerId, { x0: x, x });
            for (const touch of touches.values())
                touch.x0 = touch.x;
            drag = { ...view };
        } else if (event.button === 0) {
            canvas.setPointerCapture(event.pointerId);
            drag = { x: Math.min(Math.max(x, left()), left() + width()), moves: event.shiftKey, ...view };
        }
    });
    canvas.addEventListener("pointermove", (event) => {
        const x = xOf(event);
        const touch = touches.get(event.pointerId);
        if (touch) {
            touch.x = x;
            if (touches.size === 2)
                pinch();
        } else if (drag && drag.moves) {
            const shift = (drag.x - x) / width() * (drag.max - drag.min);
            const room = Math.min(Math.max(shift, wholeRange.min - drag.min), wholeRange.max - drag.max);
            setView(drag.min + room, drag.max + room);
        } else if (drag && Math.abs(x - drag.x) > DRAG_PIXELS) {
            showBand(x);
        }
    });
    const finish = (event) => {
        if (!touches.delete(event.pointerId) && drag && !drag.moves && event.type === "pointerup"
            && Math.abs(xOf(event) - drag.x) > DRAG_PIXELS) {
            const [from, to] = [timeAt(drag.x), timeAt(xOf(event))].sort((a, b) => a - b);
            setView(from, to);
        }
        band.style.display = "none";
        drag = null;
    };
    canvas.addEventListener("pointerup", finish);
    canvas.addEventListener("pointercancel", finish);
    canvas.addEventListener("dblclick", viewActions.all);
    canvas.addEventListener("wheel", (event) => {
        const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (!event.ctrlKey && !sideways)
            return;
        event.preventDefault();
        if (sideways)
            moveBy(event.deltaX / width());
        else
            zoomBy(event.deltaY > 0 ? 1.25 : 0.8, timeAt(xOf(event)));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
        const action = KEY_ACTIONS[event.key];
        if (!action || event.ctrlKey || event.altKey || event.metaKey)
            return;
        event.preventDefault();
        viewActions[action]();
    });
}
