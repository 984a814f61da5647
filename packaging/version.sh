#!/bin/sh
# Print the version of this project. Its only place is the line project(btbb VERSION ...) of CMakeLists.txt.
# SPDX-License-Identifier: GPL-2.0-or-later
sed -n 's/^project(btbb VERSION \([0-9.]*\).*/\1/p' "$(dirname "$0")/../CMakeLists.txt"
