// The page around the figures: headings, legends, tables, saving, theme, and drawing figures when they become visible.
// SPDX-License-Identifier: GPL-2.0-or-later

const TABLE_PAGE = 200;
const THEMES = ["system", "light", "dark"];
const figures = [];
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
let theme = "system";

// All text becomes text nodes: nothing from the capture is parsed as markup.
function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on"))
            node.addEventListener(name.slice(2), value);
        else
            node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
}

function fileName(figure, ending) {
    const stem = (DATA.capture || "").replace(/^.*[\\/]/, "").replace(/[^\w.-]+/g, "_") || "capture";
    return `${stem}-${figure.id}.${ending}`;
}

function save(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// RFC 4180, with the line ends of `format=csv`.
const csvField = (value) => value === null || value === undefined ? ""
    : /[",\r\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value);

function csvText(table) {
    const lines = [table.columns.map(csvField).join(",")];
    for (let k = 0; k < table.count; k++)
        lines.push(table.row(k).map(csvField).join(","));
    return lines.join("\n") + "\n";
}

const shownSeries = (figure) => (figure.series || []).filter((s) => !figure.off.has(s));

// The picture: title, all panels below each other, and the legend.
function picture(figure) {
    const panels = figure.drawn;
    const scale = window.devicePixelRatio || 1;
    const width = panels[0].canvas.clientWidth + 32;
    const labelled = Boolean(panels[0].label);       // then no legend is needed
    const legend = labelled || shownSeries(figure).length < 2 ? [] : shownSeries(figure);
    const legendRows = Math.ceil(legend.length / Math.max(1, Math.floor((width - 32) / 130)));
    const high = panels.reduce((sum, panel) => sum + panel.canvas.clientHeight + (labelled ? 22 : 0), 0);
    const height = 48 + high + legendRows * 20 + 16;
    const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    const ctx = canvas.getContext("2d");
    const font = Chart.defaults.font.family;
    ctx.scale(scale, scale);
    ctx.fillStyle = colour("--card");
    ctx.fillRect(0, 0, width, height);
    ctx.fillStyle = colour("--ink");
    ctx.font = `600 16px ${font}`;
    ctx.fillText(figure.title, 16, 28, width - 32);
    ctx.font = `12px ${font}`;
    let y = 44;
    for (const panel of panels) {
        if (labelled) {
            ctx.fillStyle = colour("--ink");
            ctx.fillText(panel.label, 16, y + 16);
            y += 22;
        }
        ctx.drawImage(panel.canvas, 16, y, panel.canvas.clientWidth, panel.canvas.clientHeight);
        y += panel.canvas.clientHeight;
    }
    legend.forEach((s, k) => {
        const perRow = Math.max(1, Math.floor((width - 32) / 130));
        const [x, row] = [16 + (k % perRow) * 130, y + 16 + Math.floor(k / perRow) * 20];
        ctx.fillStyle = s.colour;
        ctx.fillRect(x, row - 9, 10, 10);
        ctx.fillStyle = colour("--ink");
        ctx.fillText(s.label, x + 15, row, 110);
    });
    return canvas;
}

function savePicture(figure) {
    draw(figure);
    picture(figure).toBlob((blob) => save(blob, fileName(figure, "png")), "image/png");
}

function saveData(figure) {
    save(new Blob([csvText(figure.table)], { type: "text/csv" }), fileName(figure, "csv"));
}

function tableCell(tag, value) {
    const attributes = typeof value === "number" ? { class: "num" } : {};
    return element(tag, attributes, value === null || value === undefined ? "" : String(number(value)));
}

function fillTable(figure, holder, limit) {
    const { columns, count, row } = figure.table;
    const body = element("tbody");
    const shown = Math.min(count, limit);
    for (let k = 0; k < shown; k++)
        body.append(element("tr", {}, ...row(k).map((value) => tableCell("td", value))));
    const first = count ? row(0) : [];
    const head = columns.map((name, k) => element("th", typeof first[k] === "number" ? { class: "num" } : {}, name));
    const all = () => fillTable(figure, holder, Infinity);
    const more = shown < count ? element("p", { class: "note" }, `${number(shown)} of ${number(count)} rows. `,
        element("button", { type: "button", onclick: all }, "Show all rows")) : null;
    holder.replaceChildren(element("div", { class: "scroll", tabindex: "0" },
        element("table", {}, element("thead", {}, element("tr", {}, ...head)), body)), ...(more ? [more] : []));
}

function legendList(figure) {
    const list = element("ul", { class: "legend" });
    for (const s of figure.series) {
        const swatch = element("span", { class: "swatch" });
        swatch.style.background = s.colour;
        const button = element("button", { type: "button", "aria-pressed": "true", title: "Show or hide" }, swatch,
            s.label);
        button.addEventListener("click", () => {
            const hide = !figure.off.has(s);
            button.setAttribute("aria-pressed", String(!hide));
            if (hide)
                figure.off.add(s);
            else
                figure.off.delete(s);
            redraw(figure);
        });
        list.append(element("li", {}, button));
    }
    return list;
}

function rampBar() {
    const bar = element("i");
    bar.style.background = `linear-gradient(90deg, ${[0.12, 0.4, 0.7, 1].map(rampColour).join(",")})`;
    return bar;
}

function heatReadout(panel) {
    const tip = panel.box.appendChild(element("div", { class: "tip" }));
    panel.canvas.addEventListener("pointermove", (event) => {
        const text = heatText(panel.chart, event.offsetX, event.offsetY);
        tip.textContent = text;
        tip.style.display = text ? "block" : "none";
        tip.style.top = `${Math.max(event.offsetY - 34, 0)}px`;
        const room = panel.canvas.clientWidth - tip.offsetWidth - 4;
        tip.style.left = `${Math.max(0, Math.min(event.offsetX + 12, room))}px`;
    });
    panel.canvas.addEventListener("pointerleave", () => { tip.style.display = "none"; });
}

function drawPanel(figure, { height, label, config }) {
    const canvas = element("canvas", { role: "img", "aria-label": label ? `${figure.title}: ${label}` : figure.title,
        ...(figure.timed ? { tabindex: "0" } : {}) });
    const box = element("div", { class: figure.timed ? "panel timed" : "panel" }, canvas);
    box.style.height = `${height}px`;
    if (label)
        figure.body.append(element("p", { class: "panel-label" }, label));
    figure.body.append(box);
    const panel = { canvas, box, label, chart: new Chart(canvas, config) };
    if (figure.timed)
        attachTimeControl(panel);
    if (figure.heat)
        heatReadout(panel);
    return panel;
}

function showRamp(figure, heat) {
    if (figure.ramp)
        figure.ramp.replaceChildren(heat.most ? "1" : "0", rampBar(),
            `${number(heat.most)} packets per ${duration(heat.merged * TIME.step)}`);
}

function draw(figure) {
    if (figure.drawn)
        return;
    figure.drawn = [];
    if (!figure.table.count)
        return;
    for (const panel of figure.panels(shownSeries(figure), (heat) => showRamp(figure, heat)))
        figure.drawn.push(drawPanel(figure, panel));
}

// The height is fixed while the charts are replaced, so that the page does not jump.
function redraw(figure) {
    if (!figure.drawn)
        return;
    figure.body.style.minHeight = `${figure.body.clientHeight}px`;
    for (const panel of figure.drawn)
        panel.chart.destroy();
    figure.body.replaceChildren();
    figure.drawn = null;
    draw(figure);
    figure.body.style.minHeight = "";
}

function updateView(figure) {
    for (const { chart } of figure.drawn || []) {
        Object.assign(chart.options.scales.x, { min: view.min, max: view.max });
        if (chart.options.elements.point)
            chart.options.elements.point.radius = dotRadius();
        chart.update("none");
    }
    figure.stale = false;
}

const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
        const figure = figures.find((f) => f.section === entry.target);
        if (!figure)
            continue;
        figure.inSight = entry.isIntersecting;
        if (!figure.inSight)
            continue;
        draw(figure);
        if (figure.stale)
            updateView(figure);
    }
}, { rootMargin: "400px" });

