import { defineLimit } from "../limits.ts"

const tenMinutesMs = 600_000

/** Beginnings of a sign-in at a provider by one address: each costs a stored step, and maybe a request to the provider. */
export const startLimit = defineLimit({
  name: "provider-logins",
  count: 30,
  windowMs: tenMinutesMs,
  offWith: "loginLimit",
})

/** Checks of providers by one administrator: each makes up to five requests. */
export const checkLimit = defineLimit({ name: "provider-checks", count: 20, windowMs: tenMinutesMs })
