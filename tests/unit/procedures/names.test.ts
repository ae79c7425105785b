import { describe, expect, test } from "bun:test"
import { createTestChat, type TestChat } from "../../support/chat.ts"

// The names of servers and channels, wherever they are given.
const ways = {
  createServer: ({ cast }: TestChat, name: string) => cast.alice.client.mutate("createServer", { name }),
  renameServer: ({ cast, lab }: TestChat, name: string) =>
    cast.alice.client.mutate("renameServer", { serverId: lab.id, name }),
  createChannel: ({ cast, lab }: TestChat, name: string) =>
    cast.alice.client.mutate("createChannel", { serverId: lab.id, name }),
  renameChannel: ({ cast, general }: TestChat, name: string) =>
    cast.alice.client.mutate("renameChannel", { channelId: general.id, name }),
}

describe.each(Object.keys(ways) as (keyof typeof ways)[])("%s", (way) => {
  test("keeps a name of any script, cleaned of what cannot be seen", async () => {
    using app = await createTestChat()
    const typed = " \u202eevil\u202c \u0007\tBäckerei\n 日本語 👩‍👩‍👧\u2028\ud800 "

    const result = await ways[way](app, typed)

    expect(result.data?.name).toBe("evil Bäckerei 日本語 👩‍👩‍👧 \ufffd")
  })

  test.each(["", "   ", "\n\t", "\u200e\u202e\u2066\ufeff\u0000"])(
    "refuses a name that shows nothing: %j",
    async (name) => {
      using app = await createTestChat()

      const result = await ways[way](app, name)

      expect(result.error).toMatchObject({
        code: 400,
        issues: [{ path: "name", message: "Enter a name" }],
      })
    },
  )

  test("takes 100 characters, not counting the space around them, and not 101", async () => {
    using app = await createTestChat()

    const longest = await ways[way](app, `  ${"x".repeat(100)}  `)
    const tooLong = await ways[way](app, "x".repeat(101))

    expect(longest.data?.name).toBe("x".repeat(100))
    expect(tooLong.error).toMatchObject({
      code: 400,
      issues: [{ path: "name", message: "A name has at most 100 characters" }],
    })
  })
})