function figureSection(figure) {
    const button = (text, action) => element("button", { type: "button", onclick: () => action(figure) }, text);
    const holder = element("div");
    const details = element("details", figure.onlyTable ? { open: "" } : {}, element("summary", {}, "Table"), holder);
    details.addEventListener("toggle", () => {
        if (details.open && !holder.firstChild)
            fillTable(figure, holder, TABLE_PAGE);
    });
    figure.off = figure.off || new Set();
    figure.body = element("div", { class: "body" });
    figure.ramp = figure.heat && figure.table.columns.length > 2 ? element("div", { class: "ramp" }) : null;
    const nothing = figure.table.count ? [] : ["There is nothing to show."];
    figure.section = element("section", { class: figure.tall ? "figure tall" : "figure", id: figure.id },
        element("div", { class: "figure-head" }, element("h2", {}, figure.title),
            element("span", { class: "buttons" }, figure.onlyTable ? null : button("Picture (PNG)", savePicture),
                button("Data (CSV)", saveData))),
        element("p", { class: "read" }, figure.read),
        ...(figure.notes.length ? figure.notes : nothing).map((note) => element("p", { class: "note" }, note)),
        figure.body, figure.ramp,
        figure.series && figure.series.length > 1 ? legendList(figure) : null,
        details);
    if (figure.onlyTable)
        fillTable(figure, holder, TABLE_PAGE);
    figures.push(figure);
    sight.observe(figure.section);
    return figure.section;
}

