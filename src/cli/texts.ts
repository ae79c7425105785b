import { join } from "node:path"
import { root } from "../root.ts"
import { collectTexts } from "./texts/collect.ts"
import { textsPage } from "./texts/page.ts"

// `bun run texts`: writes docs/texts.md, the list of all texts that people read.

const texts = await collectTexts(root)
await Bun.write(join(root, "docs/texts.md"), textsPage(texts))
process.stdout.write(`${texts.length} texts in docs/texts.md\n`)
