/** Messages that mention the viewer stand out, and so does their name. Nobody is mentioned by their own `@everyone`. */
export function mentionsStyles(viewerId: string): string[] {
  const byEveryone = `[data-mentions~="everyone"]:not([data-author="${viewerId}"])`
  return markedMentions(`:is([data-mentions~="${viewerId}"], ${byEveryone})`, `[data-user="${viewerId}"]`)
}

/** The rules that mark some messages as meant for the viewer, and the names in them; both are given by selectors. */
export function markedMentions(messages: string, names: string): string[] {
  const mentioning = `.message${messages}`
  return [
    `${mentioning} { background-color: var(--glow); box-shadow: inset var(--start) 0 var(--seal) }`,
    `.mention${names} { background: var(--seal); color: var(--on-accent) }`,
    `@media (forced-colors: active) { ${mentioning} { border-inline-start: 3px solid Highlight } }`,
  ]
}
