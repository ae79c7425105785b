import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { eventually, live, meet, message, say } from "./room.ts"
import { listenTo } from "./speech.ts"

for (const transport of ["ws", "sse"] as const) {
  story(
    `other people's messages are announced once; edits, reactions and own messages are not, by ${transport}`,
    async (stage) => {
      const way = await stage.proxy()
      const { alice, bob } = await meetBy(stage, transport, way.origin)
      const [heard, own] = [await listenTo(alice), await listenTo(bob)]

      await say(bob, "hello")
      await eventually(heard, ["bob: hello"])
      const [id = ""] = await idsOf(alice)
      const { client } = stage.cast.bob
      expectData(await client.mutate("editMessage", { messageId: id, content: "hello there" }))
      await message(alice, "hello there").waitFor()
      expectData(await client.mutate("addReaction", { messageId: id, emoji: "👍" }))
      await message(alice, "hello there").getByRole("button", { name: "👍 1, by bob" }).waitFor()
      await say(alice, "mine")
      await eventually(own, ["alice: mine"])
      const [, mine = ""] = await idsOf(bob)
      expectData(await stage.cast.alice.client.mutate("deleteMessage", { messageId: mine }))
      await message(bob, "Message deleted").waitFor()
      await say(bob, "bye")

      // Announced last: nothing else was announced before.
      await eventually(heard, ["bob: hello", "bob: bye"])
      expect(await own()).toEqual(["alice: mine"])
      expect(await alice.getByRole("log").getAttribute("aria-live")).toBe("off")

      // A burst is one announcement. It arrives as one, however long it takes to be sent.
      const { release } = way.hold()
      await Promise.all(Array.from({ length: 8 }, (_, n) => send(bob, `quick ${n}`)))
      release()
      await eventually(async () => sum((await heard()).slice(2)), 8)
      expect((await heard()).length).toBeLessThanOrEqual(4)
    },
  )

  story(
    `after an interruption only missed messages are announced, together, by ${transport}`,
    async (stage) => {
      stage.expectTrouble(unreachable)
      const way = await stage.proxy()
      const { alice, bob } = await meetBy(stage, transport, way.origin)
      const heard = await listenTo(alice)
      await say(bob, "before")
      await eventually(heard, ["bob: before"])

      way.cut()
      await alice.locator("#room:not([data-live])").waitFor()
      for (const text of ["one", "two", "three", "four", "five"]) await say(bob, text)
      await message(bob, "five").and(bob.locator("[data-position]")).waitFor()
      way.restore()
      await eventually(async () => (await heard()).at(-1), "5 new messages")
      await say(bob, "after")

      await eventually(async () => (await heard()).at(-1), "bob: after")
      // A longer interruption is announced too.
      const said = (await heard()).filter((line) => !line.startsWith("Connection lost"))
      expect(said).toEqual(["bob: before", "5 new messages", "bob: after"])
    },
  )
}

story("loaded history is not announced", async ({ cast, open, write }) => {
  const ids = await write(cast.bob, "line", 120)
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { path: `/messages/${ids[59]}` })
  await live(alice)
  const heard = await listenTo(alice)

  for (const [end, text] of [
    ["top", "line 1"],
    ["bottom", "line 120"],
  ] as const) {
    await alice.locator("#log").evaluate((log, end) => {
      log.scrollTop = end === "top" ? 0 : log.scrollHeight
    }, end)
    await alice.getByRole("log").getByText(text, { exact: true }).waitFor()
  }
  await say(bob, "news")

  await message(alice, "news").waitFor()
  await eventually(heard, ["bob: news"])
})

/** Sends without typing key by key. */
const send = (page: Page, content: string) =>
  page.evaluate(`fetch(location.pathname + "/messages", {
    method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams({ content: ${JSON.stringify(content)} })
  })`)

/** Alice on that transport, and bob. */
async function meetBy({ open, cast, roomPath }: Stage, transport: "ws" | "sse", url?: string) {
  const alice = await open(cast.alice, { path: `${roomPath}?transport=${transport}`, ...(url && { url }) })
  const bob = await open(cast.bob)
  await Promise.all([live(alice, transport), live(bob)])
  return { alice, bob }
}

function idsOf(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("#messages > .message")].map(({ id }) => id.slice(8))`)
}

/** How many messages were announced. */
function sum(heard: string[]): number {
  return heard.reduce(
    (total, line) => total + Number(/^(\d+) new messages$/.exec(line)?.[1] ?? line.split(": ").length - 1),
    0,
  )
}
