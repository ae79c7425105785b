import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { live } from "./room.ts"

story("among many channels one is at one's own, and what can be done is in reach", async (stage) => {
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

  // Sent anew, the list is where it was.
  await create("room 51")
  await channel("room 51").waitFor()
  expect(await isInView("room 50")).toBe(true)
})

story("on a phone what can be looked up in a room is behind a button", async ({ cast, open }) => {
  const alice = await open(cast.alice, { viewport: { width: 390, height: 780 }, hasTouch: true })
  await live(alice)
  const pins = alice.getByRole("link", { name: "Pinned messages" })
  expect(await pins.isVisible()).toBe(false)
  const lines = await alice
    .getByRole("heading", { name: "general" })
    .evaluate((title) => title.getClientRects().length && title.clientHeight)
  expect(lines).toBeLessThan(40) // the name is on one line

  await alice.getByRole("button", { name: "In this channel" }).click()
  await pins.waitFor()
  await expectAccessible(alice, "what can be looked up in a room")
  await alice.setViewportSize({ width: 390, height: 780 })
  await pins.click()

  await alice.getByRole("dialog", { name: "Pinned messages" }).waitFor()
  expect(await pins.isVisible()).toBe(false)

  await alice.goto("/settings")
  const places = alice.getByRole("navigation", { name: "Servers" }).getByRole("list")
  expect((await places.boundingBox())?.width).toBeGreaterThan(110) // two of them, and the way to the rest
  await places.getByRole("link", { name: "My servers" }).click()
  await alice.getByRole("heading", { name: "My Servers" }).waitFor()
})
