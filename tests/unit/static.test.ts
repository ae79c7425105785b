import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

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

/** The paths of the modules that a module consists of once it is joined. */
function joinedInto(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  for (const { path, kind } of importsOf(entry)) if (kind === "import-statement") joinedInto(path, seen)
  return seen
}

function importsOf(path: string) {
  const transpiler = new Bun.Transpiler({ loader: path.endsWith(".ts") ? "ts" : "js" })
  const imports = transpiler.scanImports(readFileSync(path, "utf8"))
  return imports.map((found) => ({ path: join(dirname(path), found.path), kind: found.kind }))
}

test("a module of which several files have a copy keeps no state", () => {
  const folder = join(root, "static")
  const modules = readdirSync(folder).filter((name) => name.endsWith(".js"))
  const loadedLater = modules
    .flatMap((name) => importsOf(join(folder, name)))
    .filter(({ kind }) => kind === "dynamic-import")
  const entries = ["app.js", "inbox.js", "passkeys.js"].map((name) => join(folder, name))
  const files = new Set([...entries, ...loadedLater.map(({ path }) => path)])
  const copies = Map.groupBy(
    [...files].flatMap((file) => [...joinedInto(file)]),
    (path) => path,
  )
  const shared = [...copies].filter(([, { length }]) => length > 1).map(([path]) => path)
  expect(shared).toContain(join(folder, "elements.js")) // or nothing is looked at

  // Counts attempts: a copy of its own only makes one more.
  const known = join(folder, "later.js")
  const withState = shared.filter(
    (path) => path !== known && /^(export )?(let|var|const \w+ = new)\b/m.test(readFileSync(path, "utf8")),
  )
  expect(withState).toEqual([])
})
