import { expect } from "bun:test"
import { join } from "node:path"
import type { Locator, Page } from "playwright-core"
import { root } from "../../src/root.ts"
import { story } from "../support/browser.ts"
import { picture } from "../support/pictures.ts"
import { type HandStep, tasksPage } from "../support/user-tasks.ts"
import { composer, live, member, message } from "./room.ts"

const pagePath = join(root, "docs/user-tasks.md")

/** Does what a hand does, and counts it. Choosing a file in the dialog of the system is the same everywhere, and not counted. */
class Hand {
  readonly steps: HandStep[] = []
  #page

  constructor(page: Page) {
    this.#page = page
  }

  async click(what: Locator, options?: { button: "right" }): Promise<void> {
    await what.click(options)
    this.steps.push("click")
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text)
    this.steps.push({ type: text.length })
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key)
    this.steps.push({ type: 1 })
  }

  async choosePicture(button: Locator): Promise<void> {
    const [chooser] = await Promise.all([this.#page.waitForEvent("filechooser"), this.click(button)])
    await chooser.setFiles({
      name: "picture.png",
      mimeType: "image/png",
      buffer: await picture("png", 64, 64),
    })
  }
}

story("ten tasks of a new user take no more than in Discord", async ({ cast, open, roomPath, write }) => {
  await write(cast.bob, "the plan of last week", 1)
  await write(cast.bob, "line", 3)
  const stranger = await open(undefined, { path: "/signup" })
  const alice = await open(cast.alice)
  await live(alice)
  const ours: HandStep[][] = []
  const task = async (page: Page, play: (hand: Hand) => Promise<void>) => {
    const hand = new Hand(page)
    await play(hand)
    ours.push(hand.steps)
  }

  await stranger.getByLabel("Username").and(stranger.locator(":focus")).waitFor()
  await task(stranger, async (hand) => {
    await hand.type("newcomer")
    await hand.press("Tab")
    await hand.type("long password")
    await hand.press("Enter")
    await hand.click(stranger.getByRole("button", { name: "I have stored it" }))
    await stranger.getByText("Welcome, newcomer").waitFor()
  })
  await task(stranger, async (hand) => {
    await hand.click(stranger.getByRole("link", { name: "Create server" }))
    await stranger.getByRole("dialog").getByLabel("Name").and(stranger.locator(":focus")).waitFor()
    await hand.type("Den")
    await hand.press("Enter")
    await live(stranger)
  })
  await task(stranger, async (hand) => {
    await hand.click(stranger.getByRole("link", { name: "Invite people" }))
    await hand.click(stranger.getByRole("dialog").getByRole("button", { name: "Copy" }))
    await stranger.keyboard.press("Escape")
  })
  await task(stranger, async (hand) => {
    await hand.choosePicture(stranger.getByTitle("Attach files"))
    await stranger.getByRole("main").getByText("picture.png").waitFor()
    await hand.press("Enter")
    await stranger.getByRole("log").getByRole("img", { name: "picture.png" }).waitFor()
  })
  await task(alice, async (hand) => {
    await message(alice, "line 2").hover()
    await hand.click(message(alice, "line 2").getByRole("button", { name: "React with 👍" }))
    await message(alice, "line 2").getByRole("button", { name: "👍 1, by alice" }).waitFor()
  })
  await task(alice, async (hand) => {
    await message(alice, "line 3").hover()
    await hand.click(message(alice, "line 3").getByRole("link", { name: "Reply" }))
    await composer(alice).and(alice.locator(":focus")).waitFor()
    await hand.type("agreed")
    await hand.press("Enter")
    await message(alice, "agreed").waitFor()
  })
  await task(alice, async (hand) => {
    await hand.click(alice.locator("#main").getByRole("link", { name: "Search", exact: true }))
    const search = alice.getByRole("complementary", { name: "Search" })
    await search.getByRole("searchbox").and(alice.locator(":focus")).waitFor()
    await hand.type("plan")
    await hand.press("Enter")
    await hand.click(search.locator(".found a").last())
    await alice.locator("#messages .highlight").getByText("the plan of last week").waitFor()
  })
  await task(alice, async (hand) => {
    const general = alice.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: "general" })
    await hand.click(general, { button: "right" })
    await hand.click(
      alice.getByRole("dialog", { name: "Menu" }).getByRole("button", { name: "Mute channel" }),
    )
    await general.and(alice.locator(".muted")).waitFor()
  })
  // The search is beside the room still.
  await alice.goto(roomPath)
  await live(alice)
  await task(alice, async (hand) => {
    await hand.click(member(alice, "bob").getByRole("link").first())
    await hand.click(alice.getByRole("dialog").getByRole("button", { name: "Message" }))
    await alice.locator("#room-name", { hasText: "bob" }).waitFor()
    await composer(alice).and(alice.locator(":focus")).waitFor()
    await hand.type("hello")
    await hand.press("Enter")
    await message(alice, "hello").waitFor()
  })
  await task(alice, async (hand) => {
    await hand.click(alice.getByRole("button", { name: "Your menu" }))
    await hand.click(alice.getByRole("link", { name: "Profile and status" }))
    await hand.choosePicture(alice.getByLabel("Choose a picture"))
    await hand.click(alice.getByRole("button", { name: "Upload picture" }))
    await alice.getByRole("button", { name: "Remove picture" }).waitFor()
  })

  const { page, rows } = tasksPage(ours)
  for (const { name, ours, discord } of rows) {
    expect([name, ours.clicks <= discord.clicks]).toEqual([name, true])
    expect([name, ours.seconds <= discord.seconds]).toEqual([name, true])
  }
  if (process.env.UPDATE_TASKS === "1") await Bun.write(pagePath, page)
  // The formatter pads tables.
  const plain = (text: string) => text.replace(/ +/g, " ").replace(/^\|[-:| ]+\|$/gm, "|-|")
  expect(plain(await Bun.file(pagePath).text())).toBe(plain(page))
})
