import type { Derived } from "../services.ts"

/** Headers that delete the browser's session cookies. */
export async function expiredCookies(derived: Derived, headers: Headers): Promise<Headers> {
  const { api } = await derived.auth()
  return (await api.signOut({ headers, returnHeaders: true })).headers
}
