#!/usr/bin/env bash
# Shows the whole way of a result: builds a bot and a worker, lets the worker predict the body mass of 344 penguins, and
# prints what the bot's user sees and the first lines of the file with everything.
#
#     examples/demo.sh                  344 rows
#     examples/demo.sh --repeat 30000   the same rows 30,000 times over: ten million, 590 MB on disk
#
# On Debian and Ubuntu it first installs what is missing; elsewhere it says what is. All it makes is under build/demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
    g++ cmake make
    nlohmann-json3-dev  # JSON of the messages
    libfccp-dev         # CSV input
    libdragonbox-dev    # fast digits of floating-point numbers
    libboost-dev        # Boost.Beast: the WebSocket ends
    libssl-dev openssl  # TLS between them, and its certificate
)

usage() {
    echo "usage: examples/demo.sh [--repeat K]" >&2
    exit 2
}

repeat=1
case $# in
    0) ;;
    2)
        [[ "$1 $2" =~ ^--repeat\ [1-9][0-9]{0,8}$ ]] || usage
        repeat=$2
        ;;
    *) usage ;;
esac

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if command -v apt-get >/dev/null; then
    missing=()
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        echo "== installing ${missing[*]}"
        as_root apt-get update
        known=()
        for package in "${missing[@]}"; do
            if apt-cache show "$package" >/dev/null 2>&1; then
                known+=("$package")
            else
                echo "this release has no package $package; going on without it"
            fi
        done
        [ ${#known[@]} -eq 0 ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${known[@]}"
    fi
else
    for tool in c++ cmake make; do
        command -v "$tool" >/dev/null || { echo "please install $tool and the headers of Boost first" >&2; exit 1; }
    done
fi

echo "== building"
mkdir -p build/demo
cmake -S . -B build/demo -D CMAKE_BUILD_TYPE=Release -D CURTAIL_BUILD_TESTS=OFF -D CURTAIL_BUILD_EXAMPLES=ON \
    >build/demo/configure.log 2>&1 || { cat build/demo/configure.log >&2; exit 1; }
cmake --build build/demo --target curtail.examples.bot curtail.examples.worker --parallel

out=build/demo/out
rm -rf "$out"
mkdir -p "$out"

children=()
stop_children() {
    local child
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
}
trap stop_children EXIT

# The port that the bot says it listens on.
wait_for_port() {
    local i port
    for ((i = 0; i < 100; ++i)); do
        port=$(sed -n 's/^bot: listening on .* port \([0-9][0-9]*\)$/\1/p' "$out/bot.log")
        if [ -n "$port" ]; then echo "$port"; return; fi
        kill -0 "$bot" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# Both ends read the token from the environment, where other users of the machine cannot see it.
CURTAIL_TOKEN=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export CURTAIL_TOKEN
scheme=ws
bot_options=()
worker_options=()
if command -v openssl >/dev/null && ! grep -q 'built without TLS' build/demo/configure.log; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=curtail-demo \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$out/key.pem" -out "$out/certificate.pem" 2>/dev/null
    scheme=wss
    bot_options=(--cert "$out/certificate.pem" --key "$out/key.pem")
    worker_options=(--ca "$out/certificate.pem")
fi

echo "== a bot waits, a worker connects"
: >"$out/bot.log"
build/demo/examples/bot --port 0 "${bot_options[@]}" --predict "$PWD/examples/data/penguins.csv" \
    2> >(tee "$out/bot.log") >"$out/bot.out" &
bot=$!
children+=("$bot")
port=$(wait_for_port) || { echo "the bot did not start" >&2; exit 1; }
build/demo/examples/worker --url "$scheme://127.0.0.1:$port/" "${worker_options[@]}" \
    --model examples/data/penguins-model.json --out "$out" --jobs 1 --repeat "$repeat" 2>&1
bot_status=0
wait "$bot" || bot_status=$?
children=()
sleep 0.2  # until tee has printed the bot's last line

echo
echo "== what the bot's user sees"
cat "$out/bot.out"
[ "$bot_status" -eq 0 ] || exit 1

echo
echo "== the first lines of the file with all rows"
head -n 4 "$out"/predictions_*.csv
