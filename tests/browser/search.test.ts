import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { say as tell } from "../support/say.ts"
import { expectAccessible } from "./accessible.ts"
import { eventually, live, message } from "./room.ts"

story("a message is found by keyboard and opened in its context", async (stage) => {
  const { cast, open, expectTrouble } = stage
  // Browsers log every failed response.
  expectTrouble(/400 \(Bad Request\)/)
  const id = await tell(stage, cast.bob, "The needle of long ago: 会議 at nine")
  await stage.write(cast.bob, "straw", 120)
  const alice = await open(cast.alice)
  await live(alice)
  expect(await message(alice, "needle").count()).toBe(0) // or the search would be pointless

  // Its link opens it beside the room.
  await alice.goto(`/search?in=${stage.general.id}`)
  const box = alice.getByRole("searchbox", { name: "Search messages" })
  await eventually(() => box.evaluate((one) => one.matches(":focus")), true)
  expect(await box.inputValue()).toBe("in:#general ")
  await expectAccessible(alice, "before a search")

  await alice.keyboard.press("End")
  await alice.keyboard.type('needle "')
  await alice.keyboard.press("Enter")
  await alice.getByRole("alert").getByText('A quotation mark (") is missing').waitFor()
  await expectAccessible(alice, "a search that cannot be understood")

  await alice.keyboard.press("Backspace")
  await alice.keyboard.type("会議")
  await alice.keyboard.press("Enter")
  const found = alice.locator(".found")
  await found.locator("mark").first().waitFor()
  expect(await found.locator("mark").allInnerTexts()).toEqual(["needle", "会議"])
  expect(new URL(alice.url()).searchParams.get("q")).toBe("in:#general needle 会議")
  await expectAccessible(alice, "results")

  await found.getByRole("link").focus()
  await alice.keyboard.press("Enter")
  await message(alice, "needle").waitFor()
  expect(new URL(alice.url()).hash).toBe(`#message-${id}`)

  // From the back/forward cache no load event fires.
  await alice.goBack({ waitUntil: "commit" })
  await eventually(() => found.count(), 1)
})

story("without JavaScript search is a form, and says when nothing is found", async ({ cast, open }) => {
  const alice = await open(cast.alice, { path: "/search", javaScriptEnabled: false })

  await alice.getByRole("searchbox", { name: "Search messages" }).fill("nothing")
  await alice.getByRole("search").getByRole("button", { name: "Search" }).click()

  await alice.getByText("No results").waitFor()
  expect(await alice.getByRole("searchbox").inputValue()).toBe("nothing")
})
