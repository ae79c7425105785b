import { describe, expect, test } from "bun:test"
import { insertMember } from "../../../src/features/members/store.ts"
import { administrate } from "../../support/administrators.ts"
import { appear, expectData, givePassword } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"
import { addressOf, ask, type Ids, idsOf, routesOf } from "../../support/routes.ts"
import { createTestServer, openTestServer, type TestServer, type Visitor } from "../../support/server.ts"
import { changeRows } from "../../support/test-database.ts"
import { untouched } from "../../support/untouched.ts"

/** An HTTP status, or where a redirect goes: to sign in, or on; a close code for the WebSocket. */
type Outcome = number | "sign in" | "go on" | "live"
type Role = "stranger" | "outsider" | "member" | "owner"
/** The administrator is in no server. Whoever is suspended is a member, and still has the cookie of a session. */
type Actor = Role | "administrator" | "suspended"
type OutcomeByRole = Record<Role, Outcome>

const actors: Actor[] = ["stranger", "outsider", "member", "owner", "administrator", "suspended"]

const forAll: OutcomeByRole = { stranger: 200, outsider: 200, member: 200, owner: 200 }
const refusedToAll: OutcomeByRole = { stranger: 401, outsider: 401, member: 401, owner: 401 }
const forSignedIn: OutcomeByRole = { stranger: "sign in", outsider: 200, member: 200, owner: 200 }
const forNobody: OutcomeByRole = { stranger: "sign in", outsider: 404, member: 404, owner: 404 }
const forMembers: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 200, owner: 200 }
// The page to sign in on may not stand in a frame.
const framedForMembers: OutcomeByRole = { stranger: 401, outsider: 403, member: 200, owner: 200 }
const forOwner: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 403, owner: 200 }
const doneByMember: OutcomeByRole = {
  stranger: "sign in",
  outsider: 403,
  member: "go on",
  owner: "go on",
}
const doneByMembers: OutcomeByRole = { stranger: "sign in", outsider: 403, member: "go on", owner: "go on" }
const doneByOwner: OutcomeByRole = { stranger: "sign in", outsider: 403, member: 403, owner: "go on" }

/** By a webhook's address: Discord's, and the same with the version of its API. */
const webhookRoutes = ["/api/webhooks", "/api/v10/webhooks"].flatMap((base) =>
  [
    ...["GET", "PATCH", "DELETE", "POST"].map((method) => [method, ""]),
    ...["GET", "PATCH", "DELETE"].map((method) => [method, "/messages/:messageId"]),
    ...["/slack", "/github"].map((suffix) => ["POST", suffix]),
  ].map(([method, suffix]) => `${method} ${base}/:webhookId/:token${suffix}`),
)

