import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import { botTokenPrefix } from "../accounts/credentials.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { tokenHash } from "../token-hash.ts"
import { findBotByHash, updateLastUse } from "./store.ts"

/** 256 bits: nothing to guess, so a fast hash keeps it well. */
export function newBotToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return botTokenPrefix + bytes.toBase64({ alphabet: "base64url", omitPadding: true })
}

/** The bot that a token opens, noting that it was used; `undefined` when it opens nothing. */
export function openBotToken(db: Db, commits: Commits, token: string): Viewer | undefined {
  const found = findBotByHash(db, tokenHash(token))
  if (!found) return undefined

  const { id, username, tokenId } = found
  // Nobody waits for this note, and a database that cannot take it is told by everything else.
  commits.run(() => updateLastUse(db, tokenId, new Date())).catch(() => {})
  return { id, username, sessionId: tokenId, isBot: true }
}
