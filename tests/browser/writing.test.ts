import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { updateExtras } from "../../src/features/messages/store.ts"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, composer, eventually, live, meet, message, say, texts } from "./room.ts"

const options = (page: Page) => page.getByRole("listbox").getByRole("option")
const logOf = (page: Page) => page.frameLocator("iframe[title='Messages']")
const composerOf = (page: Page) => page.frameLocator("iframe[title='Write a message']")

/** The height of a message's visible text, relative to all of it. */
const isUncovered = (page: Page, text: string) => message(page, text).locator(".spoiler > span").isVisible()

story(
  "names are completed by keyboard and mouse, and the mentioned user sees a highlighted message",
  async ({ cast, open, roomPath }) => {
    const [alice] = await meet(open, cast.alice)
    const bob = await open(cast.bob, { path: `${roomPath}?transport=sse` })
    await live(bob, "sse")
    const box = composer(alice)

    await box.pressSequentially("hi @")
    expect(await options(alice).count()).toBe(0)
    await box.pressSequentially("b")
    await options(alice).filter({ hasText: "bob" }).waitFor()
    await expectAccessible(alice, "names to choose from")
    await alice.keyboard.press("Enter")
    expect(await box.inputValue()).toBe("hi @bob ")
    await box.pressSequentially("in #gen")
    await options(alice).filter({ hasText: "general" }).waitFor()
    await options(alice).filter({ hasText: "general" }).click()
    expect(await box.inputValue()).toBe("hi @bob in #general ")
    // At once: letter by letter the list would keep changing.
    await alice.keyboard.insertText(":tad")
    await options(alice).first().waitFor()
    await alice.keyboard.press("Tab")
    expect(await box.inputValue()).toBe("hi @bob in #general 🎉 ")
    // Nothing was sent. Without the list, Enter sends.
    expect(await message(alice, "hi").count()).toBe(0)
    await alice.keyboard.press("Enter")

    await message(bob, "hi @bob in #general 🎉").waitFor()
    expect(await message(bob, "hi").getByRole("link", { name: "#general" }).getAttribute("href")).toBe(
      roomPath,
    )
    const edge = (page: Page) =>
      message(page, "hi").evaluate((one) => one.ownerDocument.defaultView?.getComputedStyle(one).boxShadow)
    await message(alice, "hi").and(alice.locator("[data-position]")).waitFor()
    expect(await edge(bob)).not.toBe("none")
    expect(await edge(alice)).toBe("none")

    // Also while editing, on a phone: Escape closes the list and not the dialog.
    await alice.setViewportSize({ width: 390, height: 780 })
    const dialog = await choose(alice, "hi", "Edit")
    const editing = dialog.getByRole("textbox", { name: "Message" })
    await editing.press("Control+End")
    await editing.pressSequentially("and @al")
    await options(alice).filter({ hasText: "alice" }).waitFor()
    await alice.keyboard.press("Escape")
    expect(await options(alice).count()).toBe(0)
    await editing.pressSequentially("i")
    await options(alice).filter({ hasText: "alice" }).waitFor()
    await alice.keyboard.press("Enter")
    expect(await editing.inputValue()).toBe("hi @bob in #general 🎉 and @alice ")
  },
)