/** Who gets what. The owner wrote the message, made the invite and has the session; the one to be removed is the member. */
const expected: Record<string, OutcomeByRole> = {
  "GET /health": forAll,
  "GET /metrics": forAll,
  "GET /static/:version/*": forAll,
  "GET /viewers/:file": forAll,
  "GET /login": { stranger: 200, outsider: "go on", member: "go on", owner: "go on" },
  "POST /login": refusedToAll,
  "GET /signup": forAll,
  "POST /signup": { stranger: 400, outsider: 400, member: 400, owner: 400 },
  "GET /waiting": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  // Of what is asked for here none is there.
  "GET /recover": forAll,
  "GET /forgot": forAll,
  // This chat sends no e-mail.
  "POST /forgot": { stranger: 403, outsider: 403, member: 403, owner: 403 },
  "GET /account/username": forSignedIn,
  "POST /account/username": { stranger: "sign in", outsider: 400, member: 400, owner: 400 },
  "GET /account/email": forSignedIn,
  "POST /account/email": { stranger: "sign in", outsider: 400, member: 400, owner: 400 },
  "GET /account/email/remove": forSignedIn,
  "POST /account/email/remove": { stranger: "sign in", outsider: 403, member: 403, owner: 403 },
  "GET /verify-email/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /verify-email/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  // Nobody has this name and code; and the browser carries no code.
  "POST /recover": { stranger: 400, outsider: 400, member: 400, owner: 400 },
  "GET /recovery-code": { stranger: "go on", outsider: "go on", member: "go on", owner: "go on" },
  "POST /recovery-code": { stranger: "go on", outsider: "go on", member: "go on", owner: "go on" },
  "GET /account/recovery-code": forSignedIn,
  "POST /account/recovery-code": { stranger: "sign in", outsider: 403, member: 403, owner: 403 },
  "GET /setup/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /setup/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "GET /reset/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /reset/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "GET /join/:code": { stranger: 200, outsider: 404, member: 404, owner: 404 },
  // The owner is the instance's administrator, too.
  ...Object.fromEntries(
    ["", "/people", "/people/:userId", "/approvals", "/servers", "/invitations", "/storage", "/settings"]
      .concat("/configuration", "/log", "/look", "/announcement")
      .map((path) => [`GET /admin${path}`, forOwner]),
  ),
  "GET /admin/sign-in": forOwner,
  "GET /admin/sign-in/new": forOwner,
  "GET /admin/sign-in/:providerId": forOwner,
  "POST /admin/sign-in/:providerId/check": forOwner,
  "POST /admin/sign-in/:providerId/delete": doneByOwner,
  // Nothing is filled in, and nobody has logged in at a provider.
  "POST /admin/sign-in": { ...doneByOwner, owner: 400 },
  "POST /admin/sign-in/:providerId": { ...doneByOwner, owner: 400 },
  "POST /admin/sign-in/passwords": { ...doneByOwner, owner: 400 },
  // The provider cannot be reached, and nobody has begun to log in there.
  "GET /login/with/:providerId": { stranger: 503, outsider: "go on", member: "go on", owner: "go on" },
  "GET /login/with/:providerId/callback": { stranger: 400, outsider: 400, member: 400, owner: 400 },
  "GET /login/with/:providerId/account": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /login/with/:providerId/account": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "GET /account/providers": forSignedIn,
  "POST /account/providers/:providerId/connect": { ...forSignedIn, outsider: 503, member: 503, owner: 503 },
  "POST /account/providers/:providerId/disconnect": forNobody,
  "POST /admin/people/:userId/:act": doneByOwner,
  // What is sent confirms nothing, and names no member.
  "POST /admin/servers/:serverId/hand-over": { ...doneByOwner, owner: 400 },
  "POST /admin/servers/:serverId/delete": { ...doneByOwner, owner: 400 },
  "POST /admin/invitations": forOwner,
  "POST /admin/invitations/:invitationId/revoke": doneByOwner,
  "POST /admin/settings": { ...doneByOwner, owner: 400 },
  // What is sent announces nothing.
  "POST /admin/announcement": { ...doneByOwner, owner: 400 },
  "POST /admin/announcement/clear": doneByOwner,
  "POST /announcements/:announcementId/dismiss": {
    stranger: "sign in",
    outsider: "go on",
    member: "go on",
    owner: "go on",
  },
  // What is sent is no picture.
  "POST /admin/look": doneByOwner,
  "POST /admin/look/icon": { ...doneByOwner, owner: 415 },
  "POST /admin/look/icon/remove": doneByOwner,
  // There is no icon and no colour.
  "GET /instance/:file": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  // What is sent belongs to no sign-in.
  "GET /login/code": { stranger: "sign in", outsider: "sign in", member: "sign in", owner: "sign in" },
  "POST /login/code": refusedToAll,
  "POST /login/passkey/options": forAll,
  "POST /login/passkey": { stranger: 400, outsider: 400, member: 400, owner: 400 },
  "POST /account/second-factor/passkeys/options": forSignedIn,
  // No browser has answered.
  "POST /account/second-factor/passkeys": { ...forSignedIn, outsider: 400, member: 400, owner: 400 },
  "POST /account/second-factor/passkeys/:passkeyId/rename": forNobody,
  "POST /account/second-factor/passkeys/:passkeyId/remove": forNobody,
  "GET /account/second-factor": forSignedIn,
  // The password is missing.
  "POST /account/second-factor/authenticator": { ...forSignedIn, outsider: 403, member: 403, owner: 403 },
  "POST /account/second-factor/authenticator/confirm": { ...forNobody },
  "POST /account/second-factor/authenticator/remove": {
    ...forSignedIn,
    ...{ outsider: 403, member: 403, owner: 403 },
  },
  "POST /account/second-factor/backup-codes": {
    ...forSignedIn,
    ...{ outsider: 400, member: 400, owner: 400 },
  },
  "POST /account/second-factor/devices/:deviceId/revoke": forNobody,
  "GET /account/confirm": forSignedIn,
  // Nothing is sent that confirms anything.
  "POST /account/confirm": { ...forSignedIn, outsider: 400, member: 400, owner: 400 },
  "POST /admin/settings/second-factor": doneByOwner,
  "POST /logout": { stranger: "sign in", outsider: "sign in", member: "sign in", owner: "sign in" },
  "GET /account": forSignedIn,
  "POST /account/sessions/:sessionId/revoke": {
    stranger: "sign in",
    outsider: 404,
    member: 404,
    owner: "go on",
  },
  "POST /account/sessions/revoke-others": {
    stranger: "sign in",
    outsider: "go on",
    member: "go on",
    owner: "go on",
  },
  "GET /settings": forSignedIn,
  "POST /settings": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  "GET /account/password": forSignedIn,
  "POST /account/password": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  "GET /account/delete": forSignedIn,
  "GET /account/data": forSignedIn,
  "POST /account/data": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  // There is no such archive.
  "GET /account/data/:exportId/download": { stranger: "sign in", outsider: 404, member: 404, owner: 404 },
  "GET /servers/:serverId/settings/export": forOwner,
  "POST /servers/:serverId/export": doneByOwner,
  "POST /account/delete/cancel": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  "POST /account/delete": { stranger: "sign in", outsider: "go on", member: "go on", owner: 400 },
  "GET /account/bots": forSignedIn,
  "POST /account/bots": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  // Each has their own; the one asked about is the owner's.
  "GET /account/bots/:botId": { stranger: "sign in", outsider: 404, member: 404, owner: 200 },
  "POST /account/bots/:botId/tokens": { stranger: "sign in", outsider: 404, member: 404, owner: 200 },
  "POST /account/bots/:botId/tokens/:tokenId/revoke": {
    stranger: "sign in",
    outsider: 404,
    member: 404,
    owner: "go on",
  },
  "GET /account/bots/:botId/delete": { stranger: "sign in", outsider: 404, member: 404, owner: 200 },
  "POST /account/bots/:botId/delete": { stranger: "sign in", outsider: 404, member: 404, owner: "go on" },
  "GET /servers/:serverId/bots": forOwner,
  // What is sent names no bot of theirs.
  "POST /servers/:serverId/bots": { stranger: "sign in", outsider: 403, member: 403, owner: 404 },
  "GET /": forSignedIn,
  "GET /servers/new": forSignedIn,
  "POST /servers": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  "GET /servers/:serverId": { stranger: "sign in", outsider: 403, member: "go on", owner: "go on" },
  "GET /servers/:serverId/settings": forMembers,
  "GET /servers/:serverId/settings/danger": {
    stranger: "sign in",
    outsider: 403,
    member: "go on",
    owner: "go on",
  },
  "GET /servers/:serverId/channels/:channelId/permissions": forOwner,
  "POST /servers/:serverId/channels/:channelId/permissions": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/permissions/access": doneByOwner,
  // There is none to remove, and it is in no category.
  "POST /servers/:serverId/channels/:channelId/permissions/remove": {
    ...doneByOwner,
    owner: 404,
  },
  "POST /servers/:serverId/channels/:channelId/permissions/sync": { ...doneByOwner, owner: 400 },
  // There is no category.
  "GET /servers/:serverId/categories/:categoryId/permissions": { ...forOwner, member: 404, owner: 404 },
  "POST /servers/:serverId/categories/:categoryId/permissions": { ...forOwner, member: 404, owner: 404 },
  "POST /servers/:serverId/categories/:categoryId/permissions/remove": {
    ...forOwner,
    member: 404,
    owner: 404,
  },
  "GET /servers/:serverId/settings/members": forOwner,
  "GET /servers/:serverId/settings/members/:userId": forOwner,
  "POST /servers/:serverId/settings/members/:userId/roles": doneByOwner,
  "GET /servers/:serverId/roles.css": forMembers,
  "GET /servers/:serverId/settings/roles": forOwner,
  "POST /servers/:serverId/settings/roles": doneByOwner,
  "POST /servers/:serverId/settings/roles/move": doneByOwner,
  "GET /servers/:serverId/settings/roles/:roleId": forOwner,
  "POST /servers/:serverId/settings/roles/:roleId": doneByOwner,
  "POST /servers/:serverId/settings/roles/:roleId/permissions": doneByOwner,
  "GET /servers/:serverId/settings/roles/:roleId/delete": forOwner,
  "POST /servers/:serverId/settings/roles/:roleId/delete": doneByOwner,
  "POST /servers/:serverId/settings/roles/:roleId/members": doneByOwner,
  "POST /servers/:serverId/settings/roles/:roleId/members/:userId/remove": doneByOwner,
  "GET /servers/:serverId/joining": forMembers,
  "POST /servers/:serverId/rules/accept": doneByMembers,
  "POST /servers/:serverId/questions": doneByMembers,
  "GET /servers/:serverId/settings/my-roles": forMembers,
  "GET /servers/:serverId/settings/joining": forOwner,
  "POST /servers/:serverId/settings/joining": doneByOwner,
  "POST /servers/:serverId/settings/joining/lock": doneByOwner,
  "POST /servers/:serverId/settings/joining/unlock": doneByOwner,
  "GET /servers/:serverId/settings/joining/questions/:questionId": forOwner,
  "POST /servers/:serverId/settings/joining/questions/:questionId": doneByOwner,
  "POST /servers/:serverId/settings/joining/questions/:questionId/delete": doneByOwner,
  // The owner wrote the message.
  "GET /messages/:messageId/report": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "POST /messages/:messageId/report": { stranger: "sign in", outsider: 404, member: 409, owner: 400 },
  "GET /account/reports": forSignedIn,
  "GET /servers/:serverId/settings/reports": forOwner,
  "GET /servers/:serverId/settings/reports/:reportId": forOwner,
  "POST /servers/:serverId/settings/reports/:reportId/claim": doneByOwner,
  "POST /servers/:serverId/settings/reports/:reportId/close": doneByOwner,
  "GET /servers/:serverId/settings/automod": forOwner,
  "GET /servers/:serverId/settings/automod/new": forOwner,
  "POST /servers/:serverId/settings/automod": doneByOwner,
  "GET /servers/:serverId/settings/automod/:ruleId": forOwner,
  "POST /servers/:serverId/settings/automod/:ruleId": doneByOwner,
  "POST /servers/:serverId/settings/automod/:ruleId/delete": doneByOwner,
  // Everyone may look at what is theirs.
  "GET /servers/:serverId/settings/permissions/check": forMembers,
  "GET /servers/:serverId/settings/permissions/view-as": forOwner,
  "GET /servers/:serverId/settings/bans": forOwner,
  "GET /servers/:serverId/settings/bans/bulk": forOwner,
  "POST /servers/:serverId/settings/bans/bulk": forOwner,
  "GET /servers/:serverId/settings/bots": forOwner,
  "GET /servers/:serverId/settings/invites": forMembers,
  "GET /servers/:serverId/settings/webhooks": forOwner,
  "POST /servers/:serverId": doneByOwner,
  "GET /servers/:serverId/delete": forOwner,
  "POST /servers/:serverId/delete": doneByOwner,
  // What is sent names no channel to go back to, and there is no category.
  "POST /servers/:serverId/categories/:categoryId/collapse": forNobody,
  "POST /servers/:serverId/categories/:categoryId/expand": forNobody,
  "GET /servers/:serverId/icon/:imageId": { stranger: "sign in", outsider: 403, member: 404, owner: 404 },
  "GET /servers/:serverId/banner/:imageId": { stranger: "sign in", outsider: 403, member: 404, owner: 404 },
  // What is sent is no picture.
  "POST /servers/:serverId/banner": { stranger: "sign in", outsider: 403, member: 403, owner: 415 },
  "POST /servers/:serverId/banner/remove": doneByOwner,
  "POST /servers/:serverId/icon": { stranger: "sign in", outsider: 403, member: 403, owner: 415 },
  "POST /servers/:serverId/icon/remove": doneByOwner,
  "GET /servers/:serverId/settings/transfer": forMembers,
  // What is sent names no member, and nothing is offered.
  "POST /servers/:serverId/transfer": { stranger: "sign in", outsider: 403, member: 403, owner: 400 },
  "POST /servers/:serverId/transfer/accept": { stranger: "sign in", outsider: 403, member: 404, owner: 404 },
  "POST /servers/:serverId/transfer/cancel": { stranger: "sign in", outsider: 403, member: 404, owner: 404 },
  "GET /servers/:serverId/settings/channels": forOwner,
  // What is sent moves nothing.
  "POST /servers/:serverId/settings/channels/move": doneByMember,
  "GET /servers/:serverId/categories/new": forOwner,
  "POST /servers/:serverId/categories": doneByOwner,
  "GET /servers/:serverId/categories/:categoryId/settings": forNobody,
  "POST /servers/:serverId/categories/:categoryId": forNobody,
  "POST /servers/:serverId/categories/:categoryId/delete": forNobody,
  "POST /servers/:serverId/channels/:channelId/access": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/archive": forOwner,
  "POST /servers/:serverId/channels/:channelId/archive": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/unarchive": doneByOwner,
  "GET /servers/:serverId/channels/new": forOwner,
  "POST /servers/:serverId/channels": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/settings": forOwner,
  "POST /servers/:serverId/channels/:channelId": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/delete": forOwner,
  "POST /servers/:serverId/channels/:channelId/delete": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/webhooks": forOwner,
  "POST /servers/:serverId/channels/:channelId/webhooks": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 200,
  },
  "POST /servers/:serverId/channels/:channelId/webhooks/:webhookId/renew": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 200,
  },
  "POST /servers/:serverId/channels/:channelId/webhooks/:webhookId/delete": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/outgoing-webhooks": forOwner,
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 200,
  },
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/retry": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/outgoing-webhooks/:hookId/delete": doneByOwner,
  // Whoever has its address, signed in or not; nobody here has.
  ...Object.fromEntries(webhookRoutes.map((route) => [route, refusedToAll])),
  "GET /avatars/:avatarId": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /servers/:serverId/members": forMembers,
  "GET /servers/:serverId/leave": forMembers,
  "POST /servers/:serverId/leave": { stranger: "sign in", outsider: 403, member: "go on", owner: 400 },
  "GET /servers/:serverId/members/:userId/remove": forOwner,
  "POST /servers/:serverId/members/:userId/remove": doneByOwner,
  "GET /servers/:serverId/members/:userId/ban": forOwner,
  "GET /servers/:serverId/members/:userId/moderate": forMembers,
  "GET /servers/:serverId/members/:userId/timeout": forOwner,
  "POST /servers/:serverId/members/:userId/timeout": doneByOwner,
  "GET /servers/:serverId/members/:userId/timeout/end": forOwner,
  // Bob is not timed out.
  "POST /servers/:serverId/members/:userId/timeout/end": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 400,
  },
  // Bob's own.
  "GET /servers/:serverId/members/:userId/nickname": forMembers,
  "POST /servers/:serverId/members/:userId/nickname": {
    stranger: "sign in",
    outsider: 403,
    member: "go on",
    owner: "go on",
  },
  "GET /servers/:serverId/members/:userId/purge": forOwner,
  "POST /servers/:serverId/members/:userId/purge": doneByOwner,
  "GET /messages/:messageId/moderate": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "GET /servers/:serverId/settings/retention": forOwner,
  "POST /servers/:serverId/retention": doneByOwner,
  "GET /servers/:serverId/channels/:channelId/retention": forOwner,
  "POST /servers/:serverId/channels/:channelId/retention": doneByOwner,
  "GET /servers/:serverId/settings/moderation": forOwner,
  "GET /servers/:serverId/settings/audit-log": forOwner,
  "GET /servers/:serverId/settings/audit-log.json": forOwner,
  "GET /servers/:serverId/channels/:channelId/moderate": forOwner,
  "POST /servers/:serverId/channels/:channelId/slow-mode": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/lock": doneByOwner,
  "POST /servers/:serverId/channels/:channelId/unlock": doneByOwner,
  // No messages are chosen.
  "POST /servers/:serverId/channels/:channelId/delete-messages": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 400,
  },
  "GET /servers/:serverId/acts/:undoId": { stranger: "sign in", outsider: 403, member: 404, owner: 200 },
  "POST /servers/:serverId/acts/:undoId/undo": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 200,
  },
  "GET /servers/:serverId/bans": forOwner,
  "POST /servers/:serverId/bans": doneByOwner,
  // Nobody is banned there.
  "POST /servers/:serverId/bans/:userId/lift": {
    stranger: "sign in",
    outsider: 403,
    member: 403,
    owner: 404,
  },
  "GET /servers/:serverId/invites": forMembers,
  "POST /servers/:serverId/invites": forMembers,
  "GET /invites/:code": forAll,
  // The server has no icon.
  "GET /invites/:code/icon": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /invites/:code": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  "POST /invites/:code/revoke": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "GET /emoji": forSignedIn,
  "GET /switch": forSignedIn,
  "GET /keyboard": forSignedIn,
  "GET /servers/:serverId/channels/:channelId": forMembers,
  "GET /servers/:serverId/channels/:channelId/around": forMembers,
  "GET /servers/:serverId/channels/:channelId/jump": forMembers,
  "GET /servers/:serverId/channels/:channelId/composer": framedForMembers,
  "GET /servers/:serverId/channels/:channelId/complete": forMembers,
  "POST /servers/:serverId/channels/:channelId/preview": forMembers,
  "POST /servers/:serverId/channels/:channelId/messages": {
    stranger: "sign in",
    outsider: 403,
    member: "go on",
    owner: "go on",
  },
  // A stream of events cannot lead anywhere else.
  "GET /servers/:serverId/channels/:channelId/events": {
    stranger: 401,
    outsider: 403,
    member: 200,
    owner: 200,
  },
  "GET /servers/:serverId/channels/:channelId/stream": framedForMembers,
  "GET /messages/:messageId": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "GET /messages/:messageId/actions": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /messages/:messageId/reply": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "GET /messages/:messageId/history": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /messages/:messageId/react": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /servers/:serverId/channels/:channelId/polls/new": forMembers,
  // The one answer that is sent makes no poll.
  "POST /servers/:serverId/channels/:channelId/polls": {
    stranger: "sign in",
    outsider: 403,
    member: 400,
    owner: 400,
  },
  "GET /messages/:messageId/poll": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "POST /messages/:messageId/poll/votes": {
    stranger: "sign in",
    outsider: 404,
    member: "go on",
    owner: "go on",
  },
  "POST /messages/:messageId/poll/end": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  "GET /messages/:messageId/reactions": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "POST /messages/:messageId/reactions": {
    stranger: "sign in",
    outsider: 404,
    member: "go on",
    owner: "go on",
  },
  "GET /servers/:serverId/channels/:channelId/pins": forMembers,
  "GET /servers/:serverId/channels/:channelId/threads": forMembers,
  "POST /messages/:messageId/thread": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "POST /messages/:messageId/pin": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  "POST /messages/:messageId/unpin": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  "GET /saved": forSignedIn,
  "GET /search": forSignedIn,
  "POST /messages/:messageId/save": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "POST /messages/:messageId/unsave": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "GET /messages/:messageId/previews": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "POST /messages/:messageId/previews/:previewId/remove": {
    stranger: "sign in",
    outsider: 404,
    member: 403,
    owner: "go on",
  },
  "GET /previews/:previewId/image": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /messages/:messageId/edit": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "POST /messages/:messageId": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  "GET /messages/:messageId/delete": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "POST /messages/:messageId/delete": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  "POST /servers/:serverId/channels/:channelId/files": forMembers,
  "GET /files/:fileId": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /files/:fileId/preview/:size": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /files/:fileId/view": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "GET /files/:fileId/alt": { stranger: "sign in", outsider: 404, member: 403, owner: 200 },
  "POST /files/:fileId/alt": { stranger: "sign in", outsider: 404, member: 403, owner: "go on" },
  // It is in a message already.
  "POST /files/:fileId/discard": { stranger: "sign in", outsider: 404, member: 404, owner: 409 },
  "POST /servers/:serverId/channels/:channelId/presence": {
    stranger: "sign in",
    outsider: 403,
    member: 204,
    owner: 204,
  },
  "POST /servers/:serverId/channels/:channelId/read": {
    stranger: "sign in",
    outsider: 403,
    member: "go on",
    owner: "go on",
  },
  "GET /conversations": forSignedIn,
  "GET /conversations/new": forSignedIn,
  "POST /conversations": { stranger: "sign in", outsider: 403, member: 400, owner: "go on" },
  // What is there is a server, and no group.
  "GET /conversations/:serverId": forNobody,
  "POST /conversations/:serverId": forNobody,
  "GET /conversations/:serverId/people": forNobody,
  "POST /conversations/:serverId/people": forNobody,
  "GET /conversations/:serverId/leave": forNobody,
  "POST /conversations/:serverId/leave": forNobody,
  // Who is asked about is the member.
  // Leads to the card.
  "GET /people/:userId": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  "GET /users/:userId": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "POST /users/:userId/note": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  // There is none.
  "GET /users/:userId/avatar/:version": forNobody,
  "GET /users/:userId/avatar/:version/:form": forNobody,
  "GET /account/profile": forSignedIn,
  "POST /account/profile": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  // What is sent is no form with files.
  "POST /account/profile/avatar": { stranger: "sign in", outsider: 415, member: 415, owner: 415 },
  "POST /account/profile/avatar/remove": {
    stranger: "sign in",
    outsider: "go on",
    member: "go on",
    owner: "go on",
  },
  "POST /account/profile/status": { stranger: "sign in", outsider: "go on", member: "go on", owner: "go on" },
  // What is sent chooses nothing.
  "POST /account/profile/presence": { stranger: "sign in", outsider: 400, member: 400, owner: 400 },
  "POST /people/:userId/block": { stranger: "sign in", outsider: 404, member: 400, owner: "go on" },
  "POST /people/:userId/unblock": forNobody,
  "GET /account/blocked": forSignedIn,
  "GET /account/blocked.css": forSignedIn,
  "GET /account/roles.css": forSignedIn,
  "POST /servers/:serverId/read": { stranger: "sign in", outsider: 403, member: "go on", owner: "go on" },
  "POST /messages/:messageId/unread": { stranger: "sign in", outsider: 404, member: "go on", owner: "go on" },
  // Who calls over the wire is told by a token alone: a cookie is nobody there.
  "POST /api/covenant": refusedToAll,
  "GET /api/covenant": { stranger: 405, outsider: 405, member: 405, owner: 405 },
  "ALL /api/:procedure": refusedToAll,
  "GET /api": forAll,
  "GET /api/openapi.json": forAll,
  // Open to all, and of no use without a token.
  "WS /socket": { stranger: "live", outsider: "live", member: "live", owner: "live" },
  "WS /servers/:serverId/channels/:channelId/live": {
    stranger: 4401,
    outsider: 4403,
    member: "live",
    owner: "live",
  },
}

