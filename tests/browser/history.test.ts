import { expect } from "bun:test"
import type { Locator, Page } from "playwright-core"
import { insertion, replacement } from "../../src/features/messages/fragments.ts"
import { story } from "../support/browser.ts"
import { eventually, live, meet, message, say, texts } from "./room.ts"

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

const line = (page: Page, number: number) =>
  page.getByRole("log").getByText(`line ${number}`, { exact: true })

/** Is it in the visible part? */
const isInView = (found: Locator): Promise<boolean> =>
  found.evaluate((element) => {
    const [box, pane] = [element, element.closest("section")].map((one) => one.getBoundingClientRect())
    return box.top >= pane.top && box.bottom <= pane.bottom
  })
const top = async (page: Page, number: number) => (await line(page, number).boundingBox())?.y ?? Number.NaN

/** Scrolls to the top; returns where a line is then, before anything was loaded. */
const scrollTo = (page: Page, end: "top" | "bottom", number: number): Promise<number> =>
  line(page, number).evaluate((line, end) => {
    const log = line.closest("section")
    log.scrollTop = end === "top" ? 0 : log.scrollHeight
    return line.getBoundingClientRect().top
  }, end)

story("a room opens at its end, and older messages load while scrolling", async ({ cast, open, write }) => {
  await write(cast.bob, "line", 160)
  const [alice] = await meet(open, cast.alice)

  expect(await texts(alice)).toEqual(lines(111, 160))
  expect(await isInView(line(alice, 160))).toBe(true)

  for (const first of [111, 61, 11]) {
    const before = await scrollTo(alice, "top", first)
    await line(alice, Math.max(1, first - 50)).waitFor()
    // The visible part stays where it is.
    expect(Math.abs((await top(alice, first)) - before)).toBeLessThan(3)
  }

  expect(await texts(alice)).toEqual(lines(1, 160))
  expect(await alice.getByRole("link", { name: "Older messages" }).count()).toBe(0)
})

story("htmx searches no message for its attributes", async ({ cast, open, write }) => {
  await write(cast.bob, "line", 80)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await alice.evaluate(`{
    window.searched = []
    document.addEventListener("htmx:after:process", ({ target }) => searched.push(target.id))
  }`)

  await scrollTo(alice, "top", 31)
  await line(alice, 1).waitFor()
  await say(bob, "news")
  await message(alice, "news").waitFor()
  await alice.evaluate("htmx.process(jump)")

  const searched = String(await alice.evaluate("searched.join()"))
  expect(searched).not.toContain("message-")
  expect(searched).toContain("jump") // or nothing was listened to
})

story(
  "a permalink opens at its message, and newer pages lead to the live end",
  async ({ cast, open, write }) => {
    const ids = await write(cast.bob, "line", 160)
    const [bob] = await meet(open, cast.bob)
    const alice = await open(cast.alice, { path: `/messages/${ids[79]}` })
    await live(alice)

    expect(await texts(alice)).toEqual(lines(55, 104))
    expect(await isInView(line(alice, 80))).toBe(true)

    // A new message belongs after the ones not loaded yet: it must not appear here.
    await say(bob, "news")
    await message(bob, "news").waitFor()
    await cast.bob.client.mutate("editMessage", { messageId: ids[79] ?? "", content: "changed" })
    await message(alice, "changed").waitFor()
    expect(await texts(alice)).toEqual([...lines(55, 79), "changed", ...lines(81, 104)])

    await scrollTo(alice, "bottom", 104)
    await line(alice, 154).waitFor()
    await scrollTo(alice, "bottom", 154)
    await message(alice, "news").waitFor()
    await scrollTo(alice, "top", 55)
    await line(alice, 5).waitFor()
    await say(bob, "more news")

    await message(alice, "more news").waitFor()
    expect(await texts(alice)).toEqual([...lines(5, 79), "changed", ...lines(81, 160), "news", "more news"])
  },
)

