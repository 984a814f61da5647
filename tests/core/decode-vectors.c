/* decode-vectors.c: decode frames given as text, for test_vectors.py.
 *
 * Standard input, one frame a line: ENCAP HEX REPORTED, where ENCAP is "ethernet" (the whole frame, Ethernet header
 * included) or "bredr_bb", HEX the captured bytes ("-" for none) and REPORTED the length on the wire.
 * Standard output, one line a frame: key=value separated by tabs; a fact that does not hold is "null".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/address-text.h"
#include "decode/decode.h"

#define ETHERNET_HEADER 14u
#define MAX_FRAME       4096u

static void put_number(const char *key, bool holds, long long value)
{
    if (holds)
        printf("%s=%lld\t", key, value);
    else
        printf("%s=null\t", key);
}

static void put_bool(const char *key, bool holds, bool value)
{
    printf("%s=%s\t", key, !holds ? "null" : value ? "true" : "false");
}

static void put_text(const char *key, const char *value)
{
    printf("%s=%s\t", key, value ? value : "null");
}

static void put_check(const char *key, enum btbb_check check)
{
    put_bool(key, check == BTBB_CHECK_GOOD || check == BTBB_CHECK_BAD, check == BTBB_CHECK_GOOD);
}

static const char *direction(const struct btbb_facts *f)
{
    if (f->encap == BTBB_ENCAP_INTERNALBLUE)
        return f->own == BTBB_OWN_UNKNOWN ? NULL : f->own == BTBB_OWN_RECEIVED ? "s2m" : "m2s";
    if (f->encap == BTBB_ENCAP_RF)
        return f->packet_class == BTBB_CLASS_HEADER && f->type == 1 && f->hec_check == BTBB_CHECK_GOOD &&
                       !f->lap_reserved
                   ? "m2s"
                   : NULL;
    return !f->has_clk1 ? NULL : f->clk1 ? "s2m" : "m2s";
}

static void put_address(const struct btbb_facts *f)
{
    const uint16_t nap = f->nap_known ? f->nap : 0;
    const uint8_t uap = f->uap_known ? f->uap : 0;
    char nap_text[BTBB_NAP_TEXT_BYTES], uap_text[BTBB_UAP_TEXT_BYTES], lap_text[BTBB_LAP_TEXT_BYTES];

    if (f->malformed) {
        printf("nap=null\tuap=null\tlap=null\t");
    } else {
        put_text("nap", btbb_nap_text(nap, nap_text));
        put_text("uap", btbb_uap_text(uap, uap_text));
        put_text("lap", btbb_lap_text(f->lap, lap_text));
    }
    put_bool("nap_known", !f->malformed, f->nap_known);
    put_bool("uap_known", !f->malformed, f->uap_known);
}

static void put_meta(const struct btbb_facts *f)
{
    const bool rf = f->encap == BTBB_ENCAP_RF && !f->malformed;

    put_number("clk", f->has_clk, f->clk);
    put_number("clk_bits", f->has_meta_flags, f->clk_bits);
    put_number("channel", f->has_channel, f->channel);
    put_number("signal", f->has_signal, f->signal_dbm);
    put_number("noise", f->has_noise, f->noise_dbm);
    put_number("ac_errors", rf, f->ac_errors);
    put_number("flags", rf, f->rf_flags);
    put_text("dir", direction(f));
    put_bool("to_master_notebook", f->nb_has_to_master, f->nb_to_master);
}

static void put_header(const struct btbb_facts *f, unsigned type_byte)
{
    put_number("type", f->has_type, f->type);
    put_text("type_name", f->has_type ? btbb_type_name(f->type) : NULL);
    put_number("type_raw5_notebook", f->has_type && f->encap != BTBB_ENCAP_RF, type_byte >> 3);
    put_number("lt_addr", f->has_type, f->lt_addr);
    put_number("flow", f->has_flags, f->flow);
    put_number("arqn", f->has_flags, f->arqn);
    put_number("seqn", f->has_flags, f->seqn);
    put_number("hec", f->has_hec, f->hec);
    put_check("hec_ok", f->hec_check);
    put_number("implied_uap", f->has_hec, f->hec_implied_uap);
}

static void put_payload(const struct btbb_facts *f)
{
    const struct btbb_payload *p = &f->payload;

    put_bool("payload", !f->malformed, f->nb_payload);
    put_number("payload_len", !f->malformed, p->reported);
    put_text("resolved", f->kind ? f->kind->name : NULL);
    put_number("confidence", true, f->confidence);
    put_number("llid", p->parsed && p->header_bytes > 0, p->llid);
    put_number("length", p->parsed && p->header_bytes > 0, p->length);
    put_number("crc", p->has_crc, p->crc);
    put_check("crc_ok", f->crc_check);
    put_bool("mic", true, p->mic);
}

static uint32_t parse_hex(const char *text, uint8_t *bytes)
{
    uint32_t count = 0;
    unsigned value;

    while (count < MAX_FRAME && sscanf(text + (size_t)2 * count, "%2x", &value) == 1)
        bytes[count++] = (uint8_t)value;
    return count;
}

static void decode_line(const char *encap, const uint8_t *bytes, uint32_t captured, uint32_t reported)
{
    struct btbb_frame frame = {.format = strcmp(encap, "bredr_bb") == 0 ? BTBB_CAPTURE_RF : BTBB_CAPTURE_LEGACY};
    const uint32_t skip = frame.format == BTBB_CAPTURE_RF ? 0 : ETHERNET_HEADER;
    struct btbb_facts facts;

    if (captured < skip) {
        fprintf(stderr, "shorter than an Ethernet header\n");
        exit(1);
    }
    if (frame.format == BTBB_CAPTURE_LEGACY) {
        memcpy(frame.dst, bytes, 6);
        memcpy(frame.src, bytes + 6, 6);
    }
    /* an allocation of its own, so that a sanitizer sees a read beyond it */
    uint8_t *copy = malloc(captured - skip + 1);
    if (!copy)
        exit(1);
    frame.bytes = memcpy(copy + 1, bytes + skip, captured - skip);
    frame.captured = captured - skip;
    frame.reported = reported - skip;
    btbb_decode(&frame, &facts);
    put_address(&facts);
    put_meta(&facts);
    put_header(&facts, facts.has_type && frame.format == BTBB_CAPTURE_LEGACY ? frame.bytes[6] : 0);
    put_payload(&facts);
    printf("malformed=%s\n", facts.malformed ? "true" : "false");
    free(copy);
}

int main(void)
{
    static char line[2 * MAX_FRAME + 64], hex[2 * MAX_FRAME + 1], encap[16];
    static uint8_t bytes[MAX_FRAME];
    unsigned reported;

    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%15s %8192s %u", encap, hex, &reported) != 3) {
            fprintf(stderr, "not a frame: %s", line);
            return 1;
        }
        decode_line(encap, bytes, parse_hex(hex, bytes), reported);
    }
    return 0;
}
