import { join } from "node:path"

/**
 * The folder of the project, with `static/` and `drizzle/`. This file has to stay one level below it: `bun run build` joins
 * it with all others into `dist/`, which is as far from there.
 */
export const root = join(import.meta.dir, "..")
