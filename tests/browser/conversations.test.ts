import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { type Stage, story } from "../support/browser.ts"
import { expectData, type Person } from "../support/chat.ts"
import { listen } from "../support/listen.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, eventually, live, message, say, texts } from "./room.ts"

// Talking to one person or a few: found, opened and written as any channel, live where one looks elsewhere.

for (const transport of ["ws", "sse"] as const) {
  story(`two people have a conversation, by ${transport}`, async (stage) => {
    const { cast, open, roomPath } = stage
    // Bob has a channel open on two devices.
    const path = `${roomPath}?transport=${transport}`
    const [bob, phone] = [await open(cast.bob, { path }), await open(cast.bob, { path })]
    for (const page of [bob, phone]) await live(page, transport)
    const alice = await open(cast.alice, { path })
    await live(alice, transport)

    await alice.getByRole("link", { name: "Direct messages" }).click()
    await alice.getByText("No direct messages yet").waitFor()
    await alice.getByRole("link", { name: "New message" }).click()
    const dialog = alice.getByRole("dialog")
    await dialog.getByRole("searchbox").fill("nobody like that")
    await dialog.getByText("No one by that name").waitFor()
    await dialog.getByRole("searchbox").fill("bo")
    await dialog.getByRole("checkbox", { name: "bob" }).check()
    await expectAccessible(alice, "choosing people")
    await dialog.getByRole("button", { name: "Open" }).click()
    await live(alice, transport)
    await alice.getByRole("heading", { name: "bob", level: 1 }).waitFor()
    await say(alice, "psst")

    // Shown in bob's channel on both devices. Read on one, it is read on both.
    for (const page of [bob, phone]) {
      await page.getByRole("link", { name: "Direct messages (1 unread, 1 for you)" }).waitFor()
      await eventually(() => page.title(), "(1) #general · Covenant Chat")
    }
    await bob.getByRole("link", { name: /^Direct messages/ }).click()
    await bob
      .getByRole("main")
      .getByRole("link", { name: /^alice/ })
      .click()
    await live(bob, transport)
    await message(bob, "psst").waitFor()
    await phone.getByRole("link", { name: "Direct messages", exact: true }).waitFor()
    await eventually(() => phone.title(), "#general · Covenant Chat")

    await composer(bob).pressSequentially("what")
    await alice.getByText("bob is typing…").waitFor()
    await composer(bob).press("Enter")
    for (const page of [alice, bob]) await eventually(() => texts(page), ["psst", "what"])
    await expectAccessible(bob, "a conversation")
    // Neither is an owner.
    await message(bob, "psst").hover()
    await message(bob, "psst").getByRole("link", { name: "More" }).click()
    await bob.getByRole("dialog").getByText("Mark as unread from here").waitFor()
    expect(await bob.getByRole("dialog").getByRole("link", { name: "Delete" }).count()).toBe(0)
    // The list of conversations follows a name while it is open.
    expectData(await cast.bob.client.mutate("updateProfile", { displayName: "Robert" }))
    await alice.locator("#channels.conversations .name").getByText("Robert").waitFor({ state: "attached" })
  })
}

story("everyone sees a group grow, get a name and lose a member", async (stage) => {
  const { cast, open } = stage
  const { alice, bob, mallory } = cast
  await bring(stage, mallory)
  const userIds = [bob.id, mallory.id]
  const group = expectData(await alice.client.mutate("openConversation", { userIds }))
  const path = `/servers/${group.id}/channels/${group.channelId}`
  const [hers, his] = [await open(alice, { path }), await open(bob, { path })]
  for (const page of [hers, his]) await live(page)
  await his.getByRole("heading", { name: "alice, mallory" }).waitFor()

  await hers.getByRole("link", { name: "Group" }).click()
  await hers.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Lunch")
  await hers.getByRole("dialog").getByRole("button", { name: "Rename" }).click()
  await his.getByRole("heading", { name: "Lunch" }).waitFor()
  await his
    .getByRole("navigation", { name: "Direct messages" })
    .getByRole("link", { name: "Lunch" })
    .waitFor()
  await live(hers)

  // A conversation that starts while another one is open appears in the list.
  const pair = expectData(await mallory.client.mutate("openConversation", { userIds: [bob.id] }))
  await sayFrom(mallory, pair, "just us")
  await his
    .getByRole("navigation", { name: "Direct messages" })
    .getByRole("link", { name: "mallory (1 unread, 1 for you)" })
    .waitFor()

  await hers.getByRole("link", { name: "Group" }).click()
  await hers.getByRole("dialog").getByRole("link", { name: "Leave group" }).click()
  await hers.getByRole("dialog").getByRole("button", { name: "Leave group" }).click()
  await hers.getByRole("heading", { name: "Direct messages" }).waitFor()
  await his.getByRole("complementary", { name: "Members" }).getByText("alice").waitFor({ state: "detached" })
  await sayFrom(bob, group, "she is gone")
  expect((await alice.client.query("getMessages", { channelId: group.channelId })).error?.code).toBe(403)
})

