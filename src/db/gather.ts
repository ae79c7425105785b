import type { Db } from "./database.ts"

interface Batch<Asked, Answer> {
  all: Asked[]
  answers: Promise<Answer[]>
}

/**
 * Batches calls that are made at the same time, so that they share one statement: the messages of a commit are numbered by
 * one, and all who connect in one turn of the event loop read the same things together (`LoopTurn`). A call that comes alone
 * is a batch of one. `run` gets what was asked of one handle, in order, and returns an answer for each.
 */
export function together<Handle extends object, Asked, Answer>(
  run: (handle: Handle, all: Asked[]) => Promise<Answer[]>,
): (handle: Handle, asked: Asked) => Promise<Answer> {
  const batches = new WeakMap<Handle, Batch<Asked, Answer>>()

  const begin = (handle: Handle) => {
    const all: Asked[] = []
    // After a microtask, when all who are in step have asked.
    const answers = Promise.resolve().then(() => {
      batches.delete(handle)
      return run(handle, all)
    })
    const batch = { all, answers }
    batches.set(handle, batch)
    return batch
  }

  return async (handle, asked) => {
    const { all, answers } = batches.get(handle) ?? begin(handle)
    const index = all.push(asked) - 1
    return (await answers)[index] as Answer
  }
}

/**
 * Reads rows by a key, in one statement for all who ask at the same time. Returns a function that resolves to the rows of a
 * key, in the order of the statement; without rows to an empty list.
 *
 * @example
 * const blocksOf = gathered((db, ids) => statements(db).blocks.all({ ids: JSON.stringify(ids) }), (row) => row.userId)
 * await blocksOf(db, "1")
 */
export function gathered<Row>(
  read: (db: Db, keys: string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): (db: Db, key: string) => Promise<Row[]> {
  return together(async (db: Db, keys: string[]) => {
    const rows = Map.groupBy(await read(db, [...new Set(keys)]), keyOf)
    return keys.map((key) => rows.get(key) ?? [])
  })
}
