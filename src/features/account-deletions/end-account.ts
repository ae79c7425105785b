import { Refusal } from "../../kernel/index.ts"
import { anonymizeUser } from "../accounts/store.ts"
import { deleteBot, listBotIds } from "../bots/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { assertNotLastAdministrator } from "../permissions/administrators.ts"
import { deleteServer, listServersOwned } from "../servers/store.ts"
import { listSharedServers } from "./store.ts"

/**
 * Refuses to end an account that others depend on. Call it in the commit that schedules or ends it. Fails: 400 (owns a server
 * with other members; is the last administrator).
 */
export async function assertMayLeave({ tx }: ChangeSet, userId: string): Promise<void> {
  const shared = await listSharedServers(tx, userId)
  if (shared.length > 0) {
    const names = shared.map(({ name }) => `“${name}”`).join(", ")
    throw new Refusal(`You own servers with other members: ${names}. Hand over or delete them first`, 400)
  }
  await assertNotLastAdministrator(tx, userId)
}

/** Ends an account with its bots and the servers that nobody else is in. What it wrote stays, under a placeholder name. */
export async function endAccount(changes: ChangeSet, userId: string, now: Date): Promise<void> {
  await assertMayLeave(changes, userId)
  for (const { id } of await listServersOwned(changes.tx, userId)) await deleteServer(changes, id)
  await anonymizeUser(changes, userId, now)
  // Bots need an owner who is responsible for them.
  for (const botId of await listBotIds(changes.tx, userId)) await deleteBot(changes, botId, now)
}
