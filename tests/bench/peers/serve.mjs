// SPDX-License-Identifier: MIT
// The conversation between compare.py and a peer. The peer's arguments are a CSV file and a JSON list of its columns
// ([["age", "int64"], …]); it loads them, says {"version": …} and then, for each line "PATH WAY", writes its table to PATH
// in one of the ways it knows and says how long that took.
import { createInterface } from 'node:readline';

// `load(path, columns)` returns write(path, way).
export async function serve(version, load) {
    const write = await load(process.argv[2], JSON.parse(process.argv[3]));
    console.log(JSON.stringify({ version }));
    for await (const line of createInterface({ input: process.stdin })) {
        const space = line.lastIndexOf(' ');
        const cpu = process.cpuUsage();
        const begin = process.hrtime.bigint();
        await write(line.slice(0, space), line.slice(space + 1));
        const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
        const { user, system } = process.cpuUsage(cpu);
        console.log(JSON.stringify({ seconds, cpu_seconds: (user + system) / 1e6 }));
    }
}
