import { expectData, type TestChat } from "./chat.ts"
import { giveRole } from "./rights.ts"

/** A role that bob has and that may manage roles. */
export async function letBobManage(app: TestChat): Promise<string> {
  return giveRole(app, [app.cast.bob.id], ["manageRoles"])
}

export async function addChannel({ cast: { alice }, lab }: TestChat, name: string): Promise<string> {
  return expectData(await alice.client.mutate("createChannel", { serverId: lab.id, name })).id
}
