import { afterAll } from "bun:test"

/** A server and what is in it. */
interface Furnished {
  /** Every row of every table. */
  dump(): Promise<unknown>
  close(): void
}

/**
 * Hands out a server that nobody has changed yet: the same one, until someone does. Most requests change nothing, and
 * to make a server with things in it takes longer than they all.
 */
export function untouched<World extends Furnished>(make: () => Promise<World>) {
  let current: { world: World; before: unknown } | undefined

  function leave() {
    current?.world.close()
    current = undefined
  }
  afterAll(leave)

  /** Does something there; also says whether that changed anything. */
  return async <Result>(
    act: (world: World) => Promise<Result>,
  ): Promise<{ result: Result; isChanged: boolean }> => {
    if (!current) {
      const world = await make()
      current = { world, before: await world.dump() }
    }
    const { world, before } = current
    let isChanged = true
    try {
      const result = await act(world)
      isChanged = !Bun.deepEquals(await world.dump(), before)
      return { result, isChanged }
    } finally {
      // After a failure, nobody knows.
      if (isChanged) leave()
    }
  }
}
