/** Why a member may not write in a server yet. */
export type Hold =
  /** They have not accepted its rules. */
  | { for: "rules"; serverId: string }
  /** Their account, or their membership, is too new. */
  | { for: "account" | "membership"; until: Date }

/** What decides it; `null` where the server asks for nothing. */
export interface HoldRow {
  serverId: string
  /** 1: they must accept the rules first. */
  rules: number
  /** When they may write, in milliseconds since 1970. */
  accountAt: number
  memberAt: number
}

/** Reads the column of `holdColumn` in `store.ts`: a list as JSON with one row, or none. */
export function parseHold(json: string | null | undefined, now = Date.now()): Hold | null {
  if (!json || json === "[]") return null

  const [row] = JSON.parse(json) as HoldRow[]
  if (!row) return null
  if (row.rules === 1) return { for: "rules", serverId: row.serverId }
  if (row.accountAt > now) return { for: "account", until: new Date(row.accountAt) }
  return row.memberAt > now ? { for: "membership", until: new Date(row.memberAt) } : null
}

/** Where the member ends the hold; `undefined` where only time does. */
export function holdAddress(hold: Hold): string | undefined {
  return hold.for === "rules" ? `/servers/${hold.serverId}/joining` : undefined
}

/** The explanation for the member. */
export function holdMessage(hold: Hold): string {
  if (hold.for === "rules") return `Accept the rules first: ${holdAddress(hold)}`

  const minutes = Math.ceil((hold.until.getTime() - Date.now()) / 60_000)
  const wait = minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} hours`
  return hold.for === "account"
    ? `Your account is too new to write in this server. You can in ${wait}`
    : `You have just joined: in this server you can write in ${wait}`
}
