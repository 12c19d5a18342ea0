// SPDX-License-Identifier: MIT
// polars, in two ways: "write" is DataFrame.writeCSV, "sink" the streaming LazyDataFrame.sinkCSV. The threads are those of
// the process (POLARS_MAX_THREADS).
import { readFileSync } from 'node:fs';
import pl from 'nodejs-polars';
import { serve } from './serve.mjs';

const types = {
    bool: pl.Bool, int32: pl.Int32, int64: pl.Int64, float32: pl.Float32, float64: pl.Float64, string: pl.String,
};
const { version } = JSON.parse(readFileSync(new URL('./node_modules/nodejs-polars/package.json', import.meta.url)));

await serve(`nodejs-polars ${version}`, (path, columns) => {
    const kinds = Object.fromEntries(columns);
    // This reader does not read True and False as booleans.
    const schema = Object.fromEntries(columns.map(([name, kind]) => [name, types[kind === 'bool' ? 'string' : kind]]));
    let table = pl.readCSV(path, { schema });
    for (const [name, kind] of columns) {
        if (kind === 'bool') table = table.withColumn(pl.col(name).eq(pl.lit('True')).alias(name));
    }
    for (const [name] of columns) {
        const { dtype } = table.getColumn(name);
        if (String(dtype) !== String(types[kinds[name]])) throw new Error(`column ${name} came out as ${dtype}`);
    }
    return (to, way) => (way === 'sink' ? table.lazy().sinkCSV(to).collectSync() : table.writeCSV(to));
});
