import { Refusal } from "../../kernel/index.ts"
import type { Services } from "../services.ts"
import { listMembers } from "./store.ts"

/** A member of a server for a page about them. Fails: 404. */
export async function requireMemberOf({ db }: Services, serverId: string, userId: string) {
  const member = (await listMembers(db, serverId)).find((other) => other.userId === userId)
  if (!member) throw new Refusal("There is no such member", 404)

  return member
}
