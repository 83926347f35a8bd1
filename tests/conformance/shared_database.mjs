// A better-auth server over a database that another server uses as well. Told what to do by its environment.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.KIT}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));

async function database() {
	if (process.env.POSTGRES) {
		const { default: pg } = await load("pg");
		return new pg.Pool({ connectionString: process.env.POSTGRES, options: `-c search_path=${process.env.SCHEMA}` });
	}
	if (process.env.MYSQL) {
		const { createPool } = await load("mysql2/promise");
		return createPool({ uri: process.env.MYSQL, timezone: "Z" });
	}
	const { default: Database } = await load("better-sqlite3");
	const opened = new Database(process.env.SQLITE);
	opened.pragma("busy_timeout = 5000");
	return opened;
}

const { betterAuth } = await load("better-auth");
const { toNodeHandler } = await load("better-auth/node");
const { getMigrations } = await load("better-auth/db/migration");
const elsewhere = { apiKey: "@better-auth/api-key", passkey: "@better-auth/passkey" };
const plugins = [];
for (const [name, given] of Object.entries(JSON.parse(process.env.PLUGINS ?? "{}"))) {
	plugins.push((await load(elsewhere[name] ?? "better-auth/plugins"))[name](given));
}
const options = { ...JSON.parse(process.env.OPTIONS), plugins, database: await database() };
if (process.env.MIGRATE) await (await getMigrations(options)).runMigrations();
if (process.env.LACKING) {
	// What it would have to add to the database before it could work.
	const { toBeCreated, toBeAdded } = await getMigrations(options);
	const named = ({ table, fields }) => [table, Object.keys(fields)];
	console.log(JSON.stringify([...toBeCreated, ...toBeAdded].map(named)));
}
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${server.address().port}`));
