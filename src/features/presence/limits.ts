import { defineLimit } from "../limits.ts"

/** Typing events of one person in one channel: more would not be seen. */
export const typingLimit = defineLimit({ name: "typing", count: 1, windowMs: 1000, isPerNode: true })