story("suggestions can be navigated, dismissed and outdated", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  const box = composer(alice)
  const chosen = () => box.getAttribute("aria-activedescendant")

  await box.focus()
  await alice.locator("#composer .completing").waitFor({ state: "attached" })
  // At once: letter by letter the list would keep changing.
  await alice.keyboard.insertText(":hear")
  await options(alice).nth(2).waitFor()
  expect(await chosen()).toBe("completion-0")
  await alice.keyboard.press("ArrowDown")
  expect(await chosen()).toBe("completion-1")
  await alice.keyboard.press("ArrowUp")
  await alice.keyboard.press("ArrowUp")
  expect(await chosen()).toBe(`completion-${(await options(alice).count()) - 1}`)
  await alice.keyboard.press("Escape")
  expect(await options(alice).count()).toBe(0)
  expect(await chosen()).toBeNull()
  await alice.keyboard.press("Enter")
  await message(alice, ":hear").waitFor()

  // An answer for a name that was deleted meanwhile must not open a list.
  await alice.route("**/complete?**", async (route) => {
    const answer = await route.fetch()
    if (route.request().url().includes("q=al")) await released
    await route.fulfill({ response: answer })
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const late = alice.waitForRequest(/q=al$/)
  await box.pressSequentially("@al")
  await late
  await box.press("Control+a")
  await box.press("Delete")
  await box.pressSequentially("@bo")
  await options(alice).filter({ hasText: "bob" }).waitFor()
  const answered = alice.waitForResponse(/q=al$/)
  release()
  await answered
  await alice.keyboard.press("Enter")
  expect(await box.inputValue()).toBe("@bob ")
  await alice.unrouteAll({ behavior: "ignoreErrors" })
})

story(
  "spoilers and long texts are opened by keyboard, and stay open when a message changes",
  async ({ cast, chat, open }) => {
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    await say(alice, "the end: ||they [wake up](https://example.org/)|| <t:0:R>")
    await say(alice, `a story\n${"and then ".repeat(200)}`)
    await message(bob, "a story").and(bob.locator("[data-position]")).waitFor()

    const spoiler = message(bob, "the end").getByRole("checkbox", { name: "Show spoiler" })
    expect(await isUncovered(bob, "the end")).toBe(false)
    expect(await message(bob, "the end").getByRole("link", { name: "wake up" }).count()).toBe(0)
    await spoiler.focus()
    await expectAccessible(bob, "something hidden, something folded")
    await bob.keyboard.press("Space")
    await message(bob, "the end").getByRole("link", { name: "wake up" }).waitFor()

    const story = message(bob, "a story").locator(".content")
    const heightOf = async () => (await story.boundingBox())?.height ?? 0
    const folded = await heightOf()
    await message(bob, "a story").getByRole("checkbox", { name: "Show more" }).press("Space")
    await message(bob, "a story").getByRole("checkbox", { name: "Show less" }).waitFor()
    expect(await heightOf()).toBeGreaterThan(folded + 40)

    // Both change, and their texts stay the same.
    for (const text of ["the end", "a story"]) {
      const { id = "", seq } = await told(bob, text)
      await chat.publisher.decide((changes) =>
        updateExtras(changes, id, (extras) => ({ ...extras, pinned: true })),
      )
      await eventually(async () => (await told(bob, text)).seq !== seq, true)
    }
    expect(await isUncovered(bob, "the end")).toBe(true)
    expect(await heightOf()).toBeGreaterThan(folded + 40)

    await bob.goto(
      `/messages/${(await message(bob, "a story").getAttribute("id"))?.slice("message-".length)}`,
    )
    await eventually(async () => (await heightOf()) > folded + 40, true)
  },
)

story("the draft preview follows the text, and closes when it is sent", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const preview = alice.getByRole("region", { name: "Preview" })

  await composer(alice).fill("**bold** @bob")
  await alice.getByRole("button", { name: "Preview" }).click()
  await preview.locator("strong").getByText("bold").waitFor()
  await preview.locator(".mention").getByText("@bob").waitFor()
  await expectAccessible(alice, "a preview")
  await composer(alice).press("End")
  await composer(alice).pressSequentially(" `code`")
  await preview.locator("code").waitFor()
  const soon = new Date(Date.now() + 125 * 60_000)
  await alice.keyboard.insertText(` <t:${Math.floor(soon.getTime() / 1000)}:R>`)
  await preview.getByText("in 2 hours").waitFor()
  expect(await message(bob, "bold").count()).toBe(0)

  await alice.getByRole("button", { name: "Close preview" }).click()
  await preview.waitFor({ state: "detached" })
  await alice.getByRole("button", { name: "Preview" }).click()
  await preview.waitFor()
  await composer(alice).press("Enter")
  await message(bob, "bold").locator("strong").waitFor()
  expect(await message(bob, "in 2 hours").locator(".content time").getAttribute("title")).toContain(
    String(soon.getFullYear()),
  )
  await preview.waitFor({ state: "hidden" })
})

