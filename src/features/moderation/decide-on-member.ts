import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { findUser } from "../accounts/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { findMember } from "../members/store.ts"
import { type ActionOnMember, canActOn, denialOf } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import type { Identity, Standing } from "../permissions/standing.ts"
import { findStanding } from "../permissions/store.ts"
import type { Publisher } from "../publisher.ts"

interface Decision {
  viewer: Identity
  serverId: string
  userId: string
  action: ActionOnMember
  /** Why nobody does it to themselves. */
  notOneself: string
  /** People who are not members are meant too. */
  outsidersToo?: true
}

interface Source {
  db: Db
  publisher: Pick<Publisher, "decide">
}

/** The person that an act is about. */
export interface ActTarget {
  id: string
  name: string
  isMember: boolean
}

/**
 * Acts on a member who is below the viewer. What allows it is checked again inside the commit: roles may have changed, and
 * the member may have gone. `write` returns a `Refusal` for what it does not do. Fails: 400 (oneself), 403, 404.
 */
export async function decideOnMember<Result>(
  { db, publisher }: Source,
  decision: Decision,
  write: (changes: ChangeSet, target: ActTarget) => Promise<Result | Refusal>,
): Promise<Result> {
  const { viewer, serverId, userId, action, notOneself } = decision
  await requireServer({ db }, viewer, serverId, action)
  if (userId === viewer.id) throw new Refusal(notOneself, 400)

  const outcome = await publisher.decide(async (changes) => {
    const standing = await findStanding(changes.tx, viewer, serverId)
    const target = await findTarget(changes.tx, standing, decision)
    return target instanceof Refusal ? target : write(changes, target)
  })
  if (outcome instanceof Refusal) throw outcome

  return outcome
}

/** The person, if the standing allows the action on them. */
export async function findTarget(
  db: Db,
  standing: Standing,
  { serverId, userId, action, outsidersToo }: Omit<Decision, "viewer" | "notOneself">,
): Promise<ActTarget | Refusal> {
  const denial = denialOf(standing, action)
  if (denial) return denial

  const member = await findMember(db, serverId, userId)
  if (member) {
    if (member.isOwner) return new Refusal("Nobody can do this to the server's owner", 403)
    if (!canActOn(standing, action, member))
      return new Refusal("You can do this only to members whose highest role is below yours", 403)
    return { id: userId, name: member.username, isMember: true }
  }
  const user = outsidersToo && (await findUser(db, userId))
  if (!user) return new Refusal(outsidersToo ? "There is no such user" : "There is no such member", 404)

  return { id: userId, name: user.username, isMember: false }
}
