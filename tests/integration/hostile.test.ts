import { describe, expect, setDefaultTimeout, spyOn, test } from "bun:test"
import { deflateRawSync } from "node:zlib"
import { safeName } from "../../src/features/files/names.ts"
import { renderContent } from "../../src/features/messages/render.ts"
import { Name } from "../../src/features/names.ts"
import { appear, clientOf, createTestChat, expectData, type Person, silent } from "../support/chat.ts"
import { find, the } from "../support/html.ts"
import { hearPresence, until } from "../support/listen.ts"
import { fileOf, picture, upload } from "../support/pictures.ts"
import { rawAnswer } from "../support/raw.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { events } from "./transports/events.ts"
import { shapeOf } from "./transports/page.ts"
import { socket } from "./transports/socket.ts"
import { stream } from "./transports/stream.ts"
import { post } from "./transports/transport.ts"

// What people write to be more than text. It is text wherever it is shown: the page has the elements and attributes
// that it has with "harmless" in its place, and no others.

setDefaultTimeout(30_000)

const corpora: Record<string, string[]> = {
  markup: [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "'><iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=y&gt;'>",
    "<svg><![CDATA[<image xlink:href=x onerror=y>]]></svg>",
    "<svg><desc><b></svg><noscript><p title='</noscript><img src=x>'>",
    "<!-- --!><b>x</b> <!--> <!---> <![CDATA[ ]]> <!DOCTYPE x> <?xml?>",
    "<b <i <a href='x' <",
    "</article></div></main></body></html><p>",
    "</title><b>x</b></textarea></template></style></script></noscript></iframe>",
    "<plaintext><xmp><listing><noembed><noframes>",
    "<base href=//evil.example><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
    "<b\0 onclick\0=x>\0</b\0>",
    "&lt;b&gt; &amp;lt; &#60;b&#62; &#x3c;b&#x3e; &ltb&gt &nGt; &#0; &#xD800; &#1114112;",
    "<table><tr><td></table><select><option><b>",
    "\u2028<b>\u2029\u0085\u000b\u000c<i>",
    "＜script＞ ‹b› \u00bcscript\u00be +ADw-script+AD4-",
  ],
  "hypermedia attributes": [
    '<b hx-get="/logout" hx-trigger="load">x</b>',
    "<b data-hx-post=/servers data-hx-trigger=load>",
    '" hx-get="/logout" hx-trigger="load" x="',
    "' hx-on:load='alert(1)' hx-vals='js:{a:1}' '",
    "<div ws-connect=/socket ws-send><div hx-ws:connect=/socket><div sse-connect=/x sse-swap=y><p hx-sse:connect=/x>",
    '<div id="composer" hx-swap-oob="true">gone</div>',
    '<div id="messages" hx-swap-oob="innerHTML:#room">gone</div>',
    '<hx-partial hx-target="#messages" hx-swap="innerHTML">gone</hx-partial>',
    "</hx-partial><hx-partial hx-target=body hx-swap=delete></hx-partial>",
    '</hx-upsert><hx-upsert hx-target="body" key="id">x</hx-upsert>',
    '<template for="message-1">x</template><template hx type=partial>',
    '<?start name="message-1">x<?end>',
    "<?end></div></article><?marker?>",
    '</template><template for="composer"><p>gone</p></template>',
    "data: x\n\nevent: close\nid: 999\nretry: 1\n\n",
    "\n\n: \n\ndata: <b>x</b>\n\n",
    'data-seq="999" data-position="999" id="message-1" aria-labelledby="x"',
    '{"type":"live"} {"type":"stored","id":"x"}',
  ],
  "DOM clobbering": [
    ...[
      "room",
      "messages",
      "log",
      "composer",
      "composer-content",
      "events",
      "around",
      "connection",
      "typing",
    ].map((id) => `<p id="${id}">x</p><a name=${id}>x</a>`),
    ...["dialog", "dialog-body", "announcer", "jump", "members", "channels", "pending-message", "older"].map(
      (id) => `"><form id=${id}><input name=elements><input name=content></form>`,
    ),
    "<a id=document><a id=document name=location href=//evil.example>",
    "<form name=htmx><img name=process><input id=attributes name=attributes>",
    "<iframe name=top></iframe><object id=localStorage></object><embed name=fetch>",
  ],
  "other schemes": [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1) java\tscript:alert(1) javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "[x](javascript:alert(1)) <javascript:alert(1)> ![x](data:image/svg+xml,<svg/>)",
    "//evil.example ///evil.example /\\evil.example file:///etc/passwd blob:null/x mailto:x@y",
    "ftp://evil.example view-source:x about:blank intent://x#Intent;end ms-word:x",
    "HTTPS\u200b://evil.example ht\u00adtps://evil.example ｈｔｔｐｓ://evil.example",
  ],
  "bidi and zalgo": [
    "\u202egnp.exe",
    "\u2066\u2067\u2068left open",
    "x\u202a\u202b\u202d\u202e\u202c\u2069\u200e\u200f",
    "عربى <b>عربى</b> \u202e<b>x</b>\u202c",
    `z${"\u0335\u0321\u0338\u0322".repeat(20)}a`,
    "\u{e0041}\u{e0042} \ufff9\ufffa\ufffb \u200b\u200d\u2060\ufeff",
    "\ud800 lone \udc00 \ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
    "аdmіn раураl", // Cyrillic
  ],
}

