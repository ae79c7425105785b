import type { Ending } from "./live/session.ts"

/** Since the page was opened, another account has logged in in the same browser. What was written on it is not that account's. */
export const otherViewer: Ending = { code: 401, message: "Another account has logged in. Reload the page" }

/** Whose page a request comes from, if its script says so. */
export function viewerOfPage({ headers }: Request, params?: URLSearchParams): string | undefined {
  return headers.get("page-viewer") ?? params?.get("viewer") ?? undefined
}
