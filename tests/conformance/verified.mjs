// A better-auth server whose sessions, tokens and keys a service in Python checks. Told what to do by its environment.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.KIT}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));

const { betterAuth } = await load("better-auth");
const { toNodeHandler } = await load("better-auth/node");
const { getMigrations } = await load("better-auth/db/migration");
const { bearer, jwt } = await load("better-auth/plugins");
const { apiKey } = await load("@better-auth/api-key");
const { oauthProvider } = await load("@better-auth/oauth-provider");
const { default: Database } = await load("better-sqlite3");

let handle;
const server = createServer((request, response) => handle(request, response));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const baseURL = `http://127.0.0.1:${server.address().port}`;
const options = {
	...JSON.parse(process.env.OPTIONS),
	baseURL,
	database: new Database(":memory:"),
	plugins: [
		bearer(),
		jwt(JSON.parse(process.env.JWT)),
		apiKey({ enableSessionForAPIKeys: true }),
		oauthProvider({ loginPage: "/login", consentPage: "/consent" }),
	],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
handle = toNodeHandler(auth);
console.log(`ready ${baseURL}`);

// One line of JSON on standard input registers an OAuth client for whoever holds the cookies in it.
let typed = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", async (part) => {
	typed += part;
	for (let end; (end = typed.indexOf("\n")) >= 0; ) {
		const { cookie, body } = JSON.parse(typed.slice(0, end));
		typed = typed.slice(end + 1);
		console.log(JSON.stringify(await auth.api.adminCreateOAuthClient({ headers: new Headers({ cookie }), body })));
	}
});
