/** An HTTP status, or where a redirect goes: to sign in, or on; a close code for the WebSocket. */
export type Outcome = number | "sign in" | "go on" | "live"
export type Role = "stranger" | "outsider" | "member" | "owner"
export type OutcomeByRole = Record<Role, Outcome>
/** What each gets by the route as it is declared. */
export type RouteRules = Record<string, OutcomeByRole>

export const forAll: OutcomeByRole = { stranger: 200, outsider: 200, member: 200, owner: 200 }
export const refusedToAll: OutcomeByRole = { stranger: 401, outsider: 401, member: 401, owner: 401 }
export const forSignedIn: OutcomeByRole = { stranger: "sign in", outsider: 200, member: 200, owner: 200 }
export const doneBySignedIn: OutcomeByRole = {
  stranger: "sign in",
  outsider: "go on",
  member: "go on",
  owner: "go on",
}
export const forNobody: OutcomeByRole = { stranger: "sign in", outsider: 404, member: 404, owner: 404 }
export const forMembers: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 200, owner: 200 }
// The page to sign in on may not stand in a frame.
export const framedForMembers: OutcomeByRole = { stranger: 401, outsider: 403, member: 200, owner: 200 }
export const forOwner: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 403, owner: 200 }
export const doneByMember: OutcomeByRole = {
  stranger: "sign in",
  outsider: 403,
  member: "go on",
  owner: "go on",
}
export const doneByMembers: OutcomeByRole = {
  stranger: "sign in",
  outsider: 403,
  member: "go on",
  owner: "go on",
}
export const doneByOwner: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 403, owner: "go on" }
// What is the owner's alone: to others it is not there.
export const foundByOwner: OutcomeByRole = { stranger: "sign in", outsider: 404, member: 404, owner: 200 }
export const ownedByOwner: OutcomeByRole = {
  stranger: "sign in",
  outsider: 404,
  member: 404,
  owner: "go on",
}
