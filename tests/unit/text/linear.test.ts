import { expect, test } from "bun:test"
import { withDelimiters } from "../../../src/features/messages/text/delimiters.ts"
import { pair } from "../../../src/features/messages/text/inline.ts"
import { Scanner } from "../../../src/features/messages/text/scanner.ts"
import { type Inline, noNames } from "../../../src/features/messages/text/tree.ts"

const signs = ["*", "**", "***", "_", "__", "~~", "||", "[", "](https://a.b)"]
const separators = ["a", " ", "a ", "(", ""]

/** Each sign after each other, as openers, as closers, within words and beside punctuation. */
const pieces = signs.flatMap((first) =>
  signs.flatMap((second) => separators.map((separator) => `${first}a${second}${separator}`)),
)

test("pairing delimiters takes twice the steps for twice the text", () => {
  for (const piece of [...pieces, `${"*".repeat(99)}a`]) {
    const [half, whole] = [stepsFor(piece.repeat(250)), stepsFor(piece.repeat(500))]
    expect([piece, whole <= 2 * half + 50]).toEqual([piece, true])
  }
})

test("scanning takes at least one character for each token", () => {
  for (const piece of pieces) {
    const text = piece.repeat(200)
    expect(new Scanner(text, noNames).tokens.length).toBeLessThanOrEqual(text.length)
  }
})

test("nesting has an end, and loses no text", () => {
  for (const text of [
    `${"*".repeat(1000)}a${"*".repeat(1000)}`,
    `${"*a **b ".repeat(400)}${"c** d* ".repeat(400)}`,
  ]) {
    const nodes = pair(withDelimiters(new Scanner(text, noNames).tokens))
    expect(depthOf(nodes)).toBe(20)
    expect(lettersOf(nodes)).toBe(text.replace(/[^a-d]/g, ""))
  }
})

test("what opens far away is still closed", () => {
  const between = "*b_ ".repeat(100)
  expect(pair(withDelimiters(new Scanner(`__a ${between}c__`, noNames).tokens))).toHaveLength(1)
})

function depthOf(nodes: Inline[]): number {
  const depths = nodes.map((node) =>
    typeof node === "object" && "children" in node ? 1 + depthOf(node.children) : 0,
  )
  return Math.max(0, ...depths)
}

function lettersOf(nodes: Inline[]): string {
  const texts = nodes.map((node) => {
    if (typeof node === "string") return node
    return "children" in node ? lettersOf(node.children) : ""
  })
  return texts.join("").replace(/[^a-d]/g, "")
}

/** How often the properties of delimiters are read while they are paired. */
function stepsFor(text: string): number {
  let steps = 0
  const count = <T extends object>(token: T) =>
    new Proxy(token, {
      get(target, key) {
        steps++
        return Reflect.get(target, key)
      },
    })
  const tokens = withDelimiters(new Scanner(text, noNames).tokens)
  pair(tokens.map((token) => (typeof token === "string" ? token : count(token))))
  return steps
}
