import type { Db } from "../db/open.ts"
import { findChannelSeenBy } from "./channels/store.ts"
import { findMember } from "./members/store.ts"
import { ConnectionContext } from "./messages/contract.ts"
import { isSignedIn } from "./rights.ts"

interface Asked {
  resource: string
  /** Who the client is, where its transport knows. */
  identity: unknown
  /** What is known of the client by the connections it held when it began to listen. */
  contexts: unknown[]
}

/**
 * May a client be told when a resource changes? By the same rules as reading it; unknown names are refused. Asked
 * at every change, so that whoever is removed or signed out meanwhile is not told.
 */
export async function mayListen(db: Db, { resource, identity, contexts }: Asked): Promise<boolean> {
  const people = [identity, ...contexts].flatMap((context) => ConnectionContext.safeParse(context).data ?? [])
  for (const person of people) {
    if (isSignedIn(db, person) && (await mayRead(db, person.userId, resource))) return true
  }
  return false
}

async function mayRead(db: Db, userId: string, resource: string): Promise<boolean> {
  const [, kind, owner, id] = resource.match(/^(\w+)\/(?:(user|server|channel)\/)?([\w-]+)/) ?? []
  if (!kind || !id) return false

  if (owner === "user") return id === userId
  if (kind === "webhooks") return (await findChannelSeenBy(db, userId, id))?.ownerId === userId
  if (kind === "bans") return (await findMember(db, id, userId))?.ownerId === userId
  if (owner === "server" || kind === "server") return (await findMember(db, id, userId)) !== undefined
  if (owner === "channel" || kind === "channel")
    return (await findChannelSeenBy(db, userId, id))?.isMember ?? false
  // An invite is for whoever knows its code.
  return kind === "invite"
}