story("new messages while reading history are counted on a button", async ({ cast, open, write }) => {
  await write(cast.bob, "line", 40)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const newest = alice.getByRole("button", { name: /new/i })
  expect(await newest.isVisible()).toBe(false)
  const before = await scrollTo(alice, "top", 1)
  await alice.getByRole("button", { name: "Newest messages" }).waitFor()

  await say(bob, "one")
  await say(bob, "two")
  await alice.getByRole("button", { name: "2 new" }).waitFor()
  expect(await top(alice, 1)).toBe(before)

  await newest.click()
  await newest.waitFor({ state: "hidden" })
  await say(bob, "three")
  await message(alice, "three").waitFor()
  // Back at the end, it follows new messages.
  await eventually(() => isInView(message(alice, "three")), true)
  expect(await newest.isVisible()).toBe(false)
})

story("what one reads stays in place when a message above it grows", async ({ cast, open, write }) => {
  const ids = await write(cast.bob, "line", 50)
  const [alice] = await meet(open, cast.alice)
  await line(alice, 30).evaluate((read) => {
    // Safari has no scroll anchoring.
    read.closest("section").style.overflowAnchor = "none"
    read.scrollIntoView({ block: "center" })
  })
  await alice.getByRole("button", { name: "Newest messages" }).waitFor()
  expect(await isInView(line(alice, 5))).toBe(false)
  const before = await top(alice, 30)

  await cast.bob.client.mutate("editMessage", { messageId: ids[4] ?? "", content: "longer\n".repeat(5) })
  await message(alice, "longer").waitFor()

  expect(await top(alice, 30)).toBe(before)
})

/** Groups of three messages, seven hours apart: every page of fifty begins or ends within one. */
const inGroups = (number: number, now: Date) =>
  new Date(now.getTime() - Math.floor((1000 - number) / 3) * 7 * 3_600_000 + ((number - 1) % 3) * 60_000)

/** The messages of the log that are not complete: grouped, under the line of their day, with their times and one stop for Tab. */
const incomplete = (page: Page) =>
  page.evaluate(`(() => {
    const wrong = []
    const articles = [...document.querySelectorAll("#messages > .message")]
    for (const [i, article] of articles.entries()) {
      const [at, previously] = [article, articles[i - 1]].map((one) => one && new Date(one.querySelector("time").dateTime))
      const isNewDay = at.toDateString() !== previously?.toDateString()
      const before = article.previousElementSibling
      const isUnderLine = before !== null && before.matches(".day") && before.textContent !== ""
      const isComplete =
        isUnderLine === isNewDay &&
        article.matches(".continued") === (!isNewDay && at - previously < 300_000) &&
        article.querySelector("time").textContent !== "" &&
        [...article.querySelectorAll(".reaction")].every((one) => one.ariaPressed === "true") &&
        article.tabIndex === (i === articles.length - 1 ? 0 : -1)
      if (!isComplete) wrong.push(article.outerHTML)
    }
    for (const line of document.querySelectorAll("#messages > .day"))
      if (!line.nextElementSibling?.matches(".message")) wrong.push(line.outerHTML)
    return wrong
  })()`)

story("a page stays bounded, however far one reads, and has no gaps", async ({ cast, open, write }) => {
  const ids = await write(cast.bob, "line", 720, inGroups)
  for (const number of [600, 300])
    await cast.alice.client.mutate("addReaction", { messageId: ids[number - 1] ?? "", emoji: "👍" })
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const stays = async (number: number, before: number) =>
    expect(Math.abs((await top(alice, number)) - before)).toBeLessThan(3)
  const isBounded = async () => (await alice.locator("#messages > *").count()) <= 400

  for (let first = 671; first > 71; first -= 50) {
    const before = await scrollTo(alice, "top", first)
    await line(alice, first - 50).waitFor()
    await eventually(isBounded, true)
    await stays(first, before)
    expect(await incomplete(alice)).toEqual([])
  }
  expect(await alice.locator("#messages > .day").count()).toBeGreaterThan(20) // or little was to complete

  // The newest were removed: what is said now belongs after them.
  const reports: string[] = []
  alice.on("request", (request) => request.url().endsWith("/read") && reports.push(request.url()))
  expect(await line(alice, 720).count()).toBe(0)
  await say(bob, "news")
  await message(bob, "news").waitFor()
  await alice.getByRole("button", { name: "Newest messages" }).waitFor()
  expect(await message(alice, "news").count()).toBe(0)

  // Reading on leads back to the live end, a page at a time.
  let last = Number((await texts(alice)).at(-1)?.split(" ")[1])
  for (; last < 720; last = Math.min(last + 50, 720)) {
    const before = await scrollTo(alice, "bottom", last)
    await line(alice, Math.min(last + 50, 720)).waitFor()
    await eventually(isBounded, true)
    await stays(last, before)
    expect(await incomplete(alice)).toEqual([])
    expect(await line(alice, last + 51).count()).toBe(0)
  }
  // From the live end on, what is seen is read.
  expect(reports).toEqual([])
  await scrollTo(alice, "bottom", 720)
  await message(alice, "news").waitFor()
  const all = await texts(alice)
  expect(all).toEqual([...lines(722 - all.length, 720), "news"])
  await alice.locator("#messages[data-live]").waitFor()
  await say(bob, "more news")
  await message(alice, "more news").waitFor()
  await eventually(() => alice.locator("#announcer").textContent(), "bob: more news")
})

