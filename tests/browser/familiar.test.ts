import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, eventually, live, message, say, texts } from "./room.ts"

story("someone new starts a server, and goes from channel to channel in one page", async ({ cast, open }) => {
  const { mallory } = cast
  const page = await open(mallory, { path: "/" })
  await page.getByText("Welcome, mallory").waitFor()
  await expectAccessible(page, "home of someone new")
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByLabel("Name", { exact: true }).fill("Den")
  await page.getByLabel("#introductions").check()
  await page.getByRole("button", { name: "Create server" }).click()
  await live(page)
  const channel = (name: string) =>
    page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })
  const isIn = (name: string) => eventually(() => page.locator("#room-name").textContent(), name)

  await page.getByRole("link", { name: "Invite people" }).click()
  expect(await page.getByLabel("Invite link").inputValue()).toMatch(/\/invites\/[\w-]{10}$/)
  await page.getByRole("dialog").getByRole("button", { name: "Copy" }).waitFor()
  await page.keyboard.press("Escape")

  await page.evaluate("window.isSamePage = true")
  await composer(page).fill("half written")
  await channel("introductions").click()
  await isIn("introductions")
  await live(page)
  expect(await composer(page).inputValue()).toBe("")
  expect(await composer(page).getAttribute("placeholder")).toBe("Message #introductions")
  await say(page, "hello, all")
  await message(page, "hello, all").locator("time[datetime]").first().waitFor()

  await page.goBack()
  await isIn("general")
  await live(page)
  expect(await composer(page).inputValue()).toBe("half written")
  // The connection is that of this room.
  const [server] = expectData(await mallory.client.query("getServers", null))
  const channels = expectData(await mallory.client.query("getChannels", { serverId: server?.id ?? "" }))
  const [general] = channels
  const paths = channels.map(({ id }) => `/servers/${server?.id}/channels/${id}`)
  expect(new URL(page.url()).pathname).toBe(paths[0] ?? "")
  await page.keyboard.press("ControlOrMeta+A")
  await say(page, "back again")
  await eventually(() => texts(page), ["back again"])
  // A pointer that rests on a link loads its page, and nothing else happens.
  const requested: string[] = []
  page.on("request", (request) => requested.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await composer(page).hover()
  await channel("introductions").hover()
  await eventually(async () => requested.includes(`GET ${paths[1]}`), true)
  await isIn("general")
  expect(requested.filter((one) => one.includes(paths[1] ?? ""))).toEqual([`GET ${paths[1]}`])
  await page.goForward()
  await isIn("introductions")
  await eventually(() => texts(page), ["hello, all"])
  expect(await page.evaluate("window.isSamePage")).toBe(true)
  expect(general?.name).toBe("general")
})

story("what hands expect is in the composer and at a message", async ({ cast, open, write }) => {
  await write(cast.bob, "line", 3)
  const alice = await open(cast.alice)
  await live(alice)

  await message(alice, "line 2").hover()
  await message(alice, "line 2").getByRole("button", { name: "React with 👍" }).click()
  await message(alice, "line 2").getByRole("button", { name: "👍 1, by alice" }).waitFor()

  await message(alice, "line 3").locator(".content").click({ button: "right" })
  const menu = alice.getByRole("dialog", { name: "Menu" })
  await menu
    .getByRole("link", { name: "Edit history" })
    .or(menu.getByRole("listitem").first())
    .first()
    .waitFor()
  await eventually(() => menu.locator(":focus").count(), 1)
  await expectAccessible(alice, "a menu at the pointer")
  await alice.setViewportSize({ width: 1280, height: 800 })
  await alice.keyboard.press("Escape")
  await menu.waitFor({ state: "hidden" })
  await alice
    .getByRole("navigation", { name: "Channels" })
    .getByRole("link", { name: "general" })
    .click({ button: "right" })
  await menu.getByRole("button", { name: "Mark as read" }).waitFor()
  await alice.keyboard.press("Escape")

  await alice.getByRole("link", { name: "Emoji" }).click()
  await alice.getByLabel("Search emoji").fill("rocket")
  await alice.locator("#emoji-found button").first().waitFor()
  await alice.keyboard.press("Enter")
  await eventually(() => composer(alice).inputValue(), "🚀")
  await composer(alice).fill("bold")
  await alice.keyboard.press("ControlOrMeta+A")
  await alice.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name: "Bold" }).click()
  await eventually(() => composer(alice).inputValue(), "**bold**")

  await composer(alice).fill("")
  await composer(alice).pressSequentially("/po")
  await alice.getByRole("option", { name: "/poll" }).waitFor()
  await alice.keyboard.press("Enter")
  await alice.getByRole("dialog", { name: "Create poll" }).waitFor()
  expect(await composer(alice).inputValue()).toBe("")
  await alice.keyboard.press("Escape")

  await alice.locator("#main").getByRole("link", { name: "Search", exact: true }).click()
  const search = alice.getByRole("complementary", { name: "Search" })
  await search.getByRole("searchbox").fill("line")
  await alice.keyboard.press("Enter")
  await eventually(() => search.locator(".found").count(), 3)
  await search.locator(".found a").last().click()
  await alice.locator("#messages .highlight").getByText("line 1").waitFor()
  // They are still there, to continue from.
  expect(await search.locator(".found").count()).toBe(3)
})

story("a device without emoji loads the parts of a font that it shows, and none before", async (stage) => {
  const { cast, open, roomPath, write } = stage
  await write(cast.bob, "1 # ©", 1)
  const alice = await open(cast.alice, { path: "about:blank" })
  const fonts: string[] = []
  alice.on("request", (request) => {
    const [, font] = request.url().match(/\/(emoji\.css|(?:emoji|flags)\/[\w/]+\.woff2)$/) ?? []
    if (font) fonts.push(font)
  })

  await alice.goto(roomPath)
  await live(alice)
  await eventually(() => texts(alice), ["1 # © 1"])
  const hasOwn = await alice.evaluate(`(() => {
    const context = document.createElement("canvas").getContext("2d")
    context.font = "24px sans-serif"
    context.fillText("😀", 4, 28)
    return context.getImageData(0, 0, 40, 40).data.some((value, at) => at % 4 < 3 && value > 40)
  })()`)
  expect(fonts).toEqual([])
  await say(alice, "👍 ❤️ 🇩🇪")
  await message(alice, "👍").locator("time[datetime]").first().waitFor()

  if (!hasOwn) {
    await eventually(async () => new Set(fonts).has("flags/dist/TwemojiCountryFlags.woff2"), true)
    await eventually(async () => fonts.some((font) => font.startsWith("emoji/")), true)
    expect(fonts.filter((font) => font.startsWith("emoji/")).length).toBeLessThan(4)
  } else expect(fonts.filter((font) => font.startsWith("emoji"))).toEqual([])
})
