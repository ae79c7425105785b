import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import type { ChangeSet } from "../change-set.ts"
import { requireRole } from "../roles/require-role.ts"
import type { GroupRole } from "./contract.ts"
import { allowsPasswords } from "./password-sign-in.ts"
import { listEnabledProviders } from "./store.ts"

export const noSuchProvider = "There is no such provider"

/**
 * Refuses new lines that give a role which the administrator could not give themselves: administering the chat gives no
 * power in its servers. Fails: 403, 404.
 */
export async function assertMayGive(
  { tx }: ChangeSet,
  viewer: Viewer,
  before: readonly GroupRole[],
  after: readonly GroupRole[],
): Promise<void> {
  const kept = new Set(before.map(({ roleId }) => roleId))
  for (const { serverId, roleId } of after) {
    if (serverId === undefined || roleId === undefined || kept.has(roleId)) continue
    const { isEveryone } = await requireRole(tx, viewer, { serverId, roleId })
    if (isEveryone) throw new Refusal("All members have @everyone", 400)
  }
}

/** Refuses to leave nobody a way in: without passwords there must be a provider. Fails: 400. */
export async function assertSomeoneMayEnter({ tx }: ChangeSet): Promise<void> {
  if ((await allowsPasswords(tx)) || (await listEnabledProviders(tx)).length > 0) return

  throw new Refusal("Nobody could log in any more: passwords are switched off. Allow them first", 400)
}
