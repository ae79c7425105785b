import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { channelOverwrites, channels, memberRoles, roles } from "../../../drizzle/schema.ts"
import { textsIn } from "../../../src/db/dialect.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { refreshMember } from "../../../src/features/permissions/derived.ts"
import { isAllowed, permits, viewings } from "../../../src/features/permissions/scope.ts"
import { appear, createTestChat, expectData, type TestChat } from "../../support/chat.ts"

const channelCount = 40
const roleIds = ["blue", "green", "red", "gray"]

test("those found for many channels at once are those found one by one", async () => {
  using app = await createTestChat()
  const { chat } = app
  const channelIds = await createMaze(app)

  for (const name of ["viewChannel", "sendMessages"] as const) {
    const oneByOne = await chat.db.all<Pair>(sql`
      select c.id as "channelId", m.user_id as "userId"
      from channels c join server_members m on m.server_id = c.server_id and ${permits(name, sql`c.id`)}`)
    const atOnce = await chat.db.all<Pair>(sql`
      select c.id as "channelId", m.user_id as "userId"
      from ${viewings(name, textsIn(chat.db, JSON.stringify([...channelIds, app.general.id])))} where ${isAllowed}`)
    const bobs = await chat.db.all<Pair>(sql`
      select c.id as "channelId", m.user_id as "userId"
      from ${viewings(name, textsIn(chat.db, JSON.stringify(channelIds)), (id) => sql`${id} = ${app.cast.bob.id}`)}
      where ${isAllowed}`)

    expect(keysOf(atOnce)).toEqual(keysOf(oneByOne))
    expect(oneByOne.length).toBeGreaterThan(channelCount)
    expect(oneByOne.length).toBeLessThan(channelCount * 4) // or nobody is denied anything
    const ofBob = oneByOne.filter(
      ({ userId, channelId }) => userId === app.cast.bob.id && channelId !== app.general.id,
    )
    expect(keysOf(bobs)).toEqual(keysOf(ofBob))
  }
})

interface Pair {
  channelId: string
  userId: string
}

function keysOf(pairs: Pair[]): string[] {
  return pairs.map(({ channelId, userId }) => `${channelId} ${userId}`).toSorted()
}

/** Channels with overwrites of all kinds, the same in every run, for people who have some of four roles. */
async function createMaze({ chat, cast, lab }: TestChat): Promise<string[]> {
  const people = [cast.bob, await appear(chat, "carol"), await appear(chat, "dave")]
  const invite = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  for (const { client } of people.slice(1)) {
    expectData(await client.mutate("joinServer", { code: invite.code }))
    client.disconnect()
  }
  const targets = [lab.id, ...roleIds, ...people.map(({ id }) => id)]
  const bits = Number(bitOf.viewChannel | bitOf.sendMessages)
  const ids = Array.from({ length: channelCount }, (_, index) => `maze${index}`)
  await chat.publisher.decide(async ({ tx }) => {
    for (const [index, id] of roleIds.entries()) {
      const role = {
        id,
        serverId: lab.id,
        name: id,
        position: index + 1,
        permissions: index === 0 ? bits : 0,
      }
      await tx.insert(roles).values(role).run()
    }
    for (const [index, { id: userId }] of people.entries()) {
      for (const [of, roleId] of roleIds.entries()) {
        if ((index + of) % 2 === 0)
          await tx.insert(memberRoles).values({ serverId: lab.id, userId, roleId }).run()
      }
      await refreshMember(tx, lab.id, userId)
    }
    for (const [index, id] of ids.entries()) {
      await tx.insert(channels).values({ id, serverId: lab.id, name: id }).run()
      for (const [of, targetId] of targets.entries()) {
        // Nothing, allowed, denied or both, in another mixture for each channel.
        const choice = Math.floor((index * 7 + of * 5 + ((index * of) % 3)) % 4)
        if (choice === 0) continue
        const kind = of === 0 ? "everyone" : of <= roleIds.length ? "role" : "member"
        const [allow, deny] = [choice & 1 ? bits : 0, choice & 2 ? bits : 0]
        await tx.insert(channelOverwrites).values({ channelId: id, targetId, kind, allow, deny }).run()
      }
    }
  })
  return ids
}
