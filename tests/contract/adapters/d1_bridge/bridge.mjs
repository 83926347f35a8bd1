// Cloudflare's D1 engine on this machine (miniflare), behind the shape of its public HTTP API. For tests only.
//
// Prints `{"port": …}` when it listens and ends with its standard input. Requests go to the engine itself, where a Worker
// answers them beside its databases: Node.js in between would cost ten times what a statement does.

import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  modules: true,
  modulesRoot: fileURLToPath(new URL(".", import.meta.url)),
  scriptPath: fileURLToPath(new URL("worker.mjs", import.meta.url)),
  d1Databases: Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`DB${at}`, `db-${at}`])),
});
const address = await miniflare.ready;
console.log(JSON.stringify({ port: Number(address.port) }));

async function end() {
  await miniflare.dispose();
  process.exit(0);
}
process.stdin.on("end", end).resume();
process.on("SIGTERM", end);
