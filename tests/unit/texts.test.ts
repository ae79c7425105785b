import { expect, test } from "bun:test"
import { join } from "node:path"
import { collectTexts, textsOfFile } from "../../src/cli/texts/collect.ts"
import { lineOf } from "../../src/cli/texts/page.ts"
import { wordingFault } from "../../src/cli/texts/wording.ts"
import { root } from "../../src/root.ts"

const texts = await collectTexts(root)

test("texts are found where people read them, each as one sentence", () => {
  const source = `
    const titles = { a: "Pinned messages", b: "pinned-messages", c: \`Path=\${path}\` }
    export function Panel({ name, count }) {
      log.info("Not for people")
      throw new Error("Not for people either")
      return (
        <section class="Not this" aria-label="Pins of a channel" data-x="No">
          <p>Pinned by <b safe>{name}</b>, {count === 1 ? "once" : \`\${count} times\`}.</p>
          <ul><li>Newest</li></ul>
          <input placeholder={\`Search \${name}\`} />
          {refuse("lower case, but said")}
        </section>
      )
    }`

  expect(textsOfFile("views/pins.tsx", source).map(lineOf)).toEqual([
    "- titles: Pinned messages",
    "- Panel: Pins of a channel",
    "- Panel: Pinned by {name}, [once|{count} times].",
    "- Panel: Newest",
    "- Panel: Search {name}",
    "- Panel: lower case, but said",
  ])
})

test("no text breaks the rules of wording", () => {
  const faults = texts.flatMap((text) => {
    const fault = wordingFault(text)
    return fault ? [`${text.file} ${lineOf(text)}\n  ${fault}`] : []
  })

  if (faults.length > 0) throw new Error(`Mend, or change src/cli/texts/wording.ts:\n${faults.join("\n")}`)
})

test.each([
  ["Looks", "Appearance"],
  ["Nothing found", "No results"],
  ["You are signed in", "log in"],
  ["Send an email", "e-mail"],
  ['Choose "Save"', "“"],
  ["Wait...", "…"],
  ["My Servers", "capital"],
])("“%s” is refused, with what to write", (text, instead) => {
  expect(wordingFault({ text })).toContain(instead)
})

test("the list of texts is at hand, and not far behind the code", async () => {
  const listed = new Set((await Bun.file(join(root, "docs/texts.md")).text()).split("\n"))
  const missing = texts.filter((text) => !listed.has(lineOf(text)))

  // Not each text at once: most changes have some, and the list is for people who read all of them.
  expect(texts.length).toBeGreaterThan(2000)
  if (missing.length > 200) throw new Error(`${missing.length} texts are not in docs/texts.md: bun run texts`)
})
