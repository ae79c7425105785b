import { doneByOwner, forOwner, type RouteRules } from "./outcomes.ts"

/** What administrators of the instance open. */
export const administrationRoutes: RouteRules = {
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
  // What is sent is no picture.
  "POST /admin/look": doneByOwner,
  "POST /admin/look/icon": { ...doneByOwner, owner: 415 },
  "POST /admin/look/icon/remove": doneByOwner,
  "POST /admin/settings/second-factor": doneByOwner,
}
