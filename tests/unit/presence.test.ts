import { expect, test } from "bun:test"
import { serverMembers, users } from "../../drizzle/schema.ts"
import { Presence, type StatusChange } from "../../src/features/presence/presence.ts"
import { MemberSidebarPresence } from "../../src/features/rooms/live/member-presence.ts"
import { maxMembersInSidebar, RoomCache } from "../../src/features/rooms/room-cache.tsx"
import { createTestChat } from "../support/chat.ts"
import { until } from "../support/listen.ts"

const crowd = Array.from({ length: 1000 }, (_, i) => ({ userId: `u${i}`, username: `person${i}` }))

test("of a crowd that comes at once everyone is announced, once, and not one by one", async () => {
  const told: StatusChange[][] = []
  const presence = new Presence((changes) => told.push(changes))

  for (const person of crowd) presence.enter(person)
  await until("all were announced", () => told.flat().length >= crowd.length)

  expect(told.length).toBe(2)
  expect(told.flat()).toEqual(crowd.map((person) => ({ ...person, status: "online" })))
  presence.close()
})

test("pages receive the presence of listed people only", async () => {
  using app = await createTestChat()
  const { commits, presence } = app.chat
  const more = Array.from({ length: maxMembersInSidebar }, (_, i) => `zoe${i}`)
  await commits.decide((tx) =>
    tx
      .insert(users)
      .values(more.map((id) => ({ id, name: id, email: `${id}@x`, username: id, updatedAt: new Date() })))
      .run(),
  )
  await commits.decide((tx) =>
    tx
      .insert(serverMembers)
      .values(more.map((userId) => ({ userId, serverId: app.lab.id })))
      .run(),
  )
  const members = new MemberSidebarPresence(
    { serverId: app.lab.id, rootId: app.general.id },
    { presence, roomCache: new RoomCache(app.chat) },
  )
  const { alice } = app.cast
  const last = "zoe99"
  expect((await members.snapshot()).fragment).toBe(`{"type":"here","statuses":{}}`)

  for (const userId of [alice.id, last]) {
    presence.enter({ userId, username: userId })
    members.noteChange(userId)
  }

  const here = await members.snapshot()
  expect(JSON.parse(here.fragment)).toEqual({ type: "here", statuses: { [alice.id]: "online" } })
  expect(await members.snapshot()).toBe(here)
  expect(await members.changes([last])).toEqual([])
  const reading = members.changes([alice.id])
  presence.choose(alice.id, "invisible")
  const [gone] = await reading
  expect(gone?.fragment).toContain(`data-status="offline"`)
})
