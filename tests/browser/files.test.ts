import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story, unreachable } from "../support/browser.ts"
import { fileOf, picture } from "../support/pictures.ts"
import { expectAccessible } from "./accessible.ts"
import { untilIntercepted } from "./held.ts"
import { composer, eventually, live, meet, message, say } from "./room.ts"

const png = await picture("png", 800, 600)
const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") }
const cat = { name: "cat.png", mimeType: "image/png", buffer: png }

const tray = (page: Page) => page.getByRole("list", { name: "Attached files" }).getByRole("listitem")
const attached = (page: Page) => page.locator('.tray-item[data-state="done"]')
const pictures = (page: Page, text: string) => message(page, text).locator(".pictures img")

/** Drops or pastes a picture at the composer. */
async function bring(page: Page, by: "paste" | "drop", name: string): Promise<void> {
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob("${png.toString("base64")}"), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], "${name}", { type: "image/png" }))
    const event = "${by}" === "paste"
      ? new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data })
      : new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data })
    document.getElementById("composer-content").dispatchEvent(event)
  }`)
}

story("files are chosen, pasted and dropped, and everyone sees them", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  await alice.getByLabel("Attach files").setInputFiles([notes])
  await bring(alice, "paste", "pasted.png")
  await bring(alice, "drop", "dropped.png")
  await eventually(() => attached(alice).count(), 3)
  await alice.getByRole("textbox", { name: "Description of dropped.png" }).fill("A grey field")
  await expectAccessible(alice, "the tray")
  await alice.setViewportSize({ width: 1280, height: 800 })
  await say(alice, "Three things")

  await message(bob, "Three things").waitFor()
  await eventually(() => pictures(bob, "Three things").count(), 2)
  await message(bob, "Three things")
    .getByRole("link", { name: /^notes.txt/ })
    .waitFor()
  await message(bob, "Three things").getByRole("img", { name: "A grey field" }).waitFor()
  // Its space is reserved before the picture loads.
  const box = await pictures(bob, "Three things").first().getAttribute("width")
  expect(Number(box)).toBeGreaterThan(100)
  expect(await tray(alice).count()).toBe(0)
  await expectAccessible(bob, "a message with files")
})

story("a file that is too large holds nothing back, and can be removed", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const input = alice.getByLabel("Attach files")
  await input.evaluate((element) => element.setAttribute("data-max-bytes", "100"))
  const [film, song] = ["film.mp4", "song.mp3"].map((name) => ({
    ...{ name, mimeType: "video/mp4", buffer: Buffer.alloc(101) },
  }))

  await input.setInputFiles([film, notes, song].filter((file) => file !== undefined))
  await eventually(() => attached(alice).count(), 1)
  await tray(alice).filter({ hasText: "film.mp4" }).getByText("Remove it, or send without it").waitFor()
  await alice.getByRole("button", { name: "Remove song.mp3" }).press("Enter")
  await eventually(() => tray(alice).count(), 2)
  await say(alice, "the rest")

  await message(bob, "the rest")
    .getByRole("link", { name: /^notes.txt/ })
    .waitFor()
  await alice.getByText("Sent without film.mp4.").waitFor()
  expect(await tray(alice).count()).toBe(0)
})

story("a message waits for its uploads, which can be cancelled and retried", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(unreachable, /413|429/)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const held: (() => void)[] = []
  let isHeld = true
  await alice.route("**/files", async (route) => {
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
    await route.continue().catch(() => {})
  })
  await untilIntercepted(alice)

  await alice.getByLabel("Attach files").setInputFiles([cat, notes])
  await eventually(async () => held.length, 2)
  await say(alice, "with notes only")
  await alice.getByText("The message is sent when its files are uploaded.").waitFor()
  await alice.getByRole("button", { name: "Cancel cat.png" }).press("Enter")
  await eventually(() => tray(alice).count(), 1)
  isHeld = false
  for (const go of held) go()

  await message(bob, "with notes only")
    .getByRole("link", { name: /^notes.txt/ })
    .waitFor()
  expect(await pictures(bob, "with notes only").count()).toBe(0)
  await eventually(() => composer(alice).inputValue(), "")

  // A failed upload says why, stays, and holds the message back.
  await alice.unroute("**/files")
  let isCut = true
  await alice.route("**/files", (route) => (isCut ? route.abort() : route.continue()))
  await untilIntercepted(alice)
  await alice.getByLabel("Attach files").setInputFiles([cat])
  await alice.getByText("cat.png was not attached: no connection").waitFor()
  await say(alice, "with a cat")
  await alice.getByText("Some files were not uploaded").waitFor()
  await expectAccessible(alice, "a failed upload")
  expect(await message(bob, "with a cat").count()).toBe(0)
  isCut = false
  await alice.getByRole("button", { name: "Try again" }).click()
  await eventually(() => attached(alice).count(), 1)
  await composer(alice).press("Enter")
  await pictures(bob, "with a cat").waitFor()
  await alice.getByLabel("Attach files").setInputFiles([{ ...notes, buffer: Buffer.from("") }])
  await alice.getByText("notes.txt was not attached: empty, or a folder").waitFor()
})

story("a draft keeps its files, and a waiting message is sent with them once", async (stage) => {
  const { cast, open, proxy, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await proxy()
  const alice = await open(cast.alice, { url: way.origin })
  const bob = await open(cast.bob, { path: `${stage.roomPath}?transport=sse` })
  await Promise.all([live(alice), live(bob, "sse")])
  await alice.getByLabel("Attach files").setInputFiles([cat])
  await composer(alice).fill("still writing")
  await eventually(() => attached(alice).count(), 1)

  await alice.reload({ waitUntil: "commit" })
  await live(alice)
  await eventually(() => attached(alice).count(), 1)
  expect(await composer(alice).inputValue()).toBe("still writing")
  way.cut()
  await eventually(() => alice.locator("#room[data-live]").count(), 0)
  await composer(alice).press("Enter")
  await message(alice, "still writing").getByText("cat.png").waitFor()
  expect(await tray(alice).count()).toBe(0)
  way.restore()

  await pictures(bob, "still writing").waitFor()
  await eventually(() => pictures(alice, "still writing").count(), 1)
  expect(await message(bob, "still writing").count()).toBe(1)
})

story("a file waits for a connection, also where what uploads it was not loaded yet", async (stage) => {
  const { cast, open, proxy, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await proxy()
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice)
  way.cut()
  await eventually(() => alice.locator("#room[data-live]").count(), 0)

  await alice.getByLabel("Attach files").setInputFiles([notes])
  await alice.getByText("Files are attached when the connection is back.").waitFor()
  await composer(alice).fill("once there is one")
  await composer(alice).press("Enter")
  await alice.getByText("The message is sent when its files are uploaded.").waitFor()
  expect(await tray(alice).count()).toBe(0)
  way.restore()

  await message(alice, "once there is one")
    .getByRole("link", { name: /^notes.txt/ })
    .waitFor()
  expect(await tray(alice).count()).toBe(0)
})

story("pictures are viewed by keyboard, described, and found again", async ({ cast, chat, open, room }) => {
  const ids: string[] = []
  for (const name of ["one.png", "two.png", "three.png"]) {
    ids.push((await chat.uploads.receive(cast.alice.id, room.channelId, fileOf(name, png))).id)
  }
  const { token } = await cast.alice.client.connect("chat", room, {})
  await cast.alice.client.send("chat", room, token ?? "", { content: "Three", files: ids })
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  await message(alice, "Three").getByRole("link", { name: "Image two.png" }).press("Enter")
  const dialog = alice.getByRole("dialog")
  await dialog.getByText("Image 2 of 3").waitFor()
  await expectAccessible(alice, "the viewer")
  await alice.keyboard.press("ArrowRight")
  await dialog.getByText("Image 3 of 3").waitFor()
  await alice.keyboard.press("ArrowRight")
  await alice.keyboard.press("ArrowLeft")
  await dialog.getByText("Image 2 of 3").waitFor()
  await dialog.getByRole("link", { name: "Describe" }).click()
  await dialog.getByRole("textbox", { name: "Description" }).fill("The second of three")
  await expectAccessible(alice, "describing a picture")
  await dialog.getByRole("button", { name: "Save" }).click()

  await message(bob, "Three").getByRole("img", { name: "The second of three" }).waitFor()
  await dialog.waitFor({ state: "hidden" })
  await message(bob, "Three").getByRole("img", { name: "The second of three" }).click()
  await bob.getByRole("dialog").getByText("The second of three").waitFor()
  expect(await bob.getByRole("dialog").getByRole("link", { name: "Describe" }).count()).toBe(0)
  await bob.keyboard.press("Escape")
  await bob.getByRole("dialog").waitFor({ state: "hidden" })
})

/** A minute of silence: longer than the test looks at it. Source: RFC 2361, and the format of Microsoft and IBM of 1991. */
function silence(): Buffer {
  const [head, samples] = [Buffer.alloc(44), Buffer.alloc(60 * 8000, 128)]
  head.write("RIFF    WAVEfmt ", "latin1")
  head.write("data", 36, "latin1")
  const fields = [
    [4, 36 + samples.length],
    [16, 16],
    [24, 8000],
    [28, 8000],
    [40, samples.length],
  ] as const
  for (const [at, value] of fields) head.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    head.writeUInt16LE(value, at)
  return Buffer.concat([head, samples])
}

/** A PDF of one page that says something. Readers find the objects without the table of their places. */
const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F 24 Tf 40 100 Td (The harbour plan) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>`

