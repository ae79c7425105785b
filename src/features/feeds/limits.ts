import { defineLimit } from "../limits.ts"

/** Fetches of one feed, and of addresses that are none from one client. Feed readers ask a few times an hour. */
export const feedLimit = defineLimit({ name: "feeds", count: 20, windowMs: 60_000, offWith: "messageLimit" })