story("messages that arrive late, twice or together are in their places", async ({ cast, open, write }) => {
  const ids = await write(cast.bob, "line", 14)
  const [alice] = await meet(open, cast.alice)
  const articles = alice.locator("#messages > .message")
  const markup = await articles.evaluateAll((all) => all.map((one) => one.outerHTML))
  await articles.evaluateAll((all) => all.slice(8).map((one) => one.remove()))
  const inserted = (...numbers: number[]) =>
    insertion.open + numbers.map((number) => markup[number - 1]).join("") + insertion.close
  /** As the live connection does. */
  const receive = (text: string) =>
    alice.evaluate(
      `htmx.swap({ sourceElement: room, target: room, swap: "innerHTML swapEmpty:false", text: ${JSON.stringify(text)} })`,
    )

  await receive(inserted(10))
  await receive(inserted(9))
  await receive(inserted(9, 10))
  expect(await texts(alice)).toEqual(lines(1, 10))
  await receive(inserted(11) + inserted(12) + inserted(11))
  expect(await texts(alice)).toEqual(lines(1, 12))
  // What is not stored yet stays at the end.
  await alice.evaluate(`{
    const pending = document.getElementById("pending-message").content.firstElementChild.cloneNode(true)
    pending.id = "message-pending"
    pending.querySelector("time").dateTime = new Date().toISOString()
    pending.querySelector(".content").textContent = "pending"
    messages.append(pending)
  }`)
  await receive(inserted(13))
  expect(await texts(alice)).toEqual([...lines(1, 13), "pending"])
  await alice.evaluate(`document.getElementById("message-pending").remove()`)
  const changed = replacement({ id: ids[4] ?? "" }, (markup[4] ?? "").replace("line 5", "changed"))
  await receive(inserted(14) + changed)
  await receive(changed + inserted(14))

  expect(await texts(alice)).toEqual([...lines(1, 4), "changed", ...lines(6, 14)])
  // All but the first continue the group.
  expect(await alice.locator("#messages > .continued").count()).toBe(13)
})

for (const isKept of [true, false]) {
  const kept = isKept ? "from the cache" : "that is loaded again"

  story(`the back button returns to a live room ${kept}`, async ({ cast, open }) => {
    const alice = await open(cast.alice, { isWhole: true })
    const [bob] = await meet(open, cast.bob)
    await live(alice)
    await alice.evaluate("window.isSamePage = true")
    // Pages with an unload listener are not cached.
    if (!isKept) await alice.evaluate("addEventListener('unload', () => {})")
    await alice.getByRole("link", { name: "My servers" }).click()
    await alice.getByRole("heading", { name: "My servers" }).waitFor()

    await say(bob, "while you were away")
    await message(bob, "while you were away").waitFor()
    await alice.goBack({ waitUntil: "commit" })
    await live(alice)
    await message(alice, "while you were away").waitFor()
    await say(bob, "welcome back")

    await message(alice, "welcome back").waitFor()
    expect(await texts(alice)).toEqual(["while you were away", "welcome back"])
    expect(await alice.evaluate("Boolean(window.isSamePage)")).toBe(isKept)
    await alice.goForward({ waitUntil: "commit" })
    await alice.getByRole("heading", { name: "My servers" }).waitFor()
  })
}
