import { defineLimit } from "../limits.ts"

/** Changes of one's username: each keeps a name from others for days. */
export const usernameLimit = defineLimit({
  name: "usernames",
  count: 3,
  windowMs: 86_400_000,
  offWith: "loginLimit",
})