/** What the contract makes of a text before it keeps it. */
const kept = (text: string) => text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd")

/** What a form gives back of it. */
const typed = (text: string) => text.toWellFormed().replace(/\r\n?/g, "\n").trim()

describe.each(Object.keys(corpora))("%s", (which) => {
  const texts = corpora[which] ?? []

  test("is text on every page, in every dialog and error, as message, as name and as what was typed", async () => {
    using server = await createTestServer()
    const place = await furnish(server)
    const harmless = shapes(await show(server, place, "harmless"))
    expect(Object.keys(harmless).length).toBeGreaterThan(20)

    for (const text of texts) {
      const shown = await show(server, place, text)
      expect([text, shapes(shown)]).toEqual([text, harmless])

      const { room = "", edit = "", draft = "", members = "", invite = "" } = shown
      expect(the(room, `#message-${place.messageId} .content`).text).toBe(kept(text))
      expect(the(room, "#main bdi").text).toBe(Name.parse(text.slice(0, 90)))
      expect(the(members, "h1 bdi").text).toBe(Name.parse(text.slice(0, 90)))
      expect(find(invite, "bdi").map((name) => name.text)).toContain(Name.parse(text.slice(0, 90)))
      expect(the(edit, "#content").text).toBe(`\n${kept(text)}`)
      expect(the(draft, "#composer-content").text.trim()).toStartWith(typed(text).slice(0, 40))
    }
  })

  test("is text by every live transport, new and edited", async () => {
    using server = await createTestServer()
    const readers = [socket, events, stream].map(({ open }) => open(server, server.as("bob"), server.room))
    const opened = await Promise.all(readers)
    const seen = opened.map(() => ({ fresh: [] as string[], edited: [] as string[] }))
    // The endless page names the day before the first message of one.
    expect(await post(server.as("alice"), server.room, "first", crypto.randomUUID())).toBe(200)
    for (const { view } of opened) await until("the first is read", () => view().at(-1)?.content === "first")

    for (const text of ["harmless", ...texts]) {
      const id = crypto.randomUUID()
      for (const change of ["fresh", "edited"] as const) {
        const content = change === "fresh" ? text : `${text} again`
        const before = opened.map(({ page }) => page.received.length)
        if (change === "fresh") expect(await post(server.as("alice"), server.room, text, id)).toBe(200)
        else expectData(await server.cast.alice.client.mutate("editMessage", { messageId: id, content }))
        for (const [at, { view, page }] of opened.entries()) {
          await until(`${JSON.stringify(text)} is read`, () => view().at(-1)?.content === kept(content))
          expect(view().at(-1)).toMatchObject({ id, elements: [], author: server.cast.alice.id })
          const shape = shapeOf(page.received.slice(before[at]))
          if (text === "harmless") seen[at]?.[change].push(...shape)
          expect([text, shape]).toEqual([text, seen[at]?.[change] ?? []])
        }
      }
    }

    for (const { close } of opened) close()
    expect(seen.every(({ fresh, edited }) => fresh.length > 5 && edited.length > 5)).toBe(true)
  })

  test("is text in a file's name, and in what is said of a picture", async () => {
    using server = await createTestServer()
    const shown = async (text: string) => {
      const [cat, notes] = [await upload(server, "alice", named(text, pixel)), named(text, "notes")]
      await server.as("alice").post(`/files/${cat.id}/alt`, { alt: text })
      const body = new FormData()
      for (const part of [cat.id, notes]) body.append("files", part)
      await server.as("alice").fetch(`${server.roomPath}/messages`, { method: "POST", body })
      const again = new FormData()
      again.append("files", named(text, "once more"))
      const tray = await server.as("alice").fetch(`${server.roomPath}/files`, { method: "POST", body: again })
      const panels = await Promise.all(
        ["view", "alt"].map((panel) => server.as("alice").get(`/files/${cat.id}/${panel}`)),
      )
      const room = await (await server.as("bob").get(server.roomPath)).text()
      return {
        cat,
        article: articleOf(room),
        pages: await Promise.all([tray, ...panels].map((page) => page.text())),
      }
    }
    const harmless = await shown("harmless")
    expect(find(harmless.article, "img, a.download")).toHaveLength(2)

    for (const text of texts) {
      const { cat, article, pages } = await shown(text)

      expect([text, shapeOf(article)]).toEqual([text, shapeOf(harmless.article)])
      const [image] = find(article, "img")
      expect(image?.attributes.alt).toBe(
        text
          .toWellFormed()
          .replace(/[\s\p{Cc}]+/gu, " ")
          .trim() || `Picture ${cat.name}`,
      )
      expect(find(article, ".file-name").map((name) => name.text)).toEqual([safeName(asSent(text))])
      for (const [at, page] of pages.entries()) {
        // The tray's page has a log that grows.
        const part = at === 0 ? trayOf(page) : page
        const known = at === 0 ? trayOf(harmless.pages[0] ?? "") : (harmless.pages[at] ?? "")
        expect([text, shapeOf(part)]).toEqual([text, shapeOf(known)])
      }
    }
  })

  test("is text in a person's name, though nobody can sign up with it", async () => {
    using server = await createTestServer()
    const harmless = await meet(
      server,
      texts.map((_, at) => `person-${at}`),
    )
    using other = await createTestServer()

    const hostile = await meet(other, texts)

    expect(harmless.members.filter((element) => element.startsWith("li")).length).toBeGreaterThan(
      texts.length,
    )
    expect(hostile).toEqual(harmless)
    for (const username of texts) {
      const refused = await clientOf(server.chat).mutate("signUp", { username, password: "password" })
      expect([username, refused.error?.code]).toEqual([username, 400])
    }
  })
})

