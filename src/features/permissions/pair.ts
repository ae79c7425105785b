/** The key of the only conversation between two users: their ids, sorted and joined. */
export function pairOf(userId: string, otherId: string): string {
  return [userId, otherId].toSorted().join(":")
}
