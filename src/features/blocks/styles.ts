import type { Db } from "../../db/database.ts"
import { listBlockedIds } from "./store.ts"

/** The version of a list of blocked users; `undefined` for an empty list. */
export function versionOf(ids: string[]): string | undefined {
  return ids.length > 0 ? Bun.hash(ids.join()).toString(36) : undefined
}

/** The version of a user's list of blocked users. */
export async function blocksVersion(db: Db, userId: string): Promise<string | undefined> {
  return versionOf(await listBlockedIds(db, userId))
}

/**
 * A stylesheet that collapses the messages of blocked users until they are focused. Markup is the same bytes for all
 * viewers, so only the styles differ. The list is private: this response is sent only to the viewer.
 */
export async function blockedStyles(db: Db, userId: string, version: string | null): Promise<Response> {
  const ids = await listBlockedIds(db, userId)
  const by = `:is(${ids.map((id) => `[data-author="${id}"]`).join(", ")})`
  const folded = `.message${by}:not(:focus, :focus-within)`
  const rules = [
    `.message${by} { --blocked: 1 }`,
    `${folded} > * { display: none }`,
    `${folded} { cursor: pointer }`,
    `${folded}::before { content: "Blocked message"; grid-column: 2; color: var(--ink-soft); font-size: var(--small); font-style: italic }`,
    `.quote${by} > * { display: none }`,
    `.quote${by}::after { content: "Blocked message" }`,
    `.found${by}:not(:focus-within) .found-text { display: none }`,
    `.found${by}:not(:focus-within) .found-head::after { content: "Blocked message"; font-style: italic }`,
    `.typist${by} { display: none }`,
  ]
  return new Response(ids.length > 0 ? rules.join("\n") : "", {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control":
        version === versionOf(ids) ? "private, max-age=31536000, immutable" : "private, no-cache",
      "x-content-type-options": "nosniff",
      vary: "cookie",
    },
  })
}
