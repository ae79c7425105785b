import type { StylesForViewer } from "../../web/viewer-styles.ts"

/** Marks the answers that the viewer voted for. Beyond the voters named with an answer, the results list them all. */
export const pollsStyles: StylesForViewer = (viewerId) => [
  `.poll-answer[data-by~="${viewerId}"] { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent) }`,
]
