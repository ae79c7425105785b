import { Refusal } from "../kernel/index.ts"
import type { ChangeSet } from "./change-set.ts"
import { denialOf, type PlaceAction } from "./permissions/can.ts"
import type { Identity } from "./permissions/standing.ts"
import { findStanding } from "./permissions/store.ts"
import type { Publisher } from "./publisher.ts"

interface Decision {
  viewer: Identity
  serverId: string
  action: PlaceAction
}

/**
 * Writes in a server what needs a permission, which is checked again inside the commit: it may have been taken since the
 * call was allowed. `write` returns a `Refusal` for what it does not do. Fails: 403, and with that refusal.
 */
export async function decideAllowed<Result>(
  { publisher }: { publisher: Pick<Publisher, "decide"> },
  { viewer, serverId, action }: Decision,
  write: (changes: ChangeSet) => Promise<Result | Refusal>,
): Promise<Result> {
  const outcome = await publisher.decide(
    async (changes) =>
      denialOf(await findStanding(changes.tx, viewer, serverId), action) ?? (await write(changes)),
  )
  if (outcome instanceof Refusal) throw outcome

  return outcome
}
