import type { Part } from "../run.ts"
import { catchUp } from "./catch-up.ts"
import { connections } from "./connections.ts"
import { pages } from "./pages.ts"
import { roles } from "./roles.ts"
import { fanOut, latency } from "./rooms.ts"
import { search } from "./search.ts"
import { sends } from "./sends.ts"
import { start } from "./start.ts"
import { storingPeers } from "./storing-peers.ts"
import { streamLatency, streams } from "./streams.ts"

/** All parts in order. `bun run bench NAME` runs those whose names start with NAME. */
export const parts: Part[] = [
  ...[10, 100, 1000, 5000].map(fanOut),
  latency(100, 500),
  latency(1000, 20),
  streams(100),
  streams(1000),
  streamLatency(100, 500),
  streamLatency(1000, 20),
  sends,
  storingPeers,
  connections,
  catchUp,
  pages,
  roles,
  search,
  start,
]
