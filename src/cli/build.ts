import { rmSync } from "node:fs"
import { join } from "node:path"
import { root } from "../root.ts"
import { joinAssets, writeAssets } from "../web/assets.ts"

// `bun run build`: joins the modules of the server and of its packages into `dist/`, and those of browsers into
// `dist/assets/`, so that `bun dist/main.js` starts without reading two thousand files. Nothing else differs from
// `bun src/main.ts`. Packages whose files are read at run time, such as PDF.js, stay where they are.

const folder = join(root, "dist")
rmSync(folder, { recursive: true, force: true })
const { outputs } = await Bun.build({
  entrypoints: [join(root, "src/main.ts")],
  outdir: folder,
  target: "bun",
  // What is loaded on first use stays apart.
  splitting: true,
  // Not names, which errors show.
  minify: { whitespace: true, syntax: true },
  sourcemap: "linked",
})
await writeAssets(await joinAssets(join(root, "static")), join(folder, "assets"))
const bytes = outputs.reduce((sum, { size }) => sum + size, 0)
process.stdout.write(
  `${outputs.length} files in dist/, ${(bytes / 2 ** 20).toFixed(1)} MB with source maps\n`,
)
