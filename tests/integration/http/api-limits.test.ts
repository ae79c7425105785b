import { describe, expect, test } from "bun:test"
import { ask, sending } from "../../support/api.ts"
import { createTestServer } from "../../support/server.ts"

describe("limits", () => {
  test("are announced in headers before they are reached, with the time of reset", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "2/60s" })
    const send = () => ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))

    const answers = [await send(), await send(), await send()]

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429])
    const [first, second, third] = answers.map(({ headers }) => headers)
    expect(first?.get("ratelimit-policy")).toBe('"messages";q=2;w=60')
    expect(first?.get("ratelimit")).toMatch(/^"messages";r=1;t=\d+$/)
    expect(second?.get("x-ratelimit-limit")).toBe("2")
    expect(second?.get("x-ratelimit-remaining")).toBe("0")
    const seconds = third?.get("retry-after")
    expect(third?.get("ratelimit")).toBe(`"messages";r=0;t=${seconds}`)
    expect(third?.get("x-ratelimit-reset")).toBe(seconds as string)
    expect(answers[2]?.data.error.retryAfterSeconds).toBe(Number(seconds))
  })

  test("of editing and of wrong passwords too", async () => {
    using server = await createTestServer({ RATE_LIMIT_MESSAGES: "2/60s", RATE_LIMIT_LOGINS: "1/60s" })
    const { data } = await ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))
    const edit = () => ask(server, "/api/editMessage", { body: { messageId: data.id, content: "y" } })
    const guess = () =>
      ask(server, "/api/login", { by: null, body: { username: "alice", password: "wrong" } })

    const edits = [await edit(), await edit()]
    const guesses = [await guess(), await guess()]

    const told = [...edits, ...guesses].map(({ status, headers }) => [
      status,
      headers.get("x-ratelimit-remaining"),
    ])
    expect(told).toEqual([
      [200, "0"],
      [429, "0"],
      [401, "0"],
      [429, "0"],
    ])
    expect(guesses[1]?.headers.get("ratelimit-policy")).toBe('"logins";q=1;w=60')
    expect(Number(guesses[1]?.headers.get("retry-after"))).toBeGreaterThan(0)
  })

  test("that are off are not announced", async () => {
    using server = await createTestServer()

    const { headers } = await ask(server, `${server.roomPath}/messages`, sending({ content: "x" }))

    expect([...headers.keys()].filter((name) => name.includes("ratelimit"))).toEqual([])
  })
})
