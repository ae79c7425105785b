import { defineLimit } from "../limits.ts"

/** Reactions by one person, and messages saved by one person. */
export const reactionLimit = defineLimit({
  name: "reactions",
  count: 20,
  windowMs: 10_000,
  offWith: "messageLimit",
})