story("pasted text keeps the formatting that messages can have", async ({ cast, open, origin }) => {
  const [alice] = await meet(open, cast.alice)
  const box = composer(alice)
  await alice.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin })
  /** With the browser's own clipboard, optionally with a picture. */
  const copyWithPicture = (parts: Record<string, string>) =>
    alice.evaluate(`{
      const blobs = Object.entries(${JSON.stringify(parts)}).map(([type, text]) => [type, new Blob([text], { type })])
      const canvas = new OffscreenCanvas(3, 3)
      canvas.getContext("2d").fillRect(0, 0, 3, 3)
      canvas
        .convertToBlob()
        .then((png) => navigator.clipboard.write([new ClipboardItem({ ...Object.fromEntries(blobs), "image/png": png })]))
    }`)
  const paste = async (html: string, plain: string) => {
    await box.fill("")
    await box.focus()
    await alice.locator("#composer .completing").waitFor({ state: "attached" })
    // The browser's own insertion, if no script handles it.
    await alice.evaluate(`{
      const clipboardData = new DataTransfer()
      const [html, plain] = ${JSON.stringify([html, plain])}
      if (html) clipboardData.setData("text/html", html)
      clipboardData.setData("text/plain", plain)
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
      if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, plain)
    }`)
    return box.inputValue()
  }

  expect(
    await paste(
      '<meta charset="utf-8"><h2>Plan</h2><p>A <b>bold</b> and <i>slanted</i> <a href="https://example.org/">link</a>.</p><ul><li>one<ul><li>two</li></ul></li></ul><img src="https://evil.example/x.png" onerror="alert(1)"><pre>let a = 1</pre>',
      "plain",
    ),
  ).toBe(
    "## Plan\n\nA **bold** and *slanted* [link](https://example.org/).\n\n- one\n  - two\n\n```\nlet a = 1\n```",
  )
  expect(await paste("<p>2*3*4 and <b>more</b></p>", "x")).toBe("2\\*3\\*4 and **more**")
  // Headings of three levels, each on a line. In items and cells, where messages have none, they are bold.
  expect(
    await paste(
      '<h1><b>One</b> <a href="#one">#</a><a href="https://example.org/">link</a></h1>text<h3>Three<br>of <i>them</i></h3><h4>Four</h4><h2></h2><ul><li><h2>item</h2></li></ul><blockquote><h2>said</h2>so</blockquote><table><tr><th><h3>a</h3></th><td>b</td></tr></table>',
      "x",
    ),
  ).toBe(
    "# One #[link](https://example.org/)\n\ntext\n\n### Three of *them*\n\n**Four**\n\n- **item**\n\n> ## said\n>\n> so\n\n**a**\tb",
  )
  // Word processors wrap everything in a <b> that is not bold.
  expect(
    await paste('<b style="font-weight:normal"><span style="font-weight:700">yes</span> no</b>', "x"),
  ).toBe("**yes** no")
  expect(await paste('<div style="font-family: Menlo, monospace"><b>const</b> a</div>', "const a")).toBe(
    "const a",
  )
  expect(await paste("<span>just words</span>", "just words")).toBe("just words")
  expect(await paste('<a href="javascript:alert(1)">x</a> <b>b</b>', "x b")).toBe("x **b**")
  expect(await paste("", "plain")).toBe("plain")
  // Without formatting, plain text without escapes.
  expect(await paste("<p>2*3*4</p>", "2*3*4")).toBe("2*3*4")
  expect(await paste("<p>~/a and https://example.org/~a/_b_ <i>c</i></p>", "x")).toBe(
    "\\~/a and https://example.org/~a/_b_ *c*",
  )

  // From Word: split runs, lists that are paragraphs, a style sheet before it.
  const item = (level: number, sign: string, text: string) =>
    `<p class=MsoListParagraph style='text-indent:-.25in;mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${sign}<span>&nbsp;&nbsp; </span></span><![endif]>${text}<o:p></o:p></p>`
  expect(
    await paste(
      `<html><head><style><!-- p {mso-style:""} --></style></head><body><!--StartFragment--><p class=MsoNormal>So <b>bo</b><b><span\nlang=EN>ld</span></b>,\nand <b><i>b</i></b><b><i>i</i></b></p>${item(1, "·", "one")}${item(2, "o", "two")}${item(1, "3.", "three")}<p><o:p>&nbsp;</o:p></p><!--EndFragment--></body></html>`,
      "x",
    ),
  ).toBe("So **bold**, and ***bi***\n\n- one\n  - two\n3. three")
  // From Google Docs: lists directly in lists, underlined links, several marks at once.
  expect(
    await paste(
      '<b style="font-weight:normal" id="docs-internal-guid-1"><ul><li dir="ltr"><p><span style="font-weight:700;font-style:italic">one</span></p></li><ul><li><p><span style="font-weight:400">two<br>lines</span></p></li></ul></ul><p><a href="https://example.org/a_(b)"><span style="text-decoration:underline">link</span></a> <span style="text-decoration:line-through">not</span></p><br><p><span style="font-weight:700">a</span><span style="font-weight:700">b</span><span style="font-style:italic">c</span></p></b>',
      "x",
    ),
  ).toBe("- ***one***\n  - two\n    lines\n\n[link](https://example.org/a_%28b%29) ~~not~~\n\n**ab***c*")
  // From mail: an element for each line, empty ones between paragraphs, bold around everything.
  expect(
    await paste(
      "<div>one <b>b</b></div><div>two<br></div><div><br></div><b><div>three</div><div>3</div></b>",
      "x",
    ),
  ).toBe("one **b**\ntwo\n\n**three**\n**3**")
  expect(
    await paste(
      "<div>yes</div><blockquote><div>no?</div><blockquote>oh!</blockquote><pre>a\n\n b</pre></blockquote>",
      "x",
    ),
  ).toBe("yes\n\n> no?\n>\n> oh!\n>\n> ```\n> a\n>\n>  b\n> ```")
  expect(
    await paste(
      "<table>\n<tr><th><p>a</p></th><th>b</th></tr>\n<tr><td><b>1</b></td><td>2<br>3</td></tr></table>",
      "x",
    ),
  ).toBe("a\tb\n**1**\t2 3")
  expect(await paste("<pre>a<br>  b\n\n\n c*d*</pre><p><code> x  y </code> [1]</p>", "x")).toBe(
    "```\na\n  b\n\n\n c*d*\n```\n\n` x  y ` [1]",
  )

  // Copied spreadsheet cells come with a picture of them, which is ignored. A picture alone is attached.
  await box.fill("")
  await copyWithPicture({
    "text/html": "<table><tr><td><b>1</b></td><td>2</td></tr></table>",
    "text/plain": "1\t2",
  })
  await alice.keyboard.press("ControlOrMeta+v")
  await eventually(() => box.inputValue(), "**1**\t2")
  expect(await alice.locator("#tray li").count()).toBe(0)
  await copyWithPicture({ "text/html": "<img src='https://example.org/cat.png' alt='a cat'>" })
  await alice.keyboard.press("ControlOrMeta+v")
  await alice.locator("#tray").getByText("image.png").waitFor()
  expect(await box.inputValue()).toBe("**1**\t2")

  // Far too long text is attached as a file at once.
  expect(await paste("<b>long</b> ".repeat(5000), "long ".repeat(5000))).toBe("")
  await alice.locator("#tray").getByText("message.txt").waitFor()
})

