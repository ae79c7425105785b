import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, eventually, live, meet, message, say } from "./room.ts"

story("a reaction is chosen by keyboard, and both see its count change", async ({ cast, open, roomPath }) => {
  const [alice, bob] = [await open(cast.alice), await open(cast.bob, { path: `${roomPath}?transport=sse` })]
  await Promise.all([live(alice), live(bob, "sse")])
  await say(alice, "it works")
  await message(bob, "it works").waitFor()
  const reaction = (page: typeof alice, name: string) =>
    message(page, "it works").getByRole("button", { name, exact: true })

  await message(bob, "it works").hover()
  await message(bob, "it works").getByRole("link", { name: "React" }).click()
  const picker = bob.getByRole("dialog", { name: "Add reaction" })
  await eventually(() => picker.getByLabel("Search emoji").evaluate((box) => box.matches(":focus")), true)
  await expectAccessible(bob, "choosing an emoji")
  await bob.setViewportSize({ width: 1280, height: 800 })
  await bob.keyboard.type("rocket")
  await picker.locator("#emoji-found").getByRole("button", { name: "rocket" }).first().waitFor()
  await eventually(async () => (await picker.locator("#emoji-found button").count()) < 10, true)
  await bob.keyboard.press("ArrowDown")
  await eventually(
    () =>
      picker
        .getByRole("button", { name: "rocket" })
        .first()
        .evaluate((one) => one.matches(":focus")),
    true,
  )
  await bob.keyboard.press("Enter")
  await picker.waitFor({ state: "hidden" })

  for (const page of [alice, bob]) await reaction(page, "🚀 1, by bob").waitFor()
  await eventually(() => reaction(bob, "🚀 1, by bob").getAttribute("aria-pressed"), "true")
  expect(await reaction(alice, "🚀 1, by bob").getAttribute("aria-pressed")).toBe("false")
  const colour = (page: typeof alice) =>
    page.evaluate(`getComputedStyle(document.querySelector(".reaction")).backgroundColor`)
  expect(await colour(bob)).not.toBe(await colour(alice))

  // A pressed button keeps the focus although its message was replaced.
  await reaction(alice, "🚀 1, by bob").focus()
  await alice.keyboard.press("Enter")
  for (const page of [alice, bob]) await reaction(page, "🚀 2, by bob and alice").waitFor()
  await eventually(
    () => reaction(alice, "🚀 2, by bob and alice").evaluate((button) => button.matches(":focus")),
    true,
  )
  await expectAccessible(alice, "reactions")
  await message(bob, "it works").getByRole("link", { name: "Who reacted" }).click()
  const who = bob.getByRole("dialog", { name: "Reactions" })
  const names = async () => (await who.getByRole("listitem").allInnerTexts()).toSorted()
  await eventually(names, ["alice", "bob"])
  await bob.keyboard.press("Escape")
  await alice.keyboard.press("Enter")
  await reaction(bob, "🚀 1, by bob").waitFor()
  await reaction(bob, "🚀 1, by bob").click()
  await eventually(() => alice.locator(".reaction").count(), 0)
})

story("without JavaScript reactions are added and removed by forms", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  await say(alice, "it works")
  const bob = await open(cast.bob, { javaScriptEnabled: false })
  const log = bob.frameLocator("iframe[title='Messages']")

  await choose(log, "it works", "Add reaction", bob)
  await bob.getByLabel("Search emoji").fill("rocket")
  await bob.getByRole("button", { name: "Search" }).click()
  await bob.getByRole("button", { name: "rocket" }).first().click()

  await message(alice, "it works").getByRole("button", { name: "🚀 1, by bob" }).waitFor()
  // The page now shows the message in history, without live changes.
  const own = message(bob, "it works").getByRole("button", { name: "🚀 1, by bob" })
  await own.click()
  await eventually(() => alice.locator(".reaction").count(), 0)
})
