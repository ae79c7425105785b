import { expect, test } from "bun:test"
import { join } from "node:path"
import { type Patch, patches } from "../../chaos/patches/patches.ts"

const root = join(import.meta.dir, "../..")
const all: [string, Patch][] = Object.entries(patches).flatMap(([name, ofName]) =>
  ofName.map((patch): [string, Patch] => [name, patch]),
)

test.each(all)("what the patch %s replaces is there once", async (_, { file, find }) => {
  const text = await Bun.file(join(root, file)).text()

  expect(text.split(find)).toHaveLength(2)
})
