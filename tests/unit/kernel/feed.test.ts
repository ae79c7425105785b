import { expect, test } from "bun:test"
import { Feed } from "../../../src/kernel/index.ts"

/** More turns of the microtask queue than a join with a replay takes. */
const turns = 24

test("a subscriber that joins while changes are announced gets each once, at every turn of the queue", async () => {
  for (const readTurns of [0, 1, 2, 3, 4, 5, 7, 9]) {
    for (let joins = 0; joins < turns; joins++) {
      for (let writes = 0; writes < turns; writes++) {
        const log = createLog(2, readTurns)
        await log.join(2)
        const reader = afterTurns(joins, () => log.join(1))
        // Two commits of several changes, each announced in a turn of its own.
        const written = [0, 4].map((later) => {
          const first = 3 + later
          return afterTurns(writes + later, async () => {
            log.write(first + 3)
            for (let seq = first; seq < first + 4; seq++) await afterTurns(1, () => log.announce(seq))
          })
        })
        await Promise.all(written)
        const heard = await reader
        await settled()

        expect({ readTurns, joins, writes, heard }).toEqual({
          readTurns,
          joins,
          writes,
          heard: [2, 3, 4, 5, 6, 7, 8, 9, 10],
        })
      }
    }
  }
})

test("an announcement at the end of a catch-up is not forgotten, at every turn of the queue", async () => {
  for (let later = 0; later < turns; later++) {
    const log = createLog(2, 1)
    const heard = await log.join(2)
    log.write(4)
    log.announce(4)
    await afterTurns(later, () => {
      log.write(5)
      log.announce(5)
    })
    await settled()

    expect({ later, heard }).toEqual({ later, heard: [3, 4, 5] })
  }
})

test("a feed that learns a later position reads the missing changes, each once", async () => {
  const log = createLog(2, 1)
  log.behind(2)
  const heard = await log.join(2)
  log.write(5)

  log.behind(5)
  log.announce(4)
  log.behind(3)
  await settled()
  log.behind(5)
  await settled()

  expect(heard).toEqual([3, 4, 5])
})

/** A log of numbers with a feed, whose reads take some turns. */
function createLog(length: number, readTurns: number) {
  const live = new Set<number[]>()
  const group = {
    send(items: number[]) {
      for (const heard of live) heard.push(...items)
    },
  }
  const feed = new Feed<number>(
    {
      async head() {
        const last = length
        await afterTurns(readTurns, () => undefined)
        return last
      },
      async since(cursor) {
        const last = length
        await afterTurns(readTurns, () => undefined)
        return { updates: numbersAfter(cursor, last), seq: Math.max(last, cursor) }
      },
    },
    [group],
    (error) => {
      throw error
    },
  )
  return {
    write(newLength: number) {
      length = newLength
    },
    announce: (seq: number) => feed.announce(seq, () => seq),
    behind: (seq: number) => feed.behind(seq),
    async join(cursor: number): Promise<number[]> {
      const heard: number[] = []
      await feed.join(
        { deliver: (items) => void heard.push(...items), goLive: () => void live.add(heard) },
        cursor,
      )
      return heard
    },
  }
}

function numbersAfter(cursor: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - cursor) }, (_, index) => cursor + 1 + index)
}

async function afterTurns<T>(count: number, act: () => T | Promise<T>): Promise<T> {
  for (let turn = 0; turn < count; turn++) await undefined
  return act()
}

/** Nothing of this test waits for anything but the microtask queue, which is empty when an immediate runs. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
