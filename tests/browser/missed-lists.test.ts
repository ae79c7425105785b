import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { channelLink, composer, eventually, imported, live, meet } from "./room.ts"

// Lists around a room that change while its page is not live.

const channels = (page: Page) => page.locator("#channels .name").allInnerTexts()
const servers = (page: Page) =>
  page.locator("#servers a[data-server] .visually-hidden:first-child").allInnerTexts()

/** How often the page requests its lists from now on. */
function countRequests(page: Page) {
  const counted = { requests: 0 }
  page.on("request", (request) => {
    if (request.url().endsWith("/around")) counted.requests++
  })
  return counted
}

for (const transport of ["ws", "sse"] as const) {
  story(
    `by ${transport}, a page shows what changed in its lists before it was live`,
    async ({ cast, lab, open, roomPath }) => {
      const { client } = cast.alice
      const create = (name: string) =>
        client.mutate("createChannel", { serverId: lab.id, name }).then(expectData)
      const [old, renamed] = [await create("old"), await create("before")]
      const bob = await open(cast.bob, { path: "about:blank" })
      const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      await bob.route("**/app.js", async (route) => {
        asked.resolve()
        await released.promise
        await route.continue()
      })
      await bob.goto(`${roomPath}?transport=${transport}`, { waitUntil: "commit" })
      await asked.promise
      await eventually(() => channels(bob), ["general", "old", "before"])

      await create("new")
      expectData(await client.mutate("deleteChannel", { channelId: old.id }))
      expectData(await client.mutate("updateChannel", { channelId: renamed.id, name: "after" }))
      expectData(await client.mutate("updateServer", { serverId: lab.id, name: "Garage" }))
      expectData(await cast.bob.client.mutate("createServer", { name: "Kitchen" }))
      released.resolve()

      await live(bob, transport)
      await eventually(() => channels(bob), ["general", "after", "new"])
      await eventually(() => servers(bob), ["Garage", "Kitchen"])
    },
  )
}

story("a room that was opened in the page shows what changed before it was live", async (stage) => {
  const { cast, lab, open, roomPath } = stage
  const { client } = cast.alice
  const create = (name: string) => client.mutate("createChannel", { serverId: lab.id, name }).then(expectData)
  const tea = await create("tea")
  const bob = await open(cast.bob, { path: "about:blank" })
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await bob.routeWebSocket(new RegExp(`${tea.id}/live`), async (socket) => {
    asked.resolve()
    await released.promise
    socket.connectToServer()
  })
  await bob.goto(roomPath)
  await live(bob)
  // Not on the link: its page would be loaded before it is clicked.
  await composer(bob).hover()
  await imported(bob, "interaction")
  await channelLink(bob, "tea").click()
  await asked.promise
  await bob.locator("#room-name").getByText("tea", { exact: true }).waitFor()

  await create("new")
  released.resolve()

  await live(bob)
  await eventually(() => channels(bob), ["general", "tea", "new"])
})

story("a page that was away loads its lists once", async ({ cast, lab, open, proxy, expectTrouble }) => {
  expectTrouble(unreachable)
  const way = await proxy()
  const create = (name: string) =>
    cast.alice.client.mutate("createChannel", { serverId: lab.id, name }).then(expectData)
  await meet(open, cast.alice)
  const bob = await open(cast.bob, { url: way.origin })
  // It waits for a random time, so that not all pages load their lists at once.
  await bob.addInitScript("Math.random = () => 0.06")
  await bob.reload()
  await live(bob)

  way.cut()
  await bob.locator("#room:not([data-live])").waitFor()
  await create("meanwhile")
  const counted = countRequests(bob)
  way.restore()
  await bob.evaluate("dispatchEvent(new Event('online'))")
  await channelLink(bob, "meanwhile").waitFor()
  await create("afterwards")
  await channelLink(bob, "afterwards").waitFor()

  expect(counted.requests).toBe(2)
})
