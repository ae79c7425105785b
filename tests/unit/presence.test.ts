import { expect, test } from "bun:test"
import { serverMembers, users } from "../../drizzle/schema.ts"
import { type Change, Presence } from "../../src/features/presence/presence.ts"
import { Beside } from "../../src/features/rooms/live/member-presence.ts"
import { maxMembersBeside } from "../../src/features/rooms/store.ts"
import { createTestChat } from "../support/chat.ts"
import { until } from "../support/listen.ts"

const crowd = Array.from({ length: 1000 }, (_, i) => ({ userId: `u${i}`, username: `person${i}` }))

test("of a crowd that comes at once everyone is announced, once, and not one by one", async () => {
  const told: Change[][] = []
  const presence = new Presence((changes) => told.push(changes))

  for (const person of crowd) presence.enter(person)
  await until("all were announced", () => told.flat().length >= crowd.length)

  expect(told.length).toBe(2)
  expect(told.flat()).toEqual(crowd.map((person) => ({ ...person, status: "online" })))
  presence.close()
})

test("pages are told of those whose dots they can show, and of nobody else", async () => {
  using app = await createTestChat()
  const { db, presence } = app.chat
  const more = Array.from({ length: maxMembersBeside }, (_, i) => `zoe${i}`)
  db.insert(users)
    .values(more.map((id) => ({ id, name: id, email: `${id}@x`, username: id, updatedAt: new Date() })))
    .run()
  db.insert(serverMembers)
    .values(more.map((userId) => ({ userId, serverId: app.lab.id })))
    .run()
  const beside = new Beside(app.lab.id, app.chat)
  const { alice } = app.cast
  const last = "zoe99"
  expect((await beside.here()).fragment).toBe(`{"type":"here","statuses":{}}`)

  for (const userId of [alice.id, last]) {
    presence.enter({ userId, username: userId })
    beside.note(userId)
  }

  const here = await beside.here()
  expect(JSON.parse(here.fragment)).toEqual({ type: "here", statuses: { [alice.id]: "online" } })
  expect(await beside.here()).toBe(here)
  expect(await beside.changes(new Map([[last, "online"]]))).toEqual([])
  const [gone] = await beside.changes(new Map([[alice.id, "offline"]]))
  expect(gone?.fragment).toContain(`data-status="offline"`)
})
