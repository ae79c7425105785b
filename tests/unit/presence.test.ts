import { expect, test } from "bun:test"
import { Presence, type StatusChange } from "../../src/features/presence/presence.ts"
import { MemberSidebarPresence } from "../../src/features/rooms/live/member-presence.ts"
import { maxMembersInSidebar } from "../../src/features/rooms/member-lists.ts"
import { RoomCache } from "../../src/features/rooms/room-cache.tsx"
import { createTestChat } from "../support/chat.ts"
import { addCrowd } from "../support/crowd.ts"
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
  await addCrowd(
    app,
    Array.from({ length: maxMembersInSidebar }, (_, i) => `zoe${i}`),
  )
  // Who is online is looked up for a large server once.
  const presence = new Presence(() => {}, { listMs: Number.POSITIVE_INFINITY })
  const roomCache = new RoomCache({ ...app.chat, presence })
  const place = { serverId: app.lab.id, rootId: app.general.id }
  const members = new MemberSidebarPresence(place, { presence, roomCache })
  const { alice } = app.cast
  presence.enter({ userId: alice.id, username: alice.username })
  expect(JSON.parse((await members.snapshot()).fragment).statuses).toEqual({ [alice.id]: "online" })

  for (const userId of [app.cast.bob.id, "zoe99"]) {
    presence.enter({ userId, username: userId })
    members.noteChange(userId)
  }

  const here = await members.snapshot()
  expect(JSON.parse(here.fragment).statuses).toEqual({ [alice.id]: "online", [app.cast.bob.id]: "online" })
  expect(await members.snapshot()).toBe(here)
  expect(await members.changes(new Set(["zoe99"]))).toEqual({ updates: [], isListOld: true })
  const reading = members.changes(new Set([alice.id]))
  presence.choose(alice.id, "invisible")
  const { updates, isListOld } = await reading
  expect(updates.map(({ fragment }) => fragment).join()).toContain(`data-status="offline"`)
  expect(isListOld).toBe(false)
  presence.close()
})
