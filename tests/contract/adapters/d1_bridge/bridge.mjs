// Cloudflare's D1 engine on this machine (miniflare), behind the shape of its public HTTP API. For tests only.
//
// Prints `{"port": …}` when it listens and ends with its standard input. Source of the shape: Cloudflare API reference,
// "Query D1 Database" and "Raw D1 Database Query".

import { createServer } from "node:http";
import { Miniflare } from "miniflare";

const TOKEN = "bridge-token";
const databases = new Map();
const miniflare = new Miniflare({
  modules: true,
  script: "export default { fetch() { return new Response(null, { status: 404 }); } }",
  d1Databases: Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`DB${at}`, `db-${at}`])),
});
await miniflare.ready;

async function databaseOf(id) {
  if (!databases.has(id)) databases.set(id, miniflare.getD1Database(`DB${databases.size}`));
  return databases.get(id);
}

function envelope(status, result, errors = []) {
  return [status, { success: errors.length === 0, errors, messages: [], result }];
}

const refused = (status, code, message) => envelope(status, [], [{ code, message }]);

async function answer(request, body) {
  const path = /^\/client\/v4\/accounts\/account\/d1\/database\/([\w-]+)\/(query|raw)$/.exec(request.url);
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return refused(401, 10000, "Authentication error");
  if (path === null || path[1] === "missing") return refused(404, 7404, "The database was not found");
  let asked;
  try {
    asked = JSON.parse(body);
  } catch {
    return refused(400, 7400, "The request is malformed");
  }
  const statements = Array.isArray(asked.batch) ? asked.batch : [asked];
  const database = await databaseOf(path[1]);
  try {
    const prepared = statements.map(({ sql, params = [] }) => database.prepare(sql).bind(...params));
    const results = await database.batch(prepared);
    return envelope(
      200,
      results.map(({ results: rows, meta, success }) => {
        if (path[2] === "query") return { results: rows, success, meta };
        const columns = rows.length === 0 ? [] : Object.keys(rows[0]);
        return { results: { columns, rows: rows.map((row) => Object.values(row)) }, success, meta };
      }),
    );
  } catch (error) {
    const cause = error.cause instanceof Error ? error.cause.message : "";
    return refused(400, 7500, `${error.message.replace(/^D1_ERROR: /, "")}${error.message.includes(cause) ? "" : `: ${cause}`}`);
  }
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const [status, value] = await answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));

async function end() {
  server.close();
  await miniflare.dispose();
  process.exit(0);
}
process.stdin.on("end", end).resume();
process.on("SIGTERM", end);
