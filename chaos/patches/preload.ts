import { join } from "node:path"
import { plugin } from "bun"
import { type Patch, patches } from "./patches.ts"

// Loaded into a server before its program: changes the text of its files as the names in CHAOS_PATCHES say.

const root = join(import.meta.dir, "../..")
const names = (process.env.CHAOS_PATCHES ?? "").split(",").filter((name) => name !== "")
const all: Patch[] = names.flatMap((name) => {
  const found = Object.entries(patches).find(([known]) => known === name)
  if (!found) throw new Error(`There is no patch "${name}"`)

  return found[1]
})
const byPath = Map.groupBy(all, ({ file }) => join(root, file))

plugin({
  name: "patches of the trial",
  setup(build) {
    for (const [path, ofFile] of byPath) {
      build.onLoad({ filter: new RegExp(`^${RegExp.escape(path)}$`) }, async () => {
        const text = await Bun.file(path).text()
        return { loader: path.endsWith("x") ? "tsx" : "ts", contents: ofFile.reduce(apply, text) }
      })
    }
  },
})

function apply(text: string, { file, find, replace }: Patch): string {
  if (text.split(find).length !== 2) throw new Error(`${file} does not contain this once: ${find}`)

  return text.replace(find, () => replace)
}
