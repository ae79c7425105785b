import { afterEach, expect, test } from "bun:test"
import { Caretaker } from "../../../src/cluster/caretaker.ts"
import { PostgresAdvisoryLock } from "../../../src/db/postgres/advisory-lock.ts"
import { silent } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { ownTime } from "../../support/own-time.ts"
import { createProxy } from "../../support/proxy.ts"
import { describeWithServices, sharedPostgres } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

let lastKey = 1000

/** A node that would be the caretaker, over a way that can be cut. */
async function createNode(key: number) {
  const { url, port } = await sharedPostgres()
  const proxy = await createProxy(port)
  const through = new URL(url)
  through.port = new URL(proxy.origin).port
  const done: string[] = []
  const lock = new PostgresAdvisoryLock(through.href, key)
  const caretaker = new Caretaker({
    lock,
    log: silent,
    start: () => done.push("start"),
    stop: () => done.push("stop"),
  })
  cleanups.push(() => proxy.close())
  cleanups.push(() => caretaker.close())
  return { caretaker, done, proxy }
}

async function createCaretakerAndNext() {
  const key = lastKey++
  const [one, two] = [await createNode(key), await createNode(key)]
  one.caretaker.start()
  await until("the first is the caretaker", () => one.caretaker.isOn)
  two.caretaker.start()
  return { one, two }
}

describeWithServices("the caretaker", () => {
  test("is one of all nodes, and another once it ends", async () => {
    const { one, two } = await createCaretakerAndNext()
    expect(two.caretaker.isOn).toBe(false)

    await one.caretaker.close()
    expect(one.done).toEqual(["start", "stop"])
    await until("the other takes over", () => two.caretaker.isOn)

    expect(two.done).toEqual(["start"])
  })

  test("stops when its connection is cut, and another takes over", async () => {
    const { one, two } = await createCaretakerAndNext()

    one.proxy.cut()
    await until("it has stopped", () => !one.caretaker.isOn)
    await until("the other takes over", () => two.caretaker.isOn)
    one.proxy.restore()

    expect(one.done).toEqual(["start", "stop"])
    expect(one.caretaker.isOn).toBe(false)
  })

  test("stops within three seconds when its connection is dead", async () => {
    const { one } = await createCaretakerAndNext()

    using frozen = ownTime()
    one.proxy.freeze()
    await until("it has stopped", () => !one.caretaker.isOn)

    expect(frozen.ms()).toBeLessThan(3500)
  })

  test("is always the only process where there is no lock", async () => {
    const done: string[] = []
    const caretaker = new Caretaker({
      lock: null,
      log: silent,
      start: () => done.push("start"),
      stop: () => done.push("stop"),
    })

    caretaker.start()
    expect(caretaker.isOn).toBe(true)
    await caretaker.close()

    expect(done).toEqual(["start", "stop"])
  })
})
