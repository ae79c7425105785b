import { describe, expect, test } from "bun:test"
import { CovenantClient } from "../../../src/kernel/index.ts"
import { covenant, createChat, settle, until, unused } from "./support.ts"

describe("listen", () => {
  test("mutations of any client refetch; unrelated ones and ended listeners do not", async () => {
    const { as } = createChat()
    const [alice, bob] = [as("alice"), as("bob")]
    const seen: string[][] = []
    const off = alice.listen("getNotes", { roomId: "a" }, ({ data }) => seen.push(data ?? []))
    await settle()

    await bob.mutate("addNote", { roomId: "a", text: "from bob" })
    await until(() => seen.at(-1)?.length === 1)
    await alice.mutate("addNote", { roomId: "a", text: "from alice" })
    await until(() => seen.at(-1)?.length === 2)
    await settle()
    const fetches = seen.length
    await bob.mutate("addNote", { roomId: "b", text: "elsewhere" })
    await settle()
    off()
    await bob.mutate("addNote", { roomId: "a", text: "unseen" })
    await settle()

    expect(seen).toHaveLength(fetches)
    expect(seen.at(-1)).toEqual(["from bob", "from alice"])
  })

  test("a change just before listening begins is not missed", async () => {
    const { as, notes } = createChat()
    const seen: string[][] = []
    as("alice").listen("getNotes", { roomId: "a" }, ({ data }) => {
      seen.push(data ?? [])
      notes.set("a", ["slipped in without an announcement"])
    })

    await until(() => seen.at(-1)?.length === 1)

    expect(seen).toEqual([[], ["slipped in without an announcement"]])
  })

  test("a burst causes one more fetch, and fetches never overlap", async () => {
    const { as, sidekick, server } = createChat()
    let [running, most, fetches] = [0, 0, 0]
    const slow = new CovenantClient(covenant, {
      sidekickConnection: sidekick.getConnectionFromClient(),
      serverConnection: {
        ...unused,
        async runProcedure() {
          fetches++
          most = Math.max(most, ++running)
          await settle()
          running--
          return { status: "OK", data: [], resources: ["notes/a"] }
        },
      },
    })
    slow.listen("getNotes", { roomId: "a" }, () => {})
    await until(() => fetches === 2 && running === 0)
    await settle()

    for (let count = 0; count < 50; count++) await server.updateResources(["notes/a"])
    await until(() => fetches === 3)
    for (let count = 0; count < 50; count++) await as("bob").mutate("addNote", { roomId: "a", text: "x" })
    await until(() => fetches === 4)
    await until(() => running === 0)
    await settle()

    expect(fetches).toBe(4)
    expect(most).toBe(1)
  })

  test("without remote only own mutations count, and no resource is listened to", async () => {
    const { as, sidekick } = createChat()
    const [alice, bob] = [as("alice"), as("bob")]
    const seen: string[][] = []
    alice.listen("getNotes", { roomId: "a" }, ({ data }) => seen.push(data ?? []), false)
    await settle()

    await bob.mutate("addNote", { roomId: "a", text: "from bob" })
    await settle()
    expect(seen).toEqual([[]])
    expect(sidekick.stats().listeners).toBe(0)

    await alice.mutate("addNote", { roomId: "a", text: "from alice" })
    await until(() => seen.length === 2)
    expect(seen.at(-1)).toEqual(["from bob", "from alice"])
  })

  test("two listeners share one remote subscription, which ends with the last", async () => {
    const { as, sidekick } = createChat()
    const alice = as("alice")
    const offs = [1, 2].map(() => alice.listen("getNotes", { roomId: "a" }, () => {}))
    await settle()
    expect(sidekick.stats().listeners).toBe(1)

    offs[0]?.()
    await settle()
    expect(sidekick.stats().listeners).toBe(1)
    offs[1]?.()
    await settle()
    expect(sidekick.stats().listeners).toBe(0)
  })
})
