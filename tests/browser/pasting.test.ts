import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { composer, eventually, meet } from "./room.ts"

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
  const paste = async (html: string, plain: string, shiftKey = false) => {
    await box.fill("")
    await box.focus()
    await alice.locator("#composer .completing").waitFor({ state: "attached" })
    // The browser's own insertion, if no script handles it.
    await alice.evaluate(`{
      const clipboardData = new DataTransfer()
      const [html, plain] = ${JSON.stringify([html, plain])}
      if (html) clipboardData.setData("text/html", html)
      clipboardData.setData("text/plain", plain)
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "V", ctrlKey: true, shiftKey: ${shiftKey} }))
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
  // By Ctrl+Shift+V the plain text, also where a browser offers both.
  expect(await paste("<b>2*3*4</b>", "2*3*4", true)).toBe("2*3*4")
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
