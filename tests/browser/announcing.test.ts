import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { choose, eventually, live, meet, message, say } from "./room.ts"

/** Everything that is read aloud from now on. */
async function listenTo(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const announcer = document.getElementById("announcer")
    window.announced = []
    const note = () => announcer.textContent && announced.push(announcer.textContent)
    new MutationObserver(note).observe(announcer, { childList: true, characterData: true, subtree: true })
  }`)
  return () => page.evaluate("announced") as Promise<string[]>
}

story("what others say is read aloud once; what one says, and edits, are not", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const [heard, own] = [await listenTo(alice), await listenTo(bob)]

  await say(bob, "hello")
  await eventually(heard, ["bob: hello"])
  const dialog = await choose(bob, "hello", "Edit")
  await dialog.getByRole("textbox", { name: "Message" }).fill("hello there")
  await dialog.getByRole("button", { name: "Save" }).click()
  await message(alice, "hello there").waitFor()
  await say(alice, "mine")
  await message(bob, "mine").waitFor()
  await say(bob, "bye")

  await eventually(heard, ["bob: hello", "bob: bye"])
  await eventually(own, ["alice: mine"])
  expect(await alice.getByRole("log").getAttribute("aria-live")).toBe("off")
})

story("a burst is read aloud as one", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const heard = await listenTo(alice)

  await Promise.all(Array.from({ length: 8 }, (_, n) => send(bob, `quick ${n}`)))
  await message(alice, "quick 7").waitFor()

  await eventually(heard, ["8 new messages"])
})

story("history that is loaded is not read aloud", async ({ cast, open, write }) => {
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

/** Sends without waiting for keys to be pressed one after another. */
const send = (page: Page, content: string) =>
  page.evaluate(`fetch(location.pathname + "/messages", {
    method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams({ content: ${JSON.stringify(content)} })
  })`)