story("messages of a blocked user are folded and not counted", async (stage) => {
  const { cast, open } = stage
  const [bob, tablet] = [await open(cast.bob), await open(cast.bob)]
  for (const page of [bob, tablet]) await live(page)
  const alice = await open(cast.alice)
  await live(alice)
  await say(alice, "something unkind")
  await message(bob, "something unkind").getByText("something unkind").waitFor()

  await bob.getByRole("complementary", { name: "Members" }).getByRole("link", { name: "alice" }).click()
  await bob.getByRole("dialog").getByRole("button", { name: "Block" }).click()
  await bob.getByRole("dialog").getByRole("button", { name: "Unblock" }).waitFor()
  await bob.getByRole("dialog").getByRole("button", { name: "Close" }).click()
  const folded = (page: Page) => page.locator("#messages .message").first().locator(".content")
  for (const page of [bob, tablet]) await folded(page).waitFor({ state: "hidden" })
  await expectAccessible(bob, "a folded message")
  // They can be shown.
  await bob.locator("#messages .message").first().click()
  await folded(bob).waitFor()

  // The earlier announcement stays.
  await eventually(() => bob.locator("#announcer").textContent(), "")
  await bob.evaluate(`
    globalThis.announced = []
    const region = document.querySelector("#announcer")
    new MutationObserver(() => region.textContent && announced.push(region.textContent)).observe(region, { childList: true })`)
  await composer(alice).pressSequentially("still here")
  await composer(alice).press("Enter")
  await message(bob, "still here").waitFor({ state: "attached" })
  expect(await bob.getByText("alice is typing…").isVisible()).toBe(false)
  // The next message is announced, without hers.
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: stage.lab.id }))
  expectData(await cast.mallory.client.mutate("joinServer", { code }))
  await (await listen(cast.mallory, stage.room)).send("hello")
  await eventually(() => bob.evaluate("announced"), ["mallory: hello"])
  // She cannot tell.
  await message(alice, "still here").getByText("still here").waitFor()

  await bob.goto("/account/blocked")
  await expectAccessible(bob, "blocked people")
  await bob.getByRole("button", { name: "Unblock alice" }).click()
  await bob.getByText("No blocked people.").waitFor()
  await folded(tablet).waitFor()
})

story("without JavaScript people are found, messaged and blocked", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(/40[03]/)
  const bob = await open(cast.bob, { path: "/conversations", javaScriptEnabled: false })
  await bob.getByRole("link", { name: "New message" }).click()
  await bob.getByRole("button", { name: "Open" }).click()
  await bob.getByRole("alert").getByText("Choose someone").waitFor()
  await bob.getByRole("searchbox").fill("ali")
  await bob.getByRole("button", { name: "Search" }).click()
  await bob.getByRole("checkbox", { name: "alice" }).check()
  await bob.getByRole("button", { name: "Open" }).click()
  const frame = bob.frameLocator("[name=composer]")
  await frame.getByRole("textbox", { name: "Message" }).fill("by hand")
  await frame.getByRole("button", { name: "Send" }).click()
  await message(bob.frameLocator("[name=log]"), "by hand").waitFor()

  const alice = await open(cast.alice, { path: "/", javaScriptEnabled: false })
  await alice.getByRole("link", { name: "Direct messages (1 unread, 1 for you)" }).click()
  await alice.getByRole("main").getByRole("link", { name: /^bob/ }).click()
  await message(alice.frameLocator("[name=log]"), "by hand").waitFor()
  await alice.getByRole("button", { name: "Mark as read" }).click()
  await alice.getByRole("link", { name: "Direct messages", exact: true }).first().waitFor()
  await alice.getByRole("link", { name: "bob" }).last().click()
  await alice.getByRole("button", { name: "Block" }).click()
  await alice.getByRole("button", { name: "Unblock" }).waitFor()

  await frame.getByRole("textbox", { name: "Message" }).fill("more")
  await frame.getByRole("button", { name: "Send" }).click()
  await frame.getByText("You cannot write to this person").waitFor()
  expect(await frame.getByRole("textbox", { name: "Message" }).inputValue()).toBe("more")
})

/** Adds somebody to alice's server. */
async function bring({ cast, lab }: Stage, { client }: Person): Promise<void> {
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  expectData(await client.mutate("joinServer", { code }))
}

/** Sends a message without a browser. */
async function sayFrom(
  { client }: Person,
  { id, channelId }: { id: string; channelId: string },
  content: string,
) {
  const place = { serverId: id, channelId }
  const { token } = await client.connect("chat", place, {})
  await client.send("chat", place, token ?? "", { content })
}
