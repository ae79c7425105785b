import { insertMember } from "../../src/features/members/store.ts"
import { appear, type TestChat } from "./chat.ts"
import { giveRole } from "./rights.ts"

/** Bob in alice's server, as acts on members name him. */
export const idsOfBob = ({ lab, cast }: TestChat) => ({ serverId: lab.id, userId: cast.bob.id })

/** A server with two moderators of equal rank, and a member below them. */
export async function moderated(app: TestChat) {
  const { id: serverId } = app.lab
  const { bob: moderator } = app.cast
  const [peer, member] = [await appear(app.chat, "peer"), await appear(app.chat, "member")]
  await app.chat.commits.decide(async (tx) => {
    for (const { id } of [peer, member]) await insertMember(tx, serverId, id)
  })
  const rights = ["kickMembers", "banMembers", "timeOutMembers", "manageNicknames", "manageMessages"] as const
  await giveRole(app, [moderator.id, peer.id], [...rights], 5)
  return { serverId, moderator, peer, member }
}
