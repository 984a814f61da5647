# Hardening of everything that is built: what Debian's build flags set, for the plain CMake build too.
# Tested by tests/house/test_hardening.py. BTBB_HARDEN=OFF leaves it out.
include(CheckCCompilerFlag)
include(CheckPIESupported)

option(BTBB_HARDEN "Stack protector, fortified C library calls, read-only relocations, immediate binding" ON)
if(NOT BTBB_HARDEN OR BTBB_SANITIZE OR NOT CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  return()
endif()

# btbb_harden(COMPILE|LINK FLAG...): add the flags that the compiler and its linker know.
function(btbb_harden kind)
  foreach(flag ${ARGN})
    string(MAKE_C_IDENTIFIER "BTBB_HAS${flag}" known)
    if(kind STREQUAL LINK)
      set(CMAKE_REQUIRED_LINK_OPTIONS ${flag})
      check_c_compiler_flag("" ${known})
    else()
      check_c_compiler_flag(${flag} ${known})
    endif()
    if(${known} AND kind STREQUAL LINK)
      add_link_options(${flag})
    elseif(${known})
      add_compile_options(${flag})
    endif()
  endforeach()
endfunction()

btbb_harden(COMPILE -fstack-protector-strong -fstack-clash-protection -fcf-protection)
if(MINGW)
  add_link_options(-fstack-protector-strong)      # for the library with what the protected functions call
endif()
btbb_harden(LINK -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
# The C library's checks need optimization; a distribution may define the macro already, with its own level.
if(NOT CMAKE_BUILD_TYPE STREQUAL Debug AND NOT "$ENV{CFLAGS} ${CMAKE_C_FLAGS}" MATCHES "_FORTIFY_SOURCE")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
check_pie_supported(LANGUAGES C)
