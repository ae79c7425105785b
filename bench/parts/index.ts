import type { Part } from "../run.ts"
import { fanOut, latency, streams } from "./rooms.ts"

/** Everything that is measured, in order. `bun run bench NAME` runs those whose name begins so. */
export const parts: Part[] = [
  ...[10, 100, 1000, 5000].map(fanOut),
  latency(100, 500),
  latency(1000, 20),
  streams(100),
  streams(1000),
]
