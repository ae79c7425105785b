import { expect, test } from "bun:test"
import { moved, type Order, positionsOf } from "../../src/features/categories/reorder.ts"

/** "a b | One: c d | Two: e" */
function parse(text: string): Order {
  const groups = text.split("|").map((group) => group.split(":").map((part) => part.trim()))
  const categories = groups.flatMap(([name = "", list]) => (list === undefined ? [] : [{ id: name }]))
  const channels = groups.flatMap(([name = "", list]) =>
    (list ?? name)
      .split(" ")
      .filter(Boolean)
      .map((id) => ({ id, categoryId: list === undefined ? null : name })),
  )
  return { categories, channels }
}

function print({ categories, channels }: Order): string {
  const of = (id: string | null) =>
    channels.flatMap((channel) => (channel.categoryId === id ? [channel.id] : [])).join(" ")
  return [of(null), ...categories.map(({ id }) => `${id}: ${of(id)}`)].join(" | ")
}

const start = "a b | One: c d | Two: e"
const cases: [string, string, 1 | -1, string][] = [
  ["within its category", "d", -1, "a b | One: d c | Two: e"],
  ["on into the next category, first there", "d", 1, "a b | One: c | Two: d e"],
  ["back into the one before, last there", "c", -1, "a b c | One: d | Two: e"],
  ["nowhere, being the first of all", "a", -1, start],
  ["nowhere, being the last of all", "e", 1, start],
  ["a category with its channels", "Two", -1, "a b | Two: e | One: c d"],
  ["nowhere, being the last category", "Two", 1, start],
  ["nothing that is not there", "none", 1, start],
]

test.each(cases)("moves %s", (_what, id, step, expected) => {
  expect(print(parse(start))).toBe(start)
  expect(print(moved(parse(start), id, step))).toBe(expected)
})

test("numbers each category by itself", () => {
  expect(positionsOf(parse("a | One: b c"))).toEqual({
    categories: [{ id: "One", position: 1 }],
    channels: [
      { id: "a", categoryId: null, position: 1 },
      { id: "b", categoryId: "One", position: 1 },
      { id: "c", categoryId: "One", position: 2 },
    ],
  })
})
