import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { deleteMember } from "../../src/features/members/store.ts"
import { appendMessage } from "../../src/features/messages/append.ts"
import { endSessions } from "../../src/features/sessions/store.ts"
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
  expect(await filesWith("new ChangeSet(")).toEqual(["src/features/publisher.ts"])
  expect(await filesWith('postChannelMessage("chat"')).toEqual(["src/create-services.ts"])
})

test("access is ended by the publisher alone, where a store collected that it ends", async () => {
  expect(await filesWith("evictions.end(")).toEqual(["src/create-services.ts"])
  expect(await filesWith("access.apply(")).toEqual(["src/features/publisher.ts"])
  const stores = ["bots", "channels", "members", "servers", "sessions"]
  expect(await filesWith("changes.end(")).toEqual(
    [
      "src/features/administration/acts-on-people.ts",
      ...stores.map((name) => `src/features/${name}/store.ts`),
      "src/features/permissions/viewers.ts",
    ].toSorted(),
  )
})

describe("a published change", () => {
  test("is announced once it is durable, in the order of the log", async () => {
    using app = await createTestChat()
    const { heard } = await listen(app.cast.bob, app.room)

    const result = await app.chat.publisher.append(app.general.id, async (changes) => {
      for (const id of ["a", "b"]) await appendMessage(changes, draft(app, id))
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
      app.chat.publisher.append(app.general.id, async (changes) => {
        await appendMessage(changes, draft(app, id))
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

describe("access that a change ends", () => {
  test("ends before the announcements of the same commit", async () => {
    using app = await createTestChat()
    const { heard } = await listen(app.cast.bob, app.room)

    await app.chat.publisher.decide(async (changes) => {
      await deleteMember(changes, { serverId: app.lab.id, userId: app.cast.bob.id })
      await appendMessage(changes, draft(app, "a"))
    })

    expect(app.cast.bob.faults).toMatchObject([{ code: 403 }])
    expect(heard).toEqual([])
  })

  test("does not end when the commit fails", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { heard, send } = await listen(bob, app.room)

    const failed = app.chat.publisher.decide(async (changes) => {
      await endSessions(changes, { userId: bob.id })
      throw new Error("no")
    })

    await expect(failed).rejects.toThrow("no")
    await send("still here")
    expect(heard).toHaveLength(1)
    expect(bob.faults).toEqual([])
    expect((await alice.client.query("getServers", null)).success).toBe(true)
  })
})

function draft({ room, cast }: TestChat, id: string) {
  return { ...room, id, userId: cast.alice.id, username: "alice", content: id, createdAt: new Date() }
}
