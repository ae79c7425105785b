import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { say as tell } from "../support/say.ts"
import { expectAccessible } from "./accessible.ts"
import { eventually, live } from "./room.ts"

const items = (page: Page) => page.locator("#inbox-list > li")
const item = (page: Page, text: string) => items(page).filter({ hasText: text })
const answer = (page: Page) => page.getByLabel("Reply to alice").filter({ visible: true })
const inRail = (page: Page, name: string) => page.getByRole("link", { name, exact: true })

story("the inbox is worked by keyboard and answered in place, live on all tabs", async (stage) => {
  const { cast, open, room } = stage
  for (const text of ["@everyone first", "@everyone second"]) await tell(stage, cast.alice, text)
  const bob = await open(cast.bob, { path: "/inbox" })
  const other = await bob.context().newPage()
  await other.goto("/inbox")
  await inRail(bob, "Inbox (2 unread, 2 for you)").waitFor()
  await item(other, "@everyone first").waitFor()

  // What is new appears, and what is being written stays.
  await item(bob, "@everyone second").getByText("Reply", { exact: true }).click()
  await answer(bob).fill("on my way")
  await tell(stage, cast.alice, "@everyone third")
  for (const page of [bob, other]) await item(page, "@everyone third").waitFor()
  expect(await answer(bob).inputValue()).toBe("on my way")
  await expectAccessible(bob, "the inbox")
  await bob.setViewportSize({ width: 1280, height: 800 })

  // The answer is sent, and the item is done on both tabs.
  await bob.getByRole("button", { name: "Send and mark as done" }).filter({ visible: true }).click()
  await bob.getByText("Sent, and marked as done.").waitFor()
  for (const page of [bob, other]) await item(page, "@everyone second").waitFor({ state: "detached" })
  const said = expectData(await cast.alice.client.query("getMessages", { channelId: room.channelId }))
  expect(said.map(({ content, extras }) => [content, extras?.replyTo?.excerpt]).at(-1)).toEqual([
    "on my way",
    "@everyone second",
  ])

  // By keyboard.
  await items(bob).first().focus()
  for (const key of ["j", "ArrowUp", "ArrowDown", "e"]) await bob.keyboard.press(key)
  for (const page of [bob, other]) await item(page, "@everyone first").waitFor({ state: "detached" })
  await eventually(() => bob.evaluate("document.activeElement.textContent.includes('third')"), true)
  await bob.keyboard.press("u")
  for (const page of [bob, other]) await item(page, "@everyone first").waitFor()

  // Everything, with undo.
  await bob.getByRole("button", { name: "Mark everything as read" }).click()
  for (const page of [bob, other]) await page.getByText("Nothing waits for you").waitFor()
  await bob.getByRole("button", { name: "Undo" }).click()
  for (const page of [bob, other]) await item(page, "@everyone third").waitFor()
  await bob.getByLabel("Reason").selectOption("Reply")
  await bob.getByText("Nothing here fits the filters.").waitFor()

  // Enter opens the message, which is read there.
  await other.locator("#inbox-list > li").first().focus()
  await other.keyboard.press("Enter")
  await live(other)
  await inRail(other, "Inbox").waitFor()
})

story("without JavaScript, items are done, undone and answered by forms", async (stage) => {
  const { cast, open, room, expectTrouble } = stage
  expectTrouble(/403/)
  await tell(stage, cast.alice, "@everyone dinner")
  const bob = await open(cast.bob, { path: "/inbox?state=unread", javaScriptEnabled: false })
  await item(bob, "@everyone dinner").getByRole("button", { name: "Done" }).click()
  await bob.getByText("Marked as done.").waitFor()
  expect([await items(bob).count(), bob.url().includes("state=unread&did=done")]).toEqual([0, true])
  await bob.getByRole("button", { name: "Undo" }).click()
  await item(bob, "@everyone dinner").getByText("Reply", { exact: true }).click()

  // What cannot be sent is kept.
  const silenced = { ...room, id: room.serverId, type: 0 as const, allow: "0", deny: "2048" }
  expectData(await cast.alice.client.mutate("setOverwrite", silenced))
  await bob.getByLabel("Reply to alice").fill("yes")
  await bob.getByRole("button", { name: "Send and mark as done" }).click()
  await bob.getByRole("alert").getByText("You do not have permission to send messages here").waitFor()
  expect(await bob.getByLabel("Reply to alice").inputValue()).toBe("yes")
})
