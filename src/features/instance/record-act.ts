import { instanceLog } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import type { InstanceAction } from "./contract.ts"

/** Who did something: a person, or the command line, which has no id. */
export interface InstanceActor {
  id: string | null
  username: string
}

/** The command line of the host. */
export const commandLine: InstanceActor = { id: null, username: "command line" }

/** An act of an administrator, as `recordInstanceAct` stores it. */
export interface InstanceAct {
  actor: InstanceActor
  action: InstanceAction
  /** Whom or what it was done to; none for the instance itself. */
  target?: { id: string; name: string }
  changes?: Record<string, { before?: unknown; after?: unknown }>
  reason?: string | null
}

/** Adds an entry to the log of the instance. Call it in the commit that does the act. */
export async function recordInstanceAct(tx: Tx, act: InstanceAct): Promise<void> {
  const { actor, action, target, changes = {}, reason } = act
  await tx
    .insert(instanceLog)
    .values({
      // These ids grow, so that entries of one millisecond stay in their order.
      id: Bun.randomUUIDv7(),
      actorId: actor.id,
      actorName: actor.username,
      action,
      targetId: target?.id ?? null,
      targetName: target?.name ?? null,
      changes,
      reason: reason || null,
    })
    .run()
}
