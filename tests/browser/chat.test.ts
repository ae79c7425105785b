import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { choose, composer, eventually, meet, message, say, texts, tools, typeUntil } from "./room.ts"

story("both read every message once and in order", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  await say(alice, "hello bob")
  await message(bob, "hello bob").waitFor()
  await say(bob, "hi alice")
  await message(alice, "hi alice").waitFor()
  for (const text of ["how", "are", "you?"]) await say(alice, text)

  const said = ["hello bob", "hi alice", "how", "are", "you?"]
  await eventually(() => texts(bob), said)
  await eventually(() => texts(alice), said)
  // The stored message replaced the pending one.
  await eventually(() => alice.getByText("sending").count(), 0)
  expect(await texts(alice)).toEqual(said)
})

story("typing is shown to the other until the message arrives", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  await composer(alice).pressSequentially("hm")
  await bob.getByText("alice is typing…").waitFor({ timeout: 1000 })
  // Alice's page got the event too, and hides it.
  await alice.getByText("alice is typing…").waitFor({ state: "attached" })
  expect(await alice.getByText("alice is typing…").isVisible()).toBe(false)

  await composer(alice).press("Enter")

  await message(bob, "hm").waitFor()
  // Before the typing event expires.
  await bob.getByText("alice is typing…").waitFor({ state: "detached", timeout: 4000 })
  await typeUntil(alice, bob.getByText("alice is typing…"))
})

story("both see an edited message, marked as edited", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await say(alice, "good mroning")
  await message(bob, "good mroning").waitFor()

  const dialog = await choose(alice, "good mroning", "Edit")
  expect(await dialog.getByRole("textbox", { name: "Message" }).inputValue()).toBe("good mroning")
  await dialog.getByRole("textbox", { name: "Message" }).fill("good morning")
  await dialog.getByRole("button", { name: "Save" }).click()

  for (const page of [alice, bob]) {
    await message(page, "good morning").getByText("edited").waitFor()
    expect(await texts(page)).toEqual(["good morning"])
  }
  await dialog.waitFor({ state: "hidden" })
})

story("both see that a message was deleted", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  for (const text of ["one", "a secret", "three"]) await say(alice, text)
  await message(bob, "three").waitFor()

  const dialog = await choose(alice, "a secret", "Delete")
  await dialog.getByRole("button", { name: "Cancel" }).click()
  await dialog.waitFor({ state: "hidden" })
  expect(await texts(bob)).toEqual(["one", "a secret", "three"])

  await choose(alice, "a secret", "Delete")
  await dialog.getByRole("button", { name: "Delete" }).click()

  for (const page of [alice, bob]) {
    await eventually(() => texts(page), ["one", "Message deleted", "three"])
    expect(await page.getByRole("log").innerHTML()).not.toContain("a secret")
    await eventually(() => tools(page, "Message deleted"), [])
  }
})

story("the owner can delete other people's messages but not edit them", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await say(alice, "by alice")
  await say(bob, "by bob")

  const changing = async (...seen: Parameters<typeof tools>) =>
    (await tools(...seen)).filter((tool) => /^(Edit|Delete)$/.test(tool))
  await message(alice, "by bob").waitFor()
  await message(bob, "by alice").waitFor()
  expect(await changing(alice, "by alice")).toEqual(["Edit", "Delete"])
  expect(await changing(alice, "by bob")).toEqual(["Delete"])
  expect(await changing(bob, "by bob")).toEqual(["Edit", "Delete"])
  expect(await changing(bob, "by alice")).toEqual([])
  const dialog = await choose(alice, "by bob", "Delete")
  await dialog.getByRole("button", { name: "Delete" }).click()

  await eventually(() => texts(bob), ["by alice", "Message deleted"])
})