story("sound plays where it was sent, PDFs are drawn, pictures are zoomed", async (stage) => {
  const { cast, chat, open, room } = stage
  // The PDF has no table of where its objects are.
  stage.expectTrouble(/Indexing all PDF objects/)
  const ids: string[] = []
  const given = [
    fileOf("memo.wav", silence()),
    fileOf("plan.pdf", pdf),
    fileOf("wide.png", png),
    fileOf("next.png", png),
  ]
  for (const file of given) ids.push((await chat.uploads.receive(cast.alice.id, room.channelId, file)).id)
  const { token } = await cast.alice.client.connect("chat", room, {})
  await cast.alice.client.send("chat", room, token ?? "", { content: "All of it", files: ids })
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  // It keeps playing when the message is rendered again.
  const playing = `document.querySelector("#messages audio")`
  await bob.evaluate(`(${playing}.currentTime = 1, ${playing}.play())`)
  const id = (await message(alice, "All of it").getAttribute("id"))?.replace("message-", "") ?? ""
  await cast.alice.client.mutate("addReaction", { messageId: id, emoji: "👍" })
  await message(bob, "All of it").locator(".reactions").waitFor()
  await eventually(() => bob.evaluate(`!${playing}.paused && ${playing}.currentTime > 1`), true)
  await message(bob, "All of it")
    .getByRole("link", { name: /^memo.wav/ })
    .click()
  const dialog = bob.getByRole("dialog")
  await dialog.getByLabel("Speed").selectOption("1.5×")
  expect(await bob.evaluate(`document.querySelector("dialog audio").playbackRate`)).toBe(1.5)
  await expectAccessible(bob, "a recording")

  await dialog.getByRole("link", { name: "Next" }).click()
  await dialog.getByRole("img", { name: "Page 1 of 1" }).waitFor()
  await dialog.getByText("The harbour plan").waitFor({ state: "attached" })
  await expectAccessible(bob, "a PDF")
  await bob.keyboard.press("Escape")

  await message(bob, "All of it").getByRole("link", { name: "Image wide.png" }).click()
  const frame = dialog.locator(".frame")
  await dialog.getByRole("button", { name: "Zoom in" }).click()
  await eventually(() => frame.locator("img").getAttribute("src"), `/files/${ids[2]}`)
  const widths = `document.querySelector(".frame").scrollWidth > document.querySelector(".frame").clientWidth + 10`
  expect(await bob.evaluate(widths)).toBe(true)
  await expectAccessible(bob, "a zoomed picture")
  await bob.keyboard.press("0")
  expect(await frame.getAttribute("data-zoomed")).toBeNull()
  const box = await frame.boundingBox()
  const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 100]
  await bob.mouse.move(x, y)
  await bob.mouse.down()
  await bob.mouse.move(x - 150, y + 10, { steps: 4 })
  await bob.mouse.up()
  await dialog.getByText("Image 2 of 2").waitFor()
})

story("without JavaScript files are sent by the form, and pictures have pages", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  const bob = await open(cast.bob, { javaScriptEnabled: false })
  const form = bob.frameLocator("iframe[title='Write a message']")
  const log = bob.frameLocator("iframe[title='Messages']")

  await form.getByLabel("Attach files").setInputFiles([cat, notes])
  await composer(form).fill("by form")
  await form.getByRole("button", { name: "Send" }).click()

  await pictures(alice, "by form").waitFor()
  await log.getByRole("link", { name: "Image cat.png" }).click()
  await bob.getByRole("heading", { name: "cat.png" }).waitFor()
  await bob.getByRole("img", { name: "Image cat.png" }).waitFor()
  await bob.getByRole("link", { name: "Describe" }).click()
  await bob.getByRole("textbox", { name: "Description" }).fill("A cat")
  await bob.getByRole("button", { name: "Save" }).click()
  await bob.getByRole("link", { name: "Go to message" }).click()
  await message(bob, "by form").getByRole("img", { name: "A cat" }).waitFor()
  await message(alice, "by form").getByRole("img", { name: "A cat" }).waitFor()
})
