/** Where a viewer's style sheet is. Kept for ever by browsers, so the address changes with what it says. */
export function viewerStylesOf(id: string): string {
  return `/viewers/${id}.css?v=${version}`
}

/**
 * What differs on a page by who looks at it, as a style sheet: fragments are the same bytes for everyone, so
 * "mine" is a rule and not a rendering. Nothing secret is in it. `undefined` when the file's name is no id.
 */
export function viewerStyles(file: string): Response | undefined {
  const id = file.match(/^([\w-]{1,64})\.css$/)?.[1]
  if (!id) return undefined

  return new Response(rulesFor(id), {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "private, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  })
}

function rulesFor(id: string): string {
  const own = `[data-author="${id}"]`
  const named = `.message:is([data-mentions~="${id}"], [data-mentions~="everyone"]:not(${own}))`
  return [
    `.typist${own} { display: none }`,
    `${named} { background-color: var(--glow); box-shadow: inset var(--start) 0 var(--seal) }`,
    `.mention[data-user="${id}"] { background: var(--seal); color: var(--on-accent) }`,
    `.reaction[data-by~="${id}"] { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent) }`,
    `@media (forced-colors: active) { ${named} { border-inline-start: 3px solid Highlight } }`,
  ].join("\n")
}

const version = new Bun.CryptoHasher("sha256", rulesFor("")).digest("hex").slice(0, 8)
