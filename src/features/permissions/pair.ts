/** The key of the only conversation between two users: their ids, sorted and joined. */
export function pairOf(userId: string, otherId: string): string {
  return [userId, otherId].toSorted().join(":")
}

/** The other user of a pair. */
export function otherOf(pair: string, userId: string): string {
  return pair.split(":").find((id) => id !== userId) ?? ""
}
