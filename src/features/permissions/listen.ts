import type { Db } from "../../db/open.ts"
import { isSignedIn } from "./access.ts"
import { ConnectionContext } from "./connection.ts"
import { mayHear } from "./resources.ts"

interface ListenRequest {
  resource: string
  /** Who the client is, where its transport knows. */
  identity: unknown
  /** The contexts of the connections that the client held when it began to listen. */
  contexts: unknown[]
}

/**
 * May a client be told when a resource changes? Asked again at every change, so that nobody who was removed or signed out
 * meanwhile is told.
 */
export async function mayListen(db: Db, { resource, identity, contexts }: ListenRequest): Promise<boolean> {
  const people = [identity, ...contexts].flatMap((context) => ConnectionContext.safeParse(context).data ?? [])
  return people.some(
    (who) => isSignedIn(db, who) && mayHear(db, { id: who.userId, isBot: who.isBot }, resource),
  )
}
