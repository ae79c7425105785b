import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { eventually, live, message } from "./room.ts"

story("among many channels the current one and the buttons are visible", async (stage) => {
  const { cast, lab, open } = stage
  const create = async (name: string) =>
    expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
  for (let number = 1; number < 50; number++) await create(`room ${number}`)
  const last = await create("room 50")
  const alice = await open(cast.alice, { path: `/servers/${lab.id}/channels/${last.id}` })
  await live(alice)
  const channel = (name: string) => alice.locator("#channels").getByRole("link", { name, exact: true })
  const settings = alice.getByRole("link", { name: "Server settings" })

  const isInView = (text: string) =>
    channel(text).evaluate((link) => {
      const pane = link.closest("ul").getBoundingClientRect()
      return (
        link.getBoundingClientRect().top >= pane.top && link.getBoundingClientRect().bottom <= pane.bottom
      )
    })
  expect(await isInView("room 50")).toBe(true)
  expect((await settings.boundingBox())?.y).toBeLessThan(800)

  // Replaced, the list keeps its scroll position.
  await create("room 51")
  await channel("room 51").waitFor()
  expect(await isInView("room 50")).toBe(true)
})

story("the settings' navigation shows the current section, also without scripts", async (stage) => {
  const settings = `/servers/${stage.lab.id}/settings`
  for (const javaScriptEnabled of [true, false]) {
    const viewport = { width: 800, height: 400 }
    const alice = await stage.open(stage.cast.alice, { path: settings, javaScriptEnabled, viewport })
    const back = alice.getByRole("link", { name: "Back to server" })
    expect((await back.boundingBox())?.y).toBeGreaterThan(0)

    await alice.goto(`${settings}/danger`)
    const current = alice.locator(".settings-nav > ul [aria-current]")
    await current.waitFor()

    expect((await alice.locator(".settings-nav > ul").boundingBox())?.height).toBeGreaterThan(400)
    await eventually(async () => ((await current.boundingBox())?.y ?? 400) < 400, true)
  }
})

story("a message's toolbar is whole, however large its buttons are", async ({ cast, open, write }) => {
  await write(cast.bob, "word", 5)
  const alice = await open(cast.alice)
  await live(alice)
  // The next message is painted over whatever reaches into it.
  for (const target of ["2.125rem", "4rem"]) {
    await alice.mouse.move(0, 0)
    await alice.evaluate(`document.documentElement.style.setProperty("--target", "${target}")`)
    await message(alice, "word 2").hover()
    const reply = await message(alice, "word 2").getByRole("link", { name: "Reply" }).boundingBox()
    const next = await message(alice, "word 3").boundingBox()
    if (!(reply && next)) throw new Error("The toolbar is not there")

    expect(reply.height).toBeGreaterThan(target === "4rem" ? 55 : 25)
    expect(reply.y + reply.height).toBeLessThanOrEqual(next.y)
  }
})

story("on a phone the room's tools are behind a button", async ({ cast, open }) => {
  const alice = await open(cast.alice, { viewport: { width: 390, height: 780 }, hasTouch: true })
  await live(alice)
  const pins = alice.getByRole("link", { name: "Pinned messages" })
  expect(await pins.isVisible()).toBe(false)
  const lines = await alice
    .getByRole("heading", { name: "general" })
    .evaluate((title) => title.getClientRects().length && title.clientHeight)
  expect(lines).toBeLessThan(40) // the name is on one line

  await alice.getByRole("button", { name: "Channel tools" }).click()
  await pins.waitFor()
  await expectAccessible(alice, "what can be looked up in a room")
  await alice.setViewportSize({ width: 390, height: 780 })
  await pins.click()

  await alice.getByRole("dialog", { name: "Pinned messages" }).waitFor()
  expect(await pins.isVisible()).toBe(false)

  await alice.goto("/settings")
  const places = alice.getByRole("navigation", { name: "Servers" }).getByRole("list")
  const edge = async (box: Promise<{ x: number; width: number } | null>) => {
    const { x = 0, width = 0 } = (await box) ?? {}
    return x + width
  }
  // All of them are fully visible, and so is the one to add another.
  expect(await edge(places.getByRole("link").last().boundingBox())).toBeLessThanOrEqual(
    await edge(places.boundingBox()),
  )
  await places.getByRole("link", { name: "My servers" }).click()
  await alice.getByRole("heading", { name: "My servers" }).waitFor()
})

story("at 400 % zoom the composer is visible, and nothing is wider than the window", async (stage) => {
  const { cast, lab, open, write, roomPath } = stage
  await write(cast.bob, "word", 60)
  const name = "a-channel-whose-name-goes-on-and-on-".repeat(2)
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
  // Of a window of 1280 by 1024.
  const viewport = { width: 320, height: 256 }
  const alice = await open(cast.alice, { viewport })
  await live(alice)

  const { y = 0, height = 0 } = (await alice.locator("#composer").boundingBox()) ?? {}
  expect(y + height).toBeLessThanOrEqual(viewport.height)
  expect((await alice.locator("#log").boundingBox())?.height).toBeGreaterThan(90)
  for (const path of [roomPath, "/switch", "/search?q=word", "/settings"]) {
    await alice.goto(path)
    expect([path, await alice.locator("html").evaluate((root) => root.scrollWidth)]).toEqual([path, 320])
  }
})

story("a page that fits into the window does not scroll", async ({ cast, open, roomPath }) => {
  const alice = await open(cast.alice)
  await live(alice)
  for (const path of [roomPath, "/inbox", "/search"]) {
    await alice.goto(path)
    expect([path, await alice.locator("html").evaluate((root) => root.scrollHeight)]).toEqual([path, 800])
  }
})
