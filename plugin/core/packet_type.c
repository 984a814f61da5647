/* packet_type.c: see packet_type.h. SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet_type.h"
