import { expect, test } from "bun:test"
import { toParameters, translate } from "../../../src/db/postgres/statement.ts"

test("placeholders are numbered, but not what looks like one in a text, a name or a comment", () => {
  const text = `select '?', 'it''s ?', "odd?""name" from t -- why?\nwhere a = ? and b in (?, ?)`

  expect(translate(text)).toBe(
    `select '?', 'it''s ?', "odd?""name" from t -- why?\nwhere a = $1 and b in ($2, $3)`,
  )
})

test("the target of a conflict is named without its table, which stays everywhere else", () => {
  const text = `insert into "t" ("a", "b") values (?, ?) on conflict ("t"."a", "t"."b") do update set "b" = "t"."b" + ?`

  expect(translate(text)).toBe(
    `insert into "t" ("a", "b") values ($1, $2) on conflict ("a", "b") do update set "b" = "t"."b" + $3`,
  )
})

test("whole numbers, booleans and dates leave as texts, whose type their place decides", () => {
  const parameters = ["text", 7, -1, 2 ** 53, 1.5, true, false, new Date(5), null, "a\0b"]

  expect(toParameters(parameters)).toEqual(["text", "7", "-1", 2 ** 53, 1.5, "1", "0", "5", null, "a\ufffdb"])
})
