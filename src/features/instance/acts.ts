/** What the log of the instance records, each with the sentence that pages show. */
export const instanceActions = {
  "instance.setUp": "Set the chat up",
  "instance.update": "Changed the settings",
  "instance.announce": "Announced something",
  "person.approve": "Approved an account",
  "person.refuse": "Refused an account",
  "person.suspend": "Suspended a person",
  "person.unsuspend": "Ended a suspension",
  "person.delete": "Deleted an account",
  "person.endSessions": "Ended a person's sessions",
  "person.resetLink": "Made an address for a new password",
  "person.password": "Set a new password",
  "person.administrator": "Made someone administrator",
  "person.noAdministrator": "Took administration from someone",
  "server.handOver": "Handed a server over",
  "server.delete": "Deleted a server",
  "invitation.create": "Made an invitation",
  "invitation.revoke": "Revoked an invitation",
  "setup.link": "Made an address to set the chat up",
} as const

/** The name of something the log of the instance records. */
export type InstanceAction = keyof typeof instanceActions

export const instanceActionNames = Object.keys(instanceActions) as [InstanceAction, ...InstanceAction[]]
