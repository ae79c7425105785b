import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { notifier } from "../../src/features/notifications/notifier.ts"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { say as tell } from "../support/say.ts"
import { expectAccessible } from "./accessible.ts"
import { eventually, live, say } from "./room.ts"

const items = (page: Page) => page.locator("#inbox-list > li")
const item = (page: Page, text: string) => items(page).filter({ hasText: text })
const answer = (page: Page) => page.getByLabel("Reply to alice").filter({ visible: true })
const inRail = (page: Page, name: string) => page.getByRole("link", { name, exact: true })

story("the inbox is worked by keyboard and answered in place, live on all tabs", async (stage) => {
  const { cast, open, room } = stage
  await tell(stage, cast.alice, "@everyone first")
  const second = await tell(stage, cast.alice, "@everyone seconds")
  const bob = await open(cast.bob, { path: "/inbox" })
  const other = await bob.context().newPage()
  await other.goto("/inbox")
  await inRail(bob, "Inbox (2 unread, 2 for you)").waitFor()
  await item(other, "@everyone first").waitFor()

  // What is new appears; an answer stays, from when its form is open, also where its message was edited.
  await item(bob, "@everyone second").getByText("Reply", { exact: true }).click()
  expectData(
    await cast.alice.client.mutate("editMessage", { messageId: second, content: "@everyone second" }),
  )
  await tell(stage, cast.alice, "@everyone third")
  for (const page of [bob, other]) await item(page, "@everyone third").waitFor()
  await answer(bob).fill("on my way")
  await tell(stage, cast.alice, "@everyone fourth")
  for (const page of [bob, other]) await item(page, "@everyone fourth").waitFor()
  expect(await answer(bob).inputValue()).toBe("on my way")

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
  for (const key of ["j", "ArrowUp", "ArrowDown", "j", "e"]) await bob.keyboard.press(key)
  for (const page of [bob, other]) await item(page, "@everyone first").waitFor({ state: "detached" })
  await eventually(() => bob.evaluate("document.activeElement.textContent.includes('third')"), true)
  await bob.keyboard.press("z")
  for (const page of [bob, other]) await item(page, "@everyone first").waitFor()

  // What was read in its channel becomes unread again, with all that came after it.
  expectData(await cast.bob.client.mutate("markChannelRead", { channelId: room.channelId }))
  for (const page of [bob, other])
    await eventually(() => item(page, "@everyone third").getAttribute("class"), "inbox-item")
  await item(bob, "@everyone third").focus()
  await bob.keyboard.press("u")
  for (const page of [bob, other]) await inRail(page, "Inbox (2 unread, 2 for you)").waitFor()
  expect(await item(other, "@everyone first").getAttribute("class")).toBe("inbox-item")
  await eventually(() => item(other, "@everyone third").getAttribute("class"), "inbox-item unread")
})

story("everything is marked as read and undone, on all tabs; Enter opens a message", async (stage) => {
  const { cast, open } = stage
  for (const text of ["@everyone first", "@everyone third"]) await tell(stage, cast.alice, text)
  const bob = await open(cast.bob, { path: "/inbox" })
  const other = await bob.context().newPage()
  await other.goto("/inbox")
  await item(other, "@everyone third").waitFor()
  await expectAccessible(bob, "the inbox")
  await bob.setViewportSize({ width: 1280, height: 800 })

  await bob.getByRole("button", { name: "Mark everything as read" }).click()
  for (const page of [bob, other]) await page.getByText("Your inbox is empty").waitFor()
  await bob.getByRole("button", { name: "Undo" }).click()
  for (const page of [bob, other]) await item(page, "@everyone third").waitFor()
  await bob.getByLabel("Reason").selectOption("Reply")
  await bob.getByText("Nothing with these filters.").waitFor()

  // Enter opens the message, which is read there.
  await other.locator("#inbox-list > li").first().focus()
  await other.keyboard.press("Enter")
  await live(other)
  await inRail(other, "Inbox").waitFor()
})

