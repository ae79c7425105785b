import { defineLimit } from "../limits.ts"

/** Changes of the own username: each keeps a name from others for days. */
export const usernameLimit = defineLimit({
  name: "usernames",
  count: 3,
  windowMs: 86_400_000,
  offWith: "loginLimit",
})
