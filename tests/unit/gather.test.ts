import { expect, test } from "bun:test"
import type { Db } from "../../src/db/database.ts"
import { gathered } from "../../src/db/gather.ts"
import { LoopTurn } from "../../src/web/live/loop-turn.ts"

// Only its identity counts here.
const database = () => ({}) as Db

function lettersOf() {
  const reads: string[][] = []
  const read = gathered(
    async (_, words) => {
      reads.push(words)
      if (words.includes("broken")) throw new Error("No such word")
      return words.flatMap((word) => [...word].map((letter) => ({ word, letter })))
    },
    ({ word }) => word,
  )
  const letters = async (db: Db, word: string) => (await read(db, word)).map(({ letter }) => letter)
  return { letters, reads }
}

test("who asks in step is answered by one read, each with their own rows", async () => {
  const { letters, reads } = lettersOf()
  const db = database()
  const turn = new LoopTurn()
  const asking = ["ab", "", "c", "ab"].map(async (word) => {
    await turn.end()
    const found = await letters(db, word)
    return [found, await letters(db, `${word}!`)]
  })

  expect(await Promise.all(asking)).toEqual([
    [
      ["a", "b"],
      ["a", "b", "!"],
    ],
    [[], ["!"]],
    [["c"], ["c", "!"]],
    [
      ["a", "b"],
      ["a", "b", "!"],
    ],
  ])
  expect(reads).toEqual([
    ["ab", "", "c"],
    ["ab!", "!", "c!"],
  ])
})

test("another database, a later question and a failure are read by themselves", async () => {
  const { letters, reads } = lettersOf()
  const [first, second] = [database(), database()]

  await Promise.all([letters(first, "a"), letters(second, "b")])
  const failed = await Promise.allSettled([letters(first, "broken"), letters(first, "c")])
  await letters(first, "a")

  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"])
  expect(reads).toEqual([["a"], ["b"], ["broken", "c"], ["a"]])
})
