import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { announceInSystemChannel } from "./announce.ts"
import { isRaidLocked, lockAgainstRaid } from "./raid.ts"
import { findJoinSettings, findSystemPlace } from "./store.ts"

/** The refusal of joining by an invite; `null` when the server takes new members. Ask it in the commit of the join. */
export async function denialToJoin(db: Db, serverId: string): Promise<Refusal | null> {
  const settings = await findJoinSettings(db, serverId)
  return isRaidLocked(settings)
    ? new Refusal("This server takes no new members at the moment. Try again later", 403)
    : null
}

/** The message about a join where no other welcome was written. */
const defaultWelcome = "{user} joined the server."

/** Tells the system channel about a new member, and looks whether they are too many. Call it in the commit of the join, after it. */
export async function afterJoin(
  changes: ChangeSet,
  serverId: string,
  { id: userId, username }: { id: string; username: string },
): Promise<void> {
  const settings = await findJoinSettings(changes.tx, serverId)
  await lockAgainstRaid(changes, settings)

  const place = await findSystemPlace(changes.tx, serverId)
  // Functions: a name may contain the patterns that `replaceAll` knows.
  const content = (settings.welcome || defaultWelcome)
    .replaceAll("{user}", () => `@${username}`)
    .replaceAll("{server}", () => place?.name ?? "")
  await announceInSystemChannel(changes, serverId, {
    ...{ content, causedBy: userId },
    mentions: [{ userId, username }],
  })
}