const pixel = await picture("png", 1, 1)
const named = (name: string, content: Uint8Array | string) => fileOf(name, content)
/** What stands in a form for a file's name: line breaks and quotes as their codes. */
const asSent = (name: string) => name.replace(/["\r\n]/g, (letter) => encodeURIComponent(letter))
const articleOf = (page: string) =>
  page.slice(page.lastIndexOf('<article id="message-')).split("</article>")[0] ?? ""
const trayOf = (page: string) => page.slice(page.indexOf('<ul id="tray"'), page.indexOf('id="tray-status"'))

const links: [text: string, hrefs: string[]][] = [
  ["see https://example.org/a?b=c&d=e#f now", ["https://example.org/a?b=c&d=e#f"]],
  ['https://example.org/"onmouseover="alert(1)', ["https://example.org/"]],
  ["https://example.org/'onmouseover='alert(1)", ["https://example.org/"]],
  ["https://example.org/`x=y", ["https://example.org/"]],
  ["https://example.org/<b>x</b>", ["https://example.org/"]],
  ["https://example.org/>x", ["https://example.org/"]],
  [
    "(https://example.org/a(b)) [https://example.org/c]",
    ["https://example.org/a(b)", "https://example.org/c"],
  ],
  ["https://example.org/[x](javascript:alert(1))", ["https://example.org/[x"]],
  ["blob:https://example.org/", ["https://example.org/"]],
  ["https://example.org/&quot;onclick=x", ["https://example.org/&quot;onclick=x"]],
  ["https://example.org/\u202egnp.exe", ["https://example.org/"]],
  [
    "https://example.org/\u2066x\u2069 \u200fhttps://b.example",
    ["https://example.org/", "https://b.example"],
  ],
  [
    "https://bücher.example/ä https://еxample.org/ https://例え.テスト/",
    ["https://bücher.example/ä", "https://еxample.org/", "https://例え.テスト/"],
  ],
  [
    "https://example.org@evil.example/ http://1.2.3.4:80/",
    ["https://example.org@evil.example/", "http://1.2.3.4:80/"],
  ],
  ["javascript://https://example.org/%0aalert(1)", ["https://example.org/%0aalert(1)"]],
  ["https://example.org/\nhx-get=/logout https:// http://", ["https://example.org/"]],
  ["https://example.org/\0x", ["https://example.org/\0x"]],
]

describe("a link", () => {
  test.each(links)("in %j leads only where it says, and carries nothing else", expectLinks)

  test("is one, however long it is", () => {
    const long = `https://example.org/${"a".repeat(100_000)}`
    expectLinks(long, [long])
  })

  test.each([
    ..."> < * [ ( ) \" ' & . , ! _ ~ ` # | \\ / : @ \n \u202e \ud800".split(" "),
    ...[
      "https://",
      "http://a",
      "https://.",
      "https://a(",
      "https://)",
      "(https://a)",
      "[https://a](",
      "&amp;",
      "https://a.",
    ],
  ])("and 2,000 characters of %j are rendered within 20 ms", (piece) => {
    const text = piece.repeat(2000).slice(0, 2000)
    const pathological = [
      text,
      `https://${text.slice(9)}x`,
      `x${text.slice(2)}x`,
      `https://a${text.slice(10)}b`,
    ]

    for (const one of pathological) {
      const took = Array.from({ length: 7 }, () => {
        const startedAt = performance.now()
        renderContent(one)
        return performance.now() - startedAt
      }).toSorted((a, b) => a - b)
      // The median: the machine may do something else meanwhile.
      expect(took[3] ?? Number.NaN).toBeLessThan(20)
    }
  })

  test("and its cost grows with its length, not faster", () => {
    const costOf = (length: number) => {
      const text = `https://${".".repeat(length)}x`
      const startedAt = performance.now()
      renderContent(text)
      return performance.now() - startedAt
    }
    costOf(1000)

    // 10,000 times 10,000 steps would take seconds.
    expect(Math.min(costOf(100_000), costOf(100_000), costOf(100_000))).toBeLessThan(200)
  })
})

test("what is too long is so in the units that browsers count in, whatever it is made of", async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const connected = await alice.client.connect("chat", app.room, {})
  const send = (content: string) => alice.client.send("chat", app.room, connected.token ?? "", { content })

  await send("\u{1f600}".repeat(1000))
  await expect(send(`x${"\u{1f600}".repeat(1000)}`)).rejects.toMatchObject({ fault: "client", code: 400 })
  const named = await alice.client.mutate("createServer", { name: "\u{1f600}".repeat(51) })
  expect(named.error?.code).toBe(400)
})

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
const sizes: [what: string, body: string][] = [
  ["JSON nested 30,000 deep", nested("[", "]", 30_000)],
  ["objects nested 10,000 deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["maps nested 6,000 deep", `${"map{1:".repeat(6000)}1${"}".repeat(6000)}`],
  ["brackets that nobody closes", "[".repeat(60_000)],
  ["60,000 characters of one number", "9".repeat(60_000)],
  ["60,000 characters of one string", `"${"x".repeat(59_000)}"`],
  ["10,000 keys", `{${Array.from({ length: 6000 }, (_, at) => `"k${at}":1`).join(",")}}`],
  ["escapes without end", `"${"\\u0041".repeat(9000)}`],
  ["one megabyte", "x".repeat(1024 * 1024)],
]

describe("a body of", () => {
  test.each(sizes)("%s is refused, and costs nothing", async (_, body) => {
    using server = await createTestServer()
    using errors = spyOn(silent, "error")
    const alice = server.as("alice")
    const before = server.dump()
    const authorization = `Bearer ${server.cast.alice.token}`
    const call = (asked: string) =>
      fetch(`${server.origin}/api/covenant`, { method: "POST", headers: { authorization }, body: asked })
    const json = { "content-type": "application/json" }
    const startedAt = performance.now()

    const answers = [
      await alice.fetch("/servers", { method: "POST", headers: json, body }),
      await alice.fetch(`${server.roomPath}/messages`, {
        method: "POST",
        headers: json,
        body: `{"content":${body}}`,
      }),
      await call(body),
      await call(`{"procedure":"createServer","inputs":{"name":${body.slice(0, 60_000)}}}`),
      await call(`{"procedure":"createServer","inputs":${body}}`),
    ]

    for (const { status } of answers) expect([400, 404, 413]).toContain(status)
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(errors).not.toHaveBeenCalled()
    expect(server.dump()).toEqual(before)
  })

  const zeros = Buffer.alloc(40 * 1024 * 1024)
  test.each([
    ["gzip", Bun.gzipSync(zeros, { level: 9 })],
    ["deflate", Bun.deflateSync(zeros, { level: 9 })],
    ["gzip, gzip", Bun.gzipSync(Bun.gzipSync(zeros, { level: 9 }), { level: 9 })],
  ])("40 MB that travel as 40 KB by %s are never unpacked", async (encoding, body) => {
    expect(body.length).toBeLessThan(64 * 1024)
    using server = await createTestServer()
    const headers = { "content-encoding": encoding, "content-type": "application/x-www-form-urlencoded" }
    const send = (path: string, type?: string) =>
      server.as("alice").fetch(path, {
        method: "POST",
        headers: { ...headers, ...(type && { "content-type": type }) },
        body,
      })
    await send("/servers")
    const before = server.dump()
    const held = memory()

    const answers = [
      await send("/servers"),
      await send("/servers", "application/json"),
      await send("/api/covenant", "text/plain"),
    ]
    for (let count = 0; count < 10; count++) answers.push(await send(`${server.roomPath}/messages`))

    for (const { status } of answers) expect(status).toBeWithin(400, 500)
    expect(server.dump()).toEqual(before)
    expect(memory() - held).toBeLessThan(200 * 1024 * 1024) // of 520
  })
})

describe("a socket that offers compression", () => {
  const head = (path: string, { origin }: { origin: string }, more: string[]) => [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_no_context_takeover",
    ...more,
  ]

  test.each(["/socket", "the room's"])("is not taken up on it: %s", async (which) => {
    using server = await createTestServer()
    const path = which === "/socket" ? which : `${server.roomPath}/live`
    const cookie = `Cookie: ${await server.as("bob").cookie()}`

    const isEnough = (answer: string) => answer.includes("\r\n\r\n")
    const answer = await rawAnswer(server.origin, head(path, server, [cookie]), { isEnough })

    expect(answer).toStartWith("HTTP/1.1 101")
    expect(answer).not.toMatch(/^sec-websocket-extensions/im)
  })

  test("and sends a compressed frame all the same is cut off, and nothing is unpacked", async () => {
    using server = await createTestServer()
    const cookie = `Cookie: ${await server.as("bob").cookie()}`
    const before = server.dump()
    let [answer, isCut] = ["", false]
    const connection = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(server.origin).port),
      socket: {
        data: (_, chunk) => {
          answer += chunk.toString("latin1")
        },
        close: () => {
          isCut = true
        },
      },
    })
    connection.write(`${head(`${server.roomPath}/live`, server, [cookie]).join("\r\n")}\r\n\r\n`)
    await until("the socket is live", () => answer.includes('{"type":"live"}'))

    connection.write(maskedFrame(0xc1, deflateRawSync(JSON.stringify({ content: "x".repeat(1000) }))))

    await until("it is cut off", () => isCut)
    await until("nothing is left of it", () => server.chat.sidekick.stats().connections === 0)
    expect(server.dump()).toEqual(before)
  })
})

