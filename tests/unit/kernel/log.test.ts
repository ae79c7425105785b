import { describe, expect, test } from "bun:test"
import { z } from "zod"
import {
  type CallRequest,
  CovenantServer,
  channel,
  declareCovenant,
  InternalSidekick,
  type SidekickFrame,
} from "../../../src/kernel/index.ts"
import { until } from "./support.ts"

const covenant = declareCovenant({
  procedures: {},
  channels: {
    diary: channel({
      clientMessage: z.null(),
      serverMessage: z.object({ seq: z.int(), text: z.string() }),
      connectionRequest: z.object({ after: z.int().optional() }),
      params: ["of"],
      seqOf: ({ seq }) => seq,
    }),
  },
})

const params = { of: "anne" }
const nowhere: CallRequest = { headers: new Headers(), url: "" }
/** Most entries of one read. */
const most = 5

/** A diary stored in an array; `write` says whether to announce the entry. */
function createDiary() {
  const entries: { seq: number; text: string }[] = []
  const reads: (number | "head")[] = []
  const bugs: unknown[] = []
  let gate: Promise<unknown> = Promise.resolve()
  const onUnexpected = (error: unknown) => void bugs.push(error)
  const sidekick = new InternalSidekick({ onUnexpected })
  const server = new CovenantServer(covenant, {
    sidekickConnection: sidekick.getConnectionFromServer(),
    onUnexpected,
  })
  server.defineChannel("diary", {
    onConnect: () => null,
    onMessage: () => null,
    log: {
      head: async () => {
        reads.push("head")
        return entries.length
      },
      since: async ({ after }) => {
        reads.push(after)
        const missed = entries.slice(after)
        await gate
        return missed.length > most
          ? { messages: null, seq: entries.length }
          : { messages: missed, seq: after + missed.length }
      },
    },
  })
  sidekick.setLogCallback((name, of, after) => server.readLog(name, of, after))

  const tell = (entry: { seq: number; text: string }) => server.postChannelMessage("diary", params, entry)
  const write = (...texts: string[]) =>
    texts.map((text) => entries[entries.push({ seq: entries.length + 1, text }) - 1])
  const say = async (...texts: string[]) => {
    for (const entry of write(...texts)) if (entry) await tell(entry)
  }
  const open = async (after?: number, wire = sidekick.getConnectionFromClient()) => {
    const connected = await server.connect("diary", params, { after }, nowhere)
    if (!connected.success) throw new Error(connected.error.message)
    const frames: SidekickFrame[] = []
    wire.onMessage((frame) => void frames.push(frame))
    const { token } = connected
    wire.sendMessage({ type: "subscribe", token })
    return { wire, token, frames, told: () => frames.map(brief) }
  }
  return {
    sidekick,
    entries,
    reads,
    bugs,
    write,
    tell,
    say,
    open,
    hold: (by: Promise<unknown>) => (gate = by),
  }
}

function brief(frame: SidekickFrame): unknown {
  if (frame.type === "message") return (frame.data as { text: string }).text
  if (frame.type === "subscribed") return frame.gap ? `gap to ${frame.seq}` : `from ${frame.seq}`
  return frame.type === "error" ? frame.error.code : frame.type
}

