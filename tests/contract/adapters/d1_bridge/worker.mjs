// The shape of D1's public HTTP API over the databases of this Worker; runs inside of Cloudflare's engine. For tests only.
//
// Source of the shape: Cloudflare API reference, "Query D1 Database" and "Raw D1 Database Query".

const TOKEN = "bridge-token";
const PATH = /^\/client\/v4\/accounts\/account\/d1\/database\/([\w-]+)\/(query|raw)$/;
const databases = new Map();

function databaseOf(id, env) {
  if (!databases.has(id)) databases.set(id, env[`DB${databases.size}`]);
  return databases.get(id);
}

function envelope(status, result, errors = []) {
  return Response.json({ success: errors.length === 0, errors, messages: [], result }, { status });
}

const refused = (status, code, message) => envelope(status, [], [{ code, message }]);

export default {
  async fetch(request, env) {
    const path = PATH.exec(new URL(request.url).pathname);
    if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) return refused(401, 10000, "Authentication error");
    if (path === null || path[1] === "missing") return refused(404, 7404, "The database was not found");
    let asked;
    try {
      asked = await request.json();
    } catch {
      return refused(400, 7400, "The request is malformed");
    }
    const statements = Array.isArray(asked.batch) ? asked.batch : [asked];
    const database = databaseOf(path[1], env);
    try {
      const results = await database.batch(statements.map(({ sql, params = [] }) => database.prepare(sql).bind(...params)));
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
      const told = error.message.replace(/^D1_ERROR: /, "");
      return refused(400, 7500, error.message.includes(cause) ? told : `${told}: ${cause}`);
    }
  },
};
