import { join } from "node:path"

/** The root of the repository. */
export const root = join(import.meta.dir, "../..")

/** The code blocks of one language in a Markdown file of the repository, in order. */
export async function codeBlocks(path: string, language: string): Promise<string[]> {
  const text = await Bun.file(join(root, path)).text()
  const blocks = [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
  return blocks.flatMap(([, name, code = ""]) => (name === language ? [code] : []))
}
