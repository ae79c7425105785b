import type { Commits, Db } from "../../db/database.ts"
import { botTokenPrefix } from "../accounts/credentials.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { tokenHash } from "../token-hash.ts"
import { findBotByHash, updateLastUse } from "./store.ts"

/** 256 random bits: not guessable, so a fast hash is enough to store it. */
export function newBotToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return botTokenPrefix + bytes.toBase64({ alphabet: "base64url", omitPadding: true })
}

/** The bot that owns a token. Records the use of the token. */
export async function openBotToken(db: Db, commits: Commits, token: string): Promise<Viewer | undefined> {
  const found = await findBotByHash(db, tokenHash(token))
  if (!found) return undefined

  const { id, username, tokenId } = found
  // Not awaited, and its failure is ignored: other writes report a failing database.
  commits.note("nothing", (tx) => updateLastUse(tx, tokenId, new Date())).catch(() => {})
  return { id, username, sessionId: tokenId, isBot: true }
}
