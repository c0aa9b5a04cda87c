'use strict';

/**
 * Writes into n8n's database that a package is installed, as n8n does after it has installed one; n8n reads that whenever
 * it is asked. n8n's own installer takes packages from npm's registry only (from others with a licence), where ours is not
 * before it is published. Runs as a program on a host's Node, with the host's modules (NODE_PATH):
 *
 *   installedPackage.js <folder of the package> <file of the database, for SQLite>
 *
 * DB_TYPE and DB_POSTGRESDB_… in the environment say where the database is, as they do to n8n.
 */

const path = require('node:path');

/** A database file that n8n is writing to at the moment is waited for so long. */
const BUSY_TIMEOUT_MS = 20_000;

/** The rows of the two tables, by their columns. */
function rowsOf(folder) {
	const { name, version, author, n8n } = require(path.join(folder, 'package.json'));
	const descriptions = n8n.nodes.map((file) => {
		const [Node] = Object.values(require(path.join(folder, file)));
		return new Node().description;
	});
	return [
		{
			table: 'installed_packages',
			row: { packageName: name, installedVersion: version, authorName: author.name, authorEmail: author.email },
		},
		...descriptions.map((node) => ({
			table: 'installed_nodes',
			row: { name: node.displayName, type: `${name}.${node.name}`, latestVersion: node.version, package: name },
		})),
	];
}

/** Both databases understand it, each with its own name for a value. */
function insertion({ table, row }, placeholder) {
	const columns = Object.keys(row).map((column) => `"${column}"`);
	const values = columns.map((_column, index) => placeholder(index + 1));
	return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`;
}

async function writeToPostgres(rows) {
	const { Client } = require('pg');
	const { DB_POSTGRESDB_HOST, DB_POSTGRESDB_PORT, DB_POSTGRESDB_DATABASE, DB_POSTGRESDB_USER } = process.env;
	const client = new Client({
		host: DB_POSTGRESDB_HOST,
		port: Number(DB_POSTGRESDB_PORT),
		database: DB_POSTGRESDB_DATABASE,
		user: DB_POSTGRESDB_USER,
		password: process.env.DB_POSTGRESDB_PASSWORD,
	});
	await client.connect();
	for (const entry of rows) {
		await client.query(
			insertion(entry, (number) => `$${number}`),
			Object.values(entry.row),
		);
	}
	await client.end();
}

async function writeToSqlite(rows, file) {
	const { Database, OPEN_READWRITE } = require('sqlite3');
	/** One of the database's methods as a promise. */
	const call = async (method, ...args) =>
		await new Promise((resolve, reject) => {
			database[method](...args, (error) => (error ? reject(error) : resolve(undefined)));
		});
	const database = await new Promise((resolve, reject) => {
		const opened = new Database(file, OPEN_READWRITE, (error) => (error ? reject(error) : resolve(opened)));
	});
	database.configure('busyTimeout', BUSY_TIMEOUT_MS);
	for (const entry of rows)
		await call(
			'run',
			insertion(entry, () => '?'),
			Object.values(entry.row),
		);
	await call('close');
}

async function main() {
	const [folder, databaseFile] = process.argv.slice(2);
	const rows = rowsOf(folder);
	if (process.env.DB_TYPE === 'postgresdb') await writeToPostgres(rows);
	else await writeToSqlite(rows, databaseFile);
}

main().then(
	// Modules of n8n keep the process alive.
	() => process.exit(0),
	(error) => {
		console.error(error);
		process.exit(1);
	},
);
