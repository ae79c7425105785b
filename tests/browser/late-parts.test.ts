import { expect } from "bun:test"
import type { Page, Route } from "playwright-core"
import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { fileOf, picture } from "../support/pictures.ts"
import { untilDone, untilIntercepted } from "./held.ts"
import { composer, eventually, imported, live, meet, message, say } from "./room.ts"

// Parts of a page that come late, after what they show has changed or was used.

/** Keeps answers from the page until `release`: all, or so many. `asked` resolves once the server has given the first. */
async function holdAnswers(page: Page, address: string | RegExp, times?: number) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  const hold = async (route: Route) => {
    const response = await route.fetch()
    isAsked()
    await released
    await route.fulfill({ response })
  }
  await page.route(address, hold, { times })
  await untilIntercepted(page)
  return { asked, release }
}

const channel = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })

story("lists that were asked for before a change do not undo it", async ({ cast, lab, open }) => {
  const { client } = cast.alice
  const [alice] = await meet(open, cast.alice)
  await alice.evaluate(`{
    window.shown = 0
    document.addEventListener("htmx:after:swap", ({ detail }) => shown += detail.ctx?.request?.action?.endsWith("/around") ? 1 : 0)
  }`)
  const lists = await holdAnswers(alice, "**/around", 1)
  expectData(await client.mutate("createChannel", { serverId: lab.id, name: "one" }))
  await lists.asked
  expectData(await client.mutate("createChannel", { serverId: lab.id, name: "two" }))

  // It comes after what says that the lists have changed.
  await say(alice, "done")
  await message(alice, "done").and(alice.locator("[data-position]")).waitFor()
  lists.release()
  await eventually(() => alice.evaluate("shown >= 2"), true)

  for (const name of ["one", "two"]) expect(await channel(alice, name).count()).toBe(1)
})

story(
  "lists that were asked for before a message do not undo that it is unread",
  async ({ cast, lab, open }) => {
    const { client } = cast.alice
    const name = { serverId: lab.id, name: "elsewhere" }
    const elsewhere = {
      serverId: lab.id,
      channelId: expectData(await client.mutate("createChannel", name)).id,
    }
    const { token } = await client.connect("chat", elsewhere, {})
    const [bob] = await meet(open, cast.bob)
    const lists = await holdAnswers(bob, "**/around", 1)
    expectData(await client.mutate("createChannel", { serverId: lab.id, name: "one" }))
    await lists.asked
    await client.send("chat", elsewhere, token ?? "", { content: "psst" })
    await eventually(() => bob.title(), "• #general · Covenant Chat")

    const done = await untilDone(bob)
    lists.release()
    await done()

    expect(await channel(bob, "one").count()).toBe(1)
    expect(await bob.getByRole("link", { name: "elsewhere (1 unread)" }).count()).toBe(1)
    expect(await bob.title()).toBe("• #general · Covenant Chat")
  },
)

story("a picture that is zoomed before it is there is zoomed once it is", async (stage) => {
  const { cast, chat, open, room } = stage
  const file = fileOf("wide.png", await picture("png", 800, 600))
  const { id } = await chat.uploads.receive(cast.alice.id, room.channelId, file)
  const [bob] = await meet(open, cast.bob)
  const { token } = await cast.alice.client.connect("chat", room, {})
  await cast.alice.client.send("chat", room, token ?? "", { content: "look", files: [id] })
  const preview = await holdAnswers(bob, `**/files/${id}/preview/1200`)
  await message(bob, "look").getByRole("link", { name: "Image wide.png" }).click()
  await preview.asked

  await bob.getByRole("dialog").getByRole("button", { name: "Zoom in" }).click()
  preview.release()

  const image = bob.getByRole("dialog").getByRole("img", { name: "Image wide.png" })
  await eventually(() => image.getAttribute("src"), `/files/${id}`)
  expect(await image.evaluate((element) => element.getBoundingClientRect().width)).toBeGreaterThan(800)
})

for (const [script, text] of [
  ["sounds.js", "@alice"],
  ["emoji-fonts.js", "🎉"],
] as const) {
  story(`${script} is loaded with the next message that needs it, if it could not be`, async (stage) => {
    const { cast, open, expectTrouble } = stage
    expectTrouble(unreachable)
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    let isCut = true
    const isOf = (one: { url(): string }) => new URL(one.url()).pathname.endsWith(script)
    await alice.route(`**/${script}*`, (route) => (isCut ? route.abort() : route.continue()))
    await untilIntercepted(alice)
    const failed = alice.waitForEvent("requestfailed", isOf)
    await say(bob, `${text} one`)
    const cutUrl = (await failed).url()
    isCut = false

    const loaded = alice.waitForResponse(isOf)
    await say(bob, `${text} two`)

    expect((await loaded).status()).toBe(200)
    // Firefox would not request the same address again.
    expect((await loaded).url()).not.toBe(cutUrl)
  })
}

story("a room that was asked for before a channel was created lists it", async ({ cast, lab, open }) => {
  const { client } = cast.alice
  const create = (name: string) => client.mutate("createChannel", { serverId: lab.id, name }).then(expectData)
  const { id } = await create("other")
  const [alice] = await meet(open, cast.alice)
  // Not on the link: its page would be loaded before it is clicked.
  await composer(alice).hover()
  await imported(alice, "interaction")
  const page = await holdAnswers(alice, `**/channels/${id}`)
  await channel(alice, "other").click()
  await page.asked
  await create("new")
  await channel(alice, "new").waitFor()

  page.release()
  await eventually(() => alice.locator("#room-name").textContent(), "other")
  await live(alice)

  await channel(alice, "new").waitFor()
})
