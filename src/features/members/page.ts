import { type Site, Unshown } from "../site.ts"
import { listMembers } from "./store.ts"

/** A member of a server for a page about them. Throws `Unshown`: 404. */
export async function requireMemberOf({ db }: Site, serverId: string, userId: string) {
  const member = (await listMembers(db, serverId)).find((other) => other.userId === userId)
  if (!member) throw new Unshown(404, "There is no such member")

  return member
}
