import { afterAll, expect } from "bun:test"
import type { Page } from "playwright-core"
import { findMessage } from "../../src/features/messages/store.ts"
import { type Stage, story, unreachable, waitMs } from "../support/browser.ts"
import { appear, expectData, type Person } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { fileOf, picture } from "../support/pictures.ts"
import { live } from "./room.ts"

// The page before, with the fragments that came since, is the page that the server would send now: for the author,
// for another member and for the owner, after any change, over each transport.

type Transport = "ws" | "sse"

const png = await picture("png", 640, 480)
const site = serveOutside(
  () => new Response("<title>A page</title>", { headers: { "content-type": "text/html" } }),
)
afterAll(() => site[Symbol.dispose]())

/** The parts of the room's page that change live. */
const parts = ["title", "#servers", "#channels", "#main", "#messages", "#members"]

for (const transport of ["ws", "sse"] as const) {
  story(`messages, by ${transport}: a live page equals a newly loaded one`, async (stage) => {
    const { author, other, owner, equal, send } = await gather(stage, transport)
    const [first, second, third] = [
      await send(author, "first"),
      await send(other, "second"),
      await send(owner, "third"),
    ]
    await equal("new messages of all three")

    const edit = (person: Person, messageId: string, content: string) =>
      person.client.mutate("editMessage", { messageId, content }).then(expectData)
    const remove = (person: Person, messageId: string) =>
      person.client.mutate("deleteMessage", { messageId }).then(expectData)

    await send(author, "https://example.org/a?b&c=<d>\n\n  two lines\n \"quoted\" & 'more' </p> عربى 👩‍👩‍👧")
    await equal("a message of every kind of text")
    await edit(author, first, "first, edited")
    await equal("an edit of one's own")
    await edit(author, first, "first, edited\nonce more")
    await equal("a second edit")
    await remove(other, second)
    await equal("a deletion of one's own")
    await remove(owner, first)
    await equal("a deletion by the owner")

    await Promise.all([
      ...Array.from({ length: 12 }, (_, at) => send([author, other, owner][at % 3] ?? author, `crowd ${at}`)),
      edit(owner, third, "third, edited meanwhile"),
    ])
    await equal("several at once")
    const fleeting = await send(author, "said")
    await Promise.all(
      [edit(author, fleeting, "changed"), remove(author, fleeting)].map((done) => done.catch(() => {})),
    )
    await send(other, "after it")
    await equal("a message that was changed and deleted at once")
  })

  story(
    `extras of messages, by ${transport}: a live page equals a newly loaded one`,
    async (stage) => {
      const { author, other, owner, equal, send } = await gather(stage, transport)
      const first = await send(author, `look at this, @${other.username}`)
      const of = { messageId: first }
      const answer = await send(other, "I do", { replyTo: first })
      await equal("a mention, and a reply that quotes it")

      for (const person of [author, other, owner]) {
        expectData(await person.client.mutate("addReaction", { ...of, emoji: "👍" }))
      }
      expectData(await other.client.mutate("addReaction", { ...of, emoji: "🎉" }))
      await equal("reactions")
      expectData(await author.client.mutate("removeReaction", { ...of, emoji: "👍" }))
      expectData(await other.client.mutate("removeReaction", { ...of, emoji: "🎉" }))
      await equal("fewer of them")
      expectData(await owner.client.mutate("pinMessage", of))
      await equal("a pin")
      expectData(await owner.client.mutate("unpinMessage", of))
      await equal("no pin")
      const thread = expectData(await other.client.mutate("createThread", of))
      await equal("a thread")
      await send(author, "about it", {}, thread)
      await equal("what a thread comes to", async () => (await extrasOf(stage, first))?.thread?.count === 1)

      const linked = await send(author, site.at("/page"))
      await equal("a preview", async () => ((await extrasOf(stage, linked))?.previews?.length ?? 0) === 1)
      const [preview] = (await extrasOf(stage, linked))?.previews ?? []
      const previewId = preview?.id ?? ""
      expectData(await author.client.mutate("removePreview", { messageId: linked, previewId }))
      await equal("no preview")

      const file = await stage.chat.uploads.receive(author.id, stage.general.id, fileOf("a.png", png))
      await send(author, "", { files: [file.id] })
      await equal("a picture")
      expectData(await author.client.mutate("describeFile", { fileId: file.id, alt: 'A "<b>" field' }))
      await equal("what a picture shows, in words")

      expectData(await author.client.mutate("editMessage", { ...of, content: "or *this*, ||maybe||" }))
      await equal("an edit that is quoted and takes a mention away")
      expectData(await author.client.mutate("deleteMessage", of))
      await equal("a deletion that is quoted, of what has a thread")
      expectData(await other.client.mutate("deleteMessage", { messageId: answer }))
      await equal("a deletion of what quotes")
    },
    { LINK_PREVIEWS: "on" },
    { fetcher: outsideFetch() },
  )

  story(`members, by ${transport}: a live page equals a newly loaded one`, async (stage) => {
    const { other, owner, equal } = await gather(stage, transport)
    const { lab, general, chat } = stage
    const rename = (name: string) => owner.client.mutate("renameChannel", { channelId: general.id, name })

    expectData(await rename(`<b>general</b> & "more" عربى`))
    await equal("a channel's new name")
    expectData(await owner.client.mutate("renameServer", { serverId: lab.id, name: "The 'Lab' <i>" }))
    await equal("the server's new name")
    const { id: channelId } = expectData(
      await owner.client.mutate("createChannel", { serverId: lab.id, name: "more" }),
    )
    await equal("a new channel")
    expectData(await owner.client.mutate("deleteChannel", { channelId }))
    await equal("a channel less")

    const emil = await appear(chat, "emil")
    const { code } = expectData(await owner.client.mutate("createInvite", { serverId: lab.id }))
    expectData(await emil.client.mutate("joinServer", { code }))
    await equal("someone joined")
    const emils = await stage.open(emil)
    await live(emils)
    await equal("someone is here")
    chat.presence.set({ userId: other.id, username: other.username }, "idle")
    await equal("someone is idle")
    chat.presence.set({ userId: other.id, username: other.username }, "online")
    await equal("someone is back")
    await emils.context().close()
    await equal("someone has gone", async () => chat.presence.of(emil.id) === "offline")
    expectData(await emil.client.mutate("leaveServer", { serverId: lab.id }))
    await equal("someone left")
    expectData(await emil.client.mutate("joinServer", { code }))
    expectData(await owner.client.mutate("removeMember", { serverId: lab.id, userId: emil.id }))
    await equal("someone joined and was removed")
  })

  story(`missed changes, by ${transport}: a live page equals a newly loaded one`, async (stage) => {
    stage.expectTrouble(unreachable)
    const way = await stage.proxy()
    const { author, other, owner, equal, send, pages } = await gather(stage, transport, way.origin)
    const [first, second] = [await send(author, "first"), await send(other, "second")]
    await equal("what was there before")

    way.cut()
    for (const page of pages) await page.locator("#room:not([data-live])").waitFor()
    for (let at = 0; at < 8; at++) await send([author, owner][at % 2] ?? author, `meanwhile ${at}`)
    const third = await send(other, "third")
    for (const content of ["edited", "edited twice"])
      expectData(await author.client.mutate("editMessage", { messageId: first, content }))
    expectData(await other.client.mutate("editMessage", { messageId: third, content: "new and edited" }))
    expectData(await owner.client.mutate("deleteMessage", { messageId: second }))
    const fourth = await send(other, "new and deleted")
    expectData(await other.client.mutate("deleteMessage", { messageId: fourth }))
    await send(other, "an answer", { replyTo: third })
    expectData(await other.client.mutate("addReaction", { messageId: third, emoji: "👍" }))
    expectData(await owner.client.mutate("pinMessage", { messageId: first }))
    expectData(await author.client.mutate("createThread", { messageId: first }))
    way.restore()
    for (const page of pages) await live(page, transport)

    await equal("what happened meanwhile")
    await send(author, "and on it goes")
    await equal("what happens then")
  })
}

