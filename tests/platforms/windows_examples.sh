#!/usr/bin/env bash
# windows_examples.sh DIR ROOT: runs the examples of DIR, each built for this machine (split) and for Windows (split.exe),
# and compares what they print and write. Ends with 1 and a line for each difference.
set -uo pipefail
dir=$1
root=$2
export LC_ALL=C.UTF-8  # or wine would not pass on other characters than ASCII
broken=0

check() {
    if [ "$1" -eq 0 ]; then
        echo "ok     $2"
    else
        echo "BROKEN $2"
        broken=1
    fi
}

# same WHAT COMMAND...: what the program prints in wine is what it prints here, but for the drive of a path. Both read the
# same standard input.
same() {
    local what=$1 program=$2 status_there status_here
    shift 2
    cat >"$dir/stdin"
    wine "$dir/$program.exe" "$@" <"$dir/stdin" >"$dir/there.raw"
    status_there=$?
    "$dir/$program" "$@" <"$dir/stdin" >"$dir/here"
    status_here=$?
    sed -e 's#Z:/#/#g' "$dir/there.raw" >"$dir/there"
    [ "$status_there" -eq "$status_here" ] && cmp "$dir/here" "$dir/there"
    check $? "$what"
}

wine_split() { wine "$dir/split.exe" "$@"; }
here_split() { "$dir/split" "$@"; }

# Same texts for the example without a command line, whose output is in text mode.
cd / || exit 1
mkdir -p /tmp
wine "$dir/quick_start.exe" | tr -d '\r' | sed -e 's#Z:/tmp#/tmp#' >"$dir/there"
"$dir/quick_start" >"$dir/here"
cmp "$dir/here" "$dir/there"
check $? "quick_start prints the same"
cd "$root" || exit 1

same "split prints its usage" split --help </dev/null
same "split writes the same message" split examples/data/penguins.csv --job-id penguins --out "$dir" --replace </dev/null
cp "$dir/there" "$dir/message.json"
wine_split examples/data/penguins.csv --job-id there --out "Z:$dir" >/dev/null
here_split examples/data/penguins.csv --job-id here --out "$dir" >/dev/null
cmp "$dir/predictions_there.csv" "$dir/predictions_here.csv"
check $? "and the same file"
for rendering in text telegram-html telegram-markdown markdown slack; do
    same "show prints the same as $rendering" show --as "$rendering" <"$dir/message.json"
done
printf '{"type":"result"' | wine "$dir/show.exe" >/dev/null 2>&1
[ $? -eq 1 ]
check $? "show refuses half a message"

# Characters of other scripts in the names of files, in arguments, in cells; bytes that a text mode would change.
name=$'donn\xC3\xA9es \xE4\xBA\xAC \xF0\x9F\x98\x80'
mkdir -p "$dir/$name"
printf '\xE5\x80\xA4,city\r\n0.5,"K\xC5\x8Dto\n\x1Ab"\r\n0.25,\xF0\x9F\x98\x80\r\n' >"$dir/$name/$name.csv"
for program in wine_split here_split; do
    (cd "$dir/$name" && $program "$name.csv" --job-id $program --prediction $'\xE5\x80\xA4' --out "$dir/$name" \
        >"$dir/$program.json")
    check $? "$program takes arguments of any script"
    $program - --job-id "$program.stdin" --prediction $'\xE5\x80\xA4' --out "$dir/$name" <"$dir/$name/$name.csv" \
        >"$dir/$program.stdin.json"
    check $? "$program reads the standard input"
done
for job in wine_split wine_split.stdin here_split.stdin; do
    cmp "$dir/$name/predictions_$job.csv" "$dir/$name/predictions_here_split.csv"
    check $? "and writes every byte as it is ($job)"
done
sed -e 's#Z:/#/#g' -e 's/wine_split/here_split/g' "$dir/wine_split.json" | cmp - "$dir/here_split.json"
check $? "and the same message"

wine_split examples/data/penguins.csv --job-id m --out "$dir" --mode 640 >/dev/null 2>"$dir/stderr"
[ $? -eq 1 ] && grep -q "no group" "$dir/stderr" && [ ! -e "$dir/predictions_m.csv" ]
check $? "a mode for the group alone is refused, with the reason"
wine_split examples/data/penguins.csv --job-id m --out "$dir/$name/missing" >/dev/null 2>"$dir/stderr"
[ $? -eq 1 ] && grep -q "no_directory.*$name/missing" "$dir/stderr"
check $? "a missing directory is told by its name"

# Two writers of one job.
for round in 1 2 3; do
    wine_split examples/data/penguins.csv --job-id "race$round" --out "$dir" >/dev/null 2>"$dir/one" &
    one=$!
    wine_split examples/data/penguins.csv --job-id "race$round" --out "$dir" >/dev/null 2>"$dir/two" &
    two=$!
    wait $one
    statuses=$?
    wait $two
    statuses="$statuses $?"
    { [ "$statuses" = "0 1" ] || [ "$statuses" = "1 0" ]; } && cat "$dir/one" "$dir/two" | grep -q artifact_exists &&
        cmp "$dir/predictions_race$round.csv" "$dir/predictions_here.csv"
    check $? "of two writers of one job one publishes, and the other is told (round $round)"
done

# A writer that is killed in the middle of its work, when its file has grown.
mkdir -p "$dir/killed"
mkfifo "$dir/fifo"
wine "$dir/split.exe" - --job-id k --out "$dir/killed" <"$dir/fifo" >/dev/null 2>&1 &
writer=$!
exec 9>"$dir/fifo"
{ echo a,p && seq -f "%.0f,0.5" 200000; } >&9
for _ in $(seq 100); do
    [ -z "$(find "$dir/killed" -name '.predictions*' -size +100k)" ] || break
    sleep 0.1
done
[ -n "$(find "$dir/killed" -name '.predictions*' -size +100k)" ]
check $? "a writer has begun its file"
kill -9 $writer
wait $writer 2>/dev/null
exec 9>&-
[ ! -e "$dir/killed/predictions_k.csv" ]
check $? "killed, it leaves nothing under the final name"
wine_split examples/data/penguins.csv --job-id k --out "$dir/killed" >/dev/null
check $? "and the job can be done again"
cmp "$dir/killed/predictions_k.csv" "$dir/predictions_here.csv"
check $? "whole"
exit $broken