describe("signing in", () => {
  /** Hashes made and compared while something is done: what takes the time that could tell. */
  async function workOf(act: () => Promise<unknown>): Promise<number> {
    using hash = spyOn(Bun.password, "hash")
    using verify = spyOn(Bun.password, "verify")
    await act()
    return hash.mock.calls.length + verify.mock.calls.length
  }

  test("takes the same work whether or not there is such an account, and says the same", async () => {
    using app = await createTestChat()
    const login = (username: string, password: string) =>
      clientOf(app.chat).mutate("login", { username, password })
    expect(await workOf(() => login("alice", "password"))).toBe(1) // or what is counted below is not what is done

    for (const password of [
      "wrong password",
      "",
      "x".repeat(200),
      `password${"\0".repeat(3)}`,
      "x".repeat(1000),
    ]) {
      const answers: unknown[] = []
      const known = await workOf(async () => answers.push(await login("alice", password)))
      const unknown = await workOf(async () => answers.push(await login("nobody", password)))

      expect([password, unknown]).toEqual([password, known])
      expect(answers[1]).toEqual(answers[0])
      expect(answers[0]).toMatchObject({ success: false, error: { code: 401 } })
    }
  })

  test("shows the same page to who guessed a name and to who did not", async () => {
    using server = await createTestServer()
    const answerTo = async (username: string) => {
      const answer = await server.visitor(null).post("/login", { username, password: "wrong password" })
      const headers = [...answer.headers].filter(
        ([name]) => !/^(date|x-request-id|content-length)$/.test(name),
      )
      return [answer.status, headers, (await answer.text()).replaceAll(username, "…")]
    }

    const known = await answerTo("alice")

    expect(known[0]).toBe(401)
    expect(await answerTo("nobody")).toEqual(known)
    expect(JSON.stringify(known)).not.toMatch(/set-cookie/i)
  })

  test("costs nothing once there were too many tries", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const login = () => clientOf(app.chat).mutate("login", { username: "alice", password: "wrong password" })
    expect(await workOf(async () => [await login(), await login()])).toBe(2)

    expect(await workOf(async () => [await login(), await login(), await login()])).toBe(0)
  })
})

