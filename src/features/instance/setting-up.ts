import { eq } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Commits, Db, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { hasAdministrator } from "../permissions/administrators.ts"
import type { Instance } from "./contract.ts"
import { findLink, insertLink, linkMinutes, linkPath, releaseLink, useLink } from "./one-time-links.ts"
import { type InstanceActor, recordInstanceAct } from "./record-act.ts"
import { updateInstance } from "./store.ts"

export const linkGone = "This link no longer works"

/** Does the address that sets the instance up work? It does not once there is an administrator. */
export async function maySetUp(db: Db, token: string): Promise<boolean> {
  if (await hasAdministrator(db)) return false

  return (await findLink(db, token, "setup", new Date())) !== undefined
}

/** Uses the address that sets the instance up. Returns how to take that back. Fails: 404. */
export async function claimSetUp(commits: Commits, token: string): Promise<() => Promise<void>> {
  const isClaimed = await commits.decide(async (tx) => {
    if (await hasAdministrator(tx)) return false
    return (await useLink(tx, token, "setup", new Date())) !== undefined
  })
  if (!isClaimed) throw new Refusal(linkGone, 404)

  return () => commits.decide((tx) => releaseLink(tx, token))
}

/** Makes someone the first administrator and stores the settings. `false` when there is one meanwhile. */
export async function completeSetUp(
  tx: Tx,
  actor: InstanceActor & { id: string },
  settings: Pick<Instance, "name" | "registration" | "serverCreation">,
): Promise<boolean> {
  if (await hasAdministrator(tx)) return false

  await updateAdministrator(tx, actor.id, true)
  await updateInstance(tx, settings)
  const target = { id: actor.id, name: actor.username }
  await recordInstanceAct(tx, { actor, action: "instance.setUp", target })
  return true
}

/** Makes someone administrator, or takes that from them. */
export async function updateAdministrator(tx: Tx, userId: string, isAdministrator: boolean): Promise<void> {
  const approved = isAdministrator ? { waitingSince: null, application: null } : {}
  await tx
    .update(users)
    .set({ isAdministrator, ...approved })
    .where(eq(users.id, userId))
    .run()
}

interface SetUpSource {
  db: Db
  commits: Commits
}

/**
 * A new path that makes its opener administrator, while there is none; `undefined` when there is one. Earlier ones stop
 * working, unless other nodes may have printed them just now.
 */
export async function createSetUpPath(
  { db, commits }: SetUpSource,
  { keepOthers }: { keepOthers: boolean },
): Promise<string | undefined> {
  if (await hasAdministrator(db)) return undefined

  const { token } = await commits.decide((tx) => insertLink(tx, { purpose: "setup" }, { keepOthers }))
  return linkPath("setup", token)
}

/** What a server that nobody administers says when it starts. */
export function setUpNotice(address: string): string {
  return `Nobody administers this chat yet. Open this address within ${linkMinutes} minutes to become its administrator; it works once. Restart, or run “bun run admin setup-link”, for another: ${address}`
}
