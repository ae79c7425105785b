import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { choose, composer, eventually, meet, message, say, texts } from "./room.ts"

const off = { javaScriptEnabled: false }

/** The room's two iframes. */
const logOf = (page: Page) => page.frameLocator("iframe[title='Messages']")
const composerOf = (page: Page) => page.frameLocator("iframe[title='Write a message']")

story("without JavaScript the log is live beside an unfinished draft", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  await say(alice, "before")
  const bob = await open(cast.bob, off)
  await message(logOf(bob), "before").waitFor()
  await composer(composerOf(bob)).fill("half a thou")

  for (const text of ["one", "two", "three"]) await say(alice, text)
  await message(logOf(bob), "three").waitFor()
  expect(await texts(logOf(bob))).toEqual(["before", "one", "two", "three"])

  await choose(alice, "one", "Edit")
  await alice.getByRole("dialog").getByRole("textbox", { name: "Message" }).fill("uno")
  await alice.getByRole("button", { name: "Save" }).click()
  await eventually(() => texts(logOf(bob)), ["before", "uno", "two", "three"])
  await choose(alice, "two", "Delete")
  await alice.getByRole("dialog").getByRole("button", { name: "Delete" }).click()
  await eventually(() => texts(logOf(bob)), ["before", "uno", "Message deleted", "three"])

  expect(await composer(composerOf(bob)).inputValue()).toBe("half a thou")
})

story("a browser without document patching shows edited messages at the end", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  const bob = await open(cast.bob, { ...off, flag: "--disable-blink-features=DocumentPatching" })
  for (const text of ["one", "two"]) await say(alice, text)
  await message(logOf(bob), "two").waitFor()

  for (const [before, after] of [
    ["one", "uno"],
    ["uno", "eins"],
  ] as const) {
    const dialog = await choose(alice, before, "Edit")
    await dialog.getByRole("textbox", { name: "Message" }).fill(after)
    await dialog.getByRole("button", { name: "Save" }).click()
    await eventually(() => texts(logOf(bob)), ["two", after])
    await dialog.waitFor({ state: "hidden" })
  }
})

story(
  "without JavaScript a sent message appears, and an error keeps the draft",
  async ({ cast, open, expectTrouble }) => {
    expectTrouble(/429/)
    const [alice] = await meet(open, cast.alice)
    const bob = await open(cast.bob, off)
    const [log, form] = [logOf(bob), composerOf(bob)]
    const send = form.getByRole("button", { name: "Send" })

    for (const text of ["one", "two"]) {
      await composer(form).fill(text)
      await send.click()
      await message(log, text).waitFor()
      await eventually(() => composer(form).inputValue(), "")
    }
    await composer(form).fill("too fast")
    await send.click()
    await form.getByRole("alert").getByText("too fast").waitFor()

    expect(await composer(form).inputValue()).toBe("too fast")
    expect(await texts(log)).toEqual(["one", "two"])
    expect(await texts(alice)).toEqual(["one", "two"])
  },
  { RATE_LIMIT_MESSAGES: "2/1h" },
)

story(
  "without JavaScript editing, deleting and history work by forms and links",
  async ({ cast, open, write }) => {
    await write(cast.bob, "line", 120)
    const bob = await open(cast.bob, off)
    const log = logOf(bob)
    await message(log, "line 120").waitFor()
    expect((await texts(log)).length).toBe(50)

    await choose(log, "line 72", "Edit", bob)
    await bob.getByRole("textbox", { name: "Message" }).fill("edited line")
    await bob.getByRole("button", { name: "Save" }).click()
    await message(bob, "edited line").waitFor()
    // Not among the newest messages: a page of history shows it.
    await choose(bob, "line 73", "Delete")
    await bob.getByRole("button", { name: "Delete" }).click()
    await message(bob, "Message deleted").waitFor()

    const [first, last] = [(await texts(bob))[0], (await texts(bob)).at(-1)]
    expect([first, last]).toEqual(["line 48", "line 97"])
    await bob.getByRole("link", { name: "Older messages" }).click()
    await message(bob, "line 47").waitFor()
    expect(await texts(bob)).toEqual(Array.from({ length: 47 }, (_, index) => `line ${index + 1}`))
    await bob.getByRole("link", { name: "Newer messages" }).click()
    await message(bob, "edited line").waitFor()
    await bob.getByRole("link", { name: "Newer messages" }).click()
    await message(log, "line 120").waitFor()
  },
)

story(
  "without JavaScript one signs up, creates a server, invites and joins",
  async ({ open, expectTrouble }) => {
    expectTrouble(/40[19]|400/)
    const [carol, dave] = await Promise.all([
      open(undefined, { path: "/signup", ...off }),
      open(undefined, { path: "/login", ...off }),
    ])
    await fillAccount(carol, "carol", "short")
    await carol.getByRole("button", { name: "Sign up" }).click()
    await carol.getByRole("alert").waitFor()
    expect(await carol.getByLabel("Username").inputValue()).toBe("carol")
    await fillAccount(carol, "carol", "long enough")
    await carol.getByRole("button", { name: "Sign up" }).click()
    await carol.getByRole("button", { name: "I have stored it" }).click()

    await carol.getByRole("heading", { name: "My servers" }).waitFor()
    await carol.getByLabel("Name").fill("Book club")
    await carol.getByRole("button", { name: "Create server" }).click()
    await carol.getByRole("link", { name: "Create channel" }).click()
    await carol.getByLabel("Name").fill("novels")
    await carol.getByRole("button", { name: "Create channel" }).click()
    await carol.getByRole("heading", { name: "novels" }).waitFor()
    await carol.getByRole("link", { name: "Invite people" }).click()
    const invite = await carol.getByLabel("Invite link").inputValue()

    await dave.goto(invite)
    await dave.getByRole("heading", { name: "Book club" }).waitFor()
    await dave.getByRole("link", { name: "Sign up" }).click()
    await fillAccount(dave, "dave", "long enough")
    await dave.getByRole("button", { name: "Sign up" }).click()
    await dave.getByRole("button", { name: "I have stored it" }).click()
    await dave.getByRole("button", { name: "Join server" }).click()
    await dave.getByRole("link", { name: "novels" }).click()
    await dave.getByRole("heading", { name: "novels" }).waitFor()
    await composer(composerOf(dave)).fill("hello")
    await composerOf(dave).getByRole("button", { name: "Send" }).click()

    await message(logOf(dave), "hello").waitFor()
    expect(await dave.getByRole("link", { name: "Create channel" }).count()).toBe(0)
  },
)

story("without JavaScript a text survives the end of the session", async ({ cast, open, expectTrouble }) => {
  expectTrouble(/401/)
  const alice = await open(cast.alice, off)
  await logOf(alice).getByText("No messages yet").waitFor()
  await composer(composerOf(alice)).fill("long thought about")
  const session = await alice.context().cookies()
  await alice.context().clearCookies()

  await composerOf(alice).getByRole("button", { name: "Send" }).click()

  await composerOf(alice).getByText("You are logged out").waitFor()
  expect(await composer(composerOf(alice)).inputValue()).toBe("long thought about")

  // In another tab.
  await alice.context().addCookies(session)
  await composerOf(alice).getByRole("button", { name: "Send" }).click()
  await message(logOf(alice), "long thought about").waitFor()
})

async function fillAccount(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("Username").fill(username)
  await page.getByLabel("Password").fill(password)
}
