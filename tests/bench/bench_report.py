# SPDX-License-Identifier: MIT
"""The measurements of compare.py as Markdown: the ratios first, then every writer on every table.

A ratio is the median over the rounds of the ratio within a round, because what slows a machine down lasts for longer than
one round and meets both. Seconds are medians. MB/s counts the bytes of curtail's file for every writer: it is the same
table, however many bytes a writer needs for it.
"""
import statistics

ALL = ("doubles", "mixed", "flights", "texts", "quoted_texts")
THREE = ("doubles", "mixed", "flights")

# What is compared: (label, writer, threads) over (writer, threads), and what was to be reached on which tables.
RATIOS = [
    ("polars, one thread", ("polars", "1"), ("curtail", "1"), ">= 2", THREE),
    ("polars streaming, one thread", ("polars, streaming", "1"), ("curtail", "1"), ">= 2", THREE),
    ("DuckDB, one thread", ("DuckDB", "1"), ("curtail", "1"), ">= 6", ("doubles", "mixed")),
    ("pandas", ("pandas", "1"), ("curtail", "1"), ">= 25", ("doubles", "mixed")),
    ("polars, all cores, to curtail's", ("polars", "all"), ("curtail", "all"), ">= 3", ("doubles", "mixed")),
    ("polars streaming, all cores, to curtail's", ("polars, streaming", "all"), ("curtail", "all"), ">= 2.5", THREE),
    ("DuckDB, all cores, to curtail's", ("DuckDB", "all"), ("curtail", "all"), "", ()),
    ("curtail, one thread to all cores", ("curtail", "1"), ("curtail", "all"), ">= 1.8", ("doubles", "mixed")),
    ("raw write(2)", ("raw write(2)", "1"), ("curtail", "1"), "", ()),
    ("raw write(2), to all cores", ("raw write(2)", "1"), ("curtail", "all"), "", ()),
    ("pigz -6, one thread, to curtail's gzip", ("pigz -6", "1"), ("curtail, gzip", "1"), ">= 2", THREE),
    ("pigz -6, all cores, to curtail's gzip", ("pigz -6", "all"), ("curtail, gzip", "all"), ">= 2", THREE),
    ("pandas with gzip, to curtail's", ("pandas, gzip", "1"), ("curtail, gzip", "all"), ">= 10", ("mixed",)),
    ("the whole split, one thread", ("curtail's whole split", "1"), ("curtail", "1"), "<= 1.10", ALL),
    ("the whole split, all cores", ("curtail's whole split", "all"), ("curtail", "all"), "<= 1.10", ALL),
]

# The whole split as people run it, what it publishes being on the disk. The same over (writer, threads, durability).
SYNCED_RATIOS = [
    ("the same, nothing synced", threads, ("curtail's whole split", threads, "none")) for threads in ("1", "all")
] + [
    ("write(2) and fdatasync(2) of the same bytes", threads, ("raw write(2)", "1", "data")) for threads in ("1", "all")
] + [
    ("polars, nothing synced", threads, ("polars", threads, "none")) for threads in ("1", "all")
]


def cells(*values):
    return "| " + " | ".join(str(value) for value in values) + " |\n"


def head(*names, right_from=1):
    return cells(*names) + "|" + "".join("---|" if i < right_from else "---:|" for i in range(len(names))) + "\n"


def find(table, writer, threads, durability="none"):
    for each in table["writers"]:
        if (each["writer"], each["threads"], each["durability"]) == (writer, threads, durability):
            return each if each["passes"] and not each["absent"] else None
    return None


def ratio(over, under):
    """How many times as long `over` took, by rounds."""
    if not over or not under:
        return None
    return statistics.median(a["seconds"] / b["seconds"] for a, b in zip(over["passes"], under["passes"]))


def median(passes, key="seconds"):
    return statistics.median(one[key] for one in passes)


def reached(goal, value):
    bound = float(goal.split()[1])
    return value >= bound if goal.startswith(">=") else value <= bound


def ratios_table(report):
    tables = report["tables"]
    text = head("times the time of curtail's sink", *(table["title"] for table in tables), "goal")
    for label, over, under, goal, bound in RATIOS:
        row = []
        for table in tables:
            value = ratio(find(table, *over), find(table, *under))
            if value is None:
                row.append("absent")
                continue
            counts = goal and (bound is None or table["table"] in bound)
            row.append(f"{value:.2f}" + (" (missed)" if counts and not reached(goal, value) else ""))
        text += cells(label, *row, goal)
    return text


