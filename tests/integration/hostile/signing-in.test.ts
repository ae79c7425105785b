import { describe, expect, setDefaultTimeout, spyOn, test } from "bun:test"
import { clientOf, createTestChat } from "../../support/chat.ts"
import { createTestServer } from "../../support/server.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(30_000)

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

  test("costs no more when the tries come at once, of which the right one is let in", async () => {
    using app = await createTestChat({ RATE_LIMIT_LOGINS: "2/10m" })
    const login = (username: string, password: string) =>
      clientOf(app.chat).mutate("login", { username, password })
    const atOnce = async () => {
      const right = login("alice", "password")
      await Promise.all(Array.from({ length: 20 }, (_, index) => login(`nobody${index}`, "wrong password")))
      expect(await right).toMatchObject({ success: true })
    }

    expect(await workOf(atOnce)).toBe(3)
  })
})
