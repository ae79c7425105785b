import { and, eq } from "drizzle-orm"
import { serverMembers, servers, users } from "../../drizzle/schema.ts"
import { can } from "../../src/features/permissions/can.ts"
import { findChannelAccess } from "../../src/features/permissions/store.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

/** Changes what alice's server asks of new members. */
export function configureJoining({ cast, lab }: TestChat, change: object) {
  return cast.alice.client.mutate("updateJoinSettings", { serverId: lab.id, ...change })
}

/** Joins alice's server by a new invite of hers. */
export async function joinByInvite({ cast, lab }: TestChat, { client }: Person) {
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  return client.mutate("joinServer", { code })
}

/** Whether someone may do something in the channel. */
export async function mayIn({ chat, general }: TestChat, { id }: Person, action: Parameters<typeof can>[1]) {
  const access = await findChannelAccess(chat.db, { id }, general.id)
  return access !== undefined && can({ ...access.standing, isAuthor: false }, action)
}

/** Makes an account and its membership that many minutes old. */
export async function backdate(
  { chat, lab }: TestChat,
  { id }: Person,
  accountMinutes: number,
  memberMinutes: number,
) {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  await chat.commits.decide(async (tx) => {
    await tx
      .update(users)
      .set({ createdAt: ago(accountMinutes) })
      .where(eq(users.id, id))
      .run()
    await tx
      .update(serverMembers)
      .set({ joinedAt: ago(memberMinutes) })
      .where(and(eq(serverMembers.userId, id), eq(serverMembers.serverId, lab.id)))
      .run()
  })
}

/** Lets the server's notices appear in the channel. */
export async function setSystemChannel({ chat, lab, general }: TestChat) {
  await chat.commits.decide((tx) =>
    tx.update(servers).set({ systemChannelId: general.id }).where(eq(servers.id, lab.id)).run(),
  )
}
