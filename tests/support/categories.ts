import { categoryOverwrites } from "../../drizzle/schema.ts"
import { bitOf } from "../../src/features/permissions/bits.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

/** Alice's categories "One" and "Two"; nobody may view the second but its members. */
export async function withCategories(app: TestChat) {
  const { client } = app.cast.alice
  const serverId = app.lab.id
  const one = expectData(await client.mutate("createCategory", { serverId, name: "One" }))
  const two = expectData(await client.mutate("createCategory", { serverId, name: "Two" }))
  await app.chat.commits.decide((tx) =>
    tx
      .insert(categoryOverwrites)
      .values({
        ...{ categoryId: two.id, targetId: serverId, kind: "everyone" },
        deny: Number(bitOf.viewChannel),
      })
      .run(),
  )
  const add = async (name: string, categoryId: string | null = null) =>
    expectData(await client.mutate("createChannel", { serverId, name, categoryId }))
  return { one, two, add, serverId, client }
}

export async function namesSeenBy({ client }: Person, serverId: string) {
  return expectData(await client.query("getChannels", { serverId })).map(({ name }) => name)
}
