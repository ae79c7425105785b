import { expect, test } from "bun:test"
import { Presence } from "../../src/features/presence/presence.ts"
import { RoomFeeds } from "../../src/features/rooms/live/feeds.ts"
import { maxMembersInSidebar } from "../../src/features/rooms/member-lists.ts"
import { RoomCache } from "../../src/features/rooms/room-cache.tsx"
import { createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { addCrowd } from "../support/crowd.ts"
import { find } from "../support/html.ts"
import { until } from "../support/listen.ts"
import { bits } from "../support/roles.ts"

/** With alice and bob some are left over in a list. */
const crowd = Array.from({ length: maxMembersInSidebar + 20 }, (_, i) => `p${String(i).padStart(3, "0")}`)
const [last = ""] = crowd.slice(-1)
const owner = { rank: 0 } as Parameters<RoomCache["memberPane"]>[2]

interface Lists {
  presence: Presence
  roomCache: RoomCache
}

/** The lists of alice's server, in which those who are online are looked up after each change, unless it is said. */
function listsOf(app: TestChat, listMs = 0): Lists {
  const presence = new Presence(() => {}, { listMs })
  return { presence, roomCache: new RoomCache({ ...app.chat, presence }) }
}

const enter = (presence: Presence, ...ids: string[]) => {
  for (const userId of ids) presence.enter({ userId, username: userId })
}

/** The groups that the pane of a room shows: their names with their numbers, and who is listed in them. */
async function groupsIn({ roomCache }: Lists, app: TestChat, rootId = app.general.id) {
  const list = await roomCache.members({ serverId: app.lab.id, rootId })
  const pane = await roomCache.memberPane({ id: app.lab.id, name: "Lab" }, list, owner)
  const titles = find(pane, "section:not([hidden]) h3").map(({ text }) => text.replace(/\s+/g, " ").trim())
  return {
    titles,
    online: find(pane, `section[data-group="online"] .name`).map(({ text }) => text.trim()),
    list,
  }
}

test("a large server lists those who are online first, and counts those whom it does not list", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const lists = listsOf(app)
  const before = await groupsIn(lists, app)
  expect(before.titles).toEqual([`Offline ${crowd.length + 2}`])

  enter(lists.presence, last, "a stranger")
  const after = await groupsIn(lists, app)
  expect(after.online).toEqual([last])
  expect(after.titles).toEqual(["Online 1", `Offline ${crowd.length + 1}`])
  expect(after.list.members).toHaveLength(maxMembersInSidebar)

  lists.presence.choose(last, "invisible")
  expect((await groupsIn(lists, app)).titles).toEqual(before.titles)
  lists.presence.close()
})

test("more online members than a list has are counted", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const lists = listsOf(app)
  enter(lists.presence, ...crowd)

  const { titles, online } = await groupsIn(lists, app)

  expect(titles).toEqual([`Online ${crowd.length}`, "Offline 2"])
  expect(online).toEqual(crowd.slice(0, maxMembersInSidebar))
  lists.presence.close()
})

test("those who are online are listed by their roles, also where no one else of a role fits", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const { client } = app.cast.alice
  const serverId = app.lab.id
  const create = async (name: string) =>
    expectData(await client.mutate("createRole", { serverId, name, hoist: true })).id
  // Each new role is below the others.
  const [high, low] = [await create("High"), await create("Low")]
  const give = (roleId: string, userId: string) => client.mutate("giveRole", { serverId, roleId, userId })
  const highest = crowd.slice(0, maxMembersInSidebar)
  const given = await Promise.all([give(low, last), ...highest.map((userId) => give(high, userId))])
  for (const one of given) expectData(one)
  const lists = listsOf(app)

  enter(lists.presence, last)
  expect((await groupsIn(lists, app)).titles).toEqual(["Low 1", `Offline ${crowd.length + 1}`])

  enter(lists.presence, ...highest)
  const full = await groupsIn(lists, app)
  expect(full.titles).toEqual([`High ${maxMembersInSidebar}`, "Low 1", "Offline 21"])
  expect(full.list.members.map(({ userId }) => userId)).not.toContain(last)
  lists.presence.close()
})

test("a list of a channel that not all may view has only those who may", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const { client } = app.cast.alice
  const serverId = app.lab.id
  const roleId = expectData(await client.mutate("createRole", { serverId, name: "In", permissions: "0" })).id
  const give = (userId: string) => client.mutate("giveRole", { serverId, roleId, userId })
  for (const given of await Promise.all(crowd.slice(1).map(give))) expectData(given)
  const channelId = app.general.id
  const see = bits("viewChannel")
  const overwrite = async (targetId: string, allow: string, deny: string) =>
    expectData(
      await client.mutate("setOverwrite", { serverId, channelId, id: targetId, type: 0, allow, deny }),
    )
  await overwrite(serverId, "0", see)
  await overwrite(roleId, see, "0")
  const lists = listsOf(app)

  enter(lists.presence, ...crowd.slice(0, 2))

  const { titles, online } = await groupsIn(lists, app)
  expect(online).toEqual(crowd.slice(1, 2))
  // Alice is the owner.
  expect(titles).toEqual(["Online 1", `Offline ${crowd.length - 1}`])
  lists.presence.close()
})

test("who is online is looked up again only after a while", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const lists = listsOf(app, Number.POSITIVE_INFINITY)
  enter(lists.presence, "p050")
  expect((await groupsIn(lists, app)).online).toEqual(["p050"])

  enter(lists.presence, last)

  expect((await groupsIn(lists, app)).online).toEqual(["p050"])
  lists.presence.close()
})

test("after that while all that shows who is online is made anew, though nothing else changed", async () => {
  const presence = new Presence(() => {}, { listMs: 50 })
  enter(presence, "p050")
  expect(presence.listVersion).toBe(1)

  enter(presence, last)
  await until("the version is another", () => presence.listVersion === 2)

  expect(presence.version).toBe(4)
  presence.close()
})

test("pages of a large server request their lists again when someone comes whom they do not list", async () => {
  using app = await createTestChat()
  await addCrowd(app, crowd)
  const published: string[] = []
  const lists = listsOf(app)
  const feeds = new RoomFeeds({
    ...{ ...app.chat, ...lists, listRefreshMs: 0 },
    publish: (_, data) => published.push(data),
    report: (error) => {
      throw error
    },
  })
  const feed = await feeds.acquire({ serverId: app.lab.id, channelId: app.general.id })
  await feed.snapshot()
  const told = (userId: string) => feed.showStatuses([{ userId, username: userId, status: "online" }])

  enter(lists.presence, last)
  told(last)
  await until("the lists are requested", () => published.some((data) => data.includes("/around")))

  feeds.release(feed)
  lists.presence.close()
})
