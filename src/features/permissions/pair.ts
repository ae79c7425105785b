/** The key of the one conversation between two people. */
export function pairOf(one: string, other: string): string {
  return [one, other].toSorted().join(":")
}
