import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { appendMessage } from "../../src/features/messages/store.ts"
import { createTestChat, type TestChat } from "../support/chat.ts"
import { listen } from "../support/listen.ts"

const root = join(import.meta.dir, "../..")

/** The files below `src` that contain a text. */
async function filesWith(text: string): Promise<string[]> {
  const found: string[] = []
  for await (const path of new Bun.Glob("src/**/*.{ts,tsx}").scan({ cwd: root })) {
    if ((await Bun.file(join(root, path)).text()).includes(text)) found.push(path)
  }
  return found.toSorted()
}

test("a channel's log is written and announced by the publisher alone", async () => {
  expect(await filesWith("new ChangeSet(")).toEqual(["src/features/publishing/publisher.ts"])
  expect(await filesWith('postChannelMessage("chat"')).toEqual(["src/create-services.ts"])
})

describe("a published change", () => {
  test("is announced once it is durable, in the order of the log", async () => {
    using app = await createTestChat()
    const { heard } = await listen(app.cast.bob, app.room)

    const result = await app.chat.publisher.publish((changes) => {
      for (const id of ["a", "b"]) appendMessage(changes, draft(app, id))
      expect(heard).toEqual([])
      return "done"
    })

    expect(result).toBe("done")
    expect(heard.map(({ id, seq }) => [id, seq])).toEqual([
      ["a", 1],
      ["b", 2],
    ])
  })

  test("that throws is neither stored nor announced, and has no effects; the others are and have", async () => {
    using app = await createTestChat()
    const { heard } = await listen(app.cast.bob, app.room)
    const effects: string[] = []
    const publish = (id: string, fails = false) =>
      app.chat.publisher.publish((changes) => {
        appendMessage(changes, draft(app, id))
        changes.afterCommit(() => effects.push(id))
        if (fails) throw new Error("no")
      })

    const results = await Promise.allSettled([publish("a"), publish("b", true), publish("c")])

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(heard.map(({ id, seq }) => [id, seq])).toEqual([
      ["a", 1],
      ["c", 2],
    ])
    expect(effects).toEqual(["a", "c"])
  })
})

function draft({ room, cast }: TestChat, id: string) {
  return { ...room, id, userId: cast.alice.id, username: "alice", content: id, createdAt: new Date() }
}
