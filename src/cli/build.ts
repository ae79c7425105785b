import { join } from "node:path"
import { root } from "../root.ts"

// `bun run build`: joins the modules of the server into `dist/`, so that `bun dist/main.js` starts without reading a
// thousand files. Packages stay where they are. Nothing else differs from `bun src/main.ts`.

const { outputs } = await Bun.build({
  entrypoints: [join(root, "src/main.ts")],
  outdir: join(root, "dist"),
  target: "bun",
  packages: "external",
  // What is loaded on first use stays apart.
  splitting: true,
  sourcemap: "linked",
})
const bytes = outputs.reduce((sum, { size }) => sum + size, 0)
process.stdout.write(
  `${outputs.length} files in dist/, ${(bytes / 2 ** 20).toFixed(1)} MB with source maps\n`,
)
