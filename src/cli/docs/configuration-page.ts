import { type ConfigVariable, serverVariables, sidekickVariables } from "../../config/variables.ts"

/** The text of docs/configuration.md, from the documentation of the variables. */
export function configurationPage(): string {
  return `# Configuration

From the environment, read once at start. An invalid value stops the start with a sentence that names the variable. Every
variable has a default that works unless it is marked as required.

This page is generated from \`src/config/variables.ts\` by \`bun run docs\`.

## The server

${listOf(serverVariables)}

## A standalone sidekick

${listOf(sidekickVariables)}

[operations.md](operations.md) says how to run both.
`
}

function listOf(variables: ConfigVariable[]): string {
  return variables
    .map(({ name, default: fallback, description }) => {
      const marker = fallback === "required" ? fallback : `default: ${fallback}`
      return `- **\`${name}\`** (${marker}): ${description}`
    })
    .join("\n")
}
