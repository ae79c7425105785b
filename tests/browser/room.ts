import { expect } from "bun:test"
import type { FrameLocator, Locator, Page } from "playwright-core"
import { type Stage, waitMs } from "../support/browser.ts"
import type { Person } from "../support/chat.ts"

/** The parts of a room, found as people find them: by role and label. */

type Room = Page | FrameLocator

/** The text box of the composer. */
export const composer = (room: Room) => room.getByRole("main").getByRole("textbox", { name: "Message" })

/** The messages of people that contain a text; a notice of the server may quote one of them. */
export const message = (room: Room, text: string | RegExp) =>
  room
    .getByRole("log")
    .getByRole("article")
    .and(room.locator(':not([data-author="system"])'))
    .filter({ hasText: text })

/** The notices of the server that contain a text. */
export const notice = (room: Room, text: string | RegExp) =>
  room.getByRole("log").locator('[data-author="system"]').filter({ hasText: text })

/** Messages that the server has not confirmed yet. */
export const pending = (room: Room) => room.getByRole("article").filter({ hasText: "sending" })

/** The link to a channel in the list, by its whole accessible name. */
export const channelLink = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })

/** The texts in the log, from the top. */
export const texts = (room: Room) =>
  room.getByRole("log").locator("article .content").filter({ visible: true }).allInnerTexts()

/** Someone's entry in the list of members. */
export const member = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "Members" }).getByRole("listitem").filter({ hasText: name })

/** The banner about the connection. */
export const banner = (page: Page) => page.locator("#connection")

/** Waits until the room is live. */
export const live = (page: Page, transport: "ws" | "sse" = "ws") =>
  page.locator(`#room[data-live="${transport}"]`).waitFor()

/** Opens the room for several people, each in their own browser, and waits until all are live. */
export async function meet<People extends Person[]>(open: Stage["open"], ...people: People) {
  const pages = await Promise.all(people.map((person) => open(person)))
  await Promise.all(pages.map((page) => live(page)))
  return pages as { [Index in keyof People]: Page }
}

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press("Enter")
}

/** Types until the other side sees it. A typing event may be dropped; the next ones follow. */
export async function typeUntil(page: Page, seen: Locator): Promise<void> {
  for (let letters = 0; letters < 60 && !(await seen.isVisible()); letters++) {
    await composer(page).pressSequentially("h", { delay: 100 })
  }
  await seen.waitFor()
}

/** The actions that a message's panel offers; none if the message has no panel. */
export async function tools(page: Page, text: string): Promise<string[]> {
  await message(page, text).hover()
  const more = message(page, text).getByRole("link", { name: "More" })
  if ((await more.count()) === 0) return []

  await more.click()
  const panel = page.getByRole("dialog", { name: "Message" })
  await panel.waitFor()
  const offered = await panel.getByRole("listitem").allInnerTexts()
  await page.keyboard.press("Escape")
  await panel.waitFor({ state: "hidden" })
  return offered
}

/** Chooses an action of a message's panel, which is a page of its own without JavaScript. */
export async function choose(room: Room, text: string | RegExp, tool: string, page: Page = room as Page) {
  await message(room, text).hover()
  await message(room, text).getByRole("link", { name: "More" }).click()
  await page
    .getByRole("heading", { name: "Message", exact: true })
    .locator("..")
    .getByRole("listitem")
    .getByText(tool, { exact: true })
    .click()
  return page.getByRole("dialog")
}

/** Waits until a page that imports a module when it needs it has done so, and goes on with it. */
export async function imported(page: Page, name: string): Promise<void> {
  const url = `performance.getEntriesByType("resource").find((one) => one.name.endsWith("/${name}.js"))?.name ?? ""`
  // A form's answer may replace the page meanwhile.
  await eventually(() => page.evaluate(`(${url}) !== ""`).catch(() => false), true)
  // The page asked for it earlier, so what it does then comes first.
  await page.evaluate(`import(${url}).then(() => null)`)
}

/** Waits until `read` returns the expected value, as long as for elements; fails with the difference. */
export async function eventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + waitMs
  while (!Bun.deepEquals(await read(), expected) && Date.now() < deadline) await Bun.sleep(20)
  expect(await read()).toEqual(expected)
}

/** Whether an element is the focused one. */
export const hasFocus = (found: Locator): Promise<boolean> =>
  found.evaluate((element) => element.matches(":focus"))
