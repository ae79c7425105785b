import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { mentions } from "../../drizzle/schema.ts"
import type { MessageHooks } from "../../src/features/messages/hooks.ts"
import { type Stage, story } from "../support/browser.ts"
import { expectData, type Person } from "../support/chat.ts"
import { eventually, live, message, say } from "./room.ts"

// What is unread: on the links, in the title and on the icon, live and afresh, on every device of its reader.

for (const transport of ["ws", "sse"] as const) {
  story(`unread messages elsewhere are counted at links, by ${transport}`, async (stage) => {
    const { cast, lab, open, roomPath } = stage
    const den = await makeServer(stage, "Den", cast.bob)
    const random = await makeChannel(stage, lab.id, "random")
    const path = `${roomPath}?transport=${transport}`
    // Two devices of bob.
    const [one, other] = [await open(cast.bob, { path }), await open(cast.bob, { path })]
    for (const page of [one, other]) await live(page, transport)
    const title = (page: Page) => page.title()
    expect(await title(one)).toBe("#general · Covenant Chat")

    await writeIn(stage, random, "one", "two")
    await writeIn(stage, den, "three")
    for (const page of [one, other]) {
      await page.getByRole("link", { name: "random (2 unread)", exact: true }).waitFor()
      await page.getByRole("link", { name: "Den (1 unread)", exact: true }).waitFor()
      await eventually(() => title(page), "• #general · Covenant Chat")
    }
    await mention(stage, random, "hey @bob", cast.bob)
    for (const page of [one, other]) {
      await page.getByRole("link", { name: "random (3 unread, 1 for you)", exact: true }).waitFor()
      await eventually(() => title(page), "(1) #general · Covenant Chat")
      await eventually(() => iconOf(page), "icon-mentions.svg")
    }
    // The same after a reload.
    await other.reload()
    await live(other, transport)
    expect(await title(other)).toBe("(1) #general · Covenant Chat")
    await other.getByRole("link", { name: "random (3 unread, 1 for you)", exact: true }).waitFor()

    // Read on one, read on both.
    await one.getByRole("link", { name: /^random/ }).click()
    await live(one, transport)
    await message(one, "hey @bob").waitFor()
    await other.getByRole("link", { name: "random", exact: true }).waitFor()
    await eventually(() => title(other), "• #general · Covenant Chat")
    await other.getByRole("link", { name: "Den (1 unread)", exact: true }).waitFor()
    await one.getByRole("link", { name: /^Den/ }).click()
    await live(one, transport)
    await eventually(() => title(other), "#general · Covenant Chat")
    await eventually(() => iconOf(other), "icon.svg")
  })
}

story("own messages and visible ones are not unread", async (stage) => {
  const { cast, lab, open, chat } = stage
  const random = await makeChannel(stage, lab.id, "random")
  const bob = await open(cast.bob)
  await live(bob)
  const alice = await open(cast.alice)
  await live(alice)

  await say(bob, "hello")
  await message(alice, "hello").waitFor()
  await say(alice, "hi")
  await message(bob, "hi").waitFor()
  await writeIn(stage, random, "elsewhere")

  await bob.getByRole("link", { name: "random (1 unread)" }).waitFor()
  expect(await alice.getByRole("link", { name: "random", exact: true }).count()).toBe(1)
  await eventually(() => bob.title(), "• #general · Covenant Chat")
  await bob.getByRole("button", { name: "Mark all as read" }).click()
  await bob.getByRole("link", { name: "random", exact: true }).waitFor()
  await eventually(async () => expectData(await cast.bob.client.query("getUnread", null)), [])
  await eventually(() => bob.title(), "#general · Covenant Chat")
  expect(chat.presence.of(cast.bob.id)).toBe("online")
})

story("the divider of unread messages stays until one leaves, and can be set again", async (stage) => {
  const { cast, open, write, room } = stage
  await write(cast.alice, "old", 3)
  expectData(await cast.bob.client.mutate("markChannelRead", { channelId: room.channelId }))
  await write(cast.alice, "new", 80)
  const bob = await open(cast.bob)
  await live(bob)
  const bar = bob.locator("#new-bar")
  const unread = async () => expectData(await cast.bob.client.query("getUnread", null))[0]?.unread ?? 0

  await bar.getByText("80 new messages").waitFor()
  await eventually(unread, 0)
  // Still shown when it was read, and when more arrives.
  await bar.getByRole("link", { name: "Jump to first unread" }).click()
  await live(bob)
  await message(bob, "new 1").first().waitFor()
  await eventually(() => afterMark(bob), "new 1")
  await bar.waitFor({ state: "hidden" })

  // Back at the live end: everything is read, so there is no divider.
  await bob.goto(stage.roomPath)
  await live(bob)
  expect(await bob.locator("#messages .new-divider").count()).toBe(0)
  await message(bob, "new 79").hover()
  await message(bob, "new 79").getByRole("link", { name: "More" }).click()
  await bob.getByRole("button", { name: "Mark as unread from here" }).click()
  await eventually(() => afterMark(bob), "new 79")
  // The log scrolls, not the room: the header and the bar stay.
  expect(await bob.locator("#room").evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0)
  await eventually(unread, 2)
  // It stays unread while the room is open.
  await write(cast.alice, "newer", 1)
  await say(bob, "my answer")
  await message(bob, "my answer").waitFor()
  await eventually(unread, 0)
  expect(await afterMark(bob)).toBe("new 79")
  await bob.reload()
  await live(bob)
  expect(await bob.locator("#messages .new-divider").count()).toBe(0)
})

/** The first message after the divider. */
async function afterMark(page: Page): Promise<string | undefined> {
  const texts = await page.locator("#messages .new-divider + .message .content").allInnerTexts()
  return texts[0]?.trim()
}

/** Creates a channel in a server of alice. */
async function makeChannel({ cast }: Stage, serverId: string, name: string) {
  const { id } = expectData(await cast.alice.client.mutate("createChannel", { serverId, name }))
  return { serverId, channelId: id }
}

/** Creates a server of alice with a channel and another member. */
async function makeServer(stage: Stage, name: string, member: Person) {
  const { client } = stage.cast.alice
  const { id: serverId } = expectData(await client.mutate("createServer", { name }))
  const place = await makeChannel(stage, serverId, "lounge")
  const { code } = expectData(await client.mutate("createInvite", { serverId }))
  expectData(await member.client.mutate("joinServer", { code }))
  return place
}

/** Sends a message as alice without a browser. */
async function writeIn({ cast }: Stage, place: { serverId: string; channelId: string }, ...said: string[]) {
  const { client } = cast.alice
  const { token } = await client.connect("chat", place, {})
  const ids = said.map(() => crypto.randomUUID())
  for (const [at, content] of said.entries())
    await client.send("chat", place, token ?? "", { content, id: ids[at] })
  return ids
}

/** Alice mentions someone. */
async function mention(
  stage: Stage,
  place: { serverId: string; channelId: string },
  content: string,
  { id: userId, username }: Person,
) {
  const remember = { channelId: place.channelId, userId }
  const hooks: MessageHooks[] = stage.chat.messageHooks
  hooks.unshift({
    beforeCreate: () => ({ mentions: [{ userId, username }] }),
    afterCreate: async ({ tx }, { id: messageId, position }) => {
      await tx
        .insert(mentions)
        .values({ ...remember, messageId, position })
        .onConflictDoNothing()
        .run()
    },
  })
  await writeIn(stage, place, content)
  hooks.shift()
}

function iconOf(page: Page): Promise<string | undefined> {
  return page.evaluate(`document.querySelector('link[rel="icon"]').href.split("/").at(-1)`)
}
