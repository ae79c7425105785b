import { installServices } from "../../src/cli/services/programs.ts"

// Run before the tests: installs Postgres and Redis where they are missing.

if (!installServices()) {
  process.stderr.write("Postgres and Redis are not installed: the tests that need them are left out\n")
  if (process.env.CI) process.exit(1)
}
