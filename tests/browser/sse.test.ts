import { expect } from "bun:test"
import type { WebSocketRoute } from "playwright-core"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { choose, composer, eventually, imported, live, meet, member, message, say, texts } from "./room.ts"

story("where WebSockets are blocked, a room uses server-sent events", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await stage.proxy()
  way.refuseSockets()
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice, "sse")

  await meetings(alice, bob)
})

story("the fallback is remembered for the session", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await stage.proxy()
  way.refuseSockets()
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice, "sse")

  const sockets: string[] = []
  alice.on("websocket", (socket) => sockets.push(socket.url()))
  await alice.reload()
  await live(alice, "sse")

  expect(sockets).toEqual([])
})

story("a socket that succeeds while the fallback is loaded is kept", async ({ cast, open, roomPath }) => {
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { path: "about:blank" })
  const [third, loading] = [Promise.withResolvers<WebSocketRoute>(), Promise.withResolvers<void>()]
  let sockets = 0
  await alice.routeWebSocket(/\/live\?/, async (socket) => {
    if (++sockets < 3) return socket.close({ code: 1011 })
    third.resolve(socket)
    await loading.promise
    socket.connectToServer()
  })
  let questions = 0
  await alice.route("**/health", async (route) => {
    // The second failure counts once the third socket is opened.
    if (++questions === 2) await third.promise
    await route.continue()
  })
  await alice.route("**/live-events.js", async (route) => {
    loading.resolve()
    await live(alice, "ws")
    await route.continue()
  })

  await alice.goto(roomPath)
  await imported(alice, "live-events")
  await imported(alice, "htmx-sse")
  await say(bob, "hello")
  await message(alice, "hello").waitFor()
  await live(alice, "ws")

  const socket = await third.promise
  await socket.close({ code: 1011 })
  await eventually(async () => sockets, 4)
  await say(bob, "again")
  await message(alice, "again").waitFor()
  expect(await texts(alice)).toEqual(["hello", "again"])
})

story("the URL can ask for server-sent events", async ({ cast, open, roomPath }) => {
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { path: `${roomPath}?transport=sse` })
  await live(alice, "sse")

  await meetings(alice, bob)
})

story("a room on server-sent events continues after an interruption", async (stage) => {
  const { cast, open, roomPath, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await stage.proxy()
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { url: way.origin, path: `${roomPath}?transport=sse` })
  await live(alice, "sse")
  await say(bob, "before")
  await message(alice, "before").waitFor()

  way.cut()
  await alice.locator("#room:not([data-live])").waitFor()
  await say(alice, "mine, meanwhile")
  await say(bob, "meanwhile")
  await message(bob, "meanwhile").waitFor()
  way.restore()
  await live(alice, "sse")

  const said = ["before", "meanwhile", "mine, meanwhile"]
  await eventually(() => texts(alice), said)
  await eventually(() => texts(bob), said)
  await eventually(() => alice.getByText("sending").count(), 0)
})

/** What two people do in a room, one of them over server-sent events. */
async function meetings(alice: Awaited<ReturnType<Stage["open"]>>, bob: typeof alice): Promise<void> {
  await member(bob, "alice").getByText("online").waitFor()
  await composer(alice).pressSequentially("hi")
  await bob.getByText("alice is typing…").waitFor()
  await composer(alice).press("Enter")
  await message(bob, "hi").waitFor()
  await composer(bob).pressSequentially("hello")
  await alice.getByText("bob is typing…").waitFor()
  await composer(bob).press("Enter")
  await message(alice, "hello").waitFor()

  const dialog = await choose(alice, "hi", "Edit")
  await dialog.getByRole("textbox", { name: "Message" }).fill("good morning")
  await dialog.getByRole("button", { name: "Save" }).click()
  await message(bob, "good morning").getByText("edited").waitFor()
  await message(alice, "good morning").getByText("edited").waitFor()
  await choose(bob, "hello", "Delete")
  await bob.getByRole("dialog").getByRole("button", { name: "Delete" }).click()

  for (const page of [alice, bob]) await eventually(() => texts(page), ["good morning", "Message deleted"])
  await bob.context().close()
  await member(alice, "bob").getByText("offline").waitFor()
}