/** What each gets: administrators what outsiders get, except where people administer; the suspended what strangers get. */
function expectedFor(route: string): Record<Actor, Outcome> {
  const outcomes = expected[route] ?? forNobody
  const { stranger, outsider, owner } = outcomes
  const isAdministration = route.split(" ")[1]?.startsWith("/admin")
  return {
    ...outcomes,
    administrator: isAdministration ? owner : outsider,
    suspended: stranger,
  }
}

type Served = Awaited<ReturnType<typeof openServer>>

let stored: Awaited<ReturnType<typeof store>> | undefined

/** A server with things in it, stored once: most requests that change something get a copy of their own. */
async function store() {
  const server = await createTestServer()
  const ids = await idsOf(server)
  const [administrator, suspended] = [await appear(server.chat, "carol"), await appear(server.chat, "dave")]
  await givePassword(server.chat, administrator, server)
  await administrate(server.chat, administrator.id)
  await server.chat.commits.decide((tx) => insertMember(tx, server.lab.id, suspended.id))
  expectData(await server.cast.alice.client.mutate("suspendPerson", { userId: suspended.id }))
  return { world: await server.keep(), ids, administrator, suspended }
}

async function openServer() {
  stored ??= await store()
  const { world, ids, ...others } = stored
  const server = await openTestServer(world)
  // An act can be undone for seconds only.
  await changeRows(server.chat, `update undoable_acts set expires_at = ${Date.now() + 60_000}`)
  const dump = async () => withoutDeliveries(await server.dump())
  return { ...server, dump, ids, ...others }
}