story("every difference of a live page is found", async (stage) => {
  const { author, equal, send, pages } = await gather(stage, "ws")
  const id = await send(author, "hello")
  await equal("a message")
  const [page] = pages
  if (!page) throw new Error("Nobody is there")

  const spoilings: [what: string, spoil: string, repair: string][] = [
    [
      "a text",
      "article.querySelector('.content').append('!')",
      "article.querySelector('.content').lastChild.remove()",
    ],
    ["an attribute", "article.setAttribute('title', '')", "article.removeAttribute('title')"],
    ["a class", "article.classList.add('deleted')", "article.classList.remove('deleted')"],
    ["a version", "article.dataset.seq++", "article.dataset.seq--"],
    ["one message twice", "article.after(article.cloneNode(true))", "article.nextElementSibling.remove()"],
    [
      "none",
      "window.kept = article; article.remove()",
      "document.querySelector('#messages').append(window.kept)",
    ],
    [
      "a member's status",
      "document.querySelector('#members .presence').dataset.status = 'away'",
      "document.querySelector('#members .presence').dataset.status = 'online'",
    ],
    [
      "a channel",
      "document.querySelector('#channels bdi').append('s')",
      "document.querySelector('#channels bdi').lastChild.remove()",
    ],
  ]
  for (const [what, spoil, repair] of spoilings) {
    const change = (code: string) =>
      page.evaluate(`(() => { const article = document.getElementById("message-${id}"); ${code} })()`)
    await change(spoil)
    const [shown, afresh] = await bothOf(page)
    expect([what, shown === afresh]).toEqual([what, false])
    await change(repair)
    const [repaired, same] = await bothOf(page)
    expect([what, repaired]).toEqual([what, same])
  }
})

