import { defineLimit } from "../limits.ts"

/** Limits of one user's reminders, scheduled messages and feeds. */
export const laterLimit = defineLimit({
  name: "later",
  count: 30,
  windowMs: 60_000,
  offWith: "messageLimit",
})
