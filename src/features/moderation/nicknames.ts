import { and, eq } from "drizzle-orm"
import { serverMembers } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { findMember } from "../members/store.ts"
import { canActOn, denialOf } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import { findStanding } from "../permissions/store.ts"
import { announceFace } from "../profiles/announce.ts"
import type { Derived } from "../services.ts"

const ofMember = (serverId: string, userId: string) =>
  and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, userId))

/** What a member is called in a server; `null` for their own name. */
export async function findNickname(db: Db, serverId: string, userId: string): Promise<string | null> {
  const row = await db
    .select({ nickname: serverMembers.nickname })
    .from(serverMembers)
    .where(ofMember(serverId, userId))
    .get()
  return row?.nickname ?? null
}

async function updateNickname(
  tx: Tx,
  serverId: string,
  userId: string,
  nickname: string | null,
): Promise<void> {
  await tx.update(serverMembers).set({ nickname }).where(ofMember(serverId, userId)).run()
}

interface Naming {
  serverId: string
  userId: string
  nickname: string | null
  reason?: string
}

/** Names a member: oneself, or members below. Throws a refusal: 403, 404. */
export async function setNickname(
  derived: Derived,
  viewer: Viewer,
  { serverId, userId, nickname: input, reason }: Naming,
): Promise<{ nickname: string | null }> {
  const nickname = input || null
  const isOwn = userId === viewer.id
  const action = isOwn ? "changeNickname" : "manageNicknames"
  await requireServer(derived, viewer, serverId, action)
  const refusal = await derived.publisher.decide(async ({ tx }) => {
    const standing = await findStanding(tx, viewer, serverId)
    const denial = denialOf(standing, action)
    if (denial) return denial
    const member = await findMember(tx, serverId, userId)
    if (!member) return new Refusal("There is no such member", 404)
    if (!isOwn && !canActOn(standing, "manageNicknames", member))
      return new Refusal("You can do this only to members whose highest role is below yours", 403)

    const before = await findNickname(tx, serverId, userId)
    await updateNickname(tx, serverId, userId, nickname)
    const changes = changesOf({ nickname: before }, { nickname })
    const target = { id: userId, name: member.username }
    // What members call themselves is no act of a moderator.
    if (!isOwn)
      await recordAct(tx, { serverId, actor: viewer, action: "member.nickname", target, changes, reason })
    return null
  })
  if (refusal) throw refusal

  await announceFace(derived, userId, serverId)
  return { nickname }
}
