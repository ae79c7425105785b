/** Messages that mention the viewer stand out, and so does their name. Nobody is mentioned by their own `@everyone`. */
export function mentionsStyles(viewerId: string): string[] {
  const byEveryone = `[data-mentions~="everyone"]:not([data-author="${viewerId}"])`
  const mentioning = `.message:is([data-mentions~="${viewerId}"], ${byEveryone})`
  return [
    `${mentioning} { background-color: var(--glow); box-shadow: inset var(--start) 0 var(--seal) }`,
    `.mention[data-user="${viewerId}"] { background: var(--seal); color: var(--on-accent) }`,
    `@media (forced-colors: active) { ${mentioning} { border-inline-start: 3px solid Highlight } }`,
  ]
}
