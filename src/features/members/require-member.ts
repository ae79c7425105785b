import { Refusal } from "../../kernel/index.ts"
import type { Services } from "../services.ts"
import { findMember } from "./store.ts"

/** A member of a server, for a page about them. Fails: 404. */
export async function requireMember({ db }: Pick<Services, "db">, serverId: string, userId: string) {
  const member = await findMember(db, serverId, userId)
  if (!member) throw new Refusal("There is no such member", 404)

  return member
}
