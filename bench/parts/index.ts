import type { Part } from "../run.ts"
import { catchUp, connections } from "./connections.ts"
import { pages } from "./pages.ts"
import { fanOut, latency, streamLatency, streams } from "./rooms.ts"
import { search } from "./search.ts"
import { sends } from "./sends.ts"
import { start } from "./start.ts"

/** Everything that is measured, in order. `bun run bench NAME` runs those whose name begins so. */
export const parts: Part[] = [
  ...[10, 100, 1000, 5000].map(fanOut),
  latency(100, 500),
  latency(1000, 20),
  streams(100),
  streams(1000),
  streamLatency(100, 500),
  streamLatency(1000, 20),
  sends,
  connections,
  catchUp,
  pages,
  search,
  start,
]
