import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { hold, untilDone } from "./held.ts"
import { channelLink, composer, eventually, live, meet, message, say } from "./room.ts"

// Somebody who goes on while a server is being created finds it in the list, and is not led away from what they do.

const dialogOf = (page: Page) => page.getByRole("dialog")
const serverLink = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Servers" }).getByRole("link", { name, exact: true })

/** Submits the form that creates a server. `arrive` lets its answer come. */
async function createLateServer(page: Page) {
  await page.getByRole("link", { name: "Create server" }).click()
  await dialogOf(page).getByLabel("Name").fill("Late")
  const answers = await hold(page, /\/servers$/)
  await dialogOf(page).getByRole("button", { name: "Create server" }).click()
  await answers.holds(1)
  return {
    letThrough: answers.letThrough,
    /** For a page that is not led away. */
    async arrive() {
      const isDone = await untilDone(page)
      await answers.letThrough()
      await isDone()
      await serverLink(page, "Late").waitFor()
    },
  }
}

story("a server that is created late does not lead away from what was opened since", async (stage) => {
  const { cast, open, roomPath } = stage
  const [alice] = await meet(open, cast.alice)
  const server = await createLateServer(alice)

  await alice.keyboard.press("Escape")
  await composer(alice).fill("half a thought")
  await server.arrive()

  await composer(alice).press("Enter")
  await message(alice, "half a thought").and(alice.locator("[data-position]")).waitFor()
  expect(new URL(alice.url()).pathname).toBe(roomPath)
  await serverLink(alice, "Late").click()
  await eventually(
    () => alice.getByRole("navigation", { name: "Channels" }).getByRole("heading").first().textContent(),
    "Late",
  )
})

story(
  "a server that is created late does not lead away from the room that was opened since",
  async (stage) => {
    const { cast, lab, open } = stage
    const create = { serverId: lab.id, name: "other" }
    const other = expectData(await cast.alice.client.mutate("createChannel", create))
    const [alice] = await meet(open, cast.alice)
    const server = await createLateServer(alice)

    await alice.keyboard.press("Escape")
    await channelLink(alice, "other").click()
    await eventually(() => alice.locator("#room-name").textContent(), "other")
    await live(alice)
    await server.arrive()

    await say(alice, "still here")
    await message(alice, "still here").and(alice.locator("[data-position]")).waitFor()
    expect(new URL(alice.url()).pathname).toBe(`/servers/${lab.id}/channels/${other.id}`)
  },
)

story(
  "a server leads to its first channel where its form is still shown",
  async ({ cast, open, roomPath }) => {
    const [alice] = await meet(open, cast.alice)
    const server = await createLateServer(alice)

    await server.letThrough()

    await alice.waitForURL((url) => url.pathname !== roomPath)
    await eventually(() => alice.locator("#room-name").textContent(), "general")
  },
)