function expectLinks(text: string, hrefs: string[]): void {
  const html = `<div>${renderContent(text)}</div>`

  const attributes = { target: "_blank", rel: "noopener noreferrer nofollow ugc" }
  const links = hrefs.map((href) => ({ name: "a", attributes: { href, ...attributes }, text: href }))
  expect(find(html, "div *")).toEqual(links)
  expect(the(html, "div").text).toBe(text)
}

interface Place {
  messageId: string
  code: string
}

/** A message of alice's and an invite, to be shown. */
async function furnish({
  cast: { alice },
  lab,
  as,
  room,
}: TestServer & { as: TestServer["as"] }): Promise<Place> {
  const messageId = crypto.randomUUID()
  await post(as("alice"), room, "first", messageId)
  const { code } = expectData(await alice.client.mutate("createInvite", { serverId: lab.id }))
  return { messageId, code }
}

/** Writes a text wherever one can write, and fetches every page that shows it. */
async function show(
  server: TestServer,
  { messageId, code }: Place,
  text: string,
): Promise<Record<string, string>> {
  const { cast, lab, general, roomPath } = server
  const [alice, mallory] = [server.as("alice"), server.as("mallory")]
  const name = text.slice(0, 90)
  expectData(await cast.alice.client.mutate("editMessage", { messageId, content: text }))
  expectData(await cast.alice.client.mutate("renameServer", { serverId: lab.id, name }))
  expectData(await cast.alice.client.mutate("renameChannel", { channelId: general.id, name }))

  const at = `/servers/${lab.id}`
  const message = `/messages/${messageId}`
  const htmx = { headers: { "hx-request": "true" } }
  const inDialog = { headers: { "hx-request": "true", "hx-target": "div#dialog-body" } }
  const tooLong = `${text}${"x".repeat(101)}`
  const outside = encodeURIComponent(text.toWellFormed())
  const answers: Record<string, Promise<Response>> = {
    home: alice.get("/"),
    room: alice.get(roomPath),
    "room without script": alice.get(`${roomPath}?transport=stream`),
    permalink: alice.get(`${roomPath}?around=${messageId}`),
    history: alice.get(`${roomPath}?before=9999`, htmx),
    around: alice.get(`${roomPath}/around`, htmx),
    edit: alice.get(`${message}/edit`),
    "edit dialog": alice.get(`${message}/edit`, inDialog),
    "delete dialog": alice.get(`${message}/delete`, inDialog),
    "server settings": alice.get(`${at}/settings`),
    "server deletion": alice.get(`${at}/delete`, inDialog),
    "channel settings": alice.get(`${roomPath}/settings`, inDialog),
    "channel deletion": alice.get(`${roomPath}/delete`, inDialog),
    members: alice.get(`${at}/members`),
    invite: mallory.get(`/invites/${code}`),
    "server that cannot be called so": alice.post(at, { name: tooLong }, inDialog),
    "channel that cannot be called so": alice.post(`${at}/channels`, { name: tooLong }),
    "edit that is too long": alice.post(message, { content: text.padEnd(2001, "x") }, inDialog),
    draft: alice.post(`${roomPath}/messages`, { content: text.padEnd(2001, "x") }),
    "framed draft": alice.post(`${roomPath}/messages?from=composer`, { content: text.padEnd(2001, "x") }),
    "sign-in": mallory.post("/login", { username: text, password: text }),
    "sign-up": mallory.post("/signup", { username: text.slice(0, 1), password: text.slice(0, 3) }),
    "ban of nobody": alice.post(`${at}/bans`, { username: `${text}!`, reason: text }),
    "no such invite": mallory.get(`/invites/${outside}`),
    "no such page": alice.get(`/x/${outside}`),
    "no such page in the dialog": alice.get(`/x/${outside}`, inDialog),
    "way back": server.visitor(null).get(`/login?next=/${outside}`),
  }
  const shown: Record<string, string> = {}
  for (const [what, answer] of Object.entries(answers)) shown[what] = await (await answer).text()
  return shown
}

