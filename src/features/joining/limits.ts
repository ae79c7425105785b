import { defineLimit } from "../limits.ts"
import { raidSlowModeSeconds } from "./raid.ts"

/** Messages of one person in one channel of a locked server. */
export const raidLimit = defineLimit({ name: "raidSlowMode", count: 1, windowMs: raidSlowModeSeconds * 1000 })
