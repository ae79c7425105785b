import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, live, message, say } from "./room.ts"

// Two people: a moderator, and the member whom it is about.

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
  await dialog.getByLabel("Delete their messages").selectOption("Of the last hour")
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
