import { defineLogTrimmer } from "../log-trimmer.ts"
import { deleteInstanceActs, hasInstanceActs } from "./instance-log.ts"

export const instanceLogTrimmer = defineLogTrimmer<{ instanceLogDays: number }>({
  name: "deleting old entries of the administrators' log",
  days: ({ instanceLogDays }) => instanceLogDays,
  has: hasInstanceActs,
  remove: deleteInstanceActs,
})