function removeFigure(figure) {
    sight.unobserve(figure.section);
    for (const { chart } of figure.drawn || [])
        chart.destroy();
    figure.section.remove();
    figures.splice(figures.indexOf(figure), 1);
}

// The two figures of one client, chosen among those with headers.
function chosenPart(main) {
    const names = TIME.clientTypes.map(([lap]) => lap);
    if (!names.length)
        return;
    const options = names.map((name, k) => element("option", { value: k }, name));
    const select = element("select", { id: "client" }, ...options);
    const place = element("div");
    let shown = [];
    const choose = () => {
        shown.forEach(removeFigure);
        shown = chosenFigures(names[select.value], TIME.clientTypes[select.value][1]);
        place.replaceChildren(...shown.map(figureSection));
    };
    select.addEventListener("change", choose);
    main.append(element("h2", { class: "part" }, "One client"),
        element("p", { class: "chosen" }, element("label", { for: "client" }, "Client with headers:"), select,
            TIME.unchosen ? `${number(TIME.unchosen)} more with fewer packets are not part of this file.` : ""), place);
    choose();
}

function showRange() {
    document.getElementById("time-range").textContent =
        `${readableTime(view.min)} to ${readableTime(view.max)} (UTC${offsetText(utcOffset(view.min))})`;
}

function timePart() {
    const bar = document.getElementById("time-bar");
    bar.addEventListener("click", (event) => {
        const action = viewActions[event.target.dataset.act];
        if (action && TIME)
            action();
    });
    document.getElementById("theme").addEventListener("click", () => {
        theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
        applyTheme();
    });
    if (!TIME)
        return;
    let waiting = false;
    viewListeners.push(() => {
        if (waiting)
            return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            showRange();
            for (const figure of figures.filter((f) => f.timed)) {
                figure.stale = true;
                if (figure.inSight)
                    updateView(figure);
            }
        });
    });
    showRange();
}

function applyTheme(forced) {
    const name = forced || (theme === "system" ? (systemDark.matches ? "dark" : "light") : theme);
    document.documentElement.dataset.theme = name;
    document.getElementById("theme").textContent = `Theme: ${theme}`;
    applyChartDefaults();
    figures.forEach(redraw);
}

// On paper every figure is drawn, in light colours and as wide as the sheet allows.
function printing(active) {
    applyTheme(active ? "light" : undefined);
    figures.forEach(draw);
    for (const figure of figures)
        for (const { chart } of figure.drawn || [])
            chart.resize(...(active ? [680, chart.canvas.parentNode.clientHeight] : []));
}

// The lines of the summary that are not zero, with times in words.
function facts() {
    const inWords = { first: (text) => readableTime(Number(text)), last: (text) => readableTime(Number(text)),
        duration: (text) => duration(Number(text)), clock_lost: (text) => duration(Number(text)) };
    return DATA.summary.rows.filter(({ value }) => value !== null && value !== 0)
        .map(({ key, label, value }) => [label.replace(/ \(s\)$/, ""), inWords[key] ? inWords[key](value) : value]);
}

function head() {
    const name = DATA.capture || "Bluetooth baseband capture";
    document.title = DATA.capture ? `${name} - Bluetooth Baseband report` : "Bluetooth Baseband report";
    document.getElementById("title").textContent = name;
    document.getElementById("subtitle").textContent = DATA.filter ? `Only packets that match: ${DATA.filter}` : "";
    for (const [label, value] of facts())
        document.getElementById("facts").append(element("div", {}, element("dt", {}, label),
            element("dd", typeof value === "number" ? {} : { class: "text" }, String(number(value)))));
    const [written, east] = DATA.written;
    document.getElementById("made").textContent = `Written by ${DATA.program} on ${readableTime(written, east)} `
        + `(UTC${offsetText(east)}).`;
}

function start() {
    applyTheme();
    head();
    timePart();
    const main = document.getElementById("figures");
    const add = (...list) => list.forEach((figure) => main.append(figureSection(figure)));
    add(clientsFigure(), headersFigure(), typesFigure(), lapTypesFigure());
    if (TIME) {
        add(...timeFigures());
        chosenPart(main);
    }
    main.append(element("h2", { class: "part" }, "RF channels"));
    add(channelFigure());
    if (TIME)
        add(heatFigure());
    const signal = signalFigures();
    if (signal.length)
        main.append(element("h2", { class: "part" }, "Signal"));
    add(...signal);
    const connections = linkFigures();
    if (connections.length)
        main.append(element("h2", { class: "part" }, "Connections"));
    add(...connections);
    const piconets = piconetFigures();
    if (piconets.length)
        main.append(element("h2", { class: "part" }, "Piconets"));
    add(...piconets);
    systemDark.addEventListener("change", () => applyTheme());
    window.addEventListener("beforeprint", () => printing(true));
    window.addEventListener("afterprint", () => printing(false));
}

start();
