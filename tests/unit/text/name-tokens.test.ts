import { expect, test } from "bun:test"
import { join } from "node:path"

// By a path: the types of the browser's modules are checked in their own project.
const { nameTokenBefore } = await import(join(import.meta.dir, "../../../static/name-tokens.js"))

// Where the composer suggests names. Mentions begin at the same places: see name-ends.test.ts.

/** The token before the caret, which is at `|`, as its kind and what is typed of it. */
function suggestedAt(text: string): string | null {
  const at = text.indexOf("|")
  const value = text.slice(0, at) + text.slice(at + 1)
  const token = nameTokenBefore({ value, selectionStart: at, selectionEnd: at })
  if (token) expect(value.slice(token.start, at)).toBe(token.written)
  return token && `${token.kind} ${token.name}`
}

test.each([
  ["@al|", "member al"],
  ["hello @al|", "member al"],
  ["(@al|", "member al"],
  ["**@al|**", "member al"],
  ["“@al|", "member al"],
  ["see:@al|", "member al"],
  ["a,#gen|", "channel gen"],
  ["交给@bob|", "member bob"],
  ["交给@bob|处理", "member bob"],
  ["見て#gen|", "channel gen"],
  ["ดู@bob|", "member bob"],
  ["보세요@bob|", "member bob"],
  ["。@bob|", "member bob"],
  ["@محمد|", "member محمد"],
  ["/@al|", "member al"],
  ["mail@al|", null],
  ["é@al|", null],
  ["1@al|", null],
  ["слово@al|", null],
  ["C#sharp|", null],
  ["https://example.com/@al|", null],
  ["example.com/a/@al|", null],
  ["`@al|", null],
  ["```\n@al|", null],
  ["`a` @al|", "member al"],
  ["@|", null],
  ["交给:smi|", "emoji smi"],
  ["hi::smi|", null],
  ["hi :smi|", "emoji smi"],
  ["10:30|", null],
  ["/po|", "command po"],
  ["/|", "command "],
  ["/po| x", null],
  ["say /po|", null],
])("names are suggested where the renderer finds them: %p is %p", (text, token) => {
  expect(suggestedAt(text)).toBe(token as string | null)
})

test("nothing is suggested for a selection", () => {
  expect(nameTokenBefore({ value: "@al", selectionStart: 1, selectionEnd: 3 })).toBeNull()
})