const meet = untouched(openServer)

/** Deliveries of the outgoing webhook fail and are tried again meanwhile, whoever asks for what. */
function withoutDeliveries({
  outgoing_webhooks: hooks = [],
  ...tables
}: Awaited<ReturnType<TestServer["dump"]>>) {
  const lasting = hooks.map(({ id, url, secret, disabled_at }) => ({ id, url, secret, disabled_at }))
  return { ...tables, outgoing_webhooks: lasting }
}

test("every route is in the table above, and nothing else is", async () => {
  using server = await createTestServer()

  expect(routesOf(server).toSorted()).toEqual(Object.keys(expected).toSorted())
})

describe("strangers, outsiders, members, the owner, administrators and the suspended get what is theirs", () => {
  test.each(Object.keys(expected))("%s", async (route) => {
    const outcomes: Partial<Record<Actor, Outcome>> = {}
    const changedThoughRefused: Actor[] = []

    for (const actor of actors) {
      const visit = (server: Served) => outcomeOf(visitorAs(actor, server), route, server.ids, server)
      const { result, isChanged } = await meet(visit)
      outcomes[actor] = result
      if (isChanged && typeof result === "number" && result >= 400) changedThoughRefused.push(actor)
    }

    expect(outcomes).toEqual(expectedFor(route))
    expect(changedThoughRefused).toEqual([])
  })
})

