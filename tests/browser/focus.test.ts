import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { channels } from "../../drizzle/schema.ts"
import { type Stage, story } from "../support/browser.ts"
import { appear, expectData } from "../support/chat.ts"
import { composer, eventually, live, message, say } from "./room.ts"

// Updates of a page do not disturb its user: focus, selection, draft and scroll position stay.

const focused = (page: Page) => page.locator(":focus")
const label = (page: Page) => focused(page).evaluate((element) => element.textContent?.trim())

story("live changes leave focus and selection alone", async (stage) => {
  const { cast, open, database } = stage
  const topics = Array.from({ length: 60 }, (_, at) => ({
    id: crypto.randomUUID(),
    serverId: stage.lab.id,
    name: `topic-${at}`,
    createdAt: new Date(Date.now() + at),
  }))
  await database.commits.decide((tx) => tx.insert(channels).values(topics))
  const alice = await open(cast.alice)
  const bob = await open(cast.bob)
  await Promise.all([live(alice), live(bob)])
  await say(bob, "first")
  await message(alice, "first").waitFor()

  // In the composer, with a selection.
  await composer(alice).fill("half a thought")
  await alice.evaluate("document.activeElement.setSelectionRange(5, 6)")
  await everythingComes(stage, alice, bob, "one")
  expect(await focused(alice).getAttribute("name")).toBe("content")
  const selected = "(({ value, selectionStart, selectionEnd }) => [value, selectionStart, selectionEnd])"
  expect(await alice.evaluate(`${selected}(document.activeElement)`)).toEqual(["half a thought", 5, 6])

  // On a message that is edited.
  await alice.keyboard.press("Shift+F6")
  // The first key loads the shortcuts, and is repeated then.
  await alice.locator("#messages .message:focus").waitFor()
  await alice.keyboard.press("Home")
  const id = await focused(alice).getAttribute("id")
  await everythingComes(stage, alice, bob, "two")
  expect(await focused(alice).getAttribute("id")).toBe(id)
  await alice.keyboard.press("Tab")
  const within = await label(alice)
  await everythingComes(stage, alice, bob, "three")
  expect(await label(alice)).toBe(within)

  // In the scrolled list of channels, and in the list of members, where somebody is inserted before the focused one.
  const topic = alice.getByRole("link", { name: "topic-50", exact: true })
  await topic.focus()
  const top = () => alice.locator("#channels .channel-list").evaluate((list) => list.scrollTop)
  const before = await top()
  expect(before).toBeGreaterThan(0)
  await everythingComes(stage, alice, bob, "four")
  expect(await label(alice)).toContain("topic-50")
  expect(await top()).toBe(before)
  await alice.locator("#members").getByRole("link", { name: "bob", exact: true }).focus()
  await everythingComes(stage, alice, bob, "five")
  expect(await label(alice)).toBe("bob")

  // In a dialog.
  await composer(alice).press("ControlOrMeta+k")
  await alice.keyboard.type("half")
  await everythingComes(stage, alice, bob, "six")
  expect(await focused(alice).inputValue()).toBe("half")
  await alice.keyboard.press("Escape")
  expect(await composer(alice).inputValue()).toBe("half a thought")
})

/** Makes every kind of live change and waits until alice sees all of them. */
async function everythingComes({ cast, chat, lab }: Stage, alice: Page, bob: Page, word: string) {
  await say(bob, `message ${word}`)
  const first = await alice.locator("#messages > .message").first().getAttribute("id")
  const messageId = first?.replace("message-", "") ?? ""
  expectData(await cast.bob.client.mutate("editMessage", { messageId, content: `first ${word}` }))
  expectData(await cast.bob.client.mutate("addReaction", { messageId, emoji: "👍" }))
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: `channel ${word}` }))
  const invite = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const person = await appear(chat, `a-${word}`)
  expectData(await person.client.mutate("joinServer", { code: invite.code }))

  const holds = (selector: string, text: string) =>
    eventually(() => alice.locator(selector).filter({ hasText: text }).count(), 1)
  await holds("#messages > .message", `message ${word}`)
  await holds("#messages > .message", `first ${word}`)
  await holds("#channels a", `channel ${word}`)
  await holds("#members .member", `a-${word}`)
}
