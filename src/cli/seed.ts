import { channels } from "../../drizzle/schema.ts"
import type { Database } from "../db/database.ts"
import type { Auth } from "../features/accounts/auth.ts"
import { findUserByName } from "../features/accounts/store.ts"
import { updateAdministrator } from "../features/instance/setting-up.ts"
import { updateInstance } from "../features/instance/store.ts"
import { insertMember } from "../features/members/store.ts"
import { hasAdministrator } from "../features/permissions/administrators.ts"
import { insertServer } from "../features/servers/store.ts"

/**
 * Creates the users alice and bob with the password `password`, and a server "Lobby" of alice's with both as members
 * and a channel "general". Alice administers the instance, and everyone may sign up. When alice exists, only makes her
 * administrator if nobody is.
 */
export async function seed({ db, commits }: Database, auth: () => Promise<Auth>): Promise<void> {
  const existing = await findUserByName(db, "alice")
  if (existing) {
    if (!(await hasAdministrator(db)))
      await commits.decide((tx) => updateAdministrator(tx, existing.id, true))
    return
  }

  const [alice, bob] = [await signUp(auth, "alice"), await signUp(auth, "bob")]
  const [serverId, createdAt] = [crypto.randomUUID(), new Date()]
  await commits.decide(async (tx) => {
    await updateAdministrator(tx, alice, true)
    await updateInstance(tx, { registration: "open" })
    await insertServer(tx, { id: serverId, name: "Lobby", ownerId: alice, createdAt })
    await insertMember(tx, serverId, bob)
    await tx.insert(channels).values({ id: crypto.randomUUID(), serverId, name: "general", createdAt }).run()
  })
}

async function signUp(auth: () => Promise<Auth>, username: string): Promise<string> {
  const { api } = await auth()
  const email = `${username}@users.invalid`
  const { user } = await api.signUpEmail({ body: { username, name: username, email, password: "password" } })
  return user.id
}
