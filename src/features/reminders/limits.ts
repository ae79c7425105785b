import { defineLimit } from "../limits.ts"

/** What one user puts off: reminders, messages to be sent later, feeds. */
export const laterLimit = defineLimit({
  name: "later",
  count: 30,
  windowMs: 60_000,
  offWith: "messageLimit",
})
