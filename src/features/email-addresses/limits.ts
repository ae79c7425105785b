import { defineLimit } from "../limits.ts"

/** Messages that somebody has sent to an address: from one client, and to one account. */
export const mailLimit = defineLimit({
  name: "mails",
  count: 5,
  windowMs: 3_600_000,
  offWith: "loginLimit",
})