/** Bob (author), dora (member) and alice (owner), each with the room's page open. */
async function gather(stage: Stage, transport: Transport, url?: string) {
  const { cast, chat, lab, room, roomPath, open } = stage
  const dora = await appear(chat, "dora")
  const { code } = expectData(
    await cast.alice.client.mutate("createInvite", { serverId: lab.id, maxUses: 1 }),
  )
  expectData(await dora.client.mutate("joinServer", { code }))
  const [author, other, owner] = [cast.bob, dora, cast.alice]
  const people = [author, other, owner]
  const path = `${roomPath}?transport=${transport}`
  const pages = await Promise.all(people.map((person) => open(person, { path, ...(url && { url }) })))
  await Promise.all(pages.map((page) => live(page, transport)))

  /** Sends a message without a browser; returns its id when it is stored. */
  async function send(
    person: Person,
    content: string,
    rest: { replyTo?: string; files?: string[] } = {},
    thread?: { id: string },
  ): Promise<string> {
    const id = crypto.randomUUID()
    const place = thread ? { ...room, channelId: thread.id } : room
    const connected = await person.client.connect("chat", place, {})
    await person.client.send("chat", place, connected.token ?? "", { content, id, ...rest })
    return id
  }

  /** Waits until every page equals a newly loaded one; fails with the differences. */
  async function equal(what: string, holds = async () => true): Promise<void> {
    await until(what, holds, waitMs)
    for (const [at, page] of pages.entries()) {
      const who = `${people[at]?.username} sees ${what}`
      const deadline = Date.now() + waitMs
      let [shown, afresh] = await bothOf(page)
      while (shown !== afresh && Date.now() < deadline) {
        await Bun.sleep(30)
        ;[shown, afresh] = await bothOf(page)
      }
      expect(`${who}\n${shown}`).toBe(`${who}\n${afresh}`)
      expect(afresh.length).toBeGreaterThan(500) // or two empty pages would be equal
    }
  }
  return { author, other, owner, pages, send, equal }
}

/** The stored extras of a message. */
async function extrasOf({ database }: Stage, id: string) {
  return (await findMessage(database.db, id))?.extras ?? undefined
}

/**
 * The parts of an open page, and of the page that the server would send now, parsed by the same browser without running
 * scripts. Both without what scripts add for the viewer.
 */
function bothOf(page: Page): Promise<[shown: string, afresh: string]> {
  // As text: tests are compiled without DOM types.
  return page.evaluate(`(async (parts) => {
    const answer = await fetch(location.href)
    const sent = new DOMParser().parseFromString(await answer.text(), "text/html")
    const read = (root) => parts.map((part) => part + ": " + normal(root.querySelector(part).cloneNode(true))).join("\\n")
    return [read(document), read(sent)]

    function normal(copy) {
      for (const element of [copy, ...copy.querySelectorAll("*")]) {
        // The change at which the page was loaded.
        if (element.id === "messages") {
          element.removeAttribute("data-seq")
          // And the divider of what was unread then: it stays.
          element.removeAttribute("data-read")
          element.querySelector(".new-divider")?.remove()
        }
        // Times are localized.
        if (element.localName === "time") {
          element.removeAttribute("title")
          element.textContent = ""
        }
        // Messages are grouped by author.
        element.classList.remove("continued")
        if (element.closest(".message")) element.removeAttribute("tabindex")
        if (element.matches(".message")) element.removeAttribute("aria-labelledby")
        element.removeAttribute("data-htmx-powered")
        // Own reactions are marked.
        element.removeAttribute("aria-pressed")
      }
      return copy.outerHTML
    }
  })(${JSON.stringify(parts)})`)
}