story("a too long text is kept, counted, and can be attached as a file", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const box = composer(alice)
  const note = alice.locator("#composer .length")
  const long = "words ".repeat(333) // 1,998 characters
  await box.fill("short")
  await alice.locator("#composer .completing").waitFor({ state: "attached" })
  expect(await note.isVisible()).toBe(false)

  await box.fill(long)
  await note.getByText("2 characters left.").waitFor()
  await alice.keyboard.insertText("some")
  await note.getByText("2 characters too long.").waitFor()
  await alice.getByRole("status").getByText("2 characters too long.").waitFor()
  await alice.keyboard.press("Enter")
  await alice.getByRole("alert").getByText("2 characters too long. A message has at most 2000").waitFor()
  expect(await box.inputValue()).toBe(`${long}some`)
  expect(await texts(alice)).toEqual([])
  await expectAccessible(alice, "a message that is too long")

  await note.getByRole("button", { name: "Attach as a file" }).click()
  await alice.locator("#tray").getByText("message.txt").waitFor()
  expect(await box.inputValue()).toBe("")
  expect(await note.isVisible()).toBe(false)
  await alice.keyboard.press("ControlOrMeta+z")
  expect(await box.inputValue()).toBe(`${long}some`)
  for (const key of ["Control+End", "Backspace", "Backspace"]) await box.press(key)
  await box.press("Enter")
  await message(bob, `${long}so`.slice(-20)).getByText("message.txt").waitFor()
  expect(await note.isVisible()).toBe(false)

  const edit = await choose(alice, "words", "Edit")
  await edit.getByRole("textbox", { name: "Message" }).press("End")
  await alice.keyboard.press("Control+End")
  await alice.keyboard.insertText("!")
  await alice.keyboard.press("Enter")
  await edit.getByText("1 character too long.").first().waitFor()
  expect(await edit.getByRole("textbox", { name: "Message" }).inputValue()).toBe(`${long}so!`)
})

