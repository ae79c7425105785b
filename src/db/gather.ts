import type { Db } from "./database.ts"

interface Batch<Row> {
  keys: Set<string>
  rows: Promise<Map<string, Row[]>>
}

/**
 * Reads rows by a key, in one statement for all who ask at the same time: after a restart thousands of people connect, and
 * those of one turn of the event loop take the same steps together (`LoopTurn`). Who asks alone gets a statement of their own.
 * Returns a function that resolves to the rows of a key, in the order of the statement; without rows to an empty list.
 *
 * @example
 * const blocksOf = gathered((db, ids) => statements(db).blocks.all({ ids: JSON.stringify(ids) }), (row) => row.userId)
 * await blocksOf(db, "1")
 */
export function gathered<Row>(
  read: (db: Db, keys: string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): (db: Db, key: string) => Promise<Row[]> {
  const batches = new WeakMap<Db, Batch<Row>>()

  const begin = (db: Db) => {
    const keys = new Set<string>()
    // After a microtask, when all who are in step have asked.
    const rows = Promise.resolve().then(async () => {
      batches.delete(db)
      return Map.groupBy(await read(db, [...keys]), keyOf)
    })
    const batch = { keys, rows }
    batches.set(db, batch)
    return batch
  }

  return async (db, key) => {
    const batch = batches.get(db) ?? begin(db)
    batch.keys.add(key)
    return (await batch.rows).get(key) ?? []
  }
}