describe("a channel with a log", () => {
  test("missed changes follow the answer, in order, then live ones", async () => {
    const diary = createDiary()
    await diary.say("one", "two", "three")

    const reader = await diary.open(1)
    await until(() => reader.frames.length === 3)
    await diary.say("four")

    expect(reader.told()).toEqual(["from 1", "two", "three", "four"])
    expect(reader.frames.map((frame) => "seq" in frame && frame.seq)).toEqual([1, 2, 3, 4])
  })

  test("a client without a cursor starts at the head and gets its number", async () => {
    const diary = createDiary()
    await diary.say("one", "two")

    const reader = await diary.open()
    await until(() => reader.frames.length === 1)
    await diary.say("three")

    expect(reader.told()).toEqual(["from 2", "three"])
  })

  test("a change written during a replay arrives once", async () => {
    const diary = createDiary()
    const other = await diary.open()
    await until(() => other.frames.length === 1)
    await diary.say("one", "two")
    const read = Promise.withResolvers<void>()
    diary.hold(read.promise)

    const reader = await diary.open(0)
    await until(() => diary.reads.includes(0))
    await diary.say("three", "four")
    read.resolve()
    await until(() => reader.frames.length >= 5)
    await diary.say("five")

    expect(reader.told()).toEqual(["from 0", "one", "two", "three", "four", "five"])
    expect(other.told()).toEqual(["from 0", "one", "two", "three", "four", "five"])
  })

  test("changes announced out of order, twice or not at all arrive once and in order", async () => {
    const diary = createDiary()
    const reader = await diary.open()
    await until(() => reader.frames.length === 1)

    const [one, two, three, four] = diary.write("one", "two", "three", "four")
    for (const entry of [two, one, two, four, three]) if (entry) await diary.tell(entry)
    await until(() => reader.frames.length === 5)
    await diary.say("five")

    expect(reader.told()).toEqual(["from 0", "one", "two", "three", "four", "five"])
  })

  test("too many changes become a gap, and later ones arrive as usual", async () => {
    const diary = createDiary()
    await diary.say("one", ...Array.from({ length: most + 1 }, () => "much"))

    const reader = await diary.open(1)
    await until(() => reader.frames.length === 1)
    await diary.say("new")
    expect(reader.told()).toEqual([`gap to ${most + 2}`, "new"])

    // Also for a live reader, as after an interruption between sidekick and server.
    diary.write(...Array.from({ length: most + 1 }, () => "much"))
    await diary.say("newer")
    await until(() => reader.frames.length === 3)
    await diary.say("newest")
    expect(reader.told().slice(2)).toEqual([`gap to ${diary.entries.length - 1}`, "newest"])
  })

  test("a cursor beyond the head is corrected", async () => {
    const diary = createDiary()
    await diary.say("one")

    const reader = await diary.open(99)
    await until(() => reader.frames.length === 1)
    await diary.say("two")

    expect(reader.told()).toEqual(["from 1", "two"])
  })

  test("a token that subscribes twice gets the missed changes once", async () => {
    const diary = createDiary()
    await diary.say("one")

    const { wire, token, frames, told } = await diary.open(0)
    wire.sendMessage({ type: "subscribe", token })
    await until(() => frames.length === 3)
    await diary.say("two")

    expect(told()).toEqual(["from 0", "one", "from 1", "two"])
  })

  test("many clients with the same cursor share one read", async () => {
    const diary = createDiary()
    await diary.say("one", "two")
    await diary.open()
    diary.reads.length = 0

    const readers = await Promise.all(Array.from({ length: 50 }, () => diary.open(1)))
    for (const reader of readers) await until(() => reader.frames.length === 2)
    expect(diary.reads.filter((read) => read === 1)).toHaveLength(1)

    await diary.say("three")
    const late = await diary.open(1)
    await until(() => late.frames.length === 3)
    expect(late.told()).toEqual(["from 1", "two", "three"])
  })

  test("a client that is evicted or leaves during its replay gets nothing of it", async () => {
    const diary = createDiary()
    await diary.say("secret")
    const read = Promise.withResolvers<void>()
    diary.hold(read.promise)
    const [evicted, gone] = [await diary.open(0), await diary.open(0)]
    await until(() => diary.reads.includes(0))

    gone.wire.close()
    diary.sidekick.evict({ channel: "diary" }, { code: 403, message: "Out" })
    read.resolve()
    await Bun.sleep(0)
    await diary.say("more")

    expect(evicted.told()).toEqual([403])
    expect(gone.told()).toEqual([])
    expect(diary.sidekick.stats()).toMatchObject({ connections: 0, topics: 0 })
  })

  test("an unreadable log refuses, and the next subscribe gets everything", async () => {
    const diary = createDiary()
    await diary.say("one")
    diary.hold(Promise.reject(new Error("The disk is on fire")))
    const refused = await diary.open(0)
    await until(() => refused.frames.length === 1)
    diary.hold(Promise.resolve())

    const reader = await diary.open(0)
    await until(() => reader.frames.length === 2)

    expect(refused.told()).toEqual([503])
    expect(JSON.stringify(refused.frames)).not.toContain("fire")
    expect(reader.told()).toEqual(["from 0", "one"])
    expect(diary.bugs).toHaveLength(1)
  })

  test("is reported at boot when it is not defined", () => {
    const server = new CovenantServer(covenant, {
      sidekickConnection: new InternalSidekick().getConnectionFromServer(),
    })
    server.defineChannel("diary", { onConnect: () => null, onMessage: () => null })

    expect(() => server.assertAllDefined()).toThrow("log of channel diary")
  })
})