story(
  "a mention, an answer and a followed thread come to the inbox, live in a room and in the list",
  async (stage) => {
    const { cast, open, lab, chat } = stage
    await chat.workers.get(notifier).start()
    const asked = await tell(stage, cast.bob, "where is the projector?")
    const thread = expectData(await cast.alice.client.mutate("createThread", { messageId: asked }))
    const inThread = { room: { serverId: lab.id, channelId: thread.id } }
    const [bob, list] = [await open(cast.bob), await open(cast.bob, { path: "/inbox" })]
    await live(bob)
    await list.getByText("Your inbox is empty").waitFor()

    await tell(inThread, cast.alice, "in the cupboard")
    await inRail(bob, "Inbox (1 unread, 1 for you)").waitFor()
    await tell(inThread, cast.alice, "no, under the table")
    await item(list, "no, under the table").waitFor()
    // Of a thread only the newest message waits.
    await item(list, "in the cupboard").waitFor({ state: "detached" })
    await item(list, "no, under the table").getByRole("button", { name: "Done" }).click()
    await inRail(bob, "Inbox").waitFor()

    // In the room it is read at once, and waits in the list all the same.
    await tell(stage, cast.alice, "@bob found it", { replyTo: asked })
    await item(list, "@bob found it").getByText("Mention", { exact: true }).waitFor()
    await item(list, "@bob found it").getByText("where is the projector?").waitFor()
    await inRail(bob, "Inbox").waitFor()

    await list.getByRole("link", { name: "Followed threads" }).click()
    await list.getByRole("link", { name: "where is the projector?" }).click()
    await live(list)
    await list.getByRole("button", { name: "Unfollow", exact: true }).click()
    await list.getByRole("button", { name: "Follow", exact: true }).waitFor()
    expect(expectData(await cast.bob.client.query("getFollowedThreads", {}))).toEqual([])

    // Who writes in a thread for the first time follows it, and sees that.
    const own = await tell(stage, cast.alice, "who brings chairs?")
    const { id } = expectData(await cast.alice.client.mutate("createThread", { messageId: own }))
    await list.goto(`/servers/${lab.id}/channels/${id}`)
    await live(list)
    await list.getByRole("button", { name: "Follow", exact: true }).waitFor()
    await say(list, "I do")
    await list.getByRole("button", { name: "Unfollow", exact: true }).waitFor()
  },
)

story("without JavaScript, items are done, undone and answered by forms", async (stage) => {
  const { cast, open, room, expectTrouble } = stage
  expectTrouble(/403/)
  await tell(stage, cast.alice, "@everyone dinner")
  const bob = await open(cast.bob, { path: "/inbox?state=unread", javaScriptEnabled: false })
  await item(bob, "@everyone dinner").getByRole("button", { name: "Done" }).click()
  await bob.getByText("Marked as done.").waitFor()
  expect([await items(bob).count(), bob.url().includes("state=unread&did=done")]).toEqual([0, true])
  await bob.goto("/inbox?state=done")
  await item(bob, "@everyone dinner").getByRole("button", { name: "Mark as unread" }).click()
  await bob.getByText("Marked as unread.").waitFor()
  await bob.goto("/inbox?state=unread")
  await item(bob, "@everyone dinner").getByText("Reply", { exact: true }).click()

  // What cannot be sent is kept.
  const silenced = { ...room, id: room.serverId, type: 0 as const, allow: "0", deny: "2048" }
  expectData(await cast.alice.client.mutate("setOverwrite", silenced))
  await bob.getByLabel("Reply to alice").fill("yes")
  await bob.getByRole("button", { name: "Send and mark as done" }).click()
  await bob.getByRole("alert").getByText("You do not have permission to send messages here").waitFor()
  expect(await bob.getByLabel("Reply to alice").inputValue()).toBe("yes")
})
