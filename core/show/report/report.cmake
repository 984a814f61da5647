# The page of the report as a C array, made when the project is built: report.html with the style sheet, the scripts and the
# charting library inserted. Chart.js is not part of this project; it comes from the Debian package libjs-chart.js.
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   included by core/CMakeLists.txt: finds Chart.js and adds the sources to the library core-show
#   cmake -P: makes the page (BTBB_REPORT_OUT is set)

if(NOT BTBB_REPORT_OUT)
  set(report_dir ${CMAKE_CURRENT_LIST_DIR})
  find_file(BTBB_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH
            DOC "Chart.js 3, minified, one file that can stand in a page")
  find_file(BTBB_CHART_JS_LICENCE copyright PATHS /usr/share/doc/libjs-chart.js NO_DEFAULT_PATH
            DOC "Licence text of Chart.js")
  if(NOT BTBB_CHART_JS OR NOT BTBB_CHART_JS_LICENCE)
    message(FATAL_ERROR "Chart.js, which draws the report, was not found. Install the Debian package libjs-chart.js, "
                        "or set BTBB_CHART_JS to chart.min.js (version 3) and BTBB_CHART_JS_LICENCE to its licence.")
  endif()
  file(STRINGS ${BTBB_CHART_JS} chart_js_version REGEX "Chart\\.js v3\\." LIMIT_COUNT 1)
  if(NOT chart_js_version)
    message(FATAL_ERROR "${BTBB_CHART_JS} is not Chart.js 3.")
  endif()
  set(report_parts ${report_dir}/report.html ${report_dir}/report.css ${report_dir}/model.js ${report_dir}/time.js
                   ${report_dir}/charts.js ${report_dir}/figures.js ${report_dir}/signal.js
                   ${report_dir}/links.js ${report_dir}/piconets.js ${report_dir}/page.js)
  add_custom_command(
    OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/report-page.c
    COMMAND ${CMAKE_COMMAND} -DBTBB_REPORT_OUT=${CMAKE_CURRENT_BINARY_DIR}/report-page.c
            -DBTBB_CHART_JS=${BTBB_CHART_JS} -DBTBB_CHART_JS_LICENCE=${BTBB_CHART_JS_LICENCE}
            -P ${report_dir}/report.cmake
    DEPENDS ${report_parts} ${report_dir}/report.cmake ${BTBB_CHART_JS} ${BTBB_CHART_JS_LICENCE}
    COMMENT "Making the page of the report" VERBATIM)
  target_sources(core-show PRIVATE ${report_dir}/report.c ${report_dir}/report-maps.c ${report_dir}/report-time.c
                 ${CMAKE_CURRENT_BINARY_DIR}/report-page.c)
  set_property(SOURCE ${report_dir}/report.c APPEND PROPERTY COMPILE_DEFINITIONS BTBB_VERSION="${PROJECT_VERSION}")
  return()
endif()

function(read_part result file)
  file(READ ${file} text)
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

set(script "")
foreach(part model time charts figures signal links piconets page)
  read_part(text ${CMAKE_CURRENT_LIST_DIR}/${part}.js)
  string(APPEND script "${text}")
endforeach()
read_part(style ${CMAKE_CURRENT_LIST_DIR}/report.css)
read_part(library ${BTBB_CHART_JS})
read_part(licence ${BTBB_CHART_JS_LICENCE})
read_part(page ${CMAKE_CURRENT_LIST_DIR}/report.html)
foreach(part IN ITEMS "${script}" "${library}")
  string(FIND "${part}" "</script" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "A script of the report contains \"</script\" and would end its element.")
  endif()
endforeach()
# The page may run its own scripts only, known by their SHA-256 (Content Security Policy Level 3, 2.3.1).
function(policy_hash result text)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  string(SHA256 rest "${text}")
  string(APPEND rest 00)                        # 33 bytes are 44 characters of base64; the last one becomes "="
  set(base64 "")
  while(rest)
    string(SUBSTRING ${rest} 0 6 three)
    string(SUBSTRING ${rest} 6 -1 rest)
    math(EXPR three "0x${three}")
    foreach(shift 18 12 6 0)
      math(EXPR digit "${three} >> ${shift} & 63")
      string(SUBSTRING ${alphabet} ${digit} 1 digit)
      string(APPEND base64 ${digit})
    endforeach()
  endwhile()
  string(REGEX REPLACE ".$" "=" base64 ${base64})
  set(${result} "'sha256-${base64}'" PARENT_SCOPE)
endfunction()
policy_hash(style_hash "\n${style}\n")
policy_hash(library_hash "\n${library}\n")
policy_hash(script_hash "\n\"use strict\";\n${script}\n")
string(REPLACE "&" "&amp;" licence "${licence}")
string(REPLACE "<" "&lt;" licence "${licence}")
string(REPLACE ">" "&gt;" licence "${licence}")
foreach(part STYLE_HASH LIBRARY_HASH SCRIPT_HASH STYLE LICENCE SCRIPT LIBRARY)
  string(TOLOWER ${part} content)
  string(REPLACE "@BTBB_${part}@" "${${content}}" page "${page}")
endforeach()

# Cut the page at the placeholder, and write both halves as numbers.
set(text_file ${BTBB_REPORT_OUT}.html)
string(FIND "${page}" "@BTBB_DATA@" hole)
string(REPLACE "@BTBB_DATA@" "" page "${page}")
string(SUBSTRING "${page}" 0 ${hole} head)
file(WRITE ${text_file}.head "${head}")
file(WRITE ${text_file} "${page}")
file(SIZE ${text_file}.head hole)
file(SIZE ${text_file} bytes)
file(READ ${text_file} numbers HEX)
string(REGEX REPLACE "(................................................)" "\\1\n" numbers "${numbers}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," numbers "${numbers}")
file(WRITE ${BTBB_REPORT_OUT} "/* Made from report.html by report.cmake; do not edit. */
#include \"${CMAKE_CURRENT_LIST_DIR}/report-int.h\"

const uint32_t btbb_report_hole = ${hole};
const uint32_t btbb_report_page_bytes = ${bytes};
const unsigned char btbb_report_page[] = {
${numbers}};
")
