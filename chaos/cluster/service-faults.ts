import type { Service } from "../../src/cli/services/service.ts"
import type { Random } from "../random.ts"

/** A failure of Postgres or Redis. */
export interface ServiceFault {
  kind: "kill -9 of Redis" | "hung Redis" | "restart of Postgres" | "kill -9 of Postgres"
  /** Time since the previous one. */
  waitMs: number
  /** How long the service is away. */
  awayMs: number
}

/** Least and most of each: without Postgres nothing is written, so most of the time it serves. */
const waitMs = [4000, 9000] as const
const awayMs = [100, 2500] as const

/** An endless sequence, reproducible from the seed. */
export function* planServiceFaults(random: Random): Generator<ServiceFault, never> {
  while (true) {
    const kind = random.pick<ServiceFault["kind"]>([
      "kill -9 of Redis",
      "hung Redis",
      "restart of Postgres",
      "kill -9 of Postgres",
    ])
    yield { kind, waitMs: random.between(...waitMs), awayMs: random.between(...awayMs) }
  }
}

/** Lets a service fail, and resolves once it is back. */
export async function failService(
  { kind, awayMs }: ServiceFault,
  { postgres, redis }: { postgres: Service; redis: Service },
): Promise<void> {
  if (kind === "hung Redis") {
    redis.signal("SIGSTOP")
    await Bun.sleep(awayMs)
    return redis.signal("SIGCONT")
  }

  const service = kind === "kill -9 of Redis" ? redis : postgres
  if (kind === "restart of Postgres") await service.stop()
  else await service.kill()
  await Bun.sleep(awayMs)
  await service.startAgain()
}