const withIds = Object.keys(expected).filter((route) => route.includes(":") && !route.includes("/static/"))

describe("what is not there is not found, for people who are signed in", () => {
  test.each(withIds)("%s", async (route) => {
    const nowhere = {
      serverId: "no",
      channelId: "no",
      messageId: "no",
      userId: "no",
      code: "no",
      sessionId: "no",
      fileId: "no",
      size: "400",
      procedure: "no",
      exportId: "no",
      botId: "no",
      tokenId: "no",
      webhookId: "no",
      hookId: "no",
      previewId: "no",
      avatarId: "no",
      token: "no",
      act: "no",
      invitationId: "no",
      announcementId: "no",
      ruleId: "no",
      questionId: "no",
      roleId: "no",
      reportId: "no",
      undoId: "no",
      providerId: "no",
    }

    const { result } = await meet((server) => outcomeOf(server.as("alice"), route, nowhere, server))

    const isForAnyName = route === "GET /viewers/:file"
    // An announcement that is over is gone, as was asked for.
    const isGone = route === "POST /announcements/:announcementId/dismiss"
    expect(result).toBe(isGone ? "go on" : isForAnyName ? 200 : route.startsWith("WS") ? 4404 : 404)
  })
})

test("whoever owns a server has no power over what is in another by naming both", async () => {
  using server = await createTestServer()
  const { mallory } = server.cast
  const ids = await idsOf(server)
  const lair = expectData(await mallory.client.mutate("createServer", { name: "Lab" }))
  const rooms = withIds.filter(
    (route) => /:(channelId|messageId|code|userId|sessionId|fileId)/.test(route) && route.startsWith("POST"),
  )
  expect(rooms.length).toBeGreaterThan(8)

  for (const route of rooms.filter((route) => route !== "POST /invites/:code")) {
    const before = await server.dump()
    const outcome = await outcomeOf(server.as("mallory"), route, { ...ids, serverId: lair.id }, server)
    expect([route, [403, 404].includes(Number(outcome))]).toEqual([route, true])
    expect(await server.dump()).toEqual(before)
  }
})

