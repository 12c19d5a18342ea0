#!/usr/bin/env bash
# Builds curtail with two compilers and runs all of its tests. On Debian and Ubuntu it first installs what is missing;
# elsewhere it says what is missing. Build trees go to build/. It ends with the minutes that each step took and, as the
# last line, the sum of all test runs. CURTAIL_SLOW=1 runs the slow tiers too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
    g++ clang cmake make ninja-build  # two compilers, because each warns of what the other does not see
    lld                          # links the tests with sanitizers four times as fast as GNU ld
    clang-tidy clang-format      # names, faults, the length of functions; the format
    nlohmann-json3-dev           # JSON of the messages
    libfccp-dev                  # CSV input
    libdragonbox-dev             # fast digits of floating-point numbers
    catch2                       # the tests
    libssl-dev                   # SHA-256 of the file
    libdeflate-dev tabix         # a compressed file; bgzip, an independent reader of it
    openmpi-bin libopenmpi-dev   # many ranks that write one table
    libboost-dev                 # Boost.Beast: the WebSocket examples
    python3 python3-pandas       # an independent reader of what curtail writes
    python3-websockets           # an independent peer of the examples
    pybind11-dev python3-pybind11 python3-dev  # the Python module
    python3-pip python3-setuptools python3-wheel python3-venv python3-numpy  # its wheel, in a fresh environment
    python3-dask python3-mpi4py  # engines that run its parts
    libeigen3-dev libsqlite3-dev libxgboost-dev  # holders of tables, each a source to be read
    cmark cmark-gfm              # independent readers of Markdown
    python3-wcwidth unicode-data # an independent measure of display width; Unicode's own tests and lists
    libfribidi-bin               # where a screen puts text from right to left
    doxygen                      # the reference
    pkgconf meson                # users' builds without CMake
)

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# A tool may come from elsewhere than its package.
installed() {
    case $1 in
        g++ | cmake | python3 | clang-tidy | clang-format) command -v "$1" >/dev/null ;;
        clang) command -v clang++ >/dev/null ;;
        pkgconf) command -v pkg-config >/dev/null ;;
        ninja-build) command -v ninja >/dev/null ;;
        *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
    esac
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }

# clang's sanitizers and fuzzer are packaged apart from it, under a name that differs from release to release.
fuzzer_links() {
    local dir status=0
    dir=$(mktemp -d)
    echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$dir/fuzzer.cpp"
    clang++ -fsanitize=fuzzer,address,undefined "$dir/fuzzer.cpp" -o "$dir/fuzzer" 2>/dev/null || status=1
    rm -rf "$dir"
    return $status
}

