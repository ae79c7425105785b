import { expect, test } from "bun:test"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"

test("the events of the inbox announce new items and end with the session", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  const answer = await bob.get("/inbox/events")
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ""
  /** Reads until it was told, or the stream ends. */
  async function until(text: string): Promise<boolean> {
    while (!heard.includes(text)) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: "" }
      if (done) return false
      heard += value
    }
    return true
  }

  expect(await until('"inbox":0')).toBe(true)
  expect(server.chat.presence.of(server.cast.bob.id)).toBe("online")
  await say(server, server.cast.alice, "@everyone dinner")
  expect(await until('"type":"news"')).toBe(true)

  expect((await bob.post("/logout", {})).status).toBe(303)
  expect(await until("more after that")).toBe(false)
  expect((await bob.get("/inbox/events")).status).toBe(401)
})