function visitorAs(actor: Actor, server: Served): Visitor {
  const names = { outsider: "mallory", member: "bob", owner: "alice" } as const
  if (actor === "stranger") return server.visitor(null)
  if (actor === "administrator" || actor === "suspended") return server.signedIn(server[actor])
  return server.as(names[actor])
}

async function outcomeOf(visitor: Visitor, route: string, ids: Ids, server: TestServer): Promise<Outcome> {
  if (route.startsWith("WS")) return closeCodeOf(visitor, addressOf(route, ids), server)

  const answer = await ask(visitor, route, ids)
  await answer.body?.cancel()
  if (answer.status !== 303) return answer.status

  return answer.headers.get("location")?.startsWith("/login") ? "sign in" : "go on"
}

async function closeCodeOf(visitor: Visitor, path: string, { origin }: TestServer): Promise<Outcome> {
  const headers = { cookie: await visitor.cookie(), origin }
  const ws = new WebSocket(origin.replace("http", "ws") + path, { headers })
  let outcome: Outcome | undefined
  const live = () => {
    outcome ??= "live"
  }
  ws.onmessage = live
  if (path === "/socket") ws.onopen = live
  ws.onclose = ({ code }) => {
    outcome ??= code
  }
  await until("the socket says something", () => outcome !== undefined)
  ws.close()
  return outcome ?? 0
}
