# What this Wireshark's headers and library declare, as compat/ws-config.h. Decided by compiling, not by version numbers:
# distributions carry changes to other versions, and the next version is not known yet.
# SPDX-License-Identifier: GPL-2.0-or-later
include(CheckCSourceCompiles)

# The targets of WiresharkConfig.cmake can be linked with here. Inside Wireshark's own tree its library is not built yet,
# so that only declarations can be checked, with the include path of the folder.
get_target_property(BTBB_EPAN_IMPORTED epan IMPORTED)

# btbb_compiles(VARIABLE SOURCE): does this compile? Other types than declared are errors. The answer is kept for this
# version of Wireshark only: build folders outlive upgrades.
macro(btbb_compiles variable source)
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    set(CMAKE_REQUIRED_FLAGS "-Werror=implicit-function-declaration -Werror=incompatible-pointer-types")
  elseif(MSVC)
    set(CMAKE_REQUIRED_FLAGS "/we4013 /we4133")
  endif()
  if(BTBB_EPAN_IMPORTED)
    set(CMAKE_REQUIRED_LIBRARIES epan)
  else()
    get_directory_property(CMAKE_REQUIRED_INCLUDES INCLUDE_DIRECTORIES)
    list(APPEND CMAKE_REQUIRED_INCLUDES ${GLIB2_INCLUDE_DIRS})
  endif()
  check_c_source_compiles("#include <wireshark.h>\n${source}" ${variable}_${Wireshark_VERSION})
  unset(CMAKE_TRY_COMPILE_TARGET_TYPE)
  btbb_set_bit(${variable} "${${variable}_${Wireshark_VERSION}}")
endmacro()

macro(btbb_set_bit variable value)
  if("${value}")
    set(${variable} 1)
  else()
    set(${variable} 0)
  endif()
endmacro()

# btbb_one_of(VARIABLE WHAT SOURCE OTHER): 1 if SOURCE compiles, 0 if OTHER does, an error if neither or both do: then
# Wireshark has changed in a way that this project does not know.
macro(btbb_one_of variable what source other)
  btbb_compiles(${variable} "${source}")
  btbb_compiles(${variable}_OTHER "${other}")
  if(${variable} EQUAL ${variable}_OTHER)
    message(FATAL_ERROR "Wireshark ${Wireshark_VERSION} is not known well enough: ${what}. See compat/checks.cmake and "
                        "${CMAKE_BINARY_DIR}/CMakeFiles/CMakeError.log (or CMakeConfigureLog.yaml).")
  endif()
  message(STATUS "Wireshark: ${what}: ${${variable}}")
endmacro()

btbb_compiles(BTBB_WS_HEADERS "#include <epan/packet.h>\n#include <wiretap/wtap.h>\nint here;")
if(NOT BTBB_WS_HEADERS)
  message(FATAL_ERROR "Wireshark's headers do not compile; see ${CMAKE_BINARY_DIR}/CMakeFiles/CMakeError.log "
                      "(or CMakeConfigureLog.yaml).")
endif()

# Ubuntu 24.04's wireshark-dev 4.2 lacks a header that another one includes.
set(BTBB_WS_INCLUDE "")
btbb_compiles(BTBB_WS_PLUGIN_IF "#include <epan/plugin_if.h>\nint here;")
if(NOT BTBB_WS_PLUGIN_IF)
  set(BTBB_WS_INCLUDE ${CMAKE_CURRENT_SOURCE_DIR}/missing)
  list(APPEND CMAKE_REQUIRED_INCLUDES ${BTBB_WS_INCLUDE})
  btbb_compiles(BTBB_WS_PLUGIN_IF_MENDED "#include <epan/plugin_if.h>\nint here;")
  if(NOT BTBB_WS_PLUGIN_IF_MENDED)
    message(FATAL_ERROR "Wireshark's <epan/plugin_if.h> does not compile; see ${CMAKE_BINARY_DIR}/CMakeFiles/CMakeError.log "
                        "(or CMakeConfigureLog.yaml).")
  endif()
  message(STATUS "Wireshark: dfilter-loc.h is not installed; using ${BTBB_WS_INCLUDE}")