def synced_table(report):
    tables = report["tables"]
    text = head("times the time of the whole split with what the default syncs", *(table["title"] for table in tables))
    for label, threads, over in SYNCED_RATIOS:
        values = [ratio(find(table, *over), find(table, "curtail's whole split", threads, "data")) for table in tables]
        text += cells(f"{label}, {'one thread' if threads == '1' else 'all cores'}",
                      *("absent" if value is None else f"{value:.2f}" for value in values))
    return text


def writers_table(table):
    base = {threads: find(table, "curtail", threads) for threads in ("1", "all")}
    text = f"\n### {table['title'][0].upper()}{table['title'][1:]}\n\n"
    text += (f"{table['rows']:,} rows, {table['columns']} columns, {table['bytes'] / 1e6:.1f} MB.\n\n")
    text += head("writer", "threads", "synced", "seconds", "fastest to slowest", "CPU seconds", "MB/s", "own MB",
                 "times curtail's", right_from=3)
    for each in table["writers"]:
        if each["absent"]:
            why = "absent: " + each["absent"].replace("|", "\\|")
            text += cells(each["writer"], each["threads"], each["durability"], why, *[""] * 5)
            continue
        seconds = [one["seconds"] for one in each["passes"]]
        times = ratio(each, base[each["threads"]])
        text += cells(each["writer"], each["threads"], each["durability"], f"{median(each['passes']):.3f}",
                      f"{min(seconds):.3f} to {max(seconds):.3f}", f"{median(each['passes'], 'cpu_seconds'):.3f}",
                      f"{table['bytes'] / 1e6 / median(each['passes']):.0f}", f"{each['bytes'] / 1e6:.1f}",
                      f"{times:.2f}" if times else "")
    return text


# How many times as long other parsers are to take.
RECEIVER_GOALS = {"nlohmann": ">= 6", "Boost.JSON": ">= 1.5"}


def receiver_table(receiver):
    ours = receiver["readers"]["curtail"]
    megabytes = receiver["bytes"] / 1e6
    text = f"\n### Receiver\n\nAn old message that carries all of its {receiver['rows']:,} rows: {megabytes:.1f} MB.\n\n"
    text += head("reader", "seconds", "MB/s", "times curtail's", "goal")
    for name, theirs in receiver["readers"].items():
        times = statistics.median(b["seconds"] / a["seconds"] for a, b in zip(ours, theirs))
        goal = next((goal for peer, goal in RECEIVER_GOALS.items() if name.startswith(peer)), "")
        label = "ResultReceiver, 64 KiB at a time" if theirs is ours else name
        text += cells(label, f"{median(theirs):.3f}", f"{megabytes / median(theirs):.0f}",
                      f"{times:.2f}" + (" (missed)" if goal and not reached(goal, times) else ""), goal)
    return text


def machine_lines(report):
    machine = report["machine"]
    versions = {}
    for table in report["tables"]:
        versions.update(table["versions"])
    lines = [f"{machine['processor']}, {machine['cores']} cores"
             + (f", {machine['memory_gb']} GB" if machine["memory_gb"] else ""),
             machine["system"] + (f", files on {machine['file_system']}" if machine["file_system"] else "")]
    if machine["compiler"]:
        lines.append(machine["compiler"])
    lines.append("curtail " + (machine["commit"] or "of an unknown commit")
                 + "".join(f", {version}" for version in sorted(versions.values(), key=str.lower)))
    if machine["load_before"] is not None and machine["load_before"] > 0.5:
        lines.append(f"**the load was {machine['load_before']:.1f} when it began: other programs were running, so trust no "
                     "number of this run**")
    return "".join(f"- {line}\n" for line in lines)


def markdown(report):
    return ("# Benchmarks\n\n"
            f"Medians of {report['rounds']} rounds, in each of which every writer wrote the table once, in an order of the "
            "round's own; a round before them is not counted. The page cache is warmed before each pass. Making and loading "
            "tables and starting programs are not counted either. No peer syncs its file: rows of durability none are "
            "alike.\n\n"
            + machine_lines(report)
            + "\n## Ratios, nothing synced\n\n" + ratios_table(report)
            + "\n## Ratios, as people run it\n\n" + synced_table(report)
            + "\n## Seconds per table\n\nMB/s counts the bytes of curtail's file for each writer. `times curtail's`: of the "
              "sink alone with as many threads, nothing synced.\n"
            + "".join(map(writers_table, report["tables"]))
            + receiver_table(report["receiver"]))
