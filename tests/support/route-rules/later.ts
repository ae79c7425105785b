import {
  doneByMembers,
  forMembers,
  forSignedIn,
  foundByOwner,
  ownedByOwner,
  type RouteRules,
} from "./outcomes.ts"

/** Reminders, scheduled messages, feeds and e-mail for what was missed. The owner has one of each. */
export const laterRoutes: RouteRules = {
  "GET /messages/:messageId/remind": { stranger: "sign in", outsider: 404, member: 200, owner: 200 },
  "POST /messages/:messageId/remind": {
    stranger: "sign in",
    outsider: 404,
    member: "go on",
    owner: "go on",
  },
  "GET /reminders": forSignedIn,
  "GET /reminders/:reminderId": foundByOwner,
  "POST /reminders/:reminderId": ownedByOwner,
  "POST /reminders/:reminderId/delete": ownedByOwner,
  "GET /servers/:serverId/channels/:channelId/scheduled/new": forMembers,
  "POST /servers/:serverId/channels/:channelId/scheduled/new": forMembers,
  "POST /servers/:serverId/channels/:channelId/scheduled": doneByMembers,
  "GET /scheduled": forSignedIn,
  "GET /scheduled/:scheduledId": foundByOwner,
  "POST /scheduled/:scheduledId": ownedByOwner,
  "POST /scheduled/:scheduledId/cancel": ownedByOwner,
  "POST /scheduled/:scheduledId/send": ownedByOwner,
  // Nobody has this address.
  "GET /feeds/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "GET /account/feeds": forSignedIn,
  "POST /account/feeds": forMembers,
  "POST /account/feeds/:feedId/delete": ownedByOwner,
  "GET /account/mails": forSignedIn,
  "POST /account/mails": forSignedIn,
  "GET /unsubscribe/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
  "POST /unsubscribe/:token": { stranger: 404, outsider: 404, member: 404, owner: 404 },
}
