import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { safeName } from "../../../src/features/files/names.ts"
import { Name } from "../../../src/features/names.ts"
import { clientOf, expectData } from "../../support/chat.ts"
import { hostileTexts } from "../../support/corpora/hostile-texts.ts"
import { find, the } from "../../support/html.ts"
import { until } from "../../support/listen.ts"
import { fileOf, picture, upload } from "../../support/pictures.ts"
import { createTestServer } from "../../support/server.ts"
import { events } from "../transports/events.ts"
import { shapeOf } from "../transports/page.ts"
import { socket } from "../transports/socket.ts"
import { stream } from "../transports/stream.ts"
import { post } from "../transports/transport.ts"
import { furnish, meet, shapes, show } from "./pages.ts"

// What people write to be more than text. It is text wherever it is shown: the page has the elements and attributes
// that it has with "harmless" in its place, and no others.

setDefaultTimeout(120_000)

/** What the contract makes of a text before it keeps it. */
const kept = (text: string) => text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd")

/** What a form gives back of it. */
const typed = (text: string) => text.toWellFormed().replace(/\r\n?/g, "\n").trim()

describe.each(Object.keys(hostileTexts))("%s", (which) => {
  const texts = hostileTexts[which] ?? []

  test("is text on every page, in every dialog and error, as message, name and form value", async () => {
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

  test("is text in the name of a file and the description of a picture", async () => {
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
          .trim() || `Image ${cat.name}`,
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

  test("is text in a person's name, though the sign-up refuses it", async () => {
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
