import type { Db } from "../../db/database.ts"
import { isSignedIn } from "./access.ts"
import { ConnectionContext } from "./connection.ts"
import { mayHear } from "./resources.ts"

interface ListenRequest {
  resource: string
  /** The client's context, where its transport knows it. */
  identity: unknown
  /** The contexts of the client's connections when it started to listen. */
  contexts: unknown[]
}

/**
 * May a client be notified when a resource changes? Checked again at every change, so that users who were removed or
 * signed out in the meantime are not notified.
 */
export async function mayListen(db: Db, { resource, identity, contexts }: ListenRequest): Promise<boolean> {
  const users = [identity, ...contexts].flatMap((context) => ConnectionContext.safeParse(context).data ?? [])
  for (const user of users) {
    const identity = { id: user.userId, isBot: user.isBot }
    if ((await isSignedIn(db, user)) && (await mayHear(db, identity, resource))) return true
  }
  return false
}
