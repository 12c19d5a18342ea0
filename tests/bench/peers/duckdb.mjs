// SPDX-License-Identifier: MIT
// DuckDB: COPY of a table in memory; a way is a number of threads.
import duckdb from '@duckdb/node-api';
import { serve } from './serve.mjs';

const types = {
    bool: 'BOOLEAN', int32: 'INTEGER', int64: 'BIGINT', float32: 'FLOAT', float64: 'DOUBLE', string: 'VARCHAR',
};
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

await serve(`DuckDB ${duckdb.version()}`, async (path, columns) => {
    const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
    const shape = columns.map(([name, type]) => `${quoted(name)}: ${quoted(types[type])}`).join(', ');
    await connection.run(
        `CREATE TABLE t AS SELECT * FROM read_csv(${quoted(path)}, header = true, auto_detect = false, delim = ',',
         quote = '"', escape = '"', columns = {${shape}})`);
    let current = '';
    return async (to, threads) => {
        if (threads !== current) await connection.run(`SET threads = ${threads}`);
        current = threads;
        await connection.run(`COPY t TO ${quoted(to)} (FORMAT csv, HEADER)`);
    };
});
