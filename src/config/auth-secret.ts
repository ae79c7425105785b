import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { minSecretLength } from "./values.ts"

/**
 * The secret stored beside the database; it is created if missing, so that users stay signed in after a restart.
 * Throws an Error that names `DATABASE_URL` when its folder cannot be used.
 */
export function storedAuthSecret(databasePath: string): string {
  const path = join(dirname(databasePath), "auth-secret")
  try {
    const stored = existsSync(path) ? readFileSync(path, "utf8").trim() : ""
    // A shorter one was truncated while it was written, for example on a full disk, and would be easy to guess.
    if (stored.length >= minSecretLength) return stored

    mkdirSync(dirname(path), { recursive: true })
    const created = crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url" })
    writeFileSync(path, created, { mode: 0o600 })
    return created
  } catch (error) {
    const cause = error instanceof Error ? error.message : error
    throw new Error(`DATABASE_URL=${databasePath} is not valid: its folder cannot be used (${cause})`)
  }
}
