import type { PageText } from "./collect.ts"

/** The text of docs/texts.md: all texts by file and by the function, constant or component that they are in. */
export function textsPage(texts: PageText[]): string {
  const files = Map.groupBy(texts, ({ file }) => file)
  return `# Texts

Every text that people read on pages, in mails, notices and refusals, where it is written. \`{name}\` stands for a value, \`[a|b]\`
for one of several texts. The documentation of the API is not here: it is in the \`docs.ts\` of each feature.

This page is generated from the code by \`bun run texts\`. A test holds the wording to \`src/cli/texts/wording.ts\`.
${[...files].map(([file, inFile]) => `\n## ${file}\n\n${inFile.map(lineOf).join("\n")}\n`).join("")}`
}

/** The line of a text in the list. */
export function lineOf({ place, text }: PageText): string {
  return `- ${place}: ${text.replaceAll("*", "\\*")}`
}
