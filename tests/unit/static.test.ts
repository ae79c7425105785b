import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dir, "../..")
const maxStyleLines = 400

const styles = ["static", "static/styles"]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith(".css"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))

test("no style sheet is too long to read", () => {
  expect(styles.length).toBeGreaterThan(30)

  const long = styles.filter(({ text }) => text.split("\n").length > maxStyleLines)

  expect(long.map(({ path }) => path)).toEqual([])
})

test("every rule is in a declared layer: the order of sheets decides nothing", () => {
  const tokens = styles.find(({ path }) => path === "static/styles/tokens.css")?.text ?? ""
  const layers = tokens.match(/^@layer ([\w, ]+);/m)?.[1]?.split(", ") ?? []
  expect(layers.length).toBeGreaterThan(3)

  // Biome formats sheets: what is not indented is at the top level.
  const outside = styles.flatMap(({ path, text }) =>
    [...text.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/^[^\s}].*/gm)]
      .map(([line]) => line)
      .filter((line) => !layers.some((layer) => line === `@layer ${layer} {`))
      .map((line) => `${path}: ${line}`),
  )

  expect(outside).toEqual([`static/styles/tokens.css: @layer ${layers.join(", ")};`])
})
