import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { say as tell } from "../support/say.ts"
import { eventually, imported, live, message, say } from "./room.ts"

const colorOf = (page: Page) => page.evaluate("getComputedStyle(document.body).color")
const heightOf = async (page: Page) => (await message(page, "second").boundingBox())?.height ?? 0

async function choose(page: Page, choices: Record<string, string>): Promise<void> {
  for (const [group, option] of Object.entries(choices)) {
    await page.getByRole("group", { name: group }).getByRole("radio", { name: option, exact: true }).check()
  }
  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Saved.").waitFor()
}

story("appearance settings apply to other tabs at once, and to times", async (stage) => {
  const { cast, open, roomPath } = stage
  for (const text of ["first", "second"]) await tell(stage, cast.bob, text)
  const alice = await open(cast.alice, { colorScheme: "dark", timezoneId: "Europe/Berlin", locale: "en-GB" })
  await live(alice)
  const [dark, high] = [await colorOf(alice), await heightOf(alice)]
  const time = alice.locator("#messages header time").last()
  expect(await time.textContent()).toMatch(/^\d\d:\d\d$/)

  const settings = await alice.context().newPage()
  await settings.goto("/settings")
  expect(await colorOf(settings)).toBe(dark)
  await settings.getByLabel("Time zone").selectOption("Asia/Kathmandu")
  await choose(settings, { Theme: "Light", Density: "Compact", Motion: "Reduced", "Time format": "2:30 PM" })
  const light = await colorOf(settings)

  // The other tab was not reloaded.
  expect(light).not.toBe(dark)
  await eventually(() => colorOf(alice), light)
  expect(await heightOf(alice)).toBeLessThan(high)
  await eventually(async () => /^\d{1,2}:\d\d [AP]M$/.test(String(await time.textContent())), true)
  const sentAt = new Date((await time.getAttribute("datetime")) ?? "")
  expect(Number((await time.textContent())?.match(/:(\d\d)/)?.[1])).toBe((sentAt.getUTCMinutes() + 45) % 60)
  expect(await alice.evaluate("getComputedStyle(document.documentElement).scrollBehavior")).toBe("auto")

  // The same without JavaScript.
  await alice.context().close()
  const path = `${roomPath}?transport=stream`
  const plain = await open(cast.alice, { path, javaScriptEnabled: false, colorScheme: "dark" })
  await plain.getByRole("main").waitFor()
  await eventually(() => colorOf(plain), light)
})

story("messages sound where nobody looks, as set, and own messages never", async (stage) => {
  const { cast, open } = stage
  const alice = await open(cast.alice)
  await live(alice)
  const settings = await alice.context().newPage()
  await settings.goto("/settings")
  await alice.evaluate(`
    globalThis.tones = []
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (at) {
      tones.push(Math.round(this.frequency.value))
      start.call(this, at)
    }
    globalThis.newest = 0
    document.addEventListener("reading:news", ({ detail }) => { newest = Math.max(newest, detail.to) })`)
  const tones = () => alice.evaluate("tones")
  const look = (isLooking: boolean) => alice.evaluate(`document.hasFocus = () => ${isLooking}`)
  // There is a pause after a sound, and after the tab was looked at.
  const isSince =
    "(key) => ((kept) => Date.now() - (kept?.at ?? kept ?? 0) > 1600)(JSON.parse(localStorage[key] ?? null))"
  const later = () => eventually(() => alice.evaluate(`["looked", "sounded"].every(${isSince})`), true)
  /** It sounds, or not, when the news of it come, which may be later than the message. */
  const hear = async (text: string) => {
    const id = await tell(stage, cast.bob, text)
    const position = await alice.locator(`#message-${id}`).getAttribute("data-position")
    await eventually(() => alice.evaluate(`newest >= ${position}`), true)
  }
  /** The other tab learns of a setting after it was saved. */
  const setSounds = async (option: string, value: string) => {
    await choose(settings, { "Play a sound for": option })
    await eventually(() => alice.evaluate("document.documentElement.dataset.sounds ?? 'mentions'"), value)
  }
  const [one, mine] = [[523], [659, 988]]

  await look(false)
  await hear("loads what plays sounds")
  await imported(alice, "sounds")
  await setSounds("Nothing", "off")
  await hear("@alice nothing")
  await setSounds("Mentions and direct messages", "mentions")
  await hear("not for her")
  await hear("@alice for her")
  await eventually(tones, mine)

  await setSounds("All messages", "all")
  await later()
  await say(alice, "her own")
  await message(alice, "her own").waitFor()
  await hear("@alice again")
  await eventually(tones, [...mine, ...mine])

  await look(true)
  await hear("@alice seen")
  await look(false)
  await later()
  await hear("for anybody")
  await eventually(tones, [...mine, ...mine, ...one])
})
