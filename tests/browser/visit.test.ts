import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { assets } from "../support/server.ts"
import { eventually, live, meet, member, message, say, texts, typeUntil } from "./room.ts"

/** Limits of a first visit, besides the page itself and the socket. */
const maxRequests = 5
const maxBytes = 47_900

story(
  "a first visit is small, and its first response contains every message",
  async ({ cast, open, roomPath, write }) => {
    await write(cast.bob, "line", 50)
    // The first who asks for a file gets it less compressed.
    await meet(open, cast.bob)
    await assets.settled()
    const alice = await open(cast.alice, { path: "about:blank" })
    // Input loads more, and Chromium may say that a pointer entered the page, though nobody moves one.
    await alice.addInitScript(`addEventListener("pointerover", (event) => event.stopPropagation(), true)`)
    const fetched = await watchWire(alice)

    const page = await alice.goto(roomPath, { waitUntil: "load" })
    await live(alice)

    const markup = (await page?.text()) ?? ""
    expect(markup.match(/>line \d+</g)).toHaveLength(50)
    expect(await texts(alice)).toHaveLength(50)
    expect(fetched.map(({ path }) => path)).toContain(roomPath)
    expect(fetched.length).toBeGreaterThan(3)
    expect(fetched.length).toBeLessThanOrEqual(1 + maxRequests)
    const bytes = fetched.reduce((sum, answer) => sum + answer.bytes, 0)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(maxBytes)
  },
)

story("a second visit fetches the page alone", async ({ cast, open, roomPath }) => {
  // As long as loading a page takes, nothing has changed before: its lists would be loaded once more.
  await meet(open, cast.bob)
  const alice = await open(cast.alice, { path: "about:blank" })
  const fetched = await watchWire(alice)
  await alice.goto(roomPath)
  await live(alice)
  const pages = () => fetched.map(({ path }) => path).filter((path) => path === roomPath)
  expect(pages()).toHaveLength(1)
  const before = fetched.map(({ path }) => path)

  await alice.getByRole("link", { name: "general" }).click()
  await eventually(async () => pages().length, 2)
  await live(alice)

  // The first input loads scripts and styles, once. Chromium may say that a pointer entered the page, so it is not known when.
  const others = fetched.map(({ path }) => path).filter((path) => path !== roomPath)
  expect(others).toEqual([...new Set(others)])
  expect(others.filter((path) => !before.includes(path) && !path.startsWith("/static/"))).toEqual([])
  expect(pages()).toHaveLength(2)
})

/** Records every response from now on, with its size on the network. */
async function watchWire(page: Page): Promise<{ path: string; bytes: number }[]> {
  const wire = await page.context().newCDPSession(page)
  await wire.send("Network.enable")
  const paths = new Map<string, string>()
  const fetched: { path: string; bytes: number }[] = []
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    paths.set(requestId, new URL(request.url).pathname)
  })
  wire.on("Network.requestServedFromCache", ({ requestId }) => paths.delete(requestId))
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId)
    // The read position is reported a second later, and is no part of the visit.
    if (path && encodedDataLength > 0 && !path.endsWith("/read"))
      fetched.push({ path, bytes: encodedDataLength })
  })
  return fetched
}

const wanted = process.env.UPDATE_SCREENSHOT === "1"
if (wanted) {
  story("two people chat, for the README", async ({ cast, open }) => {
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    const chat = [
      [bob, "Morning! Is the new build up?"],
      [alice, "Since ten minutes ago. Two people reading it already, one of them without JavaScript."],
      [alice, "Release notes are at https://example.org/notes"],
      [
        bob,
        "Reading. The reconnect after my train's tunnel was seamless, by the way:\nnothing lost, nothing twice.",
      ],
      [alice, "That is the part I like best. Shall we call it 1.0?"],
    ] as const
    for (const [page, text] of chat) {
      await say(page, text)
      await message(alice, text.slice(0, 20)).waitFor()
      await message(bob, text.slice(0, 20)).waitFor()
    }
    await member(alice, "bob").getByText("online").waitFor()
    await typeUntil(bob, alice.getByText("bob is typing…"))

    await alice.screenshot({ path: "docs/screenshot.png", animations: "disabled", caret: "initial" })
  })
}