story(
  "without JavaScript messages can be read, uncovered and previewed",
  async ({ cast, open, roomPath, expectTrouble }) => {
    expectTrouble(/400/)
    const [alice] = await meet(open, cast.alice)
    const bob = await open(cast.bob, { javaScriptEnabled: false })
    await say(alice, "@bob the end: ||they wake up|| <t:0:D>")
    await say(alice, `a story\n${"and then ".repeat(200)}`)
    const [ending, tale] = [message(logOf(bob), "the end"), message(logOf(bob), "a story")]
    await tale.waitFor()
    expect(await ending.locator(".content time").getAttribute("title")).toContain("1 January 1970")

    expect(await ending.locator(".spoiler > span").isVisible()).toBe(false)
    await ending.getByRole("checkbox", { name: "Show spoiler" }).press("Space")
    await ending.locator(".spoiler > span").waitFor()
    const folded = (await tale.locator(".content").boundingBox())?.height ?? 0
    await tale.locator(".unfold").click()
    await eventually(
      async () => ((await tale.locator(".content").boundingBox())?.height ?? 0) > folded + 40,
      true,
    )

    const long = "words ".repeat(400)
    await composer(composerOf(bob)).fill(long)
    await composerOf(bob).getByRole("button", { name: "Send" }).click()
    await composerOf(bob).getByRole("alert").getByText("this is 400 too long").waitFor()
    expect(await composer(composerOf(bob)).inputValue()).toBe(long)

    await composer(composerOf(bob)).fill("**bold** @alice :tada:")
    await composerOf(bob).getByRole("button", { name: "Preview" }).click()
    await bob.getByRole("heading", { name: "Preview" }).waitFor()
    await bob.locator(".previewed strong").getByText("bold").waitFor()
    await bob.locator(".previewed .mention").getByText("@alice").waitFor()
    const box = bob.getByRole("textbox", { name: "Message" })
    expect(await box.inputValue()).toBe("**bold** @alice :tada:")
    await box.fill("*slanted*")
    await bob.getByRole("button", { name: "Preview again" }).click()
    await bob.locator(".previewed em").getByText("slanted").waitFor()
    await bob.getByRole("button", { name: "Send" }).click()
    await message(alice, "slanted").locator("em").waitFor()
    // The room has a streaming iframe, so its load event never fires.
    await bob.waitForURL((url) => url.pathname === roomPath, { waitUntil: "commit" })
  },
)

/** The id and version of a message. */
async function told(page: Page, text: string) {
  const [id, seq] = await Promise.all(
    ["id", "data-seq"].map((name) => message(page, text).getAttribute(name)),
  )
  return { id: id?.slice("message-".length), seq }
}
