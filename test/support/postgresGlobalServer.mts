// A process of its own, started by postgresGlobalSetup.mjs: says where the server is in one line on
// standard output and ends it when standard input closes, that is, however the test run ends.
import { startPostgres } from '../../emulator/postgres.mts';

process.stdin.resume();
const closed = new Promise((resolve) => process.stdin.once('close', resolve));
const { stop, ...server } = await startPostgres();
process.stdout.write(`${JSON.stringify(server)}\n`);
await closed;
await stop();
