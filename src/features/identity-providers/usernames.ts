import type { Db } from "../../db/database.ts"
import { maxUsernameLength, NewUsername } from "../accounts/contract.ts"
import { isNameTaken } from "../usernames/store.ts"
import type { ProviderIdentity } from "./identity.ts"

/** Names with a number that are tried before a random one. */
const attempts = 9

/** A username for someone whom a provider names: valid, and free for now. */
export async function suggestUsername(
  db: Db,
  { preferredUsername, name }: Pick<ProviderIdentity, "preferredUsername" | "name">,
): Promise<string> {
  const base = usernameFrom(preferredUsername) ?? usernameFrom(name) ?? "user"
  const stem = base.slice(0, maxUsernameLength - 3)
  const candidates = [
    base,
    ...Array.from({ length: attempts }, (_, at) => `${stem}-${at + 2}`),
    `${base.slice(0, maxUsernameLength - 9)}-${crypto.randomUUID().slice(0, 8)}`,
  ]
  for (const candidate of candidates) if (!(await isNameTaken(db, candidate))) return candidate
  return ""
}

/** "Zoë Müller" becomes "zoe.muller"; `undefined` when nothing usable is left. */
export function usernameFrom(text: string): string | undefined {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, ".")
    .replace(/[^a-z0-9_.-]/g, "")
    .slice(0, maxUsernameLength)
  return NewUsername.safeParse(plain).success ? plain : undefined
}
