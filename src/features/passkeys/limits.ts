import { defineLimit } from "../limits.ts"

/** Begun sign-ins by address: each stores a challenge, and anybody can begin. */
export const challengeLimit = defineLimit({
  name: "passkey challenges",
  count: 300,
  windowMs: 10 * 60 * 1000,
  offWith: "loginLimit",
})
