import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { picture } from "../support/pictures.ts"
import { expectAccessible } from "./accessible.ts"
import { meet, member, message, say } from "./room.ts"

/** The messages from the top, and whether their elements are still those that were marked. */
const logOf = (page: Page) =>
  page.evaluate<[id: string, seq: string, isMarked: boolean][]>(
    "[...document.querySelectorAll('#messages > article')].map((one) => [one.id, one.dataset.seq, 'isMarked' in one])",
  )

story("a new name, picture and status are seen at once, and no message moves", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  for (const text of ["one", "two"]) {
    await say(bob, text)
    await message(alice, text).waitFor()
  }
  await say(alice, "good morning @bob, how are you")
  // It is stored, and not only waiting to be sent.
  await message(alice, "good morning").and(alice.locator("[data-position]")).waitFor()
  await alice.evaluate(
    "document.querySelectorAll('#messages > article').forEach((one) => { one.isMarked = true })",
  )
  const before = await logOf(alice)

  const profile = await bob.context().newPage()
  await profile.goto(new URL("/account/profile", bob.url()).href)
  await expectAccessible(profile, "the page of one's profile")
  await profile.getByLabel("Display name").fill("Bob the Builder")
  await profile.getByRole("button", { name: "Save profile" }).click()
  await profile.getByRole("status").getByText("Profile saved.").waitFor()

  await message(alice, "one").locator(".author").getByText("Bob the Builder").waitFor()
  await message(alice, "good morning").getByRole("link", { name: "@Bob the Builder" }).waitFor()
  await member(alice, "Bob the Builder").waitFor()
  expect(await message(alice, "one").locator(".author").getAttribute("title")).toBe("@bob")
  await bob.locator(".me-name").getByText("Bob the Builder").waitFor()

  const file = { name: "me.png", mimeType: "image/png", buffer: await picture("png", 300, 200) }
  await profile.getByLabel("Choose a picture").setInputFiles(file)
  await profile.getByRole("button", { name: "Upload picture" }).click()
  await profile.getByRole("status").getByText("Picture saved.").waitFor()
  await message(alice, "one").locator(".avatar img").waitFor()
  await member(alice, "Bob the Builder").locator(".avatar img").waitFor()

  await profile.getByLabel("What are you doing?").fill("building")
  await profile.getByLabel("Until").selectOption("1 hour")
  await profile.getByRole("button", { name: "Set status" }).click()
  await member(alice, "building").waitFor()
  await profile.getByText("Invisible").click()
  await profile.getByRole("button", { name: "Save presence" }).click()
  await member(alice, "Bob the Builder").locator('[data-status="offline"]').waitFor()

  expect(await logOf(alice)).toEqual(before)
  await alice.reload()
  await message(alice, "good morning").getByRole("link", { name: "@Bob the Builder" }).waitFor()
  await message(alice, "two").locator(".author").getByText("Bob the Builder").waitFor({ state: "attached" })
})

story("a card opens, is noted on and is closed by keyboard", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  expectData(await cast.bob.client.mutate("updateProfile", { bio: "Builds", pronouns: "he/him" }))
  const name = member(alice, "bob").getByRole("link", { name: "bob", exact: true })
  const card = alice.getByRole("dialog", { name: "bob" })

  await name.focus()
  await alice.keyboard.press("Enter")

  await card.getByText("he/him").waitFor()
  await card.getByRole("link", { name: "Lab" }).waitFor()
  await expectAccessible(alice, "a card")
  await alice.setViewportSize({ width: 1280, height: 800 })
  await card.getByLabel("Note").fill("Lent me a ladder")
  await alice.keyboard.press("Tab")
  await alice.keyboard.press("Enter")
  await card.getByRole("status").getByText("Note saved.").waitFor()
  await alice.keyboard.press("Escape")
  await card.waitFor({ state: "hidden" })
  expect(await alice.evaluate("document.activeElement.textContent")).toContain("bob")

  await alice.keyboard.press("Enter")
  expect(await card.getByLabel("Note").inputValue()).toBe("Lent me a ladder")
  await card.getByRole("link", { name: "Moderate" }).waitFor()
  await card.getByRole("button", { name: "Message" }).click()
  await alice.getByRole("heading", { name: "bob", level: 1 }).waitFor()
})

story("a card and the own profile work without JavaScript", async ({ cast, lab, open }) => {
  const path = `/users/${cast.bob.id}?server=${lab.id}`
  const alice = await open(cast.alice, { path, javaScriptEnabled: false })

  await alice.getByLabel("Note").fill("Lent me a ladder")
  await alice.getByRole("button", { name: "Save note" }).click()
  await alice.getByRole("heading", { name: "bob" }).waitFor()
  expect(await alice.getByLabel("Note").inputValue()).toBe("Lent me a ladder")

  await alice.goto(new URL("/account/profile", alice.url()).href)
  await alice.getByLabel("Display name").fill("x".repeat(10))
  await alice.getByRole("button", { name: "Save profile" }).click()
  await alice.getByText("Profile saved.").waitFor()
  await alice.getByLabel("What are you doing?").fill("reading")
  await alice.getByRole("button", { name: "Set status" }).click()
  await alice.getByRole("button", { name: "Clear status" }).click()
  await alice.getByText("Status saved.").waitFor()
  expect(await alice.getByLabel("What are you doing?").inputValue()).toBe("")
})
