import type { Tx } from "../../db/database.ts"
import type { Standing } from "../permissions/standing.ts"
import type { AuditAction } from "./contract.ts"
import { type Act, recordAct } from "./store.ts"

interface ActOnMessage extends Pick<Act, "actor" | "reason"> {
  action: AuditAction & `message.${string}`
  /** The actor's, in the message's channel. */
  standing: Pick<Standing, "kind">
  message: { id: string; serverId: string; channelId: string; userId: string; username: string }
}

/**
 * Records an act on a message: its target is the author, and the text is not kept. A conversation has no audit log: what
 * its users do to their messages is not recorded.
 */
export async function recordOnMessage(tx: Tx, { standing, message, ...act }: ActOnMessage): Promise<void> {
  if (standing.kind !== "server") return

  const { id, serverId, channelId, userId, username } = message
  const changes = { messageId: { after: id }, channelId: { after: channelId } }
  await recordAct(tx, { ...act, serverId, target: { id: userId, name: username }, changes })
}
