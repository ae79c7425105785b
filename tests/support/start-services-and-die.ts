import { startPostgres } from "../../src/cli/services/postgres.ts"
import { startRedis } from "../../src/cli/services/redis.ts"

// Run as a process: starts both services, prints their process ids and dies without ending them.

const postgres = await startPostgres({ isDurable: false })
const redis = await startRedis()
process.stdout.write(`${postgres.pid} ${redis.pid}`)
process.kill(process.pid, "SIGKILL")
