import { defineLimit } from "../limits.ts"

/** Searches by one person: more than anyone types, and than reading the results takes. */
export const searchLimit = defineLimit({
  name: "searches",
  count: 20,
  windowMs: 10_000,
  offWith: "messageLimit",
})
