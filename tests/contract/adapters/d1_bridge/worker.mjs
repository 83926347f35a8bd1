// Answers as Cloudflare's API does to "Query D1 Database" and "Raw D1 Database Query". For tests only.
//
// Source of the shapes: Cloudflare API reference. A database is there as soon as somebody asks it; `missing` never is.

const TOKEN = "bridge-token";
const databases = new Map();

function databaseOf(env, id) {
  if (!databases.has(id)) databases.set(id, env[`DB${databases.size}`]);
  return databases.get(id);
}

function envelope(status, result, errors = []) {
  return Response.json({ success: errors.length === 0, errors, messages: [], result }, { status });
}

const refused = (status, code, message) => envelope(status, [], [{ code, message }]);

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const path = /^\/client\/v4\/accounts\/account\/d1\/database\/([\w-]+)\/(query|raw)$/.exec(pathname);
    if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) return refused(401, 10000, "Authentication error");
    if (path === null || path[1] === "missing") return refused(404, 7404, "The database was not found");
    let asked;
    try {
      asked = await request.json();
    } catch {
      return refused(400, 7400, "The request is malformed");
    }
    const statements = Array.isArray(asked.batch) ? asked.batch : [asked];
    const database = databaseOf(env, path[1]);
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
      const more = error.message.includes(cause) ? "" : `: ${cause}`;
      return refused(400, 7500, `${error.message.replace(/^D1_ERROR: /, "")}${more}`);
    }
  },
};