function shapes(shown: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(shown).map(([what, html]) => [what, shapeOf(html)]))
}

/** People come into the server, and one after the other writes: the shape of what others see of them. */
async function meet(server: TestServer, names: string[]) {
  const { chat, cast, lab, general } = server
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const people: Person[] = names.map((name) => appear(chat, name))
  for (const { client } of people) expectData(await client.mutate("joinServer", { code }))
  const bob = await socket.open(server, server.as("bob"), server.room)
  const typing: string[][] = []
  for (const person of people) {
    const before = bob.page.received.length
    const { say } = await hearPresence(person, general.id)
    await say("typing")
    await until(
      "the name is shown",
      () =>
        bob.page.received.slice(before).includes(`data-author="${person.id}"`) ||
        /Several people/.test(bob.page.received.slice(before)),
    )
    typing.push(shapeOf(bob.page.received.slice(before)))
    person.client.disconnect()
  }
  bob.close()
  // People stand in the order of their names.
  const page = async (path: string) => shapeOf(await (await server.as("alice").get(path)).text()).toSorted()
  const [person] = people
  return {
    typing,
    members: await page(`/servers/${lab.id}/members`),
    beside: await page(server.roomPath),
    removal: await page(`/servers/${lab.id}/members/${person?.id}/remove`),
    ban: await page(`/servers/${lab.id}/members/${person?.id}/ban`),
  }
}

/** A frame as browsers send it, masked with zeros. */
function maskedFrame(first: number, payload: Uint8Array): Uint8Array {
  expect(payload.length).toBeLessThan(126)
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

function memory(): number {
  Bun.gc(true)
  return process.memoryUsage().rss
}
