/** Viewers are not told that they are typing themselves. */
export function presenceStyles(viewerId: string): string[] {
  return [`.typist[data-author="${viewerId}"] { display: none }`]
}
