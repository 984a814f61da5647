# The plugins as a part of Wireshark's own build: this checkout is the folder plugins/epan/btbb of its source tree, and
# CMakeListsCustom.txt there names it (docs/platforms.md). Included by ../CMakeLists.txt, which is then read by
# Wireshark's; the folders below have one CMakeLists.txt for both ways to build.
# SPDX-License-Identifier: GPL-2.0-or-later
set(Wireshark_VERSION ${PROJECT_MAJOR_VERSION}.${PROJECT_MINOR_VERSION}.${PROJECT_PATCH_VERSION})
set(BTBB_PLUGIN_OUTPUT "${PLUGIN_DIR}/epan")
set(Wireshark_PLUGIN_INSTALL_DIR "${PLUGIN_INSTALL_VERSION_LIBDIR}")

# What pkg-config offers elsewhere; Wireshark has found GLib by its own means, on Windows too.
if(NOT TARGET PkgConfig::GLIB)
  add_library(PkgConfig::GLIB INTERFACE IMPORTED)
  target_include_directories(PkgConfig::GLIB INTERFACE ${GLIB2_INCLUDE_DIRS})
  target_link_libraries(PkgConfig::GLIB INTERFACE ${GLIB2_LIBRARIES})
endif()

add_subdirectory(core)
add_subdirectory(compat)
add_subdirectory(plugin)
add_subdirectory(stats)
add_dependencies(plugins plugin stats)