install_what_is_missing() {
    local package missing=() known=()
    for package in "${packages[@]}"; do
        installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "installing ${missing[*]}"
        as_root apt-get update || echo "the package lists could not be renewed; going on with what there is"
        for package in "${missing[@]}"; do
            if apt-cache show "$package" >/dev/null 2>&1; then
                known+=("$package")
            else
                echo "this release has no package $package; going on without it"
            fi
        done
        [ ${#known[@]} -eq 0 ] || apt_install "${known[@]}" || echo "not installed: ${known[*]}; going on without"
    fi
    if ! fuzzer_links; then
        local major
        major=$(clang++ -dumpversion | cut -d. -f1)
        say "installing the run-time library of clang $major"
        [ ${#missing[@]} -gt 0 ] || as_root apt-get update || true
        apt_install "libclang-rt-$major-dev" || apt_install libclang-rt-dev || apt_install "libclang-common-$major-dev" || true
    fi
}

if command -v apt-get >/dev/null; then
    install_what_is_missing
    export PATH="/usr/bin:$PATH"  # another python3 in front would not see these packages
else
    for tool in g++ clang++ cmake ninja python3; do
        command -v "$tool" >/dev/null || { echo "please install $tool first; on Debian all is: ${packages[*]}" >&2; exit 1; }
    done
fi

# AddressSanitizer. Page faults were half of the time of the fault tests, which allocate and free all the time: with 16 MB
# of freed memory kept instead of 256, and 5 lines of a stack instead of 30 for each block, fault/parts_faults took 10.5 s
# of CPU instead of 19.6. Looking for dead stack frames took a third of the time of fault/pair_faults.
fuzz_seconds=50
asan=detect_stack_use_after_return=0:quarantine_size_mb=16:malloc_context_size=5
[ -z "${CURTAIL_SLOW:-}" ] || fuzz_seconds=600 asan=detect_stack_use_after_return=1

# DuckDB, a producer of Arrow streams and a reader of the file, is in no package of Debian's; npm has it where npm is. Where
# it cannot be had, its tests say that they are skipped.
if [ -z "${CURTAIL_DUCKDB:-}" ]; then
    say "DuckDB"
    cmake -D DIR="$PWD/build/duckdb" -P tests/duckdb/fetch.cmake || true
    [ ! -e build/duckdb/libduckdb.so ] || export CURTAIL_DUCKDB=$PWD/build/duckdb/libduckdb.so
fi

jobs=$(nproc)
passed=0
failed=0
minutes=()

# timed WHAT COMMAND...: runs the command and notes how long it took.
timed() {
    local what=$1 start=$SECONDS tenths
    shift
    say "$what"
    "$@"
    tenths=$(((SECONDS - start + 3) / 6))
    minutes+=("$(printf '%-28s %3d.%d' "$what" $((tenths / 10)) $((tenths % 10)))")
}

# One more at a time than there are processors, because some tests wait for a network or a disk half of their time.
run_ctest() {
    ctest --test-dir "build/$1" -j $((jobs + 1)) --output-on-failure --no-tests=error | tee "build/$1/ctest.log" || true
}

# build_and_test NAME [cmake option]...: one build tree, warnings are errors, every test runs.
build_and_test() {
    local name=$1 summary='^[0-9]+% tests passed, ([0-9]+) tests failed out of ([0-9]+)$'
    shift
    timed "$name: configure" cmake -S . -B "build/$name" -G Ninja "$@"
    # Huge pages for the memory of clang: 13,000 page faults instead of 64,000 per file, and a tenth less time. g++ gains
    # nothing.
    timed "$name: build" env GLIBC_TUNABLES=glibc.malloc.hugetlb=1 cmake --build "build/$name" -j "$jobs"
    timed "$name: test" run_ctest "$name"
    if [[ $(grep -E "$summary" "build/$name/ctest.log") =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
        failed=$((failed + BASH_REMATCH[1]))
        passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1]))
    else
        echo "$name: ctest gave no summary" >&2
        exit 1
    fi
}

export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=$asan

# Nearly all time is compile time, so nothing is compiled twice that one compiler can check alone.
#
# All unit tests and the examples, with sanitizers. clang compiles them in half the time of g++ and has the fuzzer. They
# link curtail::compiled, so this tree also tests that. Heavy tests would take four minutes here; the other tree runs
# them.
sanitizer=clang++
fuzzers=ON
linker=()
! command -v ld.lld >/dev/null || linker=(-D CMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld)
fuzzer_links || { echo "this clang has no sanitizers: g++ takes its place, without the fuzz targets"; sanitizer=g++ fuzzers=OFF; }
build_and_test sanitizers -D CMAKE_CXX_COMPILER=$sanitizer -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS_DEBUG=-g1 \
    -D CMAKE_CXX_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" \
    -D CURTAIL_BUILD_FUZZERS=$fuzzers -D CURTAIL_FUZZ_SECONDS=$fuzz_seconds -D CURTAIL_TEST_COMPILED=ON \
    -D CURTAIL_INSTALL_TOOLS=ON "${linker[@]}" \
    -D CURTAIL_TEST_CONTRACT=OFF -D CURTAIL_TEST_CONSUMERS=OFF -D CURTAIL_TEST_WITHOUT="~[heavy]"

# Header-only and optimised by g++: the contract, the users' projects, the tests with threads, and those unit tests whose
# code depends on the optimiser (numbers, scans of bytes, what is written from several threads) or whose searches are
# larger when optimised.
optimised='^core/|^statistics/numbers/|^artifact/csv/(concurrent|field_|plain|quote|styled)|^receive/json/'
optimised+='|^payload/result_payload_builder|^receive/hostile_memory'
build_and_test optimised -D CMAKE_CXX_COMPILER=g++ -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
    -D CURTAIL_TEST_FILES="$optimised" -D CURTAIL_TEST_THREADS=ON -D CURTAIL_BUILD_EXAMPLES=OFF

say "minutes"
printf '%s\n' "${minutes[@]}"
total=$((passed + failed))
say "all build trees together"
echo "$((100 * passed / total))% tests passed, $failed tests failed out of $total"
[ "$failed" -eq 0 ]
