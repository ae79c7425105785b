import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { choose, composer, eventually, live, meet, message, say, texts } from "./room.ts"

story("both see what a reply refers to, sent by mouse or key", async (stage) => {
  const { cast, open, roomPath } = stage
  const [alice, bob] = [await open(cast.alice), await open(cast.bob, { path: `${roomPath}?transport=sse` })]
  await Promise.all([live(alice), live(bob, "sse")])
  await say(alice, "tea or coffee?")
  await message(bob, "tea or coffee?").waitFor()

  await message(bob, "tea or coffee?").hover()
  await message(bob, "tea or coffee?").getByRole("link", { name: "Reply" }).click()
  await bob.getByText(/Replying to\s+alice/).waitFor()
  await bob.getByRole("link", { name: "Cancel reply" }).click()
  await eventually(() => bob.getByText(/Replying to\s+alice/).isVisible(), false)
  // By keyboard: letters act on no message that was focused otherwise.
  await composer(bob).press("Shift+F6")
  await eventually(() => message(bob, "tea or coffee?").evaluate((it) => it.matches(":focus")), true)
  await bob.keyboard.press("r")
  await bob.getByText(/Replying to\s+alice/).waitFor()
  expect(await composer(bob).evaluate((box) => box.matches(":focus"))).toBe(true)
  // The reply is stored with the draft.
  await bob.reload()
  await live(bob, "sse")
  await bob.getByText(/Replying to\s+alice/).waitFor()
  await say(bob, "cocoa")

  for (const page of [alice, bob]) {
    const quote = message(page, "cocoa").getByRole("link", { name: /In reply to/ })
    await quote.getByText("tea or coffee?").waitFor()
    await quote.click()
    await page.locator("article.highlight").getByText("tea or coffee?").waitFor()
  }
  expect(await bob.getByText(/Replying to\s+alice/).isVisible()).toBe(false)
  await say(bob, "or milk")
  await message(alice, "or milk").waitFor()
  expect(
    await message(alice, "or milk")
      .getByRole("link", { name: /In reply to/ })
      .count(),
  ).toBe(0)

  const dialog = await choose(alice, /^(?!.*In reply to).*tea or coffee\?/, "Edit")
  await dialog.getByRole("textbox", { name: "Message" }).fill("beer or wine?")
  await dialog.getByRole("button", { name: "Save" }).click()
  await message(bob, "cocoa").getByText("beer or wine?").waitFor()
  await bob.locator("#messages > article").first().getByRole("link", { name: "edited" }).click()
  const history = bob.getByRole("dialog", { name: "Edit history" })
  await history.getByText("tea or coffee?").waitFor()
  await bob.keyboard.press("Escape")

  await choose(alice, /^(?!.*In reply to).*beer or wine\?/, "Delete")
  await dialog.getByRole("button", { name: "Delete" }).click()
  await message(bob, "cocoa").getByText("Message deleted").waitFor()
  for (const page of [alice, bob]) {
    await eventually(() => texts(page), ["Message deleted", "cocoa", "or milk"])
    expect(await page.getByRole("log").innerHTML()).not.toContain("beer or wine?")
  }
})

story("a reply waits in the outbox, and is sent as no reply if its target is gone", async (stage) => {
  const { cast, open } = stage
  const way = await stage.proxy()
  stage.expectTrouble(/net::ERR_|WebSocket connection|htmx:(ws:|sse:)?error/)
  const [alice] = await meet(open, cast.alice)
  await say(alice, "first")
  await say(alice, "second")
  const bob = await open(cast.bob, { url: way.origin })
  await live(bob)
  await message(bob, "second").waitFor()
  // What it takes to reply is loaded with the first movement, and needs no connection from then on.
  await message(bob, "second").hover()
  await message(bob, "second").getByRole("link", { name: "Reply" }).waitFor()
  const reply = async (text: string, answer: string) => {
    await message(bob, text).hover()
    await message(bob, text).getByRole("link", { name: "Reply" }).click()
    await say(bob, answer)
  }

  way.cut()
  await bob.locator("#room:not([data-live])").waitFor()
  await reply("first", "to the first")
  await reply("second", "to the second")
  await message(bob, "to the second").getByText("sending").waitFor()
  const second = await alice.locator("article", { hasText: "second" }).getAttribute("id")
  const messageId = second?.replace("message-", "") ?? ""
  expect((await cast.alice.client.mutate("deleteMessage", { messageId })).success).toBe(true)
  way.restore()

  await message(alice, "to the first")
    .getByRole("link", { name: /In reply to alice first/ })
    .waitFor()
  await message(bob, "to the second").getByText("was deleted").waitFor()
  await message(bob, "to the second").getByRole("button", { name: "Try again" }).click()
  await message(alice, "to the second").waitFor()
  expect(
    await message(alice, "to the second")
      .getByRole("link", { name: /In reply to/ })
      .count(),
  ).toBe(0)
})

story("without JavaScript replies work by links and forms", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  await say(alice, "a question")
  const bob = await open(cast.bob, { javaScriptEnabled: false })
  const log = bob.frameLocator("iframe[title='Messages']")
  const form = bob.frameLocator("iframe[title='Write a message']")
  await choose(log, "a question", "Reply", bob)
  await form.getByText(/Replying to\s+alice\s+a question/).waitFor()
  await composer(form).fill("an answer")
  await form.getByRole("button", { name: "Send" }).click()

  await message(alice, "an answer")
    .getByRole("link", { name: /In reply to alice a question/ })
    .waitFor()
  await message(log, "an answer")
    .getByRole("link", { name: /In reply to alice a question/ })
    .waitFor()
  await eventually(() => form.getByText(/Replying to\s+alice/).isVisible(), false)
})
