import { defineLimit } from "../limits.ts"

/** Wrong codes of a second factor, by account: with 3 valid codes of a million at a time, guessing takes years. */
export const codeLimit = defineLimit({
  name: "codes",
  count: 10,
  windowMs: 60 * 60 * 1000,
  offWith: "loginLimit",
})
