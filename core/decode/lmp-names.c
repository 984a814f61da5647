/* lmp-names.c: see lmp-names.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/lmp-names.h"

#include <stddef.h>

#define NAME_OF(names, value) ((value) < sizeof(names) / sizeof *(names) ? (names)[value] : NULL)

static const char *const versions[] = {"1.0b", "1.1", "1.2", "2.0", "2.1", "3.0", "4.0", "4.1",
                                       "4.2",  "5.0", "5.1", "5.2", "5.3", "5.4", "6.0", "6.1"};

static const char *const io_capabilities[] = {"DisplayOnly", "DisplayYesNo", "KeyboardOnly", "NoInputNoOutput"};

static const char *const errors[] = {
    [0x00] = "Success",
    [0x01] = "Unknown HCI Command",
    [0x02] = "Unknown Connection Identifier",
    [0x03] = "Hardware Failure",
    [0x04] = "Page Timeout",
    [0x05] = "Authentication Failure",
    [0x06] = "PIN or Key Missing",
    [0x07] = "Memory Capacity Exceeded",
    [0x08] = "Connection Timeout",
    [0x09] = "Connection Limit Exceeded",
    [0x0a] = "Synchronous Connection Limit To A Device Exceeded",
    [0x0b] = "Connection Already Exists",
    [0x0c] = "Command Disallowed",
    [0x0d] = "Connection Rejected due to Limited Resources",
    [0x0e] = "Connection Rejected due to Security Reasons",
    [0x0f] = "Connection Rejected due to Unacceptable BD_ADDR",
    [0x10] = "Connection Accept Timeout Exceeded",
    [0x11] = "Unsupported Feature or Parameter Value",
    [0x12] = "Invalid HCI Command Parameters",
    [0x13] = "Remote User Terminated Connection",
    [0x14] = "Remote Device Terminated Connection due to Low Resources",
    [0x15] = "Remote Device Terminated Connection due to Power Off",
    [0x16] = "Connection Terminated by Local Host",
    [0x17] = "Repeated Attempts",
    [0x18] = "Pairing Not Allowed",
    [0x19] = "Unknown LMP PDU",
    [0x1a] = "Unsupported Remote Feature",
    [0x1b] = "SCO Offset Rejected",
    [0x1c] = "SCO Interval Rejected",
    [0x1d] = "SCO Air Mode Rejected",
    [0x1e] = "Invalid LMP Parameters",
    [0x1f] = "Unspecified Error",
    [0x20] = "Unsupported LMP Parameter Value",
    [0x21] = "Role Change Not Allowed",
    [0x22] = "LMP Response Timeout",
    [0x23] = "LMP Error Transaction Collision",
    [0x24] = "LMP PDU Not Allowed",
    [0x25] = "Encryption Mode Not Acceptable",
    [0x26] = "Link Key cannot be Changed",
    [0x27] = "Requested QoS Not Supported",
    [0x28] = "Instant Passed",
    [0x29] = "Pairing With Unit Key Not Supported",
    [0x2a] = "Different Transaction Collision",
    [0x2c] = "QoS Unacceptable Parameter",
    [0x2d] = "QoS Rejected",
    [0x2e] = "Channel Classification Not Supported",
    [0x2f] = "Insufficient Security",
    [0x30] = "Parameter Out Of Mandatory Range",
    [0x32] = "Role Switch Pending",
    [0x34] = "Reserved Slot Violation",
    [0x35] = "Role Switch Failed",
    [0x36] = "Extended Inquiry Response Too Large",
    [0x37] = "Secure Simple Pairing Not Supported By Host",
    [0x38] = "Host Busy - Pairing",
    [0x39] = "Connection Rejected due to No Suitable Channel Found",
    [0x3a] = "Controller Busy",
    [0x40] = "Coarse Clock Adjustment Rejected but Will Try to Adjust Using Clock Dragging",
};

const char *btbb_lmp_version_name(uint8_t version)
{
    return NAME_OF(versions, version);
}

const char *btbb_lmp_error_name(uint8_t error)
{
    return NAME_OF(errors, error);
}

const char *btbb_lmp_io_capability_name(uint8_t io)
{
    return NAME_OF(io_capabilities, io);
}
