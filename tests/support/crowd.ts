import { serverMembers, users } from "../../drizzle/schema.ts"
import type { TestChat } from "./chat.ts"

/** Adds people to alice's server at once, who are online nowhere; their usernames are their ids. */
export async function addCrowd({ chat, lab }: TestChat, ids: string[]): Promise<void> {
  await chat.commits.decide(async (tx) => {
    const people = ids.map((id) => ({
      id,
      name: id,
      email: `${id}@x`,
      username: id,
      updatedAt: new Date(),
    }))
    await tx.insert(users).values(people).run()
    await tx
      .insert(serverMembers)
      .values(ids.map((userId) => ({ userId, serverId: lab.id })))
      .run()
  })
}
