import { afterAll, expect } from "bun:test"
import type { Page } from "playwright-core"
import { type Stage, story } from "../support/browser.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, eventually, live, message, say, texts } from "./room.ts"

// What belongs to a message: pins, saved messages, threads, versions, previews. With two people, over each transport, and
// with links and forms.

const site = serveOutside(
  () => new Response("<title>Tea in winter</title>", { headers: { "content-type": "text/html" } }),
)
afterAll(() => site[Symbol.dispose]())

const previews = [{ LINK_PREVIEWS: "on" }, { fetcher: outsideFetch() }] as const
const logOf = (page: Page) => page.frameLocator("iframe[title='Messages']")

/** Both in the room. Accessibility is checked on one of the transports. */
async function gather(open: Stage["open"], cast: Stage["cast"], roomPath: string, transport: "ws" | "sse") {
  const path = `${roomPath}?transport=${transport}`
  const [alice, bob] = [await open(cast.alice, { path }), await open(cast.bob, { path })]
  for (const page of [alice, bob]) await live(page, transport)
  async function accessible(page: Page, what: string) {
    if (transport === "ws") await expectAccessible(page, what)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  return { alice, bob, accessible }
}

for (const transport of ["ws", "sse"] as const) {
  story(
    `pins, saved messages and versions are seen by both, by ${transport}`,
    async ({ cast, open, roomPath, lab }) => {
      const { alice, bob, accessible } = await gather(open, cast, roomPath, transport)
      const dialog = bob.getByRole("dialog")
      const close = async () => {
        await dialog.getByRole("button", { name: "Close" }).click()
        await dialog.waitFor({ state: "hidden" })
      }

      await say(alice, "the kettle is on")
      await choose(alice, "the kettle is on", "Pin")
      await message(bob, "the kettle is on").locator(".pinned").waitFor()
      await bob.getByRole("link", { name: "Pinned messages" }).click()
      await dialog.getByRole("link", { name: /^alice .*the kettle is on/ }).waitFor()
      // Not offered to a member who may not unpin.
      expect(await dialog.getByRole("button", { name: "Unpin" }).count()).toBe(0)
      await accessible(bob, "the pinned messages")
      await dialog.getByRole("link", { name: /^alice .*the kettle is on/ }).click()
      await bob.locator("article.highlight, article:target").getByText("the kettle is on").waitFor()
      await live(bob, transport)
      await alice.getByRole("link", { name: "Pinned messages" }).click()
      await alice.getByRole("dialog").getByRole("button", { name: "Unpin" }).click()
      await message(bob, "the kettle is on").locator(".pinned").waitFor({ state: "detached" })

      await bob.goto(roomPath)
      await live(bob, transport)
      await choose(bob, "the kettle is on", "Save")
      await dialog.waitFor({ state: "hidden" })
      await bob.getByRole("button", { name: "Your menu" }).click()
      await bob.getByRole("link", { name: "Saved messages" }).click()
      await dialog.getByText(`in #general, ${lab.name}`).waitFor()
      await accessible(bob, "saved messages")
      await dialog.getByRole("button", { name: "Remove" }).click()
      await dialog.getByText("No saved messages").waitFor()
      await close()

      await alice.keyboard.press("Escape")
      const edit = await choose(alice, "the kettle is on", "Edit")
      await edit.getByRole("textbox", { name: "Message" }).fill("the **kettle** is off")
      await edit.getByRole("button", { name: "Save" }).click()
      await message(bob, "the kettle is off").getByRole("link", { name: "edited" }).click()
      await eventually(
        () => dialog.locator(".versions blockquote").allInnerTexts(),
        ["the kettle is off", "the kettle is on"],
      )
      await accessible(bob, "what a message said before")
      await close()
    },
  )

  story(
    `a linked page has a preview, and the log jumps to a day, by ${transport}`,
    async ({ cast, open, roomPath }) => {
      const { alice, bob, accessible } = await gather(open, cast, roomPath, transport)
      const dialog = bob.getByRole("dialog")

      await say(bob, site.at("/tea"))
      await message(alice, "/tea").getByRole("link", { name: "Tea in winter" }).waitFor()
      await accessible(alice, "a linked page")
      await choose(bob, "/tea", "Remove previews")
      await dialog.getByRole("button", { name: "Remove" }).click()
      await message(alice, "/tea").getByText("Tea in winter").waitFor({ state: "detached" })
      await dialog.waitFor({ state: "hidden" })

      await bob.getByRole("link", { name: "Jump to date" }).click()
      await accessible(bob, "choosing a day")
      await dialog.getByRole("button", { name: "Jump" }).click()
      await bob.locator("article:target").getByText("/tea").waitFor()
    },
    ...previews,
  )

  story(`a message has a thread, by ${transport}`, async ({ cast, open, roomPath }) => {
    const { alice, bob, accessible } = await gather(open, cast, roomPath, transport)
    await say(alice, "the kettle is off")

    await choose(bob, "the kettle is off", "Reply in thread")
    await bob.getByRole("link", { name: "Back to #general" }).waitFor()
    await live(bob, transport)
    await say(bob, "who took it?")
    const link = message(alice, "the kettle is off").getByRole("link", { name: /1 message\s+in its thread/ })
    await link.waitFor()
    expect(await texts(alice)).toEqual(["the kettle is off"])
    await link.click()
    await message(alice, "who took it?").waitFor()
    await live(alice, transport)
    await say(alice, "not me")
    await message(bob, "not me").waitFor()
    await accessible(bob, "a thread")
    await bob.getByRole("link", { name: "Back to #general" }).click()
    await bob.waitForURL((url) => url.pathname === roomPath)
    await live(bob, transport)

    await say(alice, "nor you, @bob?")
    await message(alice, "nor you").and(alice.locator("[data-position]")).waitFor()
    await bob.getByRole("link", { name: "Threads" }).click()
    await bob
      .getByRole("dialog")
      .getByRole("listitem")
      .filter({ hasText: /unread, 1 for you/ })
      .waitFor()
    await accessible(bob, "the threads")
  })
}

story(
  "without JavaScript all of it works by links and forms",
  async ({ cast, open, roomPath, room }) => {
    const alice = await open(cast.alice)
    await live(alice)
    const bob = await open(cast.bob, { javaScriptEnabled: false })
    const log = logOf(bob)
    await say(alice, "the kettle is on")
    await message(log, "the kettle is on").waitFor()

    await choose(log, "the kettle is on", "Save", bob)
    await bob.goto("/saved")
    await bob.getByRole("link", { name: /^alice .*the kettle is on/ }).waitFor()
    await bob.getByRole("button", { name: "Remove" }).click()
    await bob.getByText("No saved messages").waitFor()

    await choose(alice, "the kettle is on", "Pin")
    await bob.goto(roomPath)
    await message(log, "the kettle is on").locator(".pinned").waitFor()
    await bob.getByRole("link", { name: "Pinned messages" }).click()
    await bob.getByRole("link", { name: /^alice .*the kettle is on/ }).click()
    await bob.locator("article:target").getByText("the kettle is on").waitFor()

    const edit = await choose(alice, "the kettle is on", "Edit")
    await edit.getByRole("textbox", { name: "Message" }).fill("the kettle is off")
    await edit.getByRole("button", { name: "Save" }).click()
    await bob.goto(roomPath)
    await message(log, "the kettle is off").getByRole("link", { name: "edited" }).click()
    await bob.getByText("the kettle is on").waitFor()

    const { token } = await cast.bob.client.connect("chat", room, {})
    await cast.bob.client.send("chat", room, token ?? "", { content: site.at("/tea") })
    await bob.goto(roomPath)
    await message(log, "/tea").getByRole("link", { name: "Tea in winter" }).waitFor()
    await choose(log, "/tea", "Remove previews", bob)
    await bob.getByRole("button", { name: "Remove" }).click()
    await message(alice, "/tea").waitFor()
    await message(alice, "/tea").getByText("Tea in winter").waitFor({ state: "detached" })

    await bob.goto(roomPath)
    await bob.getByRole("link", { name: "Jump to date" }).click()
    await bob.getByRole("button", { name: "Jump" }).click()
    await bob.locator("article:target").getByText("the kettle is off").waitFor()

    await choose(bob, "the kettle is off", "Mark as unread from here")
    await bob.goto(roomPath)
    await log.locator(".new-divider + .version, .new-divider + .message").first().waitFor()

    await choose(log, "the kettle is off", "Reply in thread", bob)
    await bob.getByRole("link", { name: "Back to #general" }).waitFor()
    const form = bob.frameLocator("iframe[title='Write a message']")
    await form.getByRole("textbox", { name: "Message" }).fill("who took it?")
    await form.getByRole("button", { name: "Send" }).click()
    await message(alice, "the kettle is off").getByRole("link", { name: "1 message in its thread" }).waitFor()
    await message(log, "who took it?").waitFor()
    await bob.getByRole("link", { name: "Back to #general" }).click()
    await bob.getByRole("link", { name: "Threads" }).click()
    await bob.getByRole("listitem").getByText("the kettle is off").waitFor()
  },
  ...previews,
)
