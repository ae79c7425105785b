import { join } from "node:path"
import { configurationPage } from "./docs/configuration-page.ts"

// `bun run docs`: writes the pages of docs/ that are generated from the code.

await Bun.write(join(import.meta.dir, "../../docs/configuration.md"), configurationPage())
