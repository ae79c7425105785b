import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, composer, eventually, live, message, say } from "./room.ts"

// Two people: a moderator, and the member whom it is about.

/** From now on the promise `closed` resolves when the composer is closed. */
const noteClosing = `{
  globalThis.closed = new Promise((resolve) => {
    new MutationObserver(() => document.getElementById("composer-closed") && resolve(null))
      .observe(document.getElementById("composer-state"), { childList: true })
  })
  null
}`

story("a ban with deletion can be undone, and slow mode counts down", async ({ cast, open, ...site }) => {
  const { roomPath, general, expectTrouble } = site
  expectTrouble(/WebSocket|403/)
  const [alice, bob] = [await open(cast.alice, { path: roomPath }), await open(cast.bob, { path: roomPath })]
  for (const page of [alice, bob]) await live(page, "ws")
  const dialog = alice.getByRole("dialog")

  await say(bob, "buy my tea")
  await choose(alice, "buy my tea", "Moderate author")
  await expectAccessible(alice, "what a moderator may do")
  await dialog.getByRole("link", { name: "Ban" }).click()
  await dialog.getByLabel("Delete their messages").selectOption("Last hour")
  await dialog.getByLabel("Reason").fill("Advertising")
  await dialog.getByRole("button", { name: "Ban" }).click()
  await dialog.getByRole("status").getByText("Banned a person").waitFor()
  await message(alice, "buy my tea").waitFor({ state: "detached" })
  await dialog.getByRole("button", { name: "Undo" }).click()
  await dialog.getByText("Everything is as it was").waitFor()
  await message(alice, "buy my tea").waitFor()
  expect(await message(alice, "buy my tea").count()).toBe(1)

  expectData(await cast.alice.client.mutate("setSlowMode", { channelId: general.id, seconds: 60 }))
  await bob.goto(roomPath)
  await live(bob, "ws")
  await bob.getByText("Slow mode is on: wait 60 seconds between two messages").waitFor()
  await say(bob, "one")
  await bob.getByRole("textbox", { name: "Message" }).fill("two")
  await bob.keyboard.press("Enter")
  await bob.getByText(/Your message is sent in \d+ s/).waitFor()
  expect(await bob.locator(".message.pending").getByText("two").count()).toBe(1)
  expect(await message(alice, "two").count()).toBe(0)
})

story("a timeout, a lock and slow mode show at once where one writes", async ({ cast, open, ...site }) => {
  const { roomPath, general, lab, expectTrouble } = site
  expectTrouble(/WebSocket|403/)
  const { client } = cast.alice
  const ids = { serverId: lab.id, userId: cast.bob.id }
  const channelId = general.id
  for (const transport of ["ws", "sse"] as const) {
    const bob = await open(cast.bob, { path: `${roomPath}${transport === "sse" ? "?transport=sse" : ""}` })
    await live(bob, transport)
    const [box, send] = [composer(bob), bob.getByRole("button", { name: "Send" })]
    await box.fill("a draft")
    const isClosed = async () => [await box.getAttribute("readonly"), await send.isDisabled()]

    expectData(await client.mutate("timeOutMember", { ...ids, seconds: 3600 }))
    await bob.getByText("You are timed out: until it ends you can only read. Ends").waitFor()
    await bob.getByText(/\(59:\d\d left\)/).waitFor()
    expect(await isClosed()).toEqual(["", true])
    await box.press("Enter")
    expect(await box.inputValue()).toBe("a draft")
    await expectAccessible(bob, "a closed composer")
    expectData(await client.mutate("endTimeout", ids))
    await bob.getByText("You are timed out").waitFor({ state: "detached" })
    await eventually(isClosed, [null, false])

    expectData(await client.mutate("lockChannel", { channelId }))
    await bob.getByText("This channel is locked").waitFor()
    expect(await isClosed()).toEqual(["", true])
    expectData(await client.mutate("unlockChannel", { channelId }))
    await bob.getByText("This channel is locked").waitFor({ state: "detached" })
    await eventually(isClosed, [null, false])

    expectData(await client.mutate("setSlowMode", { channelId, seconds: 60 }))
    await bob.getByText("Slow mode is on: wait 60 seconds between two messages").waitFor()
    expectData(await client.mutate("setSlowMode", { channelId, seconds: 0 }))
    await bob.getByText("Slow mode is on").waitFor({ state: "detached" })

    // It ends by itself, also where nobody says so. Noted in the page, because it is there for two seconds only.
    await bob.evaluate(noteClosing)
    expectData(await client.mutate("timeOutMember", { ...ids, seconds: 2 }))
    const endsBy = Date.now() + 2000
    await bob.evaluate("closed")
    // An answer that was asked for before the timeout may open it for a moment.
    await eventually(async () => [...(await isClosed()), Date.now() > endsBy], [null, false, true])
    await bob.context().close()
  }
  expectData(await client.mutate("archiveChannel", { channelId }))
  const late = await open(cast.bob, { path: roomPath })
  await late.getByText("This channel is archived").waitFor()
  expect(await composer(late).getAttribute("readonly")).toBe("")
})

story("moderators see new reports at once, and members do not", async ({ cast, open, ...site }) => {
  const { roomPath, lab } = site
  const [alice, bob] = [await open(cast.alice, { path: roomPath }), await open(cast.bob, { path: roomPath })]
  for (const page of [alice, bob]) await live(page, "ws")
  await say(alice, "a heated word")
  await message(bob, "a heated word").waitFor()
  const messageId = (await message(bob, "a heated word").getAttribute("id"))?.replace("message-", "") ?? ""

  expectData(await cast.bob.client.mutate("reportMessage", { messageId, reason: "Heated" }))

  const badge = alice.getByRole("link", { name: "Reports 1 open" })
  await badge.waitFor()
  await expectAccessible(alice, "a badge of reports")
  const [report] = expectData(await cast.alice.client.query("getReports", { serverId: lab.id }))
  expectData(await cast.alice.client.mutate("claimReport", { reportId: report?.id ?? "" }))
  await badge.waitFor({ state: "detached" })
  await bob.reload()
  await live(bob, "ws")
  expect(await bob.getByRole("link", { name: /Reports/ }).count()).toBe(0)
})
