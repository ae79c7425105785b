import { describe, expect, test } from "bun:test"
import { ask, type Json, json, sending } from "../../support/api.ts"
import { createTestServer, type Name } from "../../support/server.ts"

const bearer = (token: string) => ({ ...json.headers, authorization: `Bearer ${token}` })

describe("a message", () => {
  test("is posted as JSON or as a form, and answered as it is stored", async () => {
    using server = await createTestServer()
    const id = crypto.randomUUID()

    const posted = await ask(server, `${server.roomPath}/messages`, sending({ content: "by JSON", id }))
    const byForm = await ask(server, `${server.roomPath}/messages`, {
      body: "content=by+form",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    })

    expect([posted.status, byForm.status]).toEqual([201, 201])
    expect(posted.data).toMatchObject({ id, content: "by JSON", username: "alice", ...server.room })
    expect(byForm.data.content).toBe("by form")
    const found = await ask(server, posted.headers.get("location") ?? "", json)
    expect([found.status, found.data]).toEqual([200, posted.data])
  })

  test("sent again with its id is there once; an id of someone else's is refused", async () => {
    using server = await createTestServer()
    const id = crypto.randomUUID()
    const send = (content: string, by?: Name) =>
      ask(server, `${server.roomPath}/messages`, { ...sending({ content, id }), by })

    const first = await send("once")
    const again = await send("twice")
    const all = await Promise.all(Array.from({ length: 5 }, () => send("many times")))
    const byBob = await send("mine", "bob")

    expect([first.status, again.status, byBob.status]).toEqual([201, 200, 409])
    expect(again.data).toEqual(first.data)
    expect(again.headers.get("location")).toBeNull()
    for (const { data } of all) expect(data).toEqual(first.data)
    expect((await server.dump()).messages).toHaveLength(1)
  })

  test("that cannot be stored is refused with the failures of every other way", async () => {
    using server = await createTestServer()
    const path = `${server.roomPath}/messages`
    const nowhere = `/servers/${server.lab.id}/channels/none/messages`

    const answers = [
      await ask(server, path, { ...sending({ content: "x" }), by: "mallory" }),
      await ask(server, nowhere, sending({ content: "x" })),
      await ask(server, path, sending({ content: " " })),
      await ask(server, path, sending({ content: 5 })),
      await ask(server, path, sending({ content: "x", id: 5 })),
      await ask(server, path, sending({ content: "x", id: "no uuid" })),
      await ask(server, path, sending([])),
      await ask(server, path, sending(null)),
      await ask(server, path, sending("{")),
      await ask(server, path, {
        ...sending("x"),
        headers: { ...json.headers, "content-type": "text/plain" },
      }),
      await ask(server, path, { ...sending({ content: "x" }), by: null, headers: bearer("made-up") }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([
      403, 404, 400, 400, 400, 400, 400, 400, 400, 415, 401,
    ])
    for (const { status, data } of answers) expect(data.error.code).toBe(status)
    expect((await server.dump()).messages).toEqual([])
  })
})

test("history is paged by positions, there and back, to the end", async () => {
  using server = await createTestServer()
  const { roomPath } = server
  for (let number = 1; number <= 120; number++) {
    await ask(server, `${roomPath}/messages`, sending({ content: String(number) }))
  }

  const newest = await ask(server, roomPath, json)
  expect([newest.status, newest.data.after, newest.data.seq]).toEqual([200, null, 120])
  const older = await ask(server, `${roomPath}?before=${newest.data.before}`, json)
  const oldest = await ask(server, `${roomPath}?before=${older.data.before}`, json)
  expect(oldest.data.before).toBeNull()
  const read = [oldest, older, newest].flatMap(({ data }) =>
    data.messages.map(({ content }: Json) => content),
  )
  expect(read).toEqual(Array.from({ length: 120 }, (_, index) => String(index + 1)))

  const onwards = await ask(server, `${roomPath}?after=${oldest.data.after}`, json)
  expect(onwards.data.messages[0].content).toBe("21")
  expect((await ask(server, `${roomPath}?before=x`, json)).status).toBe(400)
  expect((await ask(server, roomPath, { ...json, by: "mallory" })).status).toBe(403)
})

test("getMessages is paged by the ids of messages, there and back, to the end", async () => {
  using server = await createTestServer()
  const { general, roomPath } = server
  for (let number = 1; number <= 25; number++) {
    await ask(server, `${roomPath}/messages`, sending({ content: String(number) }))
  }
  const page = async (query: string): Promise<Json[]> =>
    (await ask(server, `/api/getMessages?channelId=${general.id}&limit=10&${query}`)).data

  const pages = [await page("")]
  while (pages[0]?.length) pages.unshift(await page(`before=${pages[0][0]?.id}`))
  const forth = await page(`after=${pages[1]?.at(-1)?.id}`)

  expect(pages.map((messages) => messages.length)).toEqual([0, 5, 10, 10])
  expect(pages.flat().map(({ content }) => content)).toEqual(
    Array.from({ length: 25 }, (_, i) => String(i + 1)),
  )
  expect(forth).toEqual(pages[2] ?? [])
})
