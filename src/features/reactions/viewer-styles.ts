/** Reactions that the viewer chose are marked. */
export function reactionsStyles(viewerId: string): string[] {
  return [
    `.reaction[data-by~="${viewerId}"] { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent) }`,
  ]
}
