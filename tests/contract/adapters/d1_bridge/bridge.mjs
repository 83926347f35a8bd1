// Cloudflare's D1 engine on this machine (miniflare), behind the shape of its public HTTP API. For tests only.
//
// Prints `{"port": …}` when it listens and ends with its standard input. `worker.mjs` answers, beside the engine: a call
// from this process to the engine costs several requests.

import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  host: "127.0.0.1",
  modules: true,
  scriptPath: fileURLToPath(new URL("worker.mjs", import.meta.url)),
  d1Databases: Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`DB${at}`, `db-${at}`])),
});
const { port } = await miniflare.ready;
console.log(JSON.stringify({ port: Number(port) }));

async function end() {
  await miniflare.dispose();
  process.exit(0);
}
process.stdin.on("end", end).resume();
process.on("SIGTERM", end);
