// Healthy is a worker whose last heartbeat, which the database has taken, is not long ago.
import { statSync } from 'node:fs';

const LONGEST_MS = 15_000;
const file = process.env.ESPALIER_HEARTBEAT_FILE ?? '';
const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
const age = at === undefined ? undefined : Date.now() - at;
if (age === undefined || age > LONGEST_MS) {
  console.error(
    age === undefined ? 'no heartbeat yet' : `the last heartbeat was ${Math.round(age / 1000)} s ago`,
  );
  process.exit(1);
}
