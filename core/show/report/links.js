// The connections: their rows, findings and timeline as tables. Parts without rows are left out.
// SPDX-License-Identifier: GPL-2.0-or-later

const LINK_COLUMNS = ["file", "link", "first", "role1", "device1", "name1", "version1", "company1", "role2", "device2",
    "name2", "version2", "company2", "pairing", "authentication", "authentication_kind", "encryption", "key_asked",
    "key_size", "decryption", "encrypted", "decrypted", "missing", "detach_reason", "findings", "gaps"];
const EVENT_COLUMNS = ["file", "frame", "time", "link", "who", "event", "request", "elapsed", "details", "findings"];

// A table that is shown at once, instead of a picture.
function tableFigure(id, title, read, data, columns) {
    const shown = columns.filter((name) => data.columns.includes(name));
    return { id, title, read, notes: sentences(data.notes), table: objectTable(shown, data.rows), panels: () => [],
        onlyTable: true };
}

function linkFigures() {
    const figures = [
        ["links", "Connections", "One row for each connection that LMP shows: the devices, how they paired and "
            + "authenticated, and the encryption they agreed on.", LINK_COLUMNS],
        ["findings", "Findings", "What is weak about each connection, with the frames that prove it, and what the "
            + "capture does not show.", ["file", "link", "kind", "key", "frames", "text", "limit"]],
        ["timeline", "Timeline", "LMP PDUs and changes of state, in order; a request is the frame that is answered.",
            EVENT_COLUMNS],
    ];
    return figures.filter(([id]) => DATA[id] && DATA[id].rows.length)
        .map(([id, title, read, columns]) => tableFigure(id, title, read, DATA[id], columns));
}
