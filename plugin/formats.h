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

/* Registers `dissect` for all formats. To be called when all other dissectors are registered. */
void btbb_register_formats(int proto, dissector_cb_t dissect);
void btbb_register_format_preferences(module_t *preferences);

/* Fills in packet->frame, and nothing else of the packet. Its bytes stay valid as long as the packet does. Returns
 * false if the frame is not one of ours: the layer below it lacks what is needed. */
bool btbb_start_frame(const struct btbb_source *source, tvbuff_t *tvb, const packet_info *pinfo,
                      struct btbb_packet *packet);

#endif
