import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { eventually, imported, live } from "./room.ts"

story("channels and roles are ordered by dragging them", async ({ cast, lab, open }) => {
  const { client } = cast.alice
  const serverId = lab.id
  const { id: categoryId } = expectData(await client.mutate("createCategory", { serverId, name: "Work" }))
  for (const name of ["one", "two"]) {
    expectData(await client.mutate("createChannel", { serverId, name, categoryId }))
    expectData(await client.mutate("createRole", { serverId, name }))
  }
  const channels = async () => {
    const all = expectData(await client.query("getChannels", { serverId }))
    return all.map(({ name, categoryId: category }) => `${category ? "Work/" : ""}${name}`)
  }
  const roles = async () =>
    expectData(await client.query("getRoles", { serverId }))
      .toSorted((a, b) => b.position - a.position)
      .map(({ name }) => name)
  expect(await channels()).toEqual(["general", "Work/one", "Work/two"])
  expect(await roles()).toEqual(["one", "two", "@everyone"])
  const alice = await open(cast.alice, { path: `/servers/${serverId}/settings/channels` })

  const row = (text: string) => alice.locator("li", { has: alice.getByText(text, { exact: true }) })
  const drag = async (name: string, before: string) => {
    await imported(alice, "orders")
    const top = { sourcePosition: { x: 5, y: 5 }, targetPosition: { x: 5, y: 2 } }
    await alice.evaluate("document.body.setAttribute('data-old', '')")
    await row(name).dragTo(row(before), top)
    // The page that the form's answer leads to.
    // Not waited for in the page, which may evaluate no text.
    const isThere = "document.readyState === 'complete' && !document.body.matches('[data-old]')"
    await eventually(() => alice.evaluate(isThere).catch(() => false), true)
  }
  await drag("two", "one")
  expect(await channels()).toEqual(["general", "Work/two", "Work/one"])
  await drag("two", "general")
  expect(await channels()).toEqual(["two", "general", "Work/one"])

  await alice.goto(`/servers/${serverId}/settings/roles`)
  await drag("two", "one")
  expect(await roles()).toEqual(["two", "one", "@everyone"])

  await imported(alice, "orders")
  const listed = () => alice.locator("li[data-role]").allInnerTexts()
  const before = await listed()
  await row("one").hover({ position: { x: 5, y: 5 } })
  await alice.mouse.down()
  // The first move begins the drag, the second is over the row.
  for (const y of [4, 2]) await row("two").hover({ position: { x: 5, y } })
  expect(await listed()).not.toEqual(before)
  await alice.locator("h1").first().hover()
  await alice.mouse.up()
  // What is dropped elsewhere goes back to its place, and nothing is sent.
  expect(await listed()).toEqual(before)
  expect(await roles()).toEqual(["two", "one", "@everyone"])
})

story("servers are ordered by dragging in one tab, and by buttons without a script", async (chat) => {
  const { cast, open, roomPath } = chat
  const { client } = cast.alice
  const ids: Record<string, string> = { Lab: chat.lab.id }
  for (const name of ["Den", "Attic"])
    ids[name] = expectData(await client.mutate("createServer", { name })).id
  const stored = async () => expectData(await client.query("getServers", null)).map(({ name }) => name)
  expect(await stored()).toEqual(["Lab", "Den", "Attic"])
  const [alice, other] = [
    await open(cast.alice, { path: roomPath }),
    await open(cast.alice, { path: roomPath }),
  ]
  for (const page of [alice, other]) await live(page)
  const tile = (name: string) => alice.locator(`#servers a[data-server="${ids[name]}"]`)
  const shown = (page: Page) => page.locator("#servers a[data-server] > .visually-hidden").allTextContents()

  // What orders them is loaded when the pointer moves over them, once the first input has loaded what asks for it.
  await tile("Den").hover()
  await imported(alice, "interaction")
  await tile("Attic").hover()
  await imported(alice, "orders")
  await tile("Attic").dragTo(tile("Lab"))
  await eventually(stored, ["Attic", "Lab", "Den"])
  await eventually(() => shown(alice), ["Attic", "Lab", "Den"])
  await eventually(() => shown(other), ["Attic", "Lab", "Den"])
  expect(alice.url()).toEndWith(roomPath)

  const plain = await open(cast.alice, { path: "/account", javaScriptEnabled: false })
  await plain.getByRole("main").getByRole("link", { name: "Order of servers" }).click()
  await plain.getByRole("button", { name: "Move Attic down" }).click()
  await plain.waitForURL(`**/account/servers#server-${ids.Attic}`)
  expect(await stored()).toEqual(["Lab", "Attic", "Den"])
  await plain.getByRole("button", { name: "Move Lab up" }).click()
  expect(await stored()).toEqual(["Lab", "Attic", "Den"])
})
