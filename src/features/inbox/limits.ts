import { defineLimit } from "../limits.ts"

/** Items that one person marks or answers, and threads that they follow or leave; by keyboard one may be fast. */
export const inboxLimit = defineLimit({
  name: "inbox",
  count: 120,
  windowMs: 60_000,
  offWith: "messageLimit",
})
