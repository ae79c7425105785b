import { Refusal } from "../../kernel/index.ts"
import { findMember } from "../members/store.ts"
import { mayKnow } from "../permissions/known.ts"
import type { Services } from "../services.ts"
import type { Profile } from "./contract.ts"
import { findProfile } from "./store.ts"

/** The same for nobody and for a stranger: it must not tell which. */
export const noSuchPerson = "There is no such person"

/** Fails: 404 (nobody whom the viewer may know). */
export async function requireKnown(
  { db }: Pick<Services, "db">,
  viewerId: string,
  userId: string,
): Promise<void> {
  if (!(await mayKnow(db, viewerId, userId))) throw new Refusal(noSuchPerson, 404)
}

/** The profile of somebody whom the viewer may know. Fails: 404. */
export async function requireProfile(
  { db, presence }: Pick<Services, "db" | "presence">,
  viewerId: string,
  { userId, serverId }: { userId: string; serverId?: string },
): Promise<Profile> {
  await requireKnown({ db }, viewerId, userId)
  const stored = await findProfile(db, viewerId, userId)
  if (!stored) throw new Refusal(noSuchPerson, 404)

  // What somebody is in a server is for its members.
  const isShared = serverId !== undefined && (await findMember(db, serverId, viewerId)) !== undefined
  const member = isShared ? await findMember(db, serverId, userId) : undefined
  const { username, displayName, avatarUrl, isBot } = stored
  return {
    ...{ userId, username, displayName, avatarUrl, isBot, nickname: member?.nickname ?? null },
    bio: stored.bio ?? "",
    pronouns: stored.pronouns ?? "",
    status: statusOf(stored),
    presence: presence.of(userId),
    member: member ? { joinedAt: member.joinedAt, isOwner: member.isOwner, roleIds: member.roleIds } : null,
    mutualServers: JSON.parse(stored.mutualServers),
  }
}

/** The status, unless it has ended: it is deleted a little later. */
function statusOf({
  statusText: text,
  statusEmoji: emoji,
  statusExpiresAt: expiresAt,
}: NonNullable<Awaited<ReturnType<typeof findProfile>>>): Profile["status"] {
  if ((!text && !emoji) || (expiresAt && expiresAt <= new Date())) return null
  return { text: text ?? "", emoji: emoji ?? "", expiresAt }
}
