import { defineLogTrimmer } from "../log-trimmer.ts"
import { deleteActs, hasActs } from "./store.ts"

export const auditTrimmer = defineLogTrimmer<{ auditLogDays: number }>({
  name: "deleting old entries of the audit log",
  days: ({ auditLogDays }) => auditLogDays,
  has: hasActs,
  remove: deleteActs,
})
