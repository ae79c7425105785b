import { describe, expect, test } from "bun:test"
import { ChangeSet } from "../../../src/features/change-set.ts"
import { appendMessage } from "../../../src/features/messages/append.ts"
import { maxReplay, pageSize } from "../../../src/features/messages/contract.ts"
import { linesKind, type TailEntry, toText } from "../../../src/features/rooms/live/tail.ts"
import { expectData } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { readText } from "../transports/transport.ts"

/** What a person with curl sees of the room. */
async function curl({ origin, roomPath }: TestServer, token: string, accept: string, query = "") {
  const aborter = new AbortController()
  const headers = { accept, authorization: `Bearer ${token}` }
  const answer = await fetch(`${origin}${roomPath}/events${query}`, { headers, signal: aborter.signal })
  let text = ""
  let isOver = false
  const take = (more: string) => {
    text += more
  }
  readText(answer, take, () => {
    isOver = true
  })
  return {
    answer,
    lines: () => text.split("\n").filter((line) => line !== ""),
    isOver: () => isOver,
    [Symbol.dispose]: () => aborter.abort(),
  }
}

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /

describe("a channel on a terminal", () => {
  test("as text: who said what and when, from a number on and then live, edits and deletions marked", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const said = await listen(alice, server.room)
    await said.send("known")
    await said.send("missed")
    using terminal = await curl(server, bob.token, "text/plain", "?after=1")
    await until("it shows what was missed", () => terminal.lines().length === 1, 10_000)
    expect(terminal.answer.status).toBe(200)
    expect(terminal.answer.headers.get("content-type")).toBe("text/plain; charset=utf-8")

    await said.send("live, \u001b[31mred\u0007 \u202eand turned\nsecond line")
    const [, , third] = said.heard
    expectData(await alice.client.mutate("editMessage", { messageId: third?.id ?? "", content: "calm" }))
    expectData(await alice.client.mutate("deleteMessage", { messageId: third?.id ?? "" }))
    await until("it shows all", () => terminal.lines().length === 4, 10_000)

    expect(terminal.lines().every((line) => stamp.test(line))).toBe(true)
    expect(terminal.lines().map((line) => line.replace(stamp, ""))).toEqual([
      "alice: missed",
      "alice: live, ␛[31mred␇ \ufffdand turned ↵ second line",
      "alice (edited): calm",
      "alice (deleted)",
    ])
    expectData(await alice.client.mutate("removeMember", { serverId: server.lab.id, userId: bob.id }))
    await until("it has ended", terminal.isOver, 10_000)
    expect(terminal.lines().at(-1)).toBe("(You are no longer a member of this server)")
  })

  test("as JSON: the contract's message, line by line, and at last why it ends", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const said = await listen(alice, server.room)
    using terminal = await curl(server, bob.token, "application/x-ndjson")
    await until("it is there", () => server.chat.connections.countOf(bob.id) === 1, 10_000)
    await said.send("one\ntwo")
    await until("it shows it", () => terminal.lines().length === 1, 10_000)

    const { data } = await bob.client.query("getMessages", { channelId: server.general.id })
    expect(JSON.parse(terminal.lines()[0] ?? "")).toEqual(JSON.parse(JSON.stringify(data?.[0])))
    expect(terminal.answer.headers.get("content-type")).toBe("application/x-ndjson")

    expectData(await bob.client.mutate("logout", null))
    await until("it has ended", terminal.isOver, 10_000)
    expect(terminal.lines().slice(1)).toEqual(['{"end":{"code":401,"message":"You are logged out"}}'])
  })

  test("a reader who missed too much gets the newest messages and a note", async () => {
    using server = await createTestServer()
    const { chat, room, cast } = server
    const { id: userId, username } = cast.alice
    await chat.commits.decide(async (tx) => {
      for (let number = 1; number <= maxReplay + 2; number++) {
        const draft = { ...room, userId, username, content: `filled ${number}`, createdAt: new Date() }
        await appendMessage(new ChangeSet(tx), { ...draft, id: crypto.randomUUID() })
      }
    })
    using text = await curl(server, cast.bob.token, "text/plain", "?after=1")
    using lines = await curl(server, cast.bob.token, "application/x-ndjson", "?after=1")
    for (const terminal of [text, lines])
      await until("it shows the newest", () => terminal.lines().length === pageSize + 1, 10_000)

    expect(text.lines()[0]).toBe("(501 changes were skipped; the newest messages follow)")
    expect(JSON.parse(lines.lines()[0] ?? "")).toEqual({ gap: { after: 1, seq: maxReplay + 2 } })
    expect(text.lines().at(-1)).toEndWith(`alice: filled ${maxReplay + 2}`)
  })

  test.each([
    ["application/x-ndjson", /^\{"error":\{"code":403,"message":"You are not a member of this server"/],
    ["text/plain", /^You are not a member of this server\n$/],
  ])("outsiders are refused in kind, as %s", async (accept, body) => {
    using server = await createTestServer()
    const headers = { accept, authorization: `Bearer ${server.cast.mallory.token}` }
    const refused = await fetch(`${server.origin}${server.roomPath}/events`, { headers })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toMatch(body)

    const stranger = await fetch(`${server.origin}${server.roomPath}/events`, { headers: { accept } })
    expect(stranger.status).toBe(401)
  })
})

test("what changed of a message besides its text is no line of text, and files are named", () => {
  const message = {
    id: "m",
    username: "alice",
    content: "look",
    createdAt: new Date(0),
    editedAt: null,
    deletedAt: null,
    position: 1,
    seq: 1,
    extras: { attachments: [{ id: "f", name: "cat\u001b.png", type: "image/png", bytes: 1 }] },
  } as never as Exclude<TailEntry, { gap: object }>
  const textOf = (entry: TailEntry) => toText([{ seq: 1, position: 1, fragment: "", entries: [entry] }])

  expect(textOf(message)).toBe("1970-01-01T00:00:00Z alice: look [cat␛.png]\n")
  expect(textOf({ ...message, content: "" })).toBe("1970-01-01T00:00:00Z alice: [cat␛.png]\n")
  expect(textOf({ ...message, seq: 2 })).toBe("")
  expect(linesKind().format.encode([{ seq: null, position: 0, fragment: "a sign" }])).toBe("")
})
