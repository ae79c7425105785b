import { defineLimit } from "../limits.ts"

/** Votes of one user: more often than anybody changes their mind. */
export const voteLimit = defineLimit({
  name: "votes",
  count: 20,
  windowMs: 10_000,
  offWith: "messageLimit",
})