endif()

set(preference "#include <epan/prefs.h>
void check(module_t *module, @TYPE@ *value);
void check(module_t *module, @TYPE@ *value) { prefs_register_bool_preference(module, \"\", \"\", \"\", value); }")
string(REPLACE @TYPE@ bool of_bool "${preference}")
string(REPLACE @TYPE@ gboolean of_gboolean "${preference}")
btbb_one_of(BTBB_WS_PREFERENCE_IS_BOOL "preferences are stored as bool" "${of_bool}" "${of_gboolean}")

set(address "#include <epan/address_types.h>
static const char *field(const address *addr, @TYPE@ source) { (void)addr; (void)source; return 0; }
int check(void);
int check(void) { return address_type_dissector_register(\"\", \"\", 0, 0, 0, field, 0, 0, 0); }")
string(REPLACE @TYPE@ bool of_bool "${address}")
string(REPLACE @TYPE@ gboolean of_gboolean "${address}")
btbb_one_of(BTBB_WS_ADDRESS_IS_BOOL "address callbacks take a bool" "${of_bool}" "${of_gboolean}")

set(table "#include <epan/uat.h>
static @TYPE@ update(void *record, char **error) { (void)record; (void)error; return 1; }
uat_update_cb_t check = update;")
string(REPLACE @TYPE@ bool of_bool "${table}")
string(REPLACE @TYPE@ gboolean of_gboolean "${table}")
btbb_one_of(BTBB_WS_TABLE_IS_BOOL "tables of preferences are checked by a bool" "${of_bool}" "${of_gboolean}")

set(init "#include <epan/stat_tap_ui.h>
static @TYPE@ init(const char *argument, void *data) { (void)argument; (void)data; @RETURN@; }
stat_tap_ui check = {.tap_init_cb = init};")
string(REPLACE @TYPE@ bool of_bool "${init}")
string(REPLACE @RETURN@ "return true" of_bool "${of_bool}")
string(REPLACE @TYPE@ void of_void "${init}")
string(REPLACE @RETURN@ "return" of_void "${of_void}")
btbb_one_of(BTBB_WS_INIT_CAN_FAIL "init callbacks of statistics can fail" "${of_bool}" "${of_void}")

set(record "#include <wiretap/wtap.h>
bool check(wtap *file, wtap_rec *record, int *error, char **info, int64_t *offset);
bool check(wtap *file, wtap_rec *record, int *error, char **info, int64_t *offset)")
btbb_one_of(BTBB_WS_RECORD_HOLDS_DATA "records hold their bytes"
  "${record} { return record->data.data && wtap_read(file, record, error, info, offset); }"
  "${record} { Buffer data; return wtap_read(file, record, &data, error, info, offset); }")

btbb_compiles(BTBB_WS_HAS_TVB_GET_UINT8 "#include <epan/tvbuff.h>
unsigned check(tvbuff_t *tvb);
unsigned check(tvbuff_t *tvb) { return tvb_get_uint8(tvb, 0); }")

# The manufacturer data: a table in the library with functions that no installed header declares, or a file.
if(BTBB_EPAN_IMPORTED)
  set(CMAKE_REQUIRED_LIBRARIES epan)
  check_c_source_compiles("void ws_manuf_dump(void *stream);
const char *ws_manuf_lookup_str(const unsigned char *address, const char **long_name);
int main(void) { ws_manuf_dump(0); return ws_manuf_lookup_str(0, 0) != 0; }" BTBB_WS_MANUF_TABLE_${Wireshark_VERSION})
  btbb_set_bit(BTBB_WS_MANUF_TABLE "${BTBB_WS_MANUF_TABLE_${Wireshark_VERSION}}")
else()
  btbb_compiles(BTBB_WS_MANUF_TABLE "#include <epan/manuf.h>
void *check[] = {(void *)ws_manuf_dump, (void *)ws_manuf_lookup_str};")
endif()
btbb_compiles(BTBB_WS_DATAFILE_PATH "#include <wsutil/filesystem.h>
char *check(void);
char *check(void) { return get_datafile_path(\"manuf\"); }")
