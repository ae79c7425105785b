import { afterEach, expect, test } from "bun:test"
import { AccessFollower } from "../../../src/features/permissions/access-follower.ts"
import {
  appendEndedAccess,
  deleteEndedAccess,
  findAccessHead,
} from "../../../src/features/permissions/access-log.ts"
import type { EndedAccess } from "../../../src/features/permissions/evictions.ts"
import { createPostgresNode } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

const session = (sessionId: string): EndedAccess => ({ of: "session", sessionId })

async function createLog() {
  const node = await createPostgresNode()
  cleanups.push(() => node[Symbol.asyncDispose]())
  const { db, commits } = node.database

  const end = (...ids: string[]) => commits.decide((tx) => appendEndedAccess(tx, ids.map(session)))
  function follow() {
    const applied: string[] = []
    const follower = new AccessFollower({
      db,
      end: (access) => void applied.push(access.of === "session" ? access.sessionId : access.of),
      endAll: () => void applied.push("all"),
    })
    return { applied, follower }
  }
  return { db, commits, end, follow }
}

describeWithServices("the log of ended access", () => {
  test("is applied in the order of its commits, each entry once", async () => {
    const { end, follow } = await createLog()
    await end("before")
    const { applied, follower } = follow()
    await follower.catchUp()

    await Promise.all(["a", "b", "c", "d"].map((id) => end(id, `${id} too`)))
    await Promise.all([follower.catchUp(), follower.catchUp()])
    await follower.catchUp()

    expect(applied).toHaveLength(8)
    expect(applied.toSorted()).toEqual(["a", "a too", "b", "b too", "c", "c too", "d", "d too"])
    for (const id of ["a", "b", "c", "d"]) expect(applied[applied.indexOf(id) + 1]).toBe(`${id} too`)
    expect(follower.seq).toBe(9)
  })

  test("what this process ended is applied at once, and what others ended before it first", async () => {
    const { end, follow } = await createLog()
    const { applied, follower } = follow()
    await follower.catchUp()

    const head = await end("own")
    follower.apply(head, [session("own")])
    expect(applied).toEqual(["own"])

    await end("of another")
    follower.apply(await end("own again"), [session("own again")])
    expect(applied).toEqual(["own"])
    await follower.catchUp()
    expect(applied).toEqual(["own", "of another", "own again"])
  })

  test("a read that was under way does not count for who asks meanwhile", async () => {
    const { end, follow } = await createLog()
    const { applied, follower } = follow()
    await follower.catchUp()

    const first = follower.catchUp()
    await end("meanwhile")
    await Promise.all([first, follower.catchUp()])

    expect(applied).toEqual(["meanwhile"])
  })

  test("a node that was away for longer than the log reaches ends all access", async () => {
    const { commits, end, follow } = await createLog()
    const { applied, follower } = follow()
    await follower.catchUp()

    await end("a", "b")
    await commits.note("nothing", (tx) => deleteEndedAccess(tx, new Date(Date.now() + 1000)))
    await follower.catchUp()
    await end("c")
    await follower.catchUp()

    expect(applied).toEqual(["all", "c"])
  })

  test("what a node of a later version ended in a way that is not known here ends everything", async () => {
    const { commits, follow } = await createLog()
    const { applied, follower } = follow()
    await follower.catchUp()

    const later = { of: "galaxy", galaxyId: "1" } as unknown as EndedAccess
    await commits.decide((tx) => appendEndedAccess(tx, [later, session("a")]))
    await follower.catchUp()

    expect(applied).toEqual(["all", "a"])
    expect(follower.seq).toBe(2)
  })

  test("a commit that fails leaves no entry and no gap", async () => {
    const { commits, db, end, follow } = await createLog()
    const { applied, follower } = follow()
    await follower.catchUp()

    const failing = commits.decide(async (tx) => {
      await appendEndedAccess(tx, [session("rolled back")])
      throw new Error("planned")
    })
    await expect(failing).rejects.toThrow("planned")
    await end("after")
    await follower.catchUp()

    expect(applied).toEqual(["after"])
    expect(await findAccessHead(db)).toBe(1)
  })
})
