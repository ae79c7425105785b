import { inArray } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { maxUsernameLength, NewUsername } from "../accounts/contract.ts"
import type { ProviderIdentity } from "./identity.ts"

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
  const rows = await db
    .select({ username: users.username })
    .from(users)
    .where(inArray(users.username, candidates))
    .all()
  const taken = new Set(rows.map(({ username }) => username))
  return candidates.find((candidate) => !taken.has(candidate)) ?? ""
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
