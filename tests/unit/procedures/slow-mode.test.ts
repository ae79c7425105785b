import { describe, expect, test } from "bun:test"
import { createTestChat, expectData } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

describe("slow mode", () => {
  test("lets each member write once per interval", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    expectData(await alice.client.mutate("setSlowMode", { channelId, seconds: 600 }))
    const [hers, his] = [await listen(alice, app.room), await listen(bob, app.room)]

    const id = crypto.randomUUID()
    await his.send("one", id)
    const refused = await his.send("two").then(
      () => null,
      (error) => error,
    )
    await his.send("one", id) // a retry of what is stored is no second message
    await hers.send("mine")
    await hers.send("mine too")

    expect(String(refused)).toContain("Slow mode is on: you can write again in 10 minutes")
    const texts = expectData(await alice.client.query("getMessages", { channelId }))
    expect(texts.map(({ content }) => content)).toEqual(["one", "mine", "mine too"])
  })

  test("holds at the same moment, and counts threads apart", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    const ids = [await say(app, alice, "a"), await say(app, alice, "b")]
    expectData(await alice.client.mutate("setSlowMode", { channelId, seconds: 600 }))
    const { send } = await listen(bob, app.room)

    const sent = await Promise.allSettled([send("x"), send("y"), send("z")])
    const threads = [
      await bob.client.mutate("createThread", { messageId: ids[0] ?? "" }),
      await bob.client.mutate("createThread", { messageId: ids[1] ?? "" }),
    ]

    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(threads.map(({ error }) => error?.code ?? "done")).toEqual(["done", 429])
    expect(threads[1]?.error?.retryAfterSeconds).toBeGreaterThan(500)
    expect((await alice.client.mutate("setSlowMode", { channelId, seconds: 21_601 })).error?.code).toBe(400)
  })
})
