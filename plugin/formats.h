/* formats.h: how frames of each capture format reach the dissector.
 *
 * Every row of the core's table of capture formats is registered with Wireshark by its layer. A new format of a known
 * layer needs no code here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BTBB_FORMATS_H
#define BTBB_FORMATS_H

#include "packet.h"

/* A registered row. The function that dissects a frame gets it as its last argument. */
struct btbb_source {
    enum btbb_capture_format format;
    dissector_handle_t own;   /* our dissector of this format */
    dissector_handle_t stock; /* Wireshark's own dissector of the same frames; NULL: none */
};

/* Registers `dissect` for all formats. In HCI H4, `dissect_in_h4` is called instead; it calls source->own for what it
 * does not dissect. To be called when all other dissectors are registered. */
void btbb_register_formats(int proto, dissector_cb_t dissect, dissector_cb_t dissect_in_h4);
void btbb_register_format_preferences(module_t *preferences);

/* Fills in a frame of captured bytes for the fast path: `bytes` become the first of them. */
void btbb_start_briefly(const struct btbb_source *source, tvbuff_t *tvb, const packet_info *pinfo,
                        uint8_t bytes[BTBB_FAST_ESP32_BYTES], struct btbb_frame *frame);

/* Fills in packet->frame, and nothing else of the packet. Its bytes stay valid as long as the packet does. Returns
 * false if the frame is not one of ours: the layer below it lacks what is needed. */
bool btbb_start_frame(const struct btbb_source *source, tvbuff_t *tvb, const packet_info *pinfo,
                      struct btbb_packet *packet);

#endif
